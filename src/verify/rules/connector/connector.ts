import type { Definition } from '../../../connector/swagger.ts';
import { isJsonObject, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { listAt, objectAt } from '../../json-walk.ts';
import { folderOf } from '../../paths.ts';
import { type At, group, type RuleGroup, type SubjectRule, type Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { isPackage, levelsOf, resourcesOf } from '../../template-level.ts';
import type { Tree } from '../../tree.ts';
import { contentHubRules } from './content-hub-rules.ts';
import { designerRules } from './designer-rules.ts';
import { fileRules, textRules } from './file-rules.ts';
import { infoRules } from './info-rules.ts';
import { operationRules } from './operation-rules.ts';
import {
  type ApiProperties,
  apiPropertiesRules,
  type ConnectorTemplate,
  iconRules,
  templateRules,
} from './package-rules.ts';
import { parameterRules } from './parameter-rules.ts';
import { pickerRules } from './picker-rules.ts';
import { propertyRules } from './property-rules.ts';
import { responseRules } from './response-rules.ts';
import { shapeProblems } from './swagger-shape.ts';
import { triggerRules } from './trigger-rules.ts';

/** Checks that parts have the shape that the other rules require. */
const shapeRules: readonly SubjectRule<JsonObject>[] = [
  {
    id: 'swagger.shape',
    level: 'error',
    source: sources.openApi,
    help: 'Write the member as OpenAPI 2.0 has it; until then nothing else of the definition is checked.',
    check: shapeProblems,
  },
];

const connectionShapeRules: readonly SubjectRule<JsonObject>[] = [
  {
    id: 'connection-parameters.shape',
    level: 'error',
    source: sources.customConnectors,
    help: 'Let every connection parameter be an object with type and uiDefinition; until then the rest of the file is not checked.',
    check: connectionShapeProblems,
  },
];

/** Requirements of certification for definitions published on their own. */
const certificationRules: readonly SubjectRule<Definition>[] = [
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
  ...group(connectionShapeRules, (tree) => [
    ...tree
      .ofKind('api-properties')
      .map(({ path, json }) => ({ file: path, at: '/properties', subject: objectAt(json, 'properties') })),
    ...levelsOf(tree).flatMap((level) =>
      resourcesOf(level, 'Microsoft.Web/customApis').map(({ at, raw }) => ({
        file: level.file,
        at: `${at}/properties`,
        subject: objectAt(raw, 'properties'),
      })),
    ),
  ]),
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
      .filter(({ json }) => connectionShapeProblems(objectAt(json, 'properties')).length === 0)
      .map(({ path, json }) => ({ file: path, at: '', subject: json as unknown as ApiProperties })),
  ),
  ...group(iconRules, icons),
  ...group(templateRules, connectorTemplates),
];

function perDefinition(
  rules: readonly SubjectRule<Definition>[],
  find: (tree: Tree) => readonly At<JsonObject>[],
): RuleGroup {
  return group(rules, (tree) =>
    find(tree)
      .filter(({ subject }) => shapeProblems(subject).length === 0)
      .map((one) => ({ ...one, subject: one.subject as unknown as Definition })),
  );
}

function definitionFiles(tree: Tree): At<JsonObject>[] {
  return tree.ofKind('swagger').map(({ path, json }) => ({ file: path, at: '', subject: json }));
}

/** Definitions inside connector templates, except those that are also in a file of their own. */
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

/** Icons are in the folder of a definition or its properties. */
function icons(tree: Tree): At<Uint8Array>[] {
  const folders = new Set(
    [...tree.ofKind('swagger'), ...tree.ofKind('api-properties')].map(({ path }) => folderOf(path)),
  );
  return tree.binaries
    .filter(({ path }) => /(^|\/)icon\.png$/i.test(path) && folders.has(folderOf(path)))
    .map(({ path, bytes }) => ({ file: path, at: '', subject: bytes }));
}

function templateIsSound(template: JsonObject): boolean {
  return listAt(template, 'resources').every((one) => {
    if (!isJsonObject(one) || (one['type'] !== undefined && typeof one['type'] !== 'string')) return false;
    const properties = objectAt(one, 'properties');
    return shapeProblems(objectAt(properties, 'swagger')).length + connectionShapeProblems(properties).length === 0;
  });
}

/** Of an object with the member `connectionParameters`. */
function connectionShapeProblems(properties: JsonObject): Violation[] {
  const parameters = properties['connectionParameters'];
  if (parameters !== undefined && !isJsonObject(parameters)) {
    return [{ pointer: '/connectionParameters', message: 'connectionParameters is not an object' }];
  }
  return Object.entries(objectAt(properties, 'connectionParameters'))
    .filter(
      ([, one]) => !isJsonObject(one) || !(one['uiDefinition'] === undefined || isJsonObject(one['uiDefinition'])),
    )
    .map(([name]) => ({
      pointer: `/connectionParameters${pointerStep(name)}`,
      message: `"${name}" has not the shape of a connection parameter`,
    }));
}
