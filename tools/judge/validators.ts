import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BuildFailure, build, type Plugin } from 'esbuild';

/** One validator of the Azure-Sentinel repository on the files of a solution. */
export interface Validation {
  readonly validator: string;
  readonly files: number;
  /** What it printed of files that it refuses; empty where all pass. */
  readonly refused: readonly string[];
}

/** Those that need no network, no history and no other kind of content. */
const VALIDATORS = [
  'jsonFileValidator',
  'contentValidator',
  'documentsLinkValidator',
  'playbooksValidator',
  'dataConnectorValidator',
  'logoValidator',
  'workbooksTemplateValidator',
  'SolutionValidations/solutionValidator',
];

/**
 * Runs the repository's validators as a pull request with the whole solution would.
 * @param solution the folder that holds `<Name>/` and `Logos/`, as build writes it
 */
export async function runValidators(sentinel: string, solution: string): Promise<Validation[]> {
  const work = mkdtempSync(join(tmpdir(), 'judge-'));
  try {
    for (const name of readdirSync(solution)) {
      const isShared = name === 'Logos' || name === 'Workbooks';
      cpSync(join(solution, name), join(work, isShared ? name : `Solutions/${name}`), { recursive: true });
    }
    cpSync(join(sentinel, '.script'), join(work, '.script'), { recursive: true });
    const changed = readdirSync(work, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.script|\.zip$/.test(join(entry.parentPath, entry.name)))
      .map((entry) => join(entry.parentPath, entry.name).slice(work.length + 1));
    const present = VALIDATORS.filter((name) => existsSync(join(work, `.script/${name}.ts`)));
    const packages = [join(sentinel, 'node_modules'), ...(process.env['NODE_PATH']?.split(delimiter) ?? [])];
    const validations: Validation[] = [];
    for (const name of present) {
      const files = name === 'dataConnectorValidator' ? [...changed, ...withKnownData(work, changed)] : changed;
      validations.push(await validate(name, work, files, packages));
    }
    return validations;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The validator passes over pages whose first data type mentions events. There is a copy of each such page beside it under the
 * one kind of data that has a schema and asks for no rights, so that everything else on the page is looked at.
 */
function withKnownData(work: string, files: readonly string[]): string[] {
  return files
    .filter((file) => /\/Data ?Connectors\/[^/]+\.json$/.test(file))
    .flatMap((file) => {
      const page = JSON.parse(readFileSync(join(work, file), 'utf8')) as { dataTypes?: { name: string }[] };
      const [first, ...others] = page.dataTypes ?? [];
      if (!first?.name.includes('Event')) return [];
      const copy = file.replace(/\.json$/, '.judged.json');
      const dataTypes = [{ ...first, name: 'AzureDiagnostics' }, ...others];
      writeFileSync(join(work, copy), JSON.stringify({ ...page, dataTypes }, null, 2));
      return [copy];
    });
}

async function validate(
  validator: string,
  work: string,
  changed: readonly string[],
  nodePaths: string[],
): Promise<Validation> {
  const bundle = join(work, `${validator.replace('/', '-')}.cjs`);
  try {
    await build({
      entryPoints: [join(work, `.script/${validator}.ts`)],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
      nodePaths,
      plugins: [changedFilesFrom(changed)],
    });
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (first === undefined) throw error;
    const remedy = 'Install its packages in JUDGE_SENTINEL, or name the folder that has them in NODE_PATH.';
    return { validator, files: 0, refused: [`it cannot be run: ${first.text}. ${remedy}`] };
  }
  const started = `${bundle}.log`;
  try {
    execFileSync(process.execPath, [bundle], {
      cwd: work,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, JUDGED: started },
    });
    return { validator, files: countIn(started), refused: [] };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const refused = `${stdout}${stderr}`.split('\n').filter((line) => /fail|error|incorrect|should|please/i.test(line));
    return { validator, files: countIn(started), refused: refused.length > 0 ? refused : ['it fails without a word'] };
  }
}

function countIn(log: string): number {
  return existsSync(log) ? Number(readFileSync(log, 'utf8')) : 0;
}

/** The validators ask git for the files of the pull request; here these are all files of the solution. */
function changedFilesFrom(changed: readonly string[]): Plugin {
  return {
    name: 'changed-files',
    setup({ onLoad }) {
      onLoad({ filter: /gitWrapper\.ts$/ }, () => ({
        loader: 'js',
        contents: `
          const files = ${JSON.stringify(changed)};
          export async function GetPRDetails() {}
          export async function GetDiffFiles(kinds, suffixes, prefixes) {
            const wanted = files
              .filter((file) => !suffixes || suffixes.some((suffix) => file.endsWith(suffix)))
              .filter((file) => !prefixes || prefixes.some((prefix) => file.startsWith(prefix)));
            require('node:fs').writeFileSync(process.env.JUDGED, String(wanted.length));
            return wanted;
          }`,
      }));
    },
  };
}
