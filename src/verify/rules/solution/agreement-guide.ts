import { unescapeArm } from '../../../domain/arm-literal.ts';
import { at, objectAt } from '../../json-walk.ts';
import { folderOf } from '../../paths.ts';
import { galleryTemplatesOf } from '../../playbook-subject.ts';
import type { Placed, RuleGroup } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { TemplateLevel } from '../../template-level.ts';
import { linePointer, type Tree } from '../../tree.ts';
import { releaseTable } from './release-notes.ts';

/** Whether the guide beside a template speaks of that template. */
export const guideAgreementRules: RuleGroup = [
  {
    id: 'agreement.readme-missing',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Add a readme.md beside the template.',
    check: (tree) =>
      galleryTemplatesOf(tree)
        .filter(({ file }) => /(^|\/)playbooks\//i.test(file) && readmeBeside(tree, file) === undefined)
        .map(({ file }) => ({ file, pointer: '', message: 'there is no readme.md beside the template' })),
  },
  {
    id: 'agreement.readme-parameters',
    level: 'warning',
    source: sources.ours,
    help: 'Let the table of the guide list the parameters of the template, with their defaults.',
    check: (tree) => galleryTemplatesOf(tree).flatMap(({ file, subject }) => readmeProblems(tree, file, subject)),
  },
];

/** The guide in the folder of a template, whatever the casing of its name. */
export function readmeBeside({ texts }: Tree, file: string): string | undefined {
  return texts.find(({ path }) => folderOf(path) === folderOf(file) && /(^|\/)readme\.md$/i.test(path))?.path;
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

function readmeProblems(tree: Tree, file: string, { template }: TemplateLevel): Placed[] {
  const readme = readmeBeside(tree, file);
  const text = readme === undefined ? undefined : tree.content(readme);
  if (readme === undefined || typeof text !== 'string') return [];
  const [header, ...rows] = parameterTable(text);
  if (header === undefined) return [];
  const declared = objectAt(template, 'parameters');
  const column = header.cells.findIndex((cell) => /^default$/i.test(cell));
  const named = new Set(rows.map(({ cells }) => bare(cells[0] ?? '')));
  return [
    ...rows.flatMap(({ line, cells }) => {
      const name = bare(cells[0] ?? '');
      if (declared[name] === undefined)
        return [{ file: readme, pointer: linePointer(line), message: `the template has no parameter "${name}"` }];
      const fallback = at(declared[name], 'defaultValue');
      const shown = column < 0 ? undefined : /^`([^`]*)`$/.exec(cells[column] ?? '')?.[1];
      const differs =
        shown !== undefined &&
        fallback !== undefined &&
        typeof fallback !== 'object' &&
        ![`${fallback}`, unescapeArm(`${fallback}`)].some((text) => text.startsWith(shown.replace(/…$/, '')));
      return differs
        ? [
            {
              file: readme,
              pointer: linePointer(line),
              message: `the default of "${name}" is ${JSON.stringify(fallback)}`,
            },
          ]
        : [];
    }),
    ...Object.keys(declared)
      .filter((name) => !named.has(name))
      .map((name) => ({
        file: readme,
        pointer: linePointer(header.line),
        message: `the table lacks the parameter "${name}"`,
      })),
  ];
}

/** The first table whose first column is called Parameter. */
function parameterTable(markdown: string): Row[] {
  const lines = markdown.split(/\r?\n/);
  const start = lines.findIndex((line) => /^\|\s*Parameters?\s*\|/i.test(line));
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return releaseTable(lines.slice(start, end < 0 ? undefined : end).join('\n')).map(({ line, cells }) => ({
    line: line + start,
    cells,
  }));
}

function bare(cell: string): string {
  return cell.replace(/^[`*_]+|[`*_]+$/g, '');
}
