import type { Json, JsonObject } from '../domain/json.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { nameIn } from './json-walk.ts';
import type { At } from './rule.ts';
import { levelsOfFile, resourcesOf } from './template-level.ts';
import type { Tree } from './tree.ts';

/** A solution in the layout of the Azure-Sentinel repository, found by its data file. */
export interface Solution {
  /** Path of the data file. */
  readonly file: string;
  readonly json: JsonObject;
  /** Folder of the solution relative to the verified one, with a trailing slash; '' if they are the same. */
  readonly root: string;
  /** Name of the folder. */
  readonly folder: string;
  /** Paths of all its files relative to the solution, both in lower case and unchanged. */
  readonly paths: ReadonlySet<string>;
  readonly exactPaths: ReadonlySet<string>;
  /** Templates below Playbooks with a workflow or a custom connector, and those with a connector; relative paths. */
  readonly playbookPaths: ReadonlySet<string>;
  readonly connectorPaths: ReadonlySet<string>;
  /** An entry of the data file as a path relative to the solution. */
  relative(entry: string): string;
}

/** All solutions of a tree. */
export function solutionsOf(tree: Tree): At<Solution>[] {
  return tree.ofKind('solution-data').map(({ path, json }) => {
    const subject = solutionAt(tree, path, json);
    return { file: path, at: '', subject };
  });
}

function solutionAt(tree: Tree, file: string, json: JsonObject): Solution {
  const parts = file.split('/');
  const dataFolder = parts.length > 1 && /^data$/i.test(parts.at(-2) ?? '') ? 2 : 1;
  const above = parts.slice(0, -dataFolder);
  const root = above.length === 0 ? '' : `${above.join('/')}/`;
  const folder = above.at(-1) ?? tree.name;
  const inside = [...tree.paths].filter((path) => path.startsWith(root)).map((path) => path.slice(root.length));
  const templates = tree.ofKind('template').filter(({ path }) => path.startsWith(root));
  const withType = (type: string) =>
    templates.filter((one) =>
      levelsOfFile(one).some((level) => level.role === 'outer' && resourcesOf(level, type).length > 0),
    );
  const below = (files: readonly { readonly path: string }[]) =>
    new Set(files.map(({ path }) => path.slice(root.length)).filter((path) => /^playbooks\//i.test(path)));
  const connectors = withType('Microsoft.Web/customApis');
  return {
    file,
    json,
    root,
    folder,
    paths: new Set(inside.map((path) => path.toLowerCase())),
    exactPaths: new Set(inside),
    playbookPaths: below([...withType('Microsoft.Logic/workflows'), ...connectors]),
    connectorPaths: below(connectors),
    relative: (entry) => {
      const slashed = entry.replaceAll('\\', '/').replace(/^.*\bSolutions\/[^/]+\//, '');
      const bare = slashed.replace(/^(?:\.?\/)+/, '');
      return bare.startsWith(`${folder}/`) ? bare.slice(folder.length + 1) : bare;
    },
  };
}

/** Whether the packaging tool would read a template: if there is a folder Playbooks, it only reads the templates in it. */
export function isPackagedFrom(file: string, { paths }: Tree): boolean {
  const below = /(?:^|\/)playbooks\//i;
  return below.test(file) || ![...paths].some((path) => below.test(path));
}

/** A member of the data file, ignoring case. */
export function memberOf(json: JsonObject, name: string): Json | undefined {
  const own = nameIn(json, name);
  return own === undefined ? undefined : json[own];
}

/** Pointer to a member of the data file; '' if it is missing. */
export function pointerOf(json: JsonObject, name: string): string {
  const own = nameIn(json, name);
  return own === undefined ? '' : pointerStep(own);
}
