import { apiVersions } from '../domain/api-versions.ts';
import { type Json, member, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { noneWithoutGroup } from './groups.ts';
import { createRestClient } from './rest.ts';

/** Deletes resources by their ARM ids. */
export interface Removal {
  /** Names of the locks at or above a scope that prevent deletion or changes; empty if they cannot be read. */
  locks(scope: string): Promise<readonly string[]>;
  /** Resources of one type in a resource group; none where there is no such group. */
  list(group: string, type: string): Promise<readonly Json[]>;
  /** Deletes a resource; no effect if it does not exist. */
  remove(id: string): Promise<void>;
}

/** API versions for deleting the resource types that we create. */
const versionsByType: readonly (readonly [type: RegExp, version: string])[] = [
  [/microsoft\.logic\/workflows/i, apiVersions.logic],
  [/microsoft\.web\/(connections|customapis)/i, apiVersions.connections],
  [/microsoft\.web\/(sites|serverfarms)/i, apiVersions.sites],
  [/microsoft\.insights\/components/i, apiVersions.components],
  [/microsoft\.network\/privateendpoints/i, apiVersions.networks],
  [/microsoft\.storage\/storageaccounts/i, apiVersions.storage],
  [/microsoft\.keyvault\/vaults/i, apiVersions.keyVaults],
  [/microsoft\.authorization\/role(assignments|definitions)/i, apiVersions.roles],
  [/microsoft\.securityinsights\/automationrules/i, apiVersions.sentinel],
];

export function createRemoval(arm: ArmOptions): Removal {
  const rest = createRestClient({ service: 'Azure Resource Manager', ...arm });
  const query = (id: string) => {
    const version = versionsByType.findLast(([type]) => type.test(id))?.[1];
    if (version === undefined) throw new RangeError(`nothing of ours is of the type of ${id}`);
    return { 'api-version': version };
  };
  return {
    async locks(scope) {
      const path = `${scope}/providers/Microsoft.Authorization/locks`;
      try {
        const locks = await rest.all({ method: 'GET', path, query: { 'api-version': apiVersions.locks } });
        return locks.flatMap((lock) => textOf(member(lock, 'name')) ?? []);
      } catch (error) {
        if (Number(member(error, 'statusCode')) >= 500) throw error;
        return [];
      }
    },
    async list(group, type) {
      const path = `${group}/providers/${type}`;
      return noneWithoutGroup(rest.all({ method: 'GET', path, query: query(path), mayBeBare: true }));
    },
    async remove(id) {
      try {
        await rest.send({ method: 'DELETE', path: id, query: query(id) });
      } catch (error) {
        if (member(error, 'statusCode') !== 404) throw error;
      }
    },
  };
}
