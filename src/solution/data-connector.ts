import { UserError } from '../domain/errors.ts';
import {
  authorOf,
  CONTENT_API_VERSION,
  contentTemplateResource,
  innerTemplate,
  METADATA_TYPE,
  productId,
  sourceOf,
  templateName,
  WORKSPACE_LOCATION,
} from './content-common.ts';
import { textBlock } from './create-ui-definition.ts';
import type { Draft, SolutionFile } from './draft.ts';
import {
  find,
  isList,
  isMap,
  type JsonMap,
  type JsonTree,
  listAt,
  mapOf,
  textAt,
  withMember,
  withMemberAt,
} from './json-tree.ts';
import { referenceTo, standIn } from './variables.ts';

/**
 * Adds one entry of `Data Connectors`: a connector page that only instructs (`GenericUI`). It comes twice, as a template in
 * the solution and active in the workspace.
 * @throws UserError for connectors of other kinds, which poll or deploy something
 */
export function addDataConnector(file: SolutionFile, isLast: boolean, draft: Draft): void {
  const written = readConnector(file);
  const number = ++draft.dataConnectors;
  const content: ConnectorContent = {
    number,
    contentId: `_dataConnectorContentId${number}`,
    connector: tidied(written, draft),
    version: textAt(written, 'metadata', 'version') ?? '1.0.0',
  };
  draft.criteria.push({
    kind: 'DataConnector',
    contentId: referenceTo(content.contentId),
    version: referenceTo(`dataConnectorVersion${number}`),
  });
  addVariables(content, textAt(written, 'id') ?? '', draft);
  const uiConfig = withAvailability(withMember(content.connector, 'id', referenceTo(`_uiConfigId${number}`)));
  draft.resources.push(
    contentTemplate(content, uiConfig, draft),
    metadata(content, draft, true),
    connectorResource(content, activeUiConfig(content, uiConfig)),
  );
  addUiStep(content, isLast, draft);
}

interface ConnectorContent {
  readonly number: number;
  /** Name of the outer variable. */
  readonly contentId: string;
  readonly connector: JsonMap;
  readonly version: string;
}

function readConnector({ path, tree }: SolutionFile): JsonMap {
  const deploysFunctions = listAt(tree, 'instructionSteps').some((step) =>
    /deploy to azure/i.test(JSON.stringify([...allTexts(step)])),
  );
  if (
    isMap(tree) &&
    textAt(tree, 'id') &&
    textAt(tree, 'title') &&
    isMap(find(tree, 'availability')) &&
    !deploysFunctions
  ) {
    return tree;
  }
  throw new UserError(
    'solution.data-connector',
    'only data connectors that are a page of instructions can be packaged',
    {
      where: { file: path },
      remedy:
        "Give the connector id, title and availability; connectors that poll, or deploy a function app, need Microsoft's tool.",
    },
  );
}

function* allTexts(tree: JsonTree): Generator<string> {
  if (typeof tree === 'string') yield tree;
  else if (isList(tree)) for (const item of tree) yield* allTexts(item);
  else if (isMap(tree)) for (const member of tree.values()) yield* allTexts(member);
}

/** Empty lists of queries and types become stand-ins; the steps lose what is empty, and their members are sorted. */
function tidied(written: JsonMap, draft: Draft): JsonMap {
  let connector = written;
  for (const name of ['graphQueries', 'dataTypes', 'sampleQueries']) {
    const list = find(written, name) ?? null;
    if (list === null || (isList(list) && list.length === 0)) {
      connector = withMember(connector, name, standIn(draft.variables, 'TemplateEmptyArray'));
    }
  }
  return withMember(connector, 'instructionSteps', listAt(written, 'instructionSteps').map(tidiedStep));
}

