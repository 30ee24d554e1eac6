import type { Definition } from '../../connector/swagger.ts';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';
import { contentHubRules } from '../connector/content-hub-rules.ts';
import { designerRules } from '../connector/designer-rules.ts';
import { fileRules, textRules } from '../connector/file-rules.ts';
import { infoRules } from '../connector/info-rules.ts';
import { operationRules } from '../connector/operation-rules.ts';
import {
  type ApiProperties,
  apiPropertiesRules,
  type ConnectorTemplate,
  iconRules,
  templateRules,
} from '../connector/package-rules.ts';
import { parameterRules } from '../connector/parameter-rules.ts';
import { pickerRules } from '../connector/picker-rules.ts';
import { propertyRules } from '../connector/property-rules.ts';
import { responseRules } from '../connector/response-rules.ts';
import type { Rule } from '../connector/rule.ts';
import { triggerRules } from '../connector/trigger-rules.ts';
import { step } from '../json-text.ts';
import { listAt, objectAt } from '../json-walk.ts';
import { folderOf } from '../paths.ts';
import { type At, group, type RuleGroup, type SubjectRule, type Violation } from '../rule.ts';
import { isPackage, levelsOf, resourcesOf } from '../template-level.ts';
import type { Tree } from '../tree.ts';

/** A definition before it is known to have the shape of one. */
const shapeRules: readonly SubjectRule<JsonObject>[] = [
  {
    id: 'swagger.shape',
    level: 'error',
    source: 'OpenAPI Specification 2.0',
    help: 'Write the member as OpenAPI 2.0 has it; until then nothing else of the definition is checked.',
    check: shapeProblems,
  },
];

/** What certification asks of a definition that is published by itself. */
const certificationRules: readonly Rule<Definition>[] = [
  ...fileRules,
  ...infoRules,
  ...operationRules,
  ...parameterRules,
  ...propertyRules,
  ...pickerRules,
  ...responseRules,
  ...triggerRules,
];

/** The rules of a custom connector, on definitions, their properties, icons and templates. */
export const connectorGroups: RuleGroup = [
  ...group(shapeRules, (tree) => [...definitionFiles(tree), ...embeddedDefinitions(tree)]),
  ...group(textRules, (tree) =>
    tree.ofKind('swagger').map(({ path, text }) => ({ file: path, at: '', subject: text })),
  ),
  ...perDefinition(certificationRules, definitionFiles),
  ...perDefinition([...designerRules, ...contentHubRules], (tree) => [
    ...definitionFiles(tree),
    ...embeddedDefinitions(tree),
  ]),
  ...group(apiPropertiesRules, (tree) =>
    tree
      .ofKind('api-properties')
      .map(({ path, json }) => ({ file: path, at: '', subject: json as unknown as ApiProperties })),
  ),
  ...group(iconRules, icons),
  ...group(templateRules, connectorTemplates),
];

function perDefinition(rules: readonly Rule<Definition>[], find: (tree: Tree) => readonly At<JsonObject>[]): RuleGroup {
  return group(rules, (tree) =>
    find(tree)
      .filter(({ subject }) => shapeProblems(subject).length === 0)
      .map((one) => ({ ...one, subject: one.subject as unknown as Definition })),
  );
}

function definitionFiles(tree: Tree): At<JsonObject>[] {
  return tree.ofKind('swagger').map(({ path, json }) => ({ file: path, at: '', subject: json }));
}

/** Definitions inside templates of connectors, those left out that lie in a file of their own as well. */
function embeddedDefinitions(tree: Tree): At<JsonObject>[] {
  const known = new Set(definitionFiles(tree).map(({ subject }) => JSON.stringify(subject)));
  const levels = levelsOf(tree);
  const sourcesOnly = levels.some(
    (level) => level.role === 'outer' && resourcesOf(level, 'Microsoft.Web/customApis').length > 0,
  );
  return levels
    .filter(({ role }) => role === 'outer' || !sourcesOnly)
    .flatMap((level) =>
      resourcesOf(level, 'Microsoft.Web/customApis').flatMap(({ at: pointer, raw }): At<JsonObject>[] => {
        const definition = level.evaluate(objectAt(raw, 'properties')['swagger']);
        if (definition === undefined || !isJsonObject(definition) || known.has(JSON.stringify(definition))) return [];
        return [{ file: level.file, at: `${pointer}/properties/swagger`, subject: definition }];
      }),
    );
}

