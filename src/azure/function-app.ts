import { apiVersions } from '../domain/api-versions.ts';
import { isJsonObject, type Json, type JsonObject, listOf, member, memberAt, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { createRestClient } from './rest.ts';
import { type GroupScope, groupPath } from './scope.ts';

/*
 * Function apps on Flex Consumption: Microsoft.Web/sites, 2024-04-01, and their deployment service ("One Deploy"). Their settings
 * only contain references to our secrets.
 */

export interface FunctionApp {
  readonly id: string;
  readonly name: string;
  /** Object id of its system-assigned identity; undefined where it has none. */
  readonly principalId: string | undefined;
  /** Host names: its own, and that of its deployment service. */
  readonly host: string;
  readonly scmHost: string;
  /** Version of Node.js, and memory of an instance in MB. */
  readonly nodeVersion: string | undefined;
  readonly memoryMB: number | undefined;
}

/** A reference to a secret, and whether App Service could resolve it: `Resolved`, `AccessToKeyVaultDenied`, … */
export interface SecretReference {
  readonly setting: string;
  readonly status: string;
}

export interface FunctionAppClient {
  /** Undefined where there is no such app. */
  find(name: string): Promise<FunctionApp | undefined>;
  settings(name: string): Promise<Readonly<Record<string, string>>>;
  references(name: string): Promise<readonly SecretReference[]>;
  /** Resolves all references now; otherwise App Service does so daily and when settings change. */
  refreshReferences(name: string): Promise<void>;
  /** Uploads a zip to the deployment service; returns the id of the deployment. `scm` is the address of the service. */
  publish(scm: string, zip: Uint8Array): Promise<string>;
  /** State of a code deployment. Success means that the package is stored, not that the app starts. */
  published(
    scm: string,
    id: string,
  ): Promise<{ readonly state: 'running' | 'failed' | 'stored'; readonly text: string }>;
}

export function createFunctionAppClient(arm: ArmOptions, group: GroupScope): FunctionAppClient {
  const rest = createRestClient({ service: 'Azure App Service', ...arm });
  const query = { 'api-version': apiVersions.sites };
  const path = (name: string, ...more: readonly string[]) =>
    [`${groupPath(group)}/providers/Microsoft.Web/sites/${encodeURIComponent(name)}`, ...more].join('/');
  const service = (endpoint: string) => createRestClient({ service: 'Deployment service', ...arm, endpoint });

  return {
    async find(name) {
      try {
        return readApp((await rest.send({ method: 'GET', path: path(name), query })).body);
      } catch (error) {
        if (member(error, 'statusCode') === 404) return undefined;
        throw error;
      }
    },
    async settings(name) {
      const { body } = await rest.send({ method: 'POST', path: path(name, 'config/appsettings/list'), query });
      return texts(member(body, 'properties'));
    },
    async references(name) {
      const all = await rest.all({ method: 'GET', path: path(name, 'config/configreferences/appsettings'), query });
      return all.map((each) => ({
        setting: textOf(member(each, 'name')) ?? '',
        status: textOf(memberAt(each, 'properties', 'status')) ?? '',
      }));
    },
    async refreshReferences(name) {
      await rest.send({ method: 'POST', path: path(name, 'config/configreferences/appsettings/refresh'), query });
    },
    async publish(scm, zip) {
      const { body } = await service(scm).send({
        ...{ method: 'POST', path: '/api/publish', query: { RemoteBuild: 'false', Deployer: 'signl4-sentinel' } },
        content: { type: 'application/zip', bytes: zip },
        timeoutMs: 5 * 60_000,
      });
      return textOf(body) ?? '';
    },
    async published(scm, id) {
      const { body } = await service(scm).send({ method: 'GET', path: `/api/deployments/${encodeURIComponent(id)}` });
      const text = textOf(member(body, 'status_text')) ?? '';
      if (member(body, 'status') === FAILED) return { state: 'failed', text };
      return { state: member(body, 'status') === STORED ? 'stored' : 'running', text };
    },
  };
}

/** Kudu's numbers: 0 pending, 1 building, 2 deploying, 3 failed, 4 success. */
const FAILED = 3;
const STORED = 4;

function readApp(body: Json): FunctionApp {
  const text = (...path: readonly string[]) => textOf(memberAt(body, ...path));
  const hosts = listOf(memberAt(body, 'properties', 'hostNameSslStates'));
  const scm = hosts.find((each) => member(each, 'hostType') === 'Repository');
  const memory = memberAt(body, 'properties', 'functionAppConfig', 'scaleAndConcurrency', 'instanceMemoryMB');
  return {
    id: text('id') ?? '',
    name: text('name') ?? '',
    principalId: text('identity', 'principalId'),
    host: text('properties', 'defaultHostName') ?? '',
    scmHost: textOf(member(scm, 'name')) ?? '',
    nodeVersion: text('properties', 'functionAppConfig', 'runtime', 'version'),
    memoryMB: typeof memory === 'number' ? memory : undefined,
  };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  const members: JsonObject = isJsonObject(value) ? value : {};
  return Object.fromEntries(Object.entries(members).map(([name, one]) => [name, textOf(one) ?? '']));
}
