import { UserError } from '../domain/errors.ts';
import {
  authorOf,
  CONTENT_METADATA_VERSION,
  contentTemplateResource,
  innerTemplate,
  METADATA_TYPE,
  productId,
  sourceOf,
  templateName,
  WORKSPACE_LOCATION,
} from './content-common.ts';
import { addSection, type ContentStep } from './create-ui-definition.ts';
import type { Draft, SolutionFile } from './draft.ts';
import { isMap, type JsonMap, mapOf } from './json-tree.ts';
import { referenceTo, WORKSPACE_ID, WORKSPACE_RESOURCE_ID } from './variables.ts';
import { serializedWorkbook } from './workbook-data.ts';
import { type WorkbookEntry, workbookEntry, workbookName } from './workbook-metadata.ts';

const STEP: ContentStep = {
  label: 'Workbooks',
  text: 'This solution installs workbook(s) to help you gain insights into the telemetry collected in Microsoft Sentinel. After installing the solution, start using the workbook in Manage solution view.',
  uri: 'https://docs.microsoft.com/azure/sentinel/tutorial-monitor-your-data',
};

/**
 * Adds one entry of `Workbooks`. Its id, title and version are those of its entry in WorkbooksMetadata.json, its name a parameter of
 * the package.
 * @throws UserError for a file that is not a workbook, or that the metadata does not know
 */
export function addWorkbook({ path, tree }: SolutionFile, draft: Draft): void {
  if (!isMap(tree)) {
    throw new UserError('solution.workbook', 'no workbook: not a JSON object', {
      where: { file: path },
      remedy: 'Save what the advanced editor of the workbook shows under "Gallery template".',
    });
  }
  const entry = workbookEntry(path, draft.workbookMetadata);
  const number = ++draft.workbooks;
  addVariables(number, entry, draft);
  draft.criteria.push({
    kind: 'Workbook',
    contentId: referenceTo(`_workbookContentId${number}`),
    version: referenceTo(`workbookVersion${number}`),
  });
  draft.parameters.set(
    `workbook${number}-name`,
    mapOf({
      type: 'string',
      defaultValue: entry.title,
      minLength: 1,
      metadata: { description: 'Name for the workbook' },
    }),
  );
  draft.resources.push(
    contentTemplateResource({
      name: referenceTo(`workbookTemplateSpecName${number}`),
      description: `${workbookName(path)} Workbook with template version ${draft.version}`,
      mainTemplate: innerTemplate(referenceTo(`workbookVersion${number}`), [
        workbookResource(number, entry, tree, draft),
        metadata(number, entry, draft),
      ]),
      contentId: referenceTo(`_workbookContentId${number}`),
      kind: 'Workbook',
      displayName: nameParameter(number),
      productId: referenceTo(`_workbookcontentProductId${number}`),
      version: referenceTo(`workbookVersion${number}`),
    }),
  );
  const section = { name: `workbook${number}`, label: entry.title, text: entry.description };
  addSection(STEP, draft.solution.workbooksText, section, draft);
}

function nameParameter(number: number): string {
  return `[parameters('workbook${number}-name')]`;
}

function addVariables(number: number, entry: WorkbookEntry, { variables }: Draft): void {
  variables.add(`workbookVersion${number}`, entry.version);
  variables.add(`workbookContentId${number}`, entry.key);
  variables.add(
    `workbookId${number}`,
    `[resourceId('Microsoft.Insights/workbooks', variables('workbookContentId${number}'))]`,
  );
  variables.add(`workbookTemplateSpecName${number}`, templateName('wb', `_workbookContentId${number}`));
  variables.add(`_workbookContentId${number}`, referenceTo(`workbookContentId${number}`));
  variables.add(WORKSPACE_RESOURCE_ID, WORKSPACE_ID);
  variables.add(
    `_workbookcontentProductId${number}`,
    productId('wb', 'Workbook', `_workbookContentId${number}`, `workbookVersion${number}`),
  );
}

function workbookResource(number: number, { description }: WorkbookEntry, workbook: JsonMap, draft: Draft): JsonMap {
  return mapOf({
    type: 'Microsoft.Insights/workbooks',
    name: referenceTo(`workbookContentId${number}`),
    location: WORKSPACE_LOCATION,
    kind: 'shared',
    apiVersion: '2021-08-01',
    metadata: { description },
    properties: {
      displayName: nameParameter(number),
      serializedData: serializedWorkbook(workbook, draft.variables),
      version: '1.0',
      sourceId: referenceTo(WORKSPACE_RESOURCE_ID),
      category: 'sentinel',
    },
  });
}

function metadata(number: number, entry: WorkbookEntry, draft: Draft): JsonMap {
  const criteria = [
    ...entry.dataTypes.map((contentId) => ({ contentId, kind: 'DataType' })),
    ...entry.dataConnectors.map((contentId) => ({ contentId, kind: 'DataConnector' })),
  ];
  return mapOf({
    type: METADATA_TYPE,
    apiVersion: CONTENT_METADATA_VERSION,
    name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',concat('Workbook-', last(split(variables('workbookId${number}'),'/'))))]`,
    properties: {
      // The tool puts the whole entry where its description was meant, and a literal ".description" behind it.
      description: `${entry.printed}.description`,
      parentId: referenceTo(`workbookId${number}`),
      contentId: referenceTo(`_workbookContentId${number}`),
      kind: 'Workbook',
      version: referenceTo(`workbookVersion${number}`),
      source: sourceOf(draft),
      author: authorOf(draft),
      support: draft.metadata.support,
      previewImages: entry.previewImages,
      previewImagesDark: entry.previewImagesDark,
      dependencies: criteria.length > 0 ? { operator: 'AND', criteria } : undefined,
    },
  });
}
