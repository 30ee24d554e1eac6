import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { step } from '../json-text.ts';
import { at, listAt, objectAt, textAt, textsOf } from '../json-walk.ts';
import { apiIdOf, isSentinelApi, type PlaybookPart, type PlaybookSubject } from '../playbook-subject.ts';
import type { SubjectRule, Violation } from '../rule.ts';
import { sources } from '../sources.ts';

/** Managed connectors that sign in with a managed identity ("Authenticate access with managed identities", and FACTS 5.2). */
const IDENTITY_CAPABLE = new Set([
  'arm',
  'azureautomation',
  'azureblob',
  'azuredatafactory',
  'azuredatalake',
  'azuredigitaltwins',
  'azureeventgrid',
  'azureiotcentral',
  'azuremonitorlogs',
  'azurequeues',
  'azuresentinel',
  'azuretables',
  'azurevm',
  'eventhubs',
  'keyvault',
  'servicebus',
  'sql',
]);
const USED_KEY = /parameters\('\$connections'\)\??(?:\['([^']+)'\]|\.([A-Za-z_]\w*))/g;

/** API connections: the resource, the values of `$connections`, and their uses in the definition. */
export const connectionRules: readonly SubjectRule<PlaybookSubject>[] = [
  {
    id: 'connection.sentinel',
    level: 'error',
    source: sources.reviewGuide,
    help: 'Set kind "V1" and parameterValueType "Alternative" on the connection of azuresentinel: with both it uses the managed identity.',
    check: ({ level, connections }) =>
      connections
        .filter((connection) => isSentinelApi(apiIdOf(connection, level)))
        .flatMap(({ pointer, raw }) => [
          ...(raw['kind'] === 'V1'
            ? []
            : [{ pointer, message: `the kind of the connection is ${raw['kind'] ?? 'missing'}` }]),
          ...(textAt(raw, 'properties', 'parameterValueType') === 'Alternative'
            ? []
            : [{ pointer: `${pointer}/properties`, message: 'parameterValueType is not "Alternative"' }]),
        ]),
  },
  {
    id: 'connection.identity',
    level: 'error',
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
    id: 'connection.alternative',
    level: 'error',
    source: sources.managedIdentity,
    help: 'Set parameterValueType "Alternative": without it the connection waits for somebody to sign in.',
    check: ({ level, connections }) =>
      connections.flatMap((connection) => {
        const api = /\/managedApis\/([^/]+)$/i.exec(apiIdOf(connection, level))?.[1]?.toLowerCase() ?? '';
        const properties = objectAt(connection.raw, 'properties');
        const hasCredential = ['parameterValueType', 'parameterValueSet', 'parameterValues'].some(
          (name) => properties[name] !== undefined,
        );
        return IDENTITY_CAPABLE.has(api) && api !== 'azuresentinel' && !hasCredential
          ? [
              {
                pointer: `${connection.pointer}/properties`,
                message: `the connection of ${api} has no credential, although a managed identity would do`,
              },
            ]
          : [];
      }),
  },
  {
    id: 'connection.unauthorised',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Say in metadata.postDeployment that the connection must be authorised, and where.',
    check: ({ level, connections, isSource }) => {
      const says = listAt(level.template, 'metadata', 'postDeployment').some((text) => /authori[sz]e/i.test(`${text}`));
      return !isSource || says
        ? []
        : connections
            .filter(({ raw }) => {
              const properties = objectAt(raw, 'properties');
              return properties['parameterValues'] === undefined && properties['parameterValueType'] === undefined;
            })
            .map(({ pointer }) => ({
              pointer,
              message: 'the connection has no credential, and nothing tells people to authorise it',
            }));
    },
  },
  {
    id: 'connection.literal-credential',
    level: 'error',
    source: sources.reviewGuide,
    help: 'Pass a securestring parameter, or leave parameterValues out and let people authorise the connection.',
    check: ({ level, connections }) =>
      connections.flatMap(({ pointer, raw }) =>
        textsOf(at(raw, 'properties', 'parameterValues') ?? null, `${pointer}/properties/parameterValues`)
          .filter(
            ({ name, text }) => /key|secret|password|token/i.test(name) && !isSecretParameter(text, level.template),
          )
          .map(({ pointer: place, name, text }) => ({
            pointer: place,
            message: text === '' ? `"${name}" is empty` : `"${name}" is no secret parameter`,
          })),
      ),
  },
  {
    id: 'connection.resource',
    level: 'error',
    source: sources.reviewGuide,
    help: "Write Microsoft.Web/connections in this casing, name it by a variable that holds the playbook's name, and set the location [resourceGroup().location].",
    check: ({ connections, isSource }) =>
      connections.flatMap(({ pointer, raw }) => [
        ...(raw['type'] === 'Microsoft.Web/connections'
          ? []
          : [{ pointer: `${pointer}/type`, message: `the type is written ${raw['type']}` }]),
        ...(isSource && !/^\[(variables|parameters|concat)\(/i.test(`${raw['name']}`)
          ? [{ pointer: `${pointer}/name`, message: `the name ${raw['name']} is fixed: two playbooks would share it` }]
          : []),
        ...(isSource && raw['location'] !== '[resourceGroup().location]'
          ? [{ pointer: `${pointer}/location`, message: `the location is ${raw['location']}` }]
          : []),
      ]),
  },
  {
    id: 'connection.unknown-key',
    level: 'error',
    source: sources.actionTypes,
    help: 'Add the key to the value of $connections, or correct it in the definition.',
    check: (playbook) => {
      const values = connectionValues(playbook);
      return usedKeys(playbook)
        .filter(({ workflow, key }) => !values.some((value) => value.workflow === workflow && value.key === key))
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
        .filter(({ workflow, key }) => !used.some((use) => use.workflow === workflow && use.key === key))
        .map(({ pointer, key }) => ({ pointer, message: `the workflow does not use the connection "${key}"` }));
    },
  },
  {
    id: 'connection.missing-resource',
    level: 'error',
    source: sources.playbookGuide,
    help: "Deploy the connection in this template, and let connectionId be [resourceId('Microsoft.Web/connections', …)] with its name.",
    check: (playbook) =>
      connectionValues(playbook)
        .filter(({ value }) => connectionOf(playbook, value) === undefined)
        .map(({ pointer, key }) => ({
          pointer: `${pointer}/connectionId`,
          message: `the connection "${key}" is no resource of this template`,
        })),
  },
  {
    id: 'connection.depends-on',
    level: 'error',
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
  {
    id: 'connection.custom-connector',
    level: 'error',
    source: sources.connectorLink,
    help: "Write the api id in the connection itself: [concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/', resourceGroup().name, '/providers/Microsoft.Web/customApis/', parameters('CustomConnectorName'))], the parameter last, with the default of the connector's template.",
    check: (playbook) =>
      playbook.isSource ? playbook.connections.flatMap((one) => connectorLinkProblems(one, playbook)) : [],
  },
];

interface ConnectionValue {
  readonly workflow: PlaybookPart;
  readonly key: string;
  readonly pointer: string;
  readonly value: JsonObject;
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
                pointer: `${workflow.pointer}/properties/parameters/$connections/value${step(key)}`,
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

/** The connection resource that a value in `$connections` points at. */
function connectionOf(playbook: PlaybookSubject, value: JsonObject): PlaybookPart | undefined {
  const id = evaluatedText(playbook, value['connectionId']).toLowerCase();
  return playbook.connections.find(({ raw }) => {
    const name = evaluatedText(playbook, raw['name']).toLowerCase();
    return name !== '' && id.endsWith(`/connections/${name}`);
  });
}

function isSecretParameter(text: string, template: JsonObject): boolean {
  const name = /^\[parameters\('([^']+)'\)\]$/i.exec(text)?.[1];
  return name !== undefined && /^secure/i.test(textAt(template, 'parameters', name, 'type') ?? '');
}

function connectorLinkProblems(connection: PlaybookPart, { level, connectorDefaults }: PlaybookSubject): Violation[] {
  const pointer = `${connection.pointer}/properties/api/id`;
  if (!/\/customApis\//i.test(apiIdOf(connection, level))) return [];
  const id = textAt(connection.raw, 'properties', 'api', 'id') ?? '';
  const name = /\/providers\/Microsoft\.Web\/customApis\/.*,\s*parameters\('([^']+)'\)\s*\)\]$/i.exec(id)?.[1];
  if (name === undefined) {
    return [
      {
        pointer,
        message:
          'the packaging tool cannot tell which connector this is, so it will not be installed with the playbook',
      },
    ];
  }
  const fallback = textAt(level.template, 'parameters', name, 'defaultValue');
  if (fallback === undefined)
    return [
      { pointer: `/parameters${step(name)}`, message: `"${name}" has no default, which stops the packaging tool` },
    ];
  return connectorDefaults.length === 0 || connectorDefaults.includes(fallback)
    ? []
    : [
        {
          pointer: `/parameters${step(name)}/defaultValue`,
          message: `"${fallback}" is no connector here; there is ${connectorDefaults.join(', ')}`,
        },
      ];
}
