/**
 * Lets Microsoft's own tools judge what `build` wrote: `npm run judge -- [dist] [templates …]`.
 * The tools are not part of this repository; what has no path is left out, and said so:
 *   JUDGE_SENTINEL  a checkout of Azure/Azure-Sentinel: the V3 packaging tool and the validators
 *   NODE_PATH       the npm packages that the validators import (jsonschema, lodash), where the checkout has none
 *   JUDGE_ARM_TTK   the folder with arm-ttk.psd1, of Azure/arm-ttk
 *   JUDGE_PWSH      PowerShell 7, where it is not called pwsh; with the module powershell-yaml, by which the tool reads rules
 * Further templates, files or folders, are for the comparison of our rules with the toolkit's verdicts alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { comparisonReport } from '../compare-package.ts';
import { agreementTable, compareVerdicts } from './agreement.ts';
import { runToolkit, type ToolkitResult } from './arm-ttk.ts';
import { compareWithTool } from './v3-tool.ts';
import { runValidators } from './validators.ts';

/** Tests that only a package must keep: a playbook lies where its resource group does, a connector names its operations. */
const OF_PACKAGES = [
  'IDs Should Be Derived From ResourceIDs',
  'Location Should Not Be Hardcoded',
  'Template Should Not Contain Blanks',
];

const { positionals } = parseArgs({ allowPositionals: true });
const [dist = 'dist', ...others] = positionals.map((path) => resolve(path));
const pwsh = process.env['JUDGE_PWSH'] ?? 'pwsh';
const solution = join(dist, 'solution/SIGNL4');
if (!existsSync(solution)) {
  console.error(`There is no solution in ${relative('', dist)}. Run "npm run build" first.`);
  process.exit(2);
}

const sentinel = pathIn('JUDGE_SENTINEL', 'Tools/Create-Azure-Sentinel-Solution/V3/createSolutionV3.ps1');
const toolkit = pathIn('JUDGE_ARM_TTK', 'arm-ttk.psd1');
const verdicts = [
  sentinel === undefined ? leftOut('packaging tool', 'JUDGE_SENTINEL') : await judgePackage(sentinel),
  sentinel === undefined ? leftOut('validators', 'JUDGE_SENTINEL') : await judgeFiles(sentinel),
  toolkit === undefined ? leftOut('ARM template toolkit', 'JUDGE_ARM_TTK') : judgeTemplates(toolkit),
];
process.exitCode = verdicts.every(Boolean) ? 0 : 1;

/** The path in an environment variable; ends the program where the folder is not the one that is meant. */
function pathIn(variable: string, file: string): string | undefined {
  const path = process.env[variable];
  if (path === undefined || existsSync(join(path, file))) return path;
  console.error(`${variable} is ${path}, and there is no ${file} in it.`);
  process.exit(2);
}

function leftOut(what: string, variable: string): boolean {
  console.log(`${what}: left out, ${variable} is not set`);
  return true;
}

async function judgePackage(repository: string): Promise<boolean> {
  const yaml = 'if (Get-Module -ListAvailable powershell-yaml) { exit 0 } else { exit 1 }';
  if (spawnSync(pwsh, ['-NoProfile', '-Command', yaml]).status !== 0) {
    console.log(
      'packaging tool: it reads analytics rules with a module that is missing; without it its package lacks them',
    );
    console.log(`  ${pwsh} -Command "Install-Module powershell-yaml -Scope CurrentUser -Force"`);
    return false;
  }
  const comparison = await compareWithTool(pwsh, repository, solution);
  console.log(comparisonReport('packaging tool', comparison));
  return comparison.different === 0;
}

async function judgeFiles(repository: string): Promise<boolean> {
  const validations = await runValidators(repository, join(dist, 'solution'));
  for (const { validator, files, refused } of validations) {
    console.log(`validator ${validator}: ${files} files, ${refused.length === 0 ? 'passes' : 'refuses'}`);
    for (const line of refused) console.log(`  ${line}`);
  }
  return validations.every(({ refused }) => refused.length === 0);
}

function judgeTemplates(folder: string): boolean {
  const own = templatesIn(dist);
  const results = runToolkit(pwsh, folder, [...own, ...others.flatMap(templatesIn)]);
  const failures = results.filter(({ file, passed }) => !passed && own.includes(file)).filter(isOurs);
  for (const { file, test, errors } of failures) console.log(`  ${relative(dist, file)}: ${test}: ${errors[0]}`);
  console.log(`ARM template toolkit: ${own.length} files of ours, ${failures.length} failures`);
  const comparisons = compareVerdicts(results);
  const open = comparisons.filter(({ outcome }) => outcome === 'open');
  for (const { file, test, said } of open) console.log(`  ${relative('', file)}: ${test}: ${said}`);
  const without = comparisons.filter(({ outcome }) => outcome === 'none').length;
  console.log(`agreement of our rules with its verdicts (${without} where it stops without one are not counted):`);
  console.log(agreementTable(comparisons));
  return failures.length === 0 && open.length === 0;
}

/** The packaging tool writes `id` so, and the repository's own run drops it. */
function isOurs({ file, test, errors }: ToolkitResult): boolean {
  if (!/mainTemplate\.json$/.test(file)) return !OF_PACKAGES.includes(test);
  return (
    test !== 'IDs Should Be Derived From ResourceIDs' ||
    errors.some((error) => !/Property: "(id|contentProductId)"/.test(error))
  );
}

function templatesIn(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(mainTemplate|azuredeploy|createUiDefinition)\.json$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\/solution\/[^/]+\/Playbooks\//.test(file));
}
