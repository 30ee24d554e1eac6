import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { isOfWorkbook, WORKBOOK_METADATA, workbookName } from '../../../solution/workbook-metadata.ts';
import { at, listAt, textAt } from '../../json-walk.ts';
import type { At, SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { JsonFile, Tree } from '../../tree.ts';
import { rule } from '../rule-of.ts';

/** A workbook of a solution, and what the repository's list says of it. */
export interface WorkbookFile {
  readonly json: JsonObject;
  readonly name: string;
  /** Its entry in WorkbooksMetadata.json; `unknown` if the tree has no such file. */
  readonly entry: JsonObject | undefined | 'unknown';
}

/** Workbooks below a folder of that name. */
export function workbooksOf(tree: Tree): At<WorkbookFile>[] {
  const list = workbooksMetadata(tree);
  const entries = listAt(list?.json).filter(isJsonObject);
  return tree
    .ofKind('workbook')
    .filter(({ path }) => /(?:^|\/)Workbooks\/[^/]+$/i.test(path))
    .map(({ path, json }) => {
      const name = workbookName(path);
      const own = entries.find((entry) => isOfWorkbook(textAt(entry, 'templateRelativePath') ?? '', name));
      return { file: path, at: '', subject: { json, name, entry: list === undefined ? 'unknown' : own } };
    });
}

/** The repository's list of workbooks, where the folder has it. */
export function workbooksMetadata(tree: Tree): JsonFile | undefined {
  return tree.jsons.find(({ path }) => `/${path}`.toLowerCase().endsWith(`/${WORKBOOK_METADATA}`.toLowerCase()));
}

interface QueryItem {
  readonly pointer: string;
  readonly content: JsonObject;
}

/** The items of type 3, at any depth of groups. */
function queryItems(json: Json, pointer = ''): readonly QueryItem[] {
  return listAt(json, 'items').flatMap((item, index) => {
    const place = `${pointer}/items/${index}/content`;
    const content = at(item, 'content');
    if (!isJsonObject(content)) return [];
    return at(item, 'type') === 3 ? [{ pointer: place, content }] : queryItems(content, place);
  });
}

const ENTRY = [
  ...['workbookKey', 'logoFileName', 'description', 'dataTypesDependencies', 'dataConnectorsDependencies'],
  ...['previewImagesFileNames', 'version', 'title', 'templateRelativePath', 'subtitle', 'provider'],
];

export const workbookRules: readonly SubjectRule<WorkbookFile>[] = [
  rule(
    'workbook.template-id',
    'error',
    sources.workbookValidator,
    'Write "sentinel-" and the name of the workbook: sentinel-UserWorkbook is what the editor writes for everybody.',
    ({ json }) => {
      const id = json['fromTemplateId'];
      const isOwn = typeof id === 'string' && /^sentinel-/.test(id);
      const message = `fromTemplateId is ${JSON.stringify(id ?? null)}`;
      if (id === 'sentinel-UserWorkbook') return [{ pointer: '/fromTemplateId', message }];
      return isOwn ? [] : [{ pointer: '/fromTemplateId', message, level: 'warning' as const }];
    },
  ),
  rule(
    'workbook.subscription',
    'error',
    sources.workbookValidator,
    'Remove ids of subscriptions, and of resources in them: they are those of the machine that the workbook was saved on.',
    ({ json }) =>
      /subscriptions\/[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\//.test(JSON.stringify(json))
        ? [{ pointer: '', message: 'the workbook names a subscription' }]
        : [],
  ),
  rule(
    'workbook.metadata',
    'error',
    sources.packagingTool,
    'Add an entry with all members to Workbooks/WorkbooksMetadata.json: key, title and version of the package come from it. The version rises with each change.',
    ({ entry, name }) => {
      if (entry === 'unknown') return [];
      if (entry === undefined)
        return [{ pointer: '', message: `no entry of WorkbooksMetadata.json is about ${name}.json` }];
      const missing = ENTRY.filter((member) => entry[member] === undefined);
      const pictures = listAt(entry, 'previewImagesFileNames').join(' ');
      return [
        ...missing.map((member) => ({ pointer: '', message: `the entry has no "${member}"` })),
        ...(/^\d+\.\d+\.\d+$/.test(`${entry['version']}`)
          ? []
          : [{ pointer: '', message: `the version of the entry is "${entry['version']}"` }]),
        ...(/black/i.test(pictures) && /white/i.test(pictures)
          ? []
          : [{ pointer: '', message: 'the entry needs a picture with Black and one with White in its name' }]),
      ];
    },
  ),
  rule(
    'workbook.no-data',
    'warning',
    sources.reviewGuide,
    'Say what it means that there is nothing: an empty tile reads as if all were well.',
    ({ json }) =>
      queryItems(json)
        .filter(({ content }) => !textAt(content, 'noDataMessage'))
        .map(({ pointer }) => ({ pointer, message: 'the query has no noDataMessage' })),
  ),
  rule(
    'workbook.time-range',
    'warning',
    sources.reviewGuide,
    'Let every query follow the time range that people choose: timeContextFromParameter, or the parameter in its text.',
    ({ json }) =>
      queryItems(json)
        .filter(
          ({ content }) =>
            content['timeContextFromParameter'] === undefined && !`${content['query']}`.includes('{TimeRange'),
        )
        .map(({ pointer }) => ({ pointer, message: 'the query has a time range of its own' })),
  ),
];
