import { unzipSync } from 'fflate';
import { UserError } from '../../../domain/errors.ts';
import { mainTemplateUnits, unit } from '../../../solution/compare.ts';
import type { SolutionFile } from '../../../solution/draft.ts';
import { parseJson } from '../../../solution/json-parse.ts';
import { printJson } from '../../../solution/json-print.ts';
import type { JsonTree } from '../../../solution/json-tree.ts';
import { isYaml, packageSolution } from '../../../solution/packager.ts';
import { parseYaml } from '../../../solution/yaml-parse.ts';
import { textAt } from '../../json-walk.ts';
import { folderOf } from '../../paths.ts';
import type { Placed, RuleGroup } from '../../rule.ts';
import { type Solution, solutionsOf } from '../../solution.ts';
import { sources } from '../../sources.ts';
import { isPackage, levelsOf, type TemplateLevel } from '../../template-level.ts';
import { linePointer, type Tree } from '../../tree.ts';
import { zipEntries } from '../../zip-entries.ts';
import { workbooksMetadata } from '../sentinel/workbook.ts';
import { dayOf, releaseTable } from './release-notes.ts';

/** Whether a package matches its solution. */
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
    id: 'agreement.package-parts',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Package the solution: Package holds mainTemplate.json, createUiDefinition.json and the zip of both; Data the file that it is made from.',
    check: (tree) => [
      ...solutionsOf(tree).flatMap(({ subject }) => missingParts(subject)),
      ...tree
        .ofKind('solution-metadata')
        .flatMap(({ path }) =>
          solutionsOf(tree).some(({ subject }) => subject.root === folderOf(path))
            ? []
            : [{ file: path, pointer: '', message: 'the solution has no data file in Data' }],
        ),
    ],
  },
  {
    id: 'agreement.package-zip',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Package the solution again: the zip holds mainTemplate.json and createUiDefinition.json as they lie beside it.',
    check: (tree) => solutionsOf(tree).flatMap(({ subject }) => zipProblems(tree, subject)),
  },
  {
    id: 'agreement.release-notes',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Add ReleaseNotes.md beside the metadata, newest version first; the solution was published on the day of a release or before.',
    check: (tree) => solutionsOf(tree).flatMap(({ subject }) => releaseProblems(tree, subject)),
  },
  {
    id: 'agreement.solution-id',
    level: 'warning',
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
function packageOf(tree: Tree, { root }: Pick<Solution, 'root'>): TemplateLevel | undefined {
  return levelsOf(tree).find(
    (level) => isPackage(level) && level.file.startsWith(root) && !level.file.slice(root.length).includes('Playbooks/'),
  );
}

function packageContentProblems(tree: Tree, solution: Solution): Placed[] {
  const level = packageOf(tree, solution);
  const again = level && packagedAgain(tree, solution, textAt(level.template, 'variables', '_solutionVersion'));
  if (level === undefined || again === undefined) return [];
  const isSame = (path: string, written: JsonTree) => tree.content(path) === printJson(written);
  const units = isSame(level.file, again.mainTemplate)
    ? []
    : [...mainTemplateUnits(treeOf(tree, level.file), again.mainTemplate)];
  const ui = `${folderOf(level.file)}createUiDefinition.json`;
  const uiUnits =
    !tree.paths.has(ui) || isSame(ui, again.createUiDefinition)
      ? []
      : [unit('createUiDefinition', '', treeOf(tree, ui), again.createUiDefinition)];
  const placed = [
    ...units.map((one) => ({ ...one, file: level.file })),
    ...uiUnits.map((one) => ({ ...one, file: ui })),
  ];
  const changed = placed.flatMap(({ file, name, pointer, differences }) => {
    const open = differences.filter(({ explanation }) => explanation === undefined);
    const [first] = open;
    if (first === undefined) return [];
    const more = open.length > 1 ? `, and ${open.length - 1} more` : '';
    const what = `${first.path} is ${short(first.official)}, expected ${short(first.ours)}${more}`;
    return [{ file, pointer, name, what }];
  });
  // A difference that occurs in several parts (the support for example) is reported once.
  return [...Map.groupBy(changed, ({ what }) => what)].flatMap(([what, [first, ...rest]]) =>
    first === undefined
      ? []
      : [
          {
            file: first.file,
            pointer: first.pointer,
            message: `${first.name} is not what packaging writes: ${what}${rest.length > 0 ? `; the same in ${rest.length} more parts` : ''}`,
          },
        ],
  );
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The solution packaged again with the version of its package; undefined if that is not possible here. */
function packagedAgain(tree: Tree, { file, json, root, relative }: Solution, version: string | undefined) {
  const metadata = tree.ofKind('solution-metadata').find(({ path }) => folderOf(path) === root);
  if (metadata === undefined) return undefined;
  const listed = Object.values(json)
    .flatMap((value) => (Array.isArray(value) ? value : []))
    .flatMap((path) => (typeof path === 'string' && /\.(?:json|ya?ml)$/i.test(path) ? [relative(path)] : []));
  const present = listed.filter((path) => typeof tree.content(root + path) === 'string');
  try {
    return packageSolution(
      {
        dataFile: { path: file.slice(root.length), tree: treeOf(tree, file) },
        metadata: { path: metadata.path.slice(root.length), tree: treeOf(tree, metadata.path) },
        files: present.map((path) => ({ path, tree: treeOf(tree, root + path) })),
        workbookMetadata: workbookList(tree),
      },
      { version },
    );
  } catch (error) {
    // Either content that we do not package, or files that other rules report.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function workbookList(tree: Tree): SolutionFile | undefined {
  const list = workbooksMetadata(tree);
  return list && { path: list.path, tree: treeOf(tree, list.path) };
}

/** @throws UserError if the file is not valid JSON, or not valid YAML for a YAML name */
function treeOf(tree: Tree, path: string): JsonTree {
  const content = tree.content(path);
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  return isYaml(path) ? parseYaml(text, path) : parseJson(text, path).tree;
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

/** Without a clock: an entry dated later than the newest release is in the future, or that release has no row. */
function releaseProblems(tree: Tree, { root, file }: Solution): Placed[] {
  const metadata = tree.ofKind('solution-metadata').find(({ path }) => folderOf(path) === root);
  const notes = [...tree.paths].find((path) => folderOf(path) === root && /releasenotes\.md$/i.test(path));
  if (notes === undefined) return [{ file, pointer: '', message: 'the solution has no ReleaseNotes.md' }];
  const text = tree.content(notes);
  const days = releaseTable(typeof text === 'string' ? text : '').flatMap(({ cells }) => dayOf(cells[1] ?? '') ?? []);
  const newest = days.sort().at(-1);
  const first = textAt(metadata?.json, 'firstPublishDate');
  return metadata !== undefined && newest !== undefined && first !== undefined && first > newest
    ? [
        {
          file: metadata.path,
          pointer: '/firstPublishDate',
          message: `the firstPublishDate is ${first}, after the newest release (${newest})`,
        },
      ]
    : [];
}

function missingParts({ file, paths }: Solution): Placed[] {
  const parts = ['mainTemplate.json', 'createUiDefinition.json'];
  const missing = parts.filter((part) => !paths.has(`package/${part.toLowerCase()}`));
  const hasZip = [...paths].some((path) => /^package\/[^/]+\.zip$/.test(path));
  if (missing.length === parts.length && !hasZip)
    return [{ file, pointer: '', message: 'the solution has no package' }];
  return missing.map((part) => ({ file, pointer: '', message: `the package has no ${part}` }));
}

function zipProblems(tree: Tree, solution: Solution): Placed[] {
  const level = packageOf(tree, solution);
  const version = textAt(level?.template, 'variables', '_solutionVersion');
  if (level === undefined || version === undefined) return [];
  const folder = folderOf(level.file);
  const zips = [...tree.paths].filter((path) => folderOf(path) === folder && /\.zip$/i.test(path));
  const path = `${folder}${version}.zip`;
  const content = tree.content(path);
  if (content === undefined) {
    // Files that exist but could not be read are reported as such.
    if (tree.paths.has(path)) return [];
    return [
      {
        file: level.file,
        pointer: '/variables/_solutionVersion',
        message: `there is no ${version}.zip beside the template${zips.length > 0 ? `, only ${zips.map(baseName).join(', ')}` : ''}`,
      },
    ];
  }
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const names = zipEntries(bytes);
  const entries = unzipped(bytes);
  if (names === undefined) return [{ file: path, pointer: '', message: 'the file is not a zip' }];
  if (entries === undefined) return [{ file: path, pointer: '', message: 'the zip cannot be unpacked' }];
  const expected = ['createUiDefinition.json', 'mainTemplate.json'];
  const changed = expected.filter((name) => {
    const beside = tree.content(folder + name);
    const inside = entries[name];
    return beside !== undefined && inside !== undefined && unixText(inside) !== unixText(beside);
  });
  const newer = zips.filter((zip) => isLater(baseName(zip).replace(/\.zip$/i, ''), version));
  return [
    ...newer.map((zip) => ({ file: zip, pointer: '', message: `the zip is newer than the template, ${version}` })),
    ...(names.toSorted().join() === expected.join()
      ? []
      : [{ file: path, pointer: '', message: `the zip holds ${names.join(', ')}` }]),
    ...changed.map((name) => ({ file: path, pointer: '', message: `${name} in the zip is not the one beside it` })),
  ];
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Whether one version X.Y.Z is later than another; false if either is not a version. */
function isLater(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number));
  if (!a || !b) return false;
  const at = a.findIndex((part, index) => part !== b[index]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

/** Normalises line endings, which Git changes on some machines, and the byte order mark, which PowerShell adds. */
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
