import type { Deployment } from '../../arm-expressions/scope.ts';
import { isJsonObject, type Json, type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { viewOf } from './resources.ts';
import { type AzureSetting, lower, partsOf } from './state.ts';
import { type EvaluatedResource, runTemplate } from './template.ts';

/** Microsoft.Resources/deployments/whatIf with FullResourcePayloads: what would change, property by property. */

export function whatIf(
  setting: AzureSetting,
  { template, parameters, place }: { template: JsonObject; parameters: JsonObject; place: Deployment },
): JsonObject {
  const planned: EvaluatedResource[] = [];
  const nested: string[] = [];
  runTemplate({ template, parameters, place, visit: (each) => planned.push(each), enter: (name) => nested.push(name) });
  const secrets = Object.entries(Object(template['parameters']) as JsonObject).flatMap(([name, declaration]) =>
    /^secure/i.test(textOf(memberAt(declaration, 'type')) ?? '') && typeof parameters[name] === 'string'
      ? [parameters[name]]
      : [],
  );
  const changes = planned.map((resource) => masked(changeOf(setting, resource), secrets as readonly string[]));
  const ids = new Set(planned.map(({ id }) => lower(id)));
  return {
    changes: [...changes, ...othersIn(setting, place, ids)],
    potentialChanges: [],
    diagnostics: nested.map((name) => ({
      ...{ level: 'Info', code: 'NestedDeploymentExpanded', target: name },
      message: `The nested deployment ${name} was expanded.`,
    })),
  };
}

function changeOf(setting: AzureSetting, { id, type, name, body }: EvaluatedResource): JsonObject {
  if (id.includes('<reference('))
    return {
      ...{ resourceId: id, changeType: 'Unsupported' },
      unsupportedReason: 'The resource id cannot be calculated until the deployment is under way.',
    };
  const before = viewOf(setting, id) ?? extensionView(setting, id, type);
  const after: JsonObject = { id, name, type, ...body };
  if (!before) return { resourceId: id, changeType: 'Create', after };
  const delta = deltaOf(before, after);
  const isChanged = delta.some((each) => each['propertyChangeType'] !== 'NoEffect');
  return { resourceId: id, changeType: isChanged ? 'Modify' : 'NoChange', before, after, ...(isChanged && { delta }) };
}

function extensionView({ state, world }: AzureSetting, id: string, type: string): JsonObject | undefined {
  const { name } = partsOf(id);
  if (/automationrules/i.test(type)) {
    const rule = world.sentinel.automation.rules.get(lower(name));
    return rule && { id, name, type, properties: rule.properties as unknown as JsonObject };
  }
  const assignment = state.roleAssignments.find((each) => lower(each.name) === lower(name));
  if (assignment)
    return { id, name, type, properties: { principalId: assignment.principalId, scope: assignment.scope } };
  const role = state.customRoles.get(lower(name));
  return role && { id, name, type, properties: role.body };
}

/** What the service adds, a template does not say; it changes nothing. */
const serverOnly =
  /^(etag|id|type|properties\.(provisioningState|createdTime|changedTime|version|accessEndpoint|endpointsConfiguration|statuses|overallStatus|authenticatedUser|connectionState|alternativeParameterValues|testLinks|testRequests|runtimeUrls|defaultHostName|hostNameSslStates|primaryEndpoints))(\.|$)|^identity\.(principalId|tenantId)$|^properties\.api\.(name|type)$/;

function deltaOf(before: Json, after: Json, path = ''): JsonObject[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => {
      const at = path === '' ? name : `${path}.${name}`;
      const [old, wanted] = [before[name], after[name]];
      if (isSecret(at, old, wanted)) return [{ path: at, propertyChangeType: 'NoEffect', after: null }];
      if (serverOnly.test(at))
        return wanted === undefined && old !== undefined && !/^(id|type)$/.test(at)
          ? [{ path: at, propertyChangeType: 'NoEffect', after: null }]
          : [];
      if (old === undefined)
        return wanted === null ? [] : [{ path: at, propertyChangeType: 'Create', after: wanted ?? null }];
      if (wanted === undefined && isEmpty(old)) return [];
      if (wanted === undefined || wanted === null) return [{ path: at, propertyChangeType: 'Delete', before: old }];
      return deltaOf(old, wanted, at);
    });
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    const children = Array.from({ length }, (_, index) =>
      elementDelta(before[index], after[index], String(index)),
    ).flat();
    return children.length === 0 ? [] : [{ path, propertyChangeType: 'Array', children }];
  }
  return before === after ? [] : [{ path, propertyChangeType: 'Modify', before, after }];
}

/** Keys and secure values are not read back, so nothing can be said about them. */
function isSecret(path: string, before: Json | undefined, after: Json | undefined): boolean {
  if (path === 'properties.parameterValues') return isJsonObject(after) && (before === undefined || isEmpty(before));
  const isSecure = /^secure/i.test(textOf(memberAt(before, 'type')) ?? '');
  return isSecure && memberAt(after, 'value') !== undefined && /^properties\.parameters\.[^.]+$/.test(path);
}

const isEmpty = (value: Json) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function elementDelta(before: Json | undefined, after: Json | undefined, index: string): JsonObject[] {
  if (before === undefined) return [{ path: index, propertyChangeType: 'Create', after: after ?? null }];
  if (after === undefined) return [{ path: index, propertyChangeType: 'Delete', before }];
  const children = deltaOf(before, after);
  if (children.length === 0) return [];
  return isJsonObject(before)
    ? [{ path: index, propertyChangeType: 'Modify', children }]
    : [{ path: index, propertyChangeType: 'Modify', before, after }];
}

/** Values of secure parameters never leave Azure. */
function masked(change: JsonObject, secrets: readonly string[]): JsonObject {
  const hide = (_: string, value: unknown) =>
    typeof value === 'string' && secrets.includes(value) ? '*******' : value;
  return JSON.parse(JSON.stringify(change, hide)) as JsonObject;
}

function othersIn(
  { state }: AzureSetting,
  { subscriptionId, resourceGroup }: Deployment,
  planned: ReadonlySet<string>,
): JsonObject[] {
  const group = lower(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/`);
  const all = [
    ...state.workflows.values(),
    ...state.connections.values(),
    ...state.customConnectors.values(),
    ...state.resources.values(),
  ];
  return all
    .filter(({ id }) => lower(id).startsWith(group) && !planned.has(lower(id)))
    .map(({ id }) => ({ resourceId: id, changeType: 'Ignore' }));
}
