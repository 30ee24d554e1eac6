import { LogicManagementClient } from '@azure/arm-logic';
import { apiVersions } from '../domain/api-versions.ts';
import { isJsonObject, type Json, type JsonObject, member, memberAt, objectOf, textOf } from '../domain/json.ts';
import { type ArmOptions, managementOptions, withOurPolicies } from './arm-client.ts';
import { createRestClient } from './rest.ts';
import { type GroupScope, groupPath } from './scope.ts';

/*
 * Logic apps (Consumption) of a resource group: Microsoft.Logic/workflows, 2019-05-01. Workflows are read and written by plain
 * REST, because @azure/arm-logic drops unknown members, which a later write would lose.
 */

/** A logic app as it is deployed. */
export interface DeployedWorkflow {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Enabled, Disabled, Suspended. */
  readonly state: string;
  /** As Azure has it, with the ids of user-assigned identities. */
  readonly identity: JsonObject;
  /** Object id of its system-assigned identity; undefined where it has none. */
  readonly principalId: string | undefined;
  /** As in Azure; undefined: no restriction. */
  readonly accessControl: JsonObject | undefined;
  readonly definition: JsonObject;
  /** Parameter values; secret ones are not returned. */
  readonly parameters: JsonObject;
  /** When it was made and last saved, ISO 8601; empty where Azure does not say. */
  readonly createdTime: string;
  readonly changedTime: string;
}

export interface WorkflowRun {
  readonly name: string;
  readonly status: string;
  readonly startTime: string;
  /** Code and message of a failed run. */
  readonly error: string | undefined;
}

/** An action of a run that did not succeed. */
export interface FailedAction {
  readonly name: string;
  /** Code and message, as far as Azure gives them. */
  readonly error: string;
}

export interface WorkflowClient {
  /** Undefined where there is no such workflow. */
  find(name: string): Promise<DeployedWorkflow | undefined>;
  /** Earlier saves, newest first, as far as Azure keeps them. */
  versions(name: string): AsyncIterable<Pick<DeployedWorkflow, 'definition' | 'parameters'>>;
  /** Adds tags without changing the workflow or its other tags. */
  addTags(id: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Disables a workflow and adds a tag with the reason. */
  disable(id: string, tag: Readonly<Record<string, string>>): Promise<void>;
  /** Enables a workflow and removes a tag. */
  enable(id: string, tag: Readonly<Record<string, string>>): Promise<void>;
  /** The latest runs, newest first. */
  runs(name: string, count: number): Promise<readonly WorkflowRun[]>;
  /** The action of a run that failed first and on its own; undefined if none did. */
  firstFailure(name: string, run: string): Promise<FailedAction | undefined>;
  /** Callback URL of a trigger. It is a secret. */
  callbackUrl(name: string, trigger: string): Promise<string>;
}

export function createWorkflowClient(
  options: ArmOptions,
  { subscriptionId, resourceGroup }: GroupScope,
): WorkflowClient {
  const rest = createRestClient({ service: 'Azure Logic Apps', ...options });
  const root = `${groupPath({ subscriptionId, resourceGroup })}/providers/Microsoft.Logic/workflows`;
  const query = { 'api-version': apiVersions.logic };
  async function patchTags(id: string, operation: 'Merge' | 'Delete', tags: Readonly<Record<string, string>>) {
    await rest.send({
      method: 'PATCH',
      path: `${id}/providers/Microsoft.Resources/tags/default`,
      query: { 'api-version': apiVersions.resources },
      body: { operation, properties: { tags } },
    });
  }
  const client = withOurPolicies(
    new LogicManagementClient(options.credential, subscriptionId, managementOptions(options)),
    options,
  );
  return {
    async find(name) {
      try {
        return readWorkflow(
          (await rest.send({ method: 'GET', path: `${root}/${encodeURIComponent(name)}`, query })).body,
        );
      } catch (error) {
        if (member(error, 'statusCode') === 404) return undefined;
        throw error;
      }
    },
    async *versions(name) {
      const path = `${root}/${encodeURIComponent(name)}/versions`;
      for await (const one of rest.list({ method: 'GET', path, query })) yield readWorkflow(one);
    },
    addTags: (id, tags) => patchTags(id, 'Merge', tags),
    async disable(id, tag) {
      await patchTags(id, 'Merge', tag);
      await rest.send({ method: 'POST', path: `${id}/disable`, query });
    },
    async enable(id, tag) {
      await rest.send({ method: 'POST', path: `${id}/enable`, query });
      await patchTags(id, 'Delete', tag);
    },
    async runs(name, count) {
      const found: WorkflowRun[] = [];
      for await (const run of client.workflowRuns.list(resourceGroup, name, { top: count })) {
        const { status = '', startTime, error } = run;
        found.push({
          name: run.name ?? '',
          ...{ status, startTime: startTime?.toISOString() ?? '', error: runError(error) },
        });
        if (found.length >= count) break;
      }
      return found;
    },
    async firstFailure(name, run) {
      let first: { readonly at: number; readonly action: FailedAction } | undefined;
      for await (const action of client.workflowRunActions.list(resourceGroup, name, run)) {
        const { status = '', code = '', error, endTime } = action;
        if (!['Failed', 'TimedOut'].includes(status) || consequences.has(code)) continue;
        const at = endTime?.getTime() ?? Number.POSITIVE_INFINITY;
        if (first && first.at <= at) continue;
        first = { at, action: { name: action.name ?? '', error: runError(error) ?? (code || status) } };
      }
      return first?.action;
    },
    async callbackUrl(name, trigger) {
      const { value = '' } = await client.workflowTriggers.listCallbackUrl(resourceGroup, name, trigger);
      return value;
    },
  };
}

/** Error codes of actions that failed only because another one did. */
const consequences: ReadonlySet<string> = new Set([
  'ActionFailed',
  'ActionDependencyFailed',
  'ActionConditionFailed',
  'ActionSkipped',
  'NotSpecified',
]);

function readWorkflow(body: Json): DeployedWorkflow {
  const properties = member(body, 'properties');
  const text = (value: unknown) => textOf(value) ?? '';
  const accessControl = member(properties, 'accessControl');
  return {
    id: text(member(body, 'id')),
    name: text(member(body, 'name')),
    location: text(member(body, 'location')),
    tags: texts(member(body, 'tags')),
    state: text(member(properties, 'state')),
    identity: objectOf(member(body, 'identity')),
    principalId: textOf(memberAt(body, 'identity', 'principalId')),
    accessControl: isJsonObject(accessControl) && Object.keys(accessControl).length > 0 ? accessControl : undefined,
    definition: objectOf(member(properties, 'definition')),
    parameters: values(member(properties, 'parameters')),
    createdTime: text(member(properties, 'createdTime')),
    changedTime: text(member(properties, 'changedTime')),
  };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([name, tag]) => [name, textOf(tag) ?? '']));
}

function values(parameters: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(parameters)).flatMap(([name, parameter]) => {
      const value = member(parameter, 'value') as Json | undefined;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function runError(error: unknown): string | undefined {
  const code = member(error, 'code');
  return code === undefined ? undefined : [code, member(error, 'message')].filter(Boolean).join(': ');
}
