import { offlineDeployment } from '../../../arm-expressions/scope.ts';
import { isJsonObject, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { IDENTITY_CAPABLE } from '../../identity-capable.ts';
import { at, objectAt, textAt, textsOf } from '../../json-walk.ts';
import type { PlaybookPart, PlaybookSubject } from '../../playbook-subject.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';

const USED_KEY = /parameters\('\$connections'\)\??(?:\['([^']+)'\]|\.([A-Za-z_]\w*))/g;

/** The values of `$connections`, and their uses in the definition. */
export const connectionValueRules: readonly SubjectRule<PlaybookSubject>[] = [
  {
    id: 'connection.identity',
    level: 'warning',
    source: sources.managedIdentity,
    help: 'Add connectionProperties {"authentication": {"type": "ManagedServiceIdentity"}} to the value in $connections.',
    check: (playbook) =>
      connectionValues(playbook).flatMap(({ pointer, key, value }) => {
        const api = /\/managedApis\/([^/]+)$/i.exec(evaluatedText(playbook, value['id']))?.[1]?.toLowerCase();
        const type = textAt(value, 'connectionProperties', 'authentication', 'type');
        const connection = connectionOf(playbook, value);
        const hasKey = connection !== undefined && at(connection.raw, 'properties', 'parameterValues') !== undefined;
        return api !== undefined && IDENTITY_CAPABLE.has(api) && !hasKey && type !== 'ManagedServiceIdentity'
          ? [{ pointer, message: `the connection "${key}" of ${api} does not use the managed identity` }]
          : [];
      }),
  },
  {
    id: 'connection.unknown-key',
    level: 'error',
    source: sources.actionTypes,
    help: 'Add the key to the value of $connections, or correct it in the definition.',
    check: (playbook) => {
      const values = connectionValues(playbook);
      return usedKeys(playbook)
        .filter((use) => !values.some((value) => isSameConnection(use, value)))
        .map(({ pointer, key }) => ({ pointer, message: `"${key}" is not among the values of $connections` }));
    },
  },
  {
    id: 'connection.unused',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Remove the connection: customers would have to authorise it for nothing.',
    check: (playbook) => {
      const used = usedKeys(playbook);
      return connectionValues(playbook)
        .filter((value) => !used.some((use) => isSameConnection(use, value)))
        .map(({ pointer, key }) => ({ pointer, message: `the workflow does not use the connection "${key}"` }));
    },
  },
  {
    id: 'connection.missing-resource',
    level: 'warning',
    source: sources.playbookGuide,
    help: "Deploy the connection in this template, and let connectionId be [resourceId('Microsoft.Web/connections', …)] with its name. One that is there already: write its whole resource id.",
    check: (playbook) =>
      connectionValues(playbook)
        .filter(({ value }) => connectionOf(playbook, value) === undefined && !liesElsewhere(playbook, value))
        .map(({ pointer, key }) => ({
          pointer: `${pointer}/connectionId`,
          message: `the connection "${key}" is not a resource of this template`,
        })),
  },
  {
    id: 'connection.depends-on',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Add the connection to the dependsOn of the workflow, or the workflow may be created first.',
    check: (playbook) =>
      connectionValues(playbook).flatMap(({ workflow, key, value }) => {
        const depends = JSON.stringify(playbook.level.evaluate(workflow.raw['dependsOn']) ?? []).toLowerCase();
        const connection = connectionOf(playbook, value);
        const name = connection && playbook.level.evaluate(connection.raw['name']);
        return typeof name === 'string' && !depends.includes(`/${name.toLowerCase()}"`)
          ? [{ pointer: workflow.pointer, message: `the workflow does not depend on the connection "${key}"` }]
          : [];
      }),
  },
  {
    id: 'connection.empty',
    level: 'error',
    source: sources.emptyConnections,
    help: 'Leave $connections out in both places, or give it values: Content Hub removes the empty objects, and the deployment fails.',
    check: ({ workflows }) =>
      workflows.flatMap(({ pointer, raw }) => {
        const isDeclared = at(raw, 'properties', 'definition', 'parameters', '$connections') !== undefined;
        const given = at(raw, 'properties', 'parameters', '$connections', 'value');
        const isGiven = given !== undefined && isJsonObject(given) && Object.keys(given).length > 0;
        if (isDeclared === isGiven) return [];
        return isDeclared
          ? [
              {
                pointer: `${pointer}/properties/definition/parameters/$connections`,
                message: '$connections is declared and has no value',
              },
            ]
          : [
              {
                pointer: `${pointer}/properties/parameters/$connections`,
                message: '$connections has values and is not declared in the definition',
              },
            ];
      }),
  },
  {
    id: 'connection.declaration',
    level: 'error',
    source: sources.wdl,
    help: 'Declare "$connections": {"defaultValue": {}, "type": "Object"} in the definition.',
    check: ({ workflows }) =>
      workflows.flatMap(({ pointer, raw }) => {
        const declared = at(raw, 'properties', 'definition', 'parameters', '$connections');
        return declared === undefined || textAt(declared, 'type')?.toLowerCase() === 'object'
          ? []
          : [
              {
                pointer: `${pointer}/properties/definition/parameters/$connections`,
                message: '$connections is not of type Object',
              },
            ];
      }),
  },
];

interface ConnectionValue {
  readonly workflow: PlaybookPart;
  readonly key: string;
  readonly pointer: string;
  readonly value: JsonObject;
}

interface ConnectionKey {
  readonly workflow: PlaybookPart;
  readonly key: string;
}

/** Expressions read members whatever their casing. */
function isSameConnection(one: ConnectionKey, other: ConnectionKey): boolean {
  return one.workflow === other.workflow && one.key.toLowerCase() === other.key.toLowerCase();
}

function connectionValues({ workflows }: PlaybookSubject): ConnectionValue[] {
  return workflows.flatMap((workflow) =>
    Object.entries(objectAt(workflow.raw, 'properties', 'parameters', '$connections', 'value')).flatMap(
      ([key, value]) =>
        isJsonObject(value)
          ? [
              {
                workflow,
                key,
                value,
                pointer: `${workflow.pointer}/properties/parameters/$connections/value${pointerStep(key)}`,
              },
            ]
          : [],
    ),
  );
}

function usedKeys({
  workflows,
}: PlaybookSubject): (Violation & { readonly workflow: PlaybookPart; readonly key: string })[] {
  return workflows.flatMap((workflow) => {
    const seen = new Set<string>();
    const definition = objectAt(workflow.raw, 'properties')['definition'] ?? null;
    return textsOf(definition, `${workflow.pointer}/properties/definition`)
      .flatMap(({ pointer, text }) =>
        [...text.matchAll(USED_KEY)].map(([, bracket, dot]) => ({
          workflow,
          pointer,
          key: bracket ?? dot ?? '',
          message: '',
        })),
      )
      .filter(({ key }) => !seen.has(key) && seen.add(key));
  });
}

function evaluatedText({ level }: PlaybookSubject, value: JsonObject[string] | undefined): string {
  const text = level.evaluate(value);
  return typeof text === 'string' ? text : '';
}

/**
 * Whether a full id names another resource group than the template's: such a connection already exists, and the template could
 * not create it.
 */
function liesElsewhere(playbook: PlaybookSubject, value: JsonObject): boolean {
  const id = evaluatedText(playbook, value['connectionId']).toLowerCase();
  const { subscriptionId, resourceGroup } = offlineDeployment;
  const here = `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/`.toLowerCase();
  const isWhole = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.web\/connections\/[^/]+$/.test(
    id,
  );
  return isWhole && !id.startsWith(here);
}

/** The connection resource that a value in `$connections` refers to. */
function connectionOf(playbook: PlaybookSubject, value: JsonObject): PlaybookPart | undefined {
  const id = evaluatedText(playbook, value['connectionId']).toLowerCase();
  return playbook.connections.find(({ raw }) => {
    const name = evaluatedText(playbook, raw['name']).toLowerCase();
    return name !== '' && id.endsWith(`/connections/${name}`);
  });
}
