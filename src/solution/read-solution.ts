import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { UserError } from '../domain/errors.ts';
import type { PackageWarning, SolutionFile } from './draft.ts';
import { parseJson } from './json-parse.ts';
import { isYaml, type SolutionSource } from './packager.ts';
import { readSolutionData } from './solution-data.ts';
import { WORKBOOK_METADATA } from './workbook-metadata.ts';

export interface ReadSolution {
  readonly source: SolutionSource;
  /** Weak spots of the files: members that occur twice, comments, a name that differs from the folder. */
  readonly warnings: readonly PackageWarning[];
}

/** Files of the data folder that are not a data file. */
const NOT_DATA = ['parameters.json', 'parameter.json', 'system_generated_metadata.json'];

/**
 * Reads a solution folder in the layout of the Azure-Sentinel repository: the one data file in `Data`, the metadata beside
 * it and the files it lists. Names of folders and files count whatever their casing, as on the machines of its makers.
 * @throws UserError where a file is missing or no JSON
 */
export async function readSolution(folder: string): Promise<ReadSolution> {
  const warnings: PackageWarning[] = [];
  const read = async (path: string, listedAs = path): Promise<SolutionFile> => {
    const found = await locate(folder, path);
    if (found === undefined) throw missing(folder, path);
    const text = await readFile(found, 'utf8');
    if (isYaml(path)) {
      // Loaded where there are rules: most solutions are JSON alone.
      const { parseYaml } = await import('./yaml-parse.ts');
      return { path: listedAs, tree: parseYaml(text, found) };
    }
    const parsed = parseJson(text, found);
    warnings.push(...parsed.warnings.map(({ line, message }) => ({ file: `${path}:${line}`, message })));
    return { path: listedAs, tree: parsed.tree };
  };
  const dataFile = await read(await dataFilePath(folder));
  const solution = readSolutionData(dataFile.tree, dataFile.path);
  if (solution.name !== basename(folder)) {
    warnings.push({
      file: dataFile.path,
      message: `"Name" is "${solution.name}" but the folder is called "${basename(folder)}"; in the repository they must be the same`,
    });
  }
  const metadata = await read(solution.metadataFile);
  const files: SolutionFile[] = [];
  for (const step of solution.steps) if (step.does !== 'solution') files.push(await read(step.path));
  const workbookMetadata = solution.steps.some(({ does }) => does === 'workbook')
    ? await readWorkbookMetadata(folder)
    : undefined;
  return { source: { dataFile, metadata, files, workbookMetadata }, warnings };
}

async function readWorkbookMetadata(folder: string): Promise<SolutionFile | undefined> {
  const path = await workbookMetadataOf(folder);
  return path === undefined
    ? undefined
    : { path: WORKBOOK_METADATA, tree: parseJson(await readFile(path, 'utf8'), path).tree };
}

/** The list of workbooks for a solution: beside `Solutions` as in the repository, or beside the solution as `build` writes it. */
export async function workbookMetadataOf(folder: string): Promise<string | undefined> {
  return (
    (await locate(resolve(folder, '../..'), WORKBOOK_METADATA)) ??
    (await locate(resolve(folder, '..'), WORKBOOK_METADATA))
  );
}

async function dataFilePath(folder: string): Promise<string> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new UserError('solution.no-folder', 'no such folder', {
      where: { file: folder },
      remedy: 'Name the folder of a solution, the one that holds Data and Playbooks.',
    });
  }
  const dataFolder = await locate(folder, 'Data');
  if (dataFolder === undefined) {
    throw new UserError('solution.no-data-folder', 'the folder has no Data folder, so it is not a solution', {
      where: { file: folder },
      remedy: 'Name the folder of a solution (Solutions/<Name>), or add Data/Solution_<Name>.json.',
    });
  }
  const candidates = (await readdir(dataFolder))
    .filter((name) => name.toLowerCase().endsWith('.json') && !NOT_DATA.includes(name.toLowerCase()))
    .sort();
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return `${basename(dataFolder)}/${only}`;
  throw new UserError('solution.data-file', `Data holds ${candidates.length || 'no'} data file${only ? 's' : ''}`, {
    where: { file: relative(folder, dataFolder) || 'Data' },
    remedy: only
      ? `Leave one of them: ${candidates.join(', ')}.`
      : 'Add Data/Solution_<Name>.json with Name, Author, Description, Playbooks and Metadata.',
  });
}

/** The path on disk of `path` below `folder`, each part compared without casing; an exact match wins. */
async function locate(folder: string, path: string): Promise<string | undefined> {
  let at = folder;
  for (const part of path.split('/')) {
    const names: readonly string[] = await readdir(at).catch(() => []);
    const name = names.includes(part) ? part : names.find((other) => other.toLowerCase() === part.toLowerCase());
    if (name === undefined) return undefined;
    at = join(at, name);
  }
  return at;
}

function missing(folder: string, path: string): UserError {
  return new UserError('solution.missing-file', 'the solution lists a file that is not there', {
    where: { file: path },
    remedy: `Correct the path (relative to ${basename(folder)}) in the data file, or add the file.`,
  });
}
