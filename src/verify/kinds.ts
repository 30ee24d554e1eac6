import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { nameIn } from './json-walk.ts';

/** What a JSON file is, determined from its content, because files in a folder may have any name. */
export type JsonKind =
  | 'template'
  | 'create-ui'
  | 'swagger'
  | 'api-properties'
  | 'solution-data'
  | 'solution-metadata'
  | 'workflow'
  | 'manifest'
  | 'data-connector'
  | 'workbook'
  | 'other-json';

const tests: readonly (readonly [kind: JsonKind, matches: (json: JsonObject) => boolean])[] = [
  ['create-ui', (json) => has(json, 'handler', 'parameters') && /createuidefinition/i.test(`${json['$schema']}`)],
  ['template', (json) => /deploymentTemplate\.json/i.test(`${json['$schema']}`) || isBareTemplate(json)],
  ['swagger', (json) => json['swagger'] !== undefined && has(json, 'paths')],
  ['api-properties', (json) => isApiProperties(json['properties'])],
  ['solution-metadata', (json) => has(json, 'publisherId', 'offerId')],
  ['solution-data', (json) => ['Name', 'Metadata', 'Description'].every((name) => nameIn(json, name) !== undefined)],
  ['workflow', isWorkflow],
  ['manifest', (json) => has(json, 'version', 'configHash', 'files') && isJsonObject(json['files'])],
  ['workbook', (json) => json['version'] === 'Notebook/1.0' && Array.isArray(json['items'])],
  ['data-connector', (json) => has(json, 'id', 'title', 'descriptionMarkdown')],
];

export function kindOfJson(json: Json): JsonKind {
  if (!isJsonObject(json)) return 'other-json';
  return tests.find(([, matches]) => matches(json))?.[0] ?? 'other-json';
}

function has(json: JsonObject, ...names: readonly string[]): boolean {
  return names.every((name) => Object.hasOwn(json, name));
}

function isBareTemplate(json: JsonObject): boolean {
  const resources = json['resources'];
  return (
    has(json, 'contentVersion') &&
    Array.isArray(resources) &&
    resources.every((one) => isJsonObject(one) && typeof one['type'] === 'string')
  );
}

function isApiProperties(properties: Json | undefined): boolean {
  return (
    properties !== undefined && isJsonObject(properties) && has(properties, 'connectionParameters', 'iconBrandColor')
  );
}

/**
 * A definition alone, or in a resource as in the code view and exports. Workflows of a Standard logic app have a `kind`; their
 * parameters and connections are in separate files.
 */
function isWorkflow(json: JsonObject): boolean {
  if (/^state(ful|less)$/i.test(`${json['kind']}`)) return false;
  const definition = definitionIn(json);
  return definition !== undefined && has(definition, 'triggers', 'actions');
}

/** The workflow definition in a file with the path to it; undefined if there is none. */
export function definitionIn(json: JsonObject): JsonObject | undefined {
  const properties = json['properties'];
  const inner = json['definition'] ?? (isJsonObject(properties) ? properties['definition'] : undefined);
  return inner !== undefined && isJsonObject(inner) ? inner : json;
}
