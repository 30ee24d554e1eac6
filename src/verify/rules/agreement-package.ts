import { unzipSync } from 'fflate';
import { at, textAt } from '../json-walk.ts';
import { folderOf } from '../paths.ts';
import type { Placed, RuleGroup } from '../rule.ts';
import { type Solution, solutionsOf } from '../solution.ts';
import { sources } from '../sources.ts';
import { isPackage, levelsOf, type TemplateLevel } from '../template-level.ts';
import { linePointer, type Tree } from '../tree.ts';
import { allWorkflows, fingerprint } from '../workflow-subject.ts';
import { releaseTable } from './release-notes.ts';

/** Whether a package is what its solution says. */
export const packageAgreementRules: RuleGroup = [
  {
    id: 'agreement.package-content',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Package the solution again: reviewers ask for it after every change of a playbook.',
    check: (tree) => solutionsOf(tree).flatMap(({ subject }) => packageContentProblems(tree, subject)),
  },
  {
    id: 'agreement.package-version',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Let the newest row of ReleaseNotes.md, the data file, the package and its zip have one version.',
    check: (tree) => solutionsOf(tree).flatMap(({ subject }) => versionProblems(tree, subject)),
  },
  {
    id: 'agreement.package-zip',
    level: 'error',
    source: sources.packagingTool,
    help: 'Package the solution again: the zip holds mainTemplate.json and createUiDefinition.json as they lie beside it.',
    check: (tree) => solutionsOf(tree).flatMap(({ subject }) => zipProblems(tree, subject)),
  },
  {
    id: 'agreement.solution-id',
    level: 'error',
    source: sources.solutionValidator,
    help: 'Package the solution again: the id is <publisherId>.<offerId> of SolutionMetadata.json.',
    check: (tree) =>
      solutionsOf(tree).flatMap(({ subject }) => {
        const metadata = tree.ofKind('solution-metadata').find(({ path }) => folderOf(path) === subject.root);
        const level = packageOf(tree, subject);
        const id = textAt(level?.template, 'variables', 'solutionId');
        const expected = `${textAt(metadata?.json, 'publisherId')}.${textAt(metadata?.json, 'offerId')}`;
        return level && metadata && id !== expected
          ? [
              {
                file: level.file,
                pointer: '/variables/solutionId',
                message: `the id is "${id}", the metadata makes it "${expected}"`,
              },
            ]
          : [];
      }),
  },
];

/** The package of a solution, where there is one. */
function packageOf(tree: Tree, { root }: Solution): TemplateLevel | undefined {
  return levelsOf(tree).find(
    (level) => isPackage(level) && level.file.startsWith(root) && !level.file.slice(root.length).includes('Playbooks/'),
  );
}

function packageContentProblems(tree: Tree, solution: Solution): Placed[] {
  const level = packageOf(tree, solution);
  if (level === undefined) return [];
  const templates = level.resources.filter(({ type }) => type.endsWith('/contenttemplates'));
  const contentIds = templates.map(({ raw }) => level.evaluate(at(raw, 'properties', 'contentId')));
  const packaged = allWorkflows(tree).filter(({ file, at: pointer }) => file === level.file && pointer !== '');
  return tree
    .ofKind('template')
    .filter(
      ({ path }) => path.startsWith(solution.root) && solution.playbookPaths.has(path.slice(solution.root.length)),
    )
    .flatMap((file): Placed[] => {
      const id = contentIdOf(file.path);
      const index = contentIds.indexOf(id);
      if (index < 0)
        return [{ file: level.file, pointer: '/resources', message: `the package has no content template "${id}"` }];
      const source = allWorkflows(tree).filter((one) => one.file === file.path);
      const prefix = `${templates[index]?.at}/`;
      const copies = packaged.filter((one) => one.at.startsWith(prefix));
      const same = source.every((one) =>
        copies.some((copy) => definitionOf(copy.subject) === definitionOf(one.subject)),
      );
      return same
        ? []
        : [
            {
              file: level.file,
              pointer: templates[index]?.at ?? '',
              message: `the package holds another workflow than ${file.path}`,
            },
          ];
    });
}

function definitionOf(subject: Parameters<typeof fingerprint>[0]): string {
  return fingerprint({ name: '', definition: subject.definition, values: {} });
}

const GENERIC_FOLDERS = /^(incident|alert|entity)-trigger(-logingestionapi)?$/;

/** The folder of a playbook, with the one above where it only names a trigger (FACTS 2.2). */
function contentIdOf(path: string): string {
  const [above = '', folder = ''] = path.split('/').slice(-3, -1);
  return GENERIC_FOLDERS.test(folder) ? `${above}-${folder}` : folder || above;
}

function versionProblems(tree: Tree, solution: Solution): Placed[] {
  const level = packageOf(tree, solution);
  const version = textAt(level?.template, 'variables', '_solutionVersion');
  if (level === undefined || version === undefined) return [];
  const notes = [...tree.paths].find((path) => folderOf(path) === solution.root && /releasenotes\.md$/i.test(path));
  const text = notes === undefined ? undefined : tree.content(notes);
  const rows = typeof text === 'string' ? releaseTable(text).slice(1) : [];
  const newest = rows[0]?.cells[0];
  const data = textAt(solution.json, 'Version') ?? textAt(solution.json, 'version');
  return [
    ...(notes !== undefined && newest !== undefined && newest !== version
      ? [
          {
            file: notes,
            pointer: linePointer(rows[0]?.line ?? 1),
            message: `the newest row is ${newest}, the package ${version}`,
          },
        ]
      : []),
    ...(data === undefined || data === version || !data.startsWith('3.')
      ? []
      : [{ file: solution.file, pointer: '/Version', message: `the data file says ${data}, the package ${version}` }]),
  ];
}

function zipProblems(tree: Tree, solution: Solution): Placed[] {
  const level = packageOf(tree, solution);
  const version = textAt(level?.template, 'variables', '_solutionVersion');
  if (level === undefined || version === undefined) return [];
  const folder = folderOf(level.file);
  const zips = [...tree.paths].filter((path) => folderOf(path) === folder && /\.zip$/i.test(path));
  const path = `${folder}${version}.zip`;
  const bytes = tree.content(path);
  if (!(bytes instanceof Uint8Array)) {
    return zips.length === 0
      ? []
      : [
          {
            file: level.file,
            pointer: '/variables/_solutionVersion',
            message: `there is no ${version}.zip beside the template`,
          },
        ];
  }
  const entries = unzipped(bytes);
  if (entries === undefined) return [{ file: path, pointer: '', message: 'the file is no zip' }];
  const expected = ['createUiDefinition.json', 'mainTemplate.json'];
  return [
    ...(Object.keys(entries).sort().join() === expected.join()
      ? []
      : [{ file: path, pointer: '', message: `the zip holds ${Object.keys(entries).join(', ')}` }]),
    ...expected.flatMap((name) => {
      const beside = tree.content(folder + name);
      const inside = entries[name];
      const same = beside === undefined || inside === undefined || unixText(inside) === unixText(beside);
      return same ? [] : [{ file: path, pointer: '', message: `${name} in the zip is not the one beside it` }];
    }),
  ];
}

/** Git changes line endings on some machines; a byte order mark is the shell's. */
function unixText(content: string | Uint8Array): string {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  return text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trimEnd();
}

function unzipped(bytes: Uint8Array): Record<string, Uint8Array> | undefined {
  try {
    return unzipSync(bytes);
  } catch {
    return undefined;
  }
}
