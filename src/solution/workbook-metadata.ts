import { posix } from 'node:path';
import { UserError } from '../domain/errors.ts';
import type { SolutionFile } from './draft.ts';
import { refuseForeignSource } from './foreign-source.ts';
import { isList, isMap, type JsonList, type JsonMap, JsonNumber, type JsonTree, listAt, textAt } from './json-tree.ts';

/** Where the Azure-Sentinel repository has it, beside the folder Solutions. */
export const WORKBOOK_METADATA = 'Workbooks/WorkbooksMetadata.json';

/** What Workbooks/WorkbooksMetadata.json of the Azure-Sentinel repository says of one workbook. */
export interface WorkbookEntry {
  /** Content id; never changes. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly dataTypes: JsonList;
  readonly dataConnectors: JsonList;
  /** Lists of pictures that newer tools copy, as written; undefined where the entry has none. */
  readonly previewImages: JsonTree | undefined;
  readonly previewImagesDark: JsonTree | undefined;
  /** The whole entry as PowerShell prints an object. */
  readonly printed: string;
}

/**
 * The entry of a workbook file: the one whose `templateRelativePath`, up to its first dot, is the name of the file.
 * @throws UserError where there is none, it lacks a member, or it belongs to no solution: the package would be broken
 */
export function workbookEntry(path: string, metadata: SolutionFile | undefined): WorkbookEntry {
  const name = workbookName(path);
  const entries = isList(metadata?.tree) ? metadata.tree.filter(isMap) : [];
  const entry = entries.find((one) => isOfWorkbook(textAt(one, 'templateRelativePath') ?? '', name));
  if (metadata === undefined || entry === undefined) {
    throw new UserError('solution.workbook-metadata', `no entry of WorkbooksMetadata.json is about "${name}.json"`, {
      where: { file: metadata?.path ?? path },
      remedy: `Add one with "templateRelativePath": "${name}.json" to Workbooks/WorkbooksMetadata.json of the repository.`,
    });
  }
  refuseForeignSource(textAt(entry, 'source', 'kind'), `source.kind of "${name}"`, {
    where: { file: metadata.path },
    remedy: 'Remove source from the entry.',
  });
  return {
    key: required(entry, 'workbookKey', metadata.path),
    title: required(entry, 'title', metadata.path),
    version: required(entry, 'version', metadata.path),
    description: textAt(entry, 'description') ?? '',
    dataTypes: listAt(entry, 'dataTypesDependencies'),
    dataConnectors: listAt(entry, 'dataConnectorsDependencies'),
    previewImages: entry.get('previewImages'),
    previewImagesDark: entry.get('previewImagesDark'),
    printed: asPowerShellPrints(entry),
  };
}

/** Name of a workbook as the tool knows it: without extension, and without the characters that it takes out. */
export function workbookName(path: string): string {
  const base = posix.parse(path).name;
  return base.indexOf('(') > 0 ? base : base.replace(/[#?{[()\]}]/g, '');
}

/** Whether the `templateRelativePath` of an entry means the workbook of this name. */
export function isOfWorkbook(relativePath: string, name: string): boolean {
  const base = relativePath.includes('(') ? relativePath.replace(/\.[^.]*$/, '') : (relativePath.split('.')[0] ?? '');
  return base.toLowerCase() === name.toLowerCase();
}

function required(entry: JsonMap, member: string, file: string): string {
  const text = textAt(entry, member);
  if (text) return text;
  throw new UserError('solution.workbook-metadata', `the entry of the workbook has no "${member}"`, {
    where: { file, path: member },
    remedy: 'Add it: the validator of the repository requires it, and the package is made of it.',
  });
}

/** `@{name=value; …}`: lists as their type, objects in it as nothing. */
function asPowerShellPrints(entry: JsonMap): string {
  return `@{${[...entry].map(([name, value]) => `${name}=${printed(value)}`).join('; ')}}`;
}

function printed(value: JsonTree): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof JsonNumber) return value.lexeme;
  return isList(value) ? 'System.Object[]' : '';
}