function tidiedStep(step: JsonTree): JsonTree {
  if (!isMap(step)) return step;
  const filled = [...step].filter(
    ([, value]) => value !== null && value !== '' && value !== false && !(isList(value) && value.length === 0),
  );
  return new Map(filled.sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
}

function withAvailability(connector: JsonMap): JsonMap {
  return withMemberAt(connector, ['availability', 'isPreview'], false);
}

function addVariables({ number, version }: ConnectorContent, id: string, { variables }: Draft): void {
  variables.addPair(`uiConfigId${number}`, id);
  variables.addPair(`dataConnectorContentId${number}`, id);
  variables.addPair(`dataConnectorId${number}`, parentId(number));
  variables.add(`dataConnectorTemplateSpecName${number}`, templateName('dc', `_dataConnectorContentId${number}`));
  variables.add(`dataConnectorVersion${number}`, version);
  variables.add(
    `_dataConnectorcontentProductId${number}`,
    productId('dc', 'DataConnector', `_dataConnectorContentId${number}`, `dataConnectorVersion${number}`),
  );
}

function parentId(number: number): string {
  return `[extensionResourceId(resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspace')), 'Microsoft.SecurityInsights/dataConnectors', variables('_dataConnectorContentId${number}'))]`;
}

function contentTemplate(content: ConnectorContent, uiConfig: JsonMap, draft: Draft): JsonMap {
  const { number } = content;
  return contentTemplateResource({
    name: referenceTo(`dataConnectorTemplateSpecName${number}`),
    description: `${draft.solution.name} data connector with template version ${draft.version}`,
    mainTemplate: innerTemplate(referenceTo(`dataConnectorVersion${number}`), [
      connectorResource(content, uiConfig),
      metadata(content, draft, false),
    ]),
    contentId: referenceTo(content.contentId),
    kind: 'DataConnector',
    displayName: textAt(content.connector, 'title') ?? '',
    productId: referenceTo(`_dataConnectorcontentProductId${number}`),
    version: referenceTo(`dataConnectorVersion${number}`),
  });
}

function connectorResource({ contentId }: ConnectorContent, connectorUiConfig: JsonMap): JsonMap {
  return mapOf({
    name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',variables('${contentId}'))]`,
    apiVersion: '2021-03-01-preview',
    type: 'Microsoft.OperationalInsights/workspaces/providers/dataConnectors',
    location: WORKSPACE_LOCATION,
    kind: 'GenericUI',
    properties: { connectorUiConfig },
  });
}

function metadata({ number, contentId }: ConnectorContent, draft: Draft, isActive: boolean): JsonMap {
  return mapOf({
    type: METADATA_TYPE,
    apiVersion: CONTENT_API_VERSION,
    name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',concat('DataConnector-', last(split(variables('_dataConnectorId${number}'),'/'))))]`,
    dependsOn: isActive ? [referenceTo(`_dataConnectorId${number}`)] : undefined,
    location: isActive ? WORKSPACE_LOCATION : undefined,
    properties: {
      parentId: parentId(number),
      contentId: referenceTo(contentId),
      kind: 'DataConnector',
      version: referenceTo(`dataConnectorVersion${number}`),
      source: sourceOf(draft),
      author: authorOf(draft),
      support: draft.metadata.support,
    },
  });
}

/** The active connector shows the same page, members in a fixed order. */
function activeUiConfig({ number }: ConnectorContent, page: JsonMap): JsonMap {
  const criteria = find(page, 'connectivityCriterias') === undefined ? 'connectivityCriteria' : 'connectivityCriterias';
  const queries = ['title', 'publisher', 'descriptionMarkdown', 'graphQueries', 'dataTypes'];
  const rest = ['sampleQueries', 'availability', 'permissions', 'instructionSteps'];
  const copied = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, find(page, name) ?? null]));
  return mapOf({
    ...copied(queries),
    [criteria]: find(page, criteria),
    ...copied(rest),
    id: referenceTo(`_uiConfigId${number}`),
    additionalRequirementBanner: find(page, 'additionalRequirementBanner'),
  });
}

function addUiStep({ number, connector }: ConnectorContent, isLast: boolean, draft: Draft): void {
  const { name } = draft.solution;
  const text = `This Solution installs the data connector for ${name}. You can get ${name} ${dataKind(connector)} data in your Microsoft Sentinel workspace. After installing the solution, configure and enable this data connector by following guidance in Manage solution view.`;
  const step = draft.uiSteps.get('dataconnectors');
  const elements = [...listAt(step, 'elements'), textBlock(`dataconnectors${number}-text`, { text })];
  const link = {
    label: 'Learn more about connecting data sources',
    uri: 'https://docs.microsoft.com/azure/sentinel/connect-data-sources',
  };
  if (isLast) elements.push(textBlock(`dataconnectors-link${number}`, { link }));
  draft.uiSteps.set(
    'dataconnectors',
    mapOf({ name: 'dataconnectors', label: 'Data Connectors', bladeTitle: 'Data Connectors', elements }),
  );
}

/** The kind of the last data type that is a standard table. */
function dataKind(connector: JsonMap): string {
  const names = listAt(connector, 'dataTypes').map((type) => textAt(type, 'name') ?? '');
  const kinds = names.flatMap((name) => ['Syslog', 'CommonSecurityLog'].find((kind) => name.includes(kind)) ?? []);
  return kinds.at(-1) ?? 'custom log';
}
