/**
 * Holds a package against the one that Microsoft published for the same solution, resource by resource:
 *   node tools/compare-package.ts <solutionDir> [<solutionDir> …]
 * Each folder holds Data, Playbooks, SolutionMetadata.json and the published Package.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ComparedUnit, type Difference, mainTemplateUnits, unit } from '../src/solution/compare.ts';
import { parseJson } from '../src/solution/json-parse.ts';
import { textAt } from '../src/solution/json-tree.ts';
import { packageFiles } from '../src/solution/package-files.ts';
import { packageSolution } from '../src/solution/packager.ts';
import { readSolution } from '../src/solution/read-solution.ts';

export interface Comparison {
  readonly units: readonly ComparedUnit[];
  readonly equal: number;
  readonly explained: number;
  readonly different: number;
  /** Whether mainTemplate.json is the same text. */
  readonly sameText: boolean;
}

/** Compares the package of a folder with the one published in it, at the published version. */
export async function comparePackage(folder: string): Promise<Comparison> {
  const { source } = await readSolution(folder);
  const mainText = await readFile(join(folder, 'Package/mainTemplate.json'), 'utf8');
  const official = parseJson(mainText, 'mainTemplate.json').tree;
  const packaged = packageSolution(source, { version: textAt(official, 'variables', '_solutionVersion') });
  const units = [...mainTemplateUnits(official, packaged.mainTemplate)];
  const uiText = await readFile(join(folder, 'Package/createUiDefinition.json'), 'utf8').catch(() => undefined);
  if (uiText !== undefined) {
    const ui = parseJson(uiText, 'createUiDefinition.json').tree;
    units.push(unit('createUiDefinition', '', ui, packaged.createUiDefinition));
  }
  const count = (wanted: (compared: ComparedUnit) => boolean) => units.filter(wanted).length;
  const isKnown = (difference: Difference) => difference.explanation !== undefined;
  return {
    units,
    equal: count(({ differences }) => differences.length === 0),
    explained: count(({ differences }) => differences.length > 0 && differences.every(isKnown)),
    different: count(({ differences }) => !differences.every(isKnown)),
    sameText: packageFiles(packaged).get('mainTemplate.json') === mainText.replaceAll('\r\n', '\n'),
  };
}

/** The comparison as a person reads it: the figures, then each difference. */
export function comparisonReport(title: string, { units, equal, explained, different, sameText }: Comparison): string {
  const lines = [
    `${title}: ${units.length} units in the official package, ${equal} equal, ${explained} explained, ${different} different${sameText ? '; mainTemplate.json is the same text' : ''}`,
  ];
  for (const { name, differences } of units) {
    for (const { path, official, ours, explanation } of differences) {
      lines.push(`  ${name}: ${path}`);
      lines.push(explanation ? `    explained: ${explanation}` : `    official ${official}\n    ours     ${ours}`);
    }
  }
  return lines.join('\n');
}

if (import.meta.main) {
  for (const folder of parseArgs({ allowPositionals: true }).positionals) {
    console.log(comparisonReport(folder.split('/').at(-1) ?? folder, await comparePackage(folder)));
  }
}
