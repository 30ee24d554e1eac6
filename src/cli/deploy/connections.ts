import { isJsonObject, type Json, type JsonObject, listOf } from '../../domain/json.ts';
import type { PlannedDeployment } from '../deployments.ts';

const SIGNL4_CONNECTION = "[variables('SIGNL4ConnectionName')]";

/**
 * Removes the SIGNL4 connection from a playbook's deployment if the connection exists and no API key is given: deploying it
 * without a key would delete the key it has.
 */
export function keepingApiKey(
  planned: PlannedDeployment,
  { apiKey, connections }: { readonly apiKey: string | undefined; readonly connections: readonly string[] },
): PlannedDeployment {
  const isThere = connections.some((name) => name.toLowerCase() === `signl4-${planned.name}`.toLowerCase());
  if (apiKey !== undefined || !isThere) return planned;
  const resources = listOf(planned.template['resources'])
    .filter((resource) => isJsonObject(resource))
    .filter(({ name }) => name !== SIGNL4_CONNECTION)
    .map((resource) => withoutDependency(resource as JsonObject));
  return { ...planned, template: { ...planned.template, resources } };
}

function withoutDependency(resource: JsonObject): JsonObject {
  const dependsOn = resource['dependsOn'];
  if (!Array.isArray(dependsOn)) return resource;
  return { ...resource, dependsOn: dependsOn.filter((each: Json) => !String(each).includes('SIGNL4ConnectionName')) };
}
