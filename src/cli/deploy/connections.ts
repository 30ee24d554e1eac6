import { isJsonObject, type Json, type JsonObject, listOf } from '../../domain/json.ts';
import type { PlannedDeployment } from '../deployments.ts';

const SIGNL4_CONNECTION = "[variables('SIGNL4ConnectionName')]";

/**
 * The deployment of a playbook without its connection to SIGNL4, where that is there already and no API key is at hand: deployed
 * without a key, it would lose the one that it has.
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