function connectorTemplates(tree: Tree): At<ConnectorTemplate>[] {
  return levelsOf(tree)
    .filter(
      (level) =>
        level.role === 'outer' && !isPackage(level) && resourcesOf(level, 'Microsoft.Web/customApis').length > 0,
    )
    .filter(({ template }) => templateIsSound(template))
    .map((level) => ({ file: level.file, at: '', subject: level.template as unknown as ConnectorTemplate }));
}

/** Icons lie beside a definition or its properties. */
function icons(tree: Tree): At<Uint8Array>[] {
  const folders = new Set(
    [...tree.ofKind('swagger'), ...tree.ofKind('api-properties')].map(({ path }) => folderOf(path)),
  );
  return tree.binaries
    .filter(({ path }) => /(^|\/)icon\.png$/i.test(path) && folders.has(folderOf(path)))
    .map(({ path, bytes }) => ({ file: path, at: '', subject: bytes }));
}

function templateIsSound(template: JsonObject): boolean {
  return listAt(template, 'resources').every(
    (one) =>
      isJsonObject(one) &&
      (one['type'] === undefined || typeof one['type'] === 'string') &&
      shapeProblems(objectAt(one, 'properties', 'swagger')).length === 0,
  );
}

/** Places that must be an object, or a list of objects, before rules can look at them. */
function shapeProblems(definition: JsonObject): Violation[] {
  const objects = (value: Json | undefined, pointer: string): Violation[] =>
    value === undefined || (isJsonObject(value) && Object.values(value).every(isJsonObject))
      ? []
      : [{ pointer, message: 'is not an object of objects' }];
  const lists = (value: Json | undefined, pointer: string): Violation[] =>
    value === undefined || (Array.isArray(value) && value.every(isJsonObject))
      ? []
      : [{ pointer, message: 'is not a list of objects' }];
  const maps = ['paths', 'definitions', 'parameters', 'responses', 'securityDefinitions'].flatMap((name) =>
    objects(definition[name], `/${name}`),
  );
  const items = Object.entries(objectAt(definition, 'paths')).flatMap(([path, item]) => {
    const pointer = `/paths${step(path)}`;
    const operations = Object.entries(objectAt(item)).filter(([method]) => METHODS.has(method));
    return [
      ...lists(objectAt(item)['parameters'], `${pointer}/parameters`),
      ...operations.flatMap(([method, operation]) =>
        isJsonObject(operation)
          ? [
              ...lists(operation['parameters'], `${pointer}/${method}/parameters`),
              ...objects(operation['responses'], `${pointer}/${method}/responses`),
              ...texts(operation, `${pointer}/${method}`),
            ]
          : [{ pointer: `${pointer}/${method}`, message: 'is no object' }],
      ),
    ];
  });
  const schemas = Object.entries(objectAt(definition, 'definitions')).flatMap(([name, schema]) =>
    schemaProblems(schema, `/definitions${step(name)}`),
  );
  return [...maps, ...items, ...schemas, ...lists(definition['security'], '/security')];
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);
const TEXTS = [
  'operationId',
  'summary',
  'description',
  'title',
  'type',
  'format',
  'name',
  'in',
  '$ref',
  'x-ms-summary',
  'x-ms-visibility',
];

function texts(value: JsonObject, pointer: string): Violation[] {
  return TEXTS.filter((name) => value[name] !== undefined && typeof value[name] !== 'string').map((name) => ({
    pointer: `${pointer}/${name}`,
    message: 'is no text',
  }));
}

function schemaProblems(schema: Json, pointer: string): Violation[] {
  if (!isJsonObject(schema)) return [{ pointer, message: 'is no object' }];
  const properties = schema['properties'];
  const items = schema['items'];
  return [
    ...texts(schema, pointer),
    ...(properties === undefined || isJsonObject(properties)
      ? []
      : [{ pointer: `${pointer}/properties`, message: 'is no object' }]),
    ...Object.entries(objectAt(properties)).flatMap(([name, one]) =>
      schemaProblems(one, `${pointer}/properties${step(name)}`),
    ),
    ...(items === undefined ? [] : schemaProblems(items, `${pointer}/items`)),
  ];
}
