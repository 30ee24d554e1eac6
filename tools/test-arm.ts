/**
 * Compiles every ARM template of a build, and every Bicep module of ours, with Microsoft's compiler: `node tools/test-arm.ts [folder]`
 * (default: dist).
 * Exits 1 with an error or a warning that is not in `bicep/accepted.ts`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bicepModule } from '../src/bicep/module.ts';
import { type JsonObject, listOf, member, textOf } from '../src/domain/json.ts';
import { levelsOf } from '../src/verify/template-level.ts';
import { readTree } from '../src/verify/tree.ts';
import { acceptance } from './bicep/accepted.ts';
import { compile, compileModule, type Diagnostic, findBicep } from './bicep/compile.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv[2] ?? join(root, 'dist');

interface Template {
  /** Path, and the pointer of a template inside another. */
  readonly name: string;
  readonly json: JsonObject;
}

/** Every template, those inside packages and nested deployments as their own deployment sees them; copies once. */
function templatesOf(path: string): Template[] {
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name));
  const tree = readTree(new Map(files.map((file) => [relative(path, file), readFileSync(file, 'utf8')])), '');
  const seen = new Set<string>();
  return levelsOf(tree)
    .filter(({ role, at }) => role === 'outer' || at.endsWith('/mainTemplate'))
    .map(({ file, at, template }) => ({ name: at === '' ? file : `${file}#${at}`, json: template }))
    .filter(({ json }) => {
      const hash = createHash('sha256').update(JSON.stringify(json)).digest('hex');
      return !seen.has(hash) && seen.add(hash);
    });
}

/**
 * Rule templates in packages: Content Hub reads them, and makes rules of them; nobody deploys them, and the types say so. The
 * same rules as resources are in `monitoring/workspace`.
 */
function isForContentHub({ json }: Template): boolean {
  return listOf(json['resources']).some((resource) =>
    /\/AlertRuleTemplates$/i.test(textOf(member(resource, 'type')) ?? ''),
  );
}

async function main(): Promise<number> {
  const bicep = findBicep(root, process.env);
  if (bicep === undefined) {
    console.log(
      'test:arm is skipped: there is no Bicep CLI. Run "dotnet restore tools/bicep", set BICEP_CLI, or put bicep on the path.',
    );
    return 0;
  }
  if (!existsSync(folder)) {
    console.error(`There is no folder ${folder}: run "npm run build" first.`);
    return 1;
  }
  const all = templatesOf(folder);
  const templates = all.filter((template) => !isForContentHub(template));
  const leftOut = all.length - templates.length;
  if (leftOut > 0)
    console.log(`left out ${leftOut} rule templates of packages: Content Hub reads them, nobody deploys them`);
  const work = mkdtempSync(join(tmpdir(), 'test-arm-'));
  const accepted = new Map<string, number>();
  const bad: { readonly template: string; readonly diagnostic: Diagnostic }[] = [];
  const queue = [...templates.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, { name, json }] = next;
      const place = join(work, String(index));
      const modules = /^(?!solution\/)[^#]*azuredeploy\.json$/.test(name)
        ? bicepModule(json, 'azuredeploy.bicep')
        : undefined;
      const diagnostics = [
        ...(await compile(bicep, json, place)),
        ...(modules ? await compileModule(bicep, modules, join(place, 'module')) : []),
      ];
      for (const diagnostic of diagnostics) {
        const reason = acceptance(diagnostic);
        if (reason)
          accepted.set(`${reason.code}: ${reason.reason}`, (accepted.get(`${reason.code}: ${reason.reason}`) ?? 0) + 1);
        else bad.push({ template: name, diagnostic });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
  rmSync(work, { recursive: true });
  report(templates.length, bad, accepted);
  return bad.length === 0 ? 0 : 1;
}

function report(
  count: number,
  bad: readonly { readonly template: string; readonly diagnostic: Diagnostic }[],
  accepted: ReadonlyMap<string, number>,
): void {
  for (const {
    template,
    diagnostic: { level, code, message, line },
  } of bad) {
    console.log(`${template}: ${level} ${code} (line ${line} of the Bicep file): ${message}`);
  }
  for (const [reason, times] of [...accepted].sort()) console.log(`accepted ${times} × ${reason}`);
  const errors = bad.filter(({ diagnostic }) => diagnostic.level === 'Error').length;
  const stays = [...accepted.values()].reduce((sum, times) => sum + times, 0);
  console.log(`${count} templates: ${errors} errors, ${bad.length - errors} warnings, ${stays} accepted warnings`);
}

process.exitCode = await main();
