import { isJsonObject, type Json, type JsonObject, member, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { createRestClient } from './rest.ts';
import { groupPath } from './scope.ts';

/*
 * Logic apps as they are deployed, whole (Microsoft.Logic/workflows 2019-05-01). Plain REST: @azure/arm-logic drops members
 * that it does not know, and what is read here is written back.
 */

const API_VERSION = '2019-05-01';
const TAGS_API_VERSION = '2021-04-01';

export interface WorkflowResource {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Enabled, Disabled, Suspended. */
  readonly state: string;
  /** As Azure has it, with the ids of user-assigned identities. */
  readonly identity: JsonObject;
  /** As Azure has it; undefined: nobody is kept out. */
  readonly accessControl: JsonObject | undefined;
  readonly definition: JsonObject;
  /** Values given to the definition's parameters; secret ones are not told. */
  readonly parameters: JsonObject;
  /** When it was made and last saved, ISO 8601; empty where Azure does not say. */
  readonly createdTime: string;
  readonly changedTime: string;
}

export interface DeployedWorkflows {
  /** Undefined where there is no such workflow. */
  find(name: string): Promise<WorkflowResource | undefined>;
  /** Earlier saves, newest first, as far as Azure keeps them. */
  versions(name: string): AsyncIterable<Pick<WorkflowResource, 'definition' | 'parameters'>>;
  /** Adds tags and leaves the workflow and its other tags alone. */
  addTags(id: string, tags: Readonly<Record<string, string>>): Promise<void>;
}

export function createDeployedWorkflows(
  options: ArmOptions,
  subscriptionId: string,
  resourceGroup: string,
): DeployedWorkflows {
  const rest = createRestClient({ service: 'Azure Logic Apps', ...options });
  const root = `${groupPath({ subscriptionId, resourceGroup })}/providers/Microsoft.Logic/workflows`;
  const read = async (path: string): Promise<Json | undefined> => {
    try {
      return (await rest.send({ method: 'GET', path, query: { 'api-version': API_VERSION } })).body;
    } catch (error) {
      if (member(error, 'statusCode') === 404) return undefined;
      throw error;
    }
  };
  return {
    async find(name) {
      const body = await read(`${root}/${encodeURIComponent(name)}`);
      return body === undefined ? undefined : readResource(body);
    },
    async *versions(name) {
      const path = `${root}/${encodeURIComponent(name)}/versions`;
      for await (const one of rest.list({ method: 'GET', path, query: { 'api-version': API_VERSION } }))
        yield readResource(one);
    },
    async addTags(id, tags) {
      await rest.send({
        method: 'PATCH',
        path: `${id}/providers/Microsoft.Resources/tags/default`,
        query: { 'api-version': TAGS_API_VERSION },
        body: { operation: 'Merge', properties: { tags } },
      });
    },
  };
}

function readResource(body: Json): WorkflowResource {
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
    accessControl: isJsonObject(accessControl) && Object.keys(accessControl).length > 0 ? accessControl : undefined,
    definition: objectOf(member(properties, 'definition')),
    parameters: values(member(properties, 'parameters')),
    createdTime: text(member(properties, 'createdTime')),
    changedTime: text(member(properties, 'changedTime')),
  };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
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
