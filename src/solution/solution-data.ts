import { UserError } from '../domain/errors.ts';
import { find, isList, isMap, type JsonList, type JsonMap, type JsonTree, textAt } from './json-tree.ts';

/** What the packager does, in the order of the members of the data file. */
export type PackagingStep =
  | { readonly does: 'playbook'; readonly path: string }
  | { readonly does: 'data-connector'; readonly path: string }
  | { readonly does: 'workbook'; readonly path: string }
  | { readonly does: 'analytics-rule'; readonly path: string }
  | { readonly does: 'solution' };

/** Data/Solution_<X>.json, read. */
export interface SolutionData {
  readonly name: string;
  /** As written: `SIGNL4 - success@signl4.com`. */
  readonly authorLine: string;
  readonly author: string;
  readonly email: string | undefined;
  readonly logo: string | undefined;
  /** Markdown. */
  readonly description: string;
  readonly version: string | undefined;
  /** Texts that stand in for those of the wizard's steps. */
  readonly playbooksText: string | undefined;
  readonly workbooksText: string | undefined;
  readonly analyticsText: string | undefined;
  readonly dependentSolutions: readonly string[];
  /** Name of the file with publisher, categories and support, beside the data folder. */
  readonly metadataFile: string;
  readonly steps: readonly PackagingStep[];
  /** Lists that the official tool passes over, a misspelt "Playbooks" for example. */
  readonly unknownLists: readonly string[];
}

/** Lists of the data file, by lower-case name. Content that is not packaged here is refused by its plain name. */
const LISTS: Readonly<Record<string, PackagingStep['does'] | 'unsupported' | 'ignored'>> = {
  playbooks: 'playbook',
  'data connectors': 'data-connector',
  dataconnectors: 'data-connector',
  workbooks: 'workbook',
  'analytic rules': 'analytics-rule',
  analyticrules: 'analytics-rule',
  'hunting queries': 'unsupported',
  huntingqueries: 'unsupported',
  parsers: 'unsupported',
  savedsearches: 'unsupported',
  watchlists: 'unsupported',
  'summary rules': 'unsupported',
  summaryrules: 'unsupported',
  staticdataconnectorids: 'ignored',
  dependentdomainsolutionids: 'ignored',
  playbookdescription: 'ignored',
  workbookdescription: 'ignored',
  watchlistdescription: 'ignored',
};

/**
 * Reads the data file of a solution; member names count whatever their casing.
 * @throws UserError where a member is missing, or the file lists content that is not packaged here
 */
export function readSolutionData(tree: JsonTree, file: string): SolutionData {
  if (!isMap(tree))
    throw new UserError('solution.data-file', 'the data file holds no JSON object', { where: { file } });
  const name = required(tree, 'Name', file, 'the name of the solution, as its folder is called');
  const authorLine = required(tree, 'Author', file, '`<organisation> - <e-mail address>`');
  const [author = authorLine, email] = authorLine.split(' - ');
  return {
    name,
    authorLine,
    author,
    email,
    logo: textAt(tree, 'Logo'),
    description: required(tree, 'Description', file, 'what the solution does, in Markdown'),
    version: textAt(tree, 'Version'),
    playbooksText: textAt(tree, 'PlaybooksBladeDescription') || undefined,
    workbooksText: textAt(tree, 'WorkbookBladeDescription') || undefined,
    analyticsText: textAt(tree, 'AnalyticalRuleBladeDescription') || undefined,
    dependentSolutions: textsOf(find(tree, 'dependentDomainSolutionIds')),
    metadataFile: required(tree, 'Metadata', file, '`SolutionMetadata.json`'),
    steps: [...tree].flatMap(([member, value]) => stepsOf(member, value, name, file)),
    unknownLists: [...tree].flatMap(([member, value]) =>
      isList(value) && value.length > 0 && LISTS[member.toLowerCase()] === undefined ? [member] : [],
    ),
  };
}

function stepsOf(member: string, value: JsonTree, solution: string, file: string): readonly PackagingStep[] {
  if (member.toLowerCase() === 'metadata') return [{ does: 'solution' }];
  if (!isList(value) || value.length === 0) return [];
  const does = LISTS[member.toLowerCase()];
  if (does === 'unsupported') throw unsupported(member, value, file);
  if (does === undefined || does === 'ignored' || does === 'solution') return [];
  return textsOf(value).map((path) => ({ does, path: relativePath(path, solution) }));
}

function unsupported(member: string, items: JsonList, file: string): UserError {
  const listed = textsOf(items).join(', ');
  return new UserError(
    'solution.unsupported-content',
    `"${member}" cannot be packaged here, only playbooks, custom connectors, data connectors, workbooks and analytics rules: ${listed}`,
    {
      where: { file, path: member },
      remedy: "Package this solution with Microsoft's tool, or remove these items from the data file.",
    },
  );
}

/** An entry as written may start with a drive, `Solutions/` and the solution's name; the folder of a content id is what follows. */
function relativePath(path: string, solution: string): string {
  const slashed = path.replaceAll('\\', '/');
  const inSolution = slashed.split(`Solutions/${solution}/`).at(-1) ?? slashed;
  const bare = inSolution.replace(/^(?:\.?\/)+/, '');
  return bare.startsWith(`${solution}/`) ? bare.slice(solution.length + 1) : bare;
}

function required(tree: JsonMap, member: string, file: string, what: string): string {
  const text = textAt(tree, member);
  if (text) return text;
  throw new UserError('solution.data-file', `the data file has no "${member}"`, {
    where: { file },
    remedy: `Add "${member}": ${what}.`,
  });
}

function textsOf(value: JsonTree | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}
