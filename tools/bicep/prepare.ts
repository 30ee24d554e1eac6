import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json.ts';

/**
 * A version of each type that templates extend without deploying it: any will do that no template deploys, since the version
 * tells stand-ins from resources.
 */
const STAND_IN_VERSIONS: Readonly<Record<string, string>> = {
  'Microsoft.OperationalInsights/workspaces': '2022-10-01',
  'Microsoft.Storage/storageAccounts': '2022-05-01',
  'Microsoft.KeyVault/vaults': '2022-07-01',
  'Microsoft.Insights/components': '2015-05-01',
};

/**
 * What the decompiler of Bicep cannot express, written another way. Nothing that is deployed changes:
 * - the scope of a resource that the template does not deploy: the decompiler writes a text there and refuses it (its own
 *   compiler's output for `existing` resources, too); a stand-in is added, which `markExisting` marks afterwards;
 * - dependencies that are held by a variable, name a resource group, or are the id of an extension resource: the first two are
 *   written out as a plain resourceId(), the last one is left out, the order of deployment is not what is checked;
 * - the description of a parameter that is an expression, as the packaging tool writes it: it is not a constant.
 */
export function prepare(template: JsonObject): JsonObject {
  const resources = listOf(template['resources']);
  const standIns = new Map<string, JsonObject>();
  const prepared = resources.filter(isJsonObject).map((resource) => {
    const extended = extendedResource(resource['scope']);
    if (extended && !declares(resources, extended)) standIns.set(JSON.stringify(extended), standIn(extended));
    return preparedResource(resource, variablesOf(template));
  });
  return {
    ...template,
    ...(isJsonObject(template['parameters']) && { parameters: withPlainDescriptions(template['parameters']) }),
    resources: [...prepared, ...standIns.values()],
  };
}

/** The declarations of stand-ins as `existing`. */
export function markExisting(bicep: string): string {
  return Object.entries(STAND_IN_VERSIONS).reduce(
    (text, [type, version]) =>
      text.replaceAll(
        new RegExp(`(resource \\w+ '${type.replaceAll('.', '\\.')}@${version}') = \\{`, 'g'),
        '$1 existing = {',
      ),
    bicep,
  );
}

function preparedResource(resource: JsonObject, variables: JsonObject): JsonObject {
  const dependsOn = listOf(resource['dependsOn']).flatMap((one) => dependency(String(one), variables));
  const nested = nestedTemplate(resource);
  return {
    ...resource,
    ...(resource['dependsOn'] !== undefined && { dependsOn }),
    ...(nested && { properties: { ...(resource['properties'] as JsonObject), template: prepare(nested) } }),
  };
}

function nestedTemplate({ type, properties }: JsonObject): JsonObject | undefined {
  if (type !== 'Microsoft.Resources/deployments' || !isJsonObject(properties)) return undefined;
  const template = properties['template'];
  return isJsonObject(template) ? template : undefined;
}

const VARIABLE = /^\[variables\('([^']+)'\)\]$/;
/** `resourceId(subscription, resourceGroup, 'type', name)` */
const WITH_GROUP = /^\[resourceId\((?:[^,']+(?:'[^']*'[^,']*)?,\s*)+('[A-Za-z.]+\/[A-Za-z/]+'.*)\)\]$/;

function dependency(text: string, variables: JsonObject): string[] {
  const variable = VARIABLE.exec(text)?.[1];
  if (variable !== undefined) {
    const value = variables[variable];
    return typeof value === 'string' && !VARIABLE.test(value) ? dependency(value, variables) : [];
  }
  if (text.startsWith('[extensionResourceId(')) return [];
  const plain = WITH_GROUP.exec(text)?.[1];
  return [plain === undefined ? text : `[resourceId(${plain})]`];
}

interface Extended {
  readonly type: string;
  /** An expression without its brackets. */
  readonly name: string;
}

const SCOPES = [
  /^\[resourceId\('([A-Za-z.]+\/[A-Za-z]+)',\s*(.+)\)\]$/,
  /^\[concat\('([A-Za-z.]+\/[A-Za-z]+)\/',\s*(.+)\)\]$/,
  /^\[format\('([A-Za-z.]+\/[A-Za-z]+)\/\{0\}',\s*(.+)\)\]$/,
];

function extendedResource(scope: Json | undefined): Extended | undefined {
  const [, type, name] = SCOPES.map((form) => form.exec(String(scope))).find((match) => match !== null) ?? [];
  return type === undefined || name === undefined || !Object.hasOwn(STAND_IN_VERSIONS, type)
    ? undefined
    : { type, name };
}

function declares(resources: readonly Json[], { type, name }: Extended): boolean {
  return resources.some((one) => isJsonObject(one) && one['type'] === type && one['name'] === `[${name}]`);
}

function standIn({ type, name }: Extended): JsonObject {
  return { type, apiVersion: STAND_IN_VERSIONS[type] ?? '', name: `[${name}]` };
}

function withPlainDescriptions(parameters: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, declaration]) => {
      const metadata = isJsonObject(declaration) ? declaration['metadata'] : undefined;
      const isExpression = isJsonObject(metadata) && String(metadata['description']).startsWith('[');
      return [name, isExpression ? { ...(declaration as JsonObject), metadata: { description: name } } : declaration];
    }),
  );
}

function variablesOf(template: JsonObject): JsonObject {
  const variables = template['variables'];
  return isJsonObject(variables) ? variables : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
