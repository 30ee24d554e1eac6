import { readFileSync } from 'node:fs';
import { readTemplateText } from '../../src/arm-expressions/template-text.ts';
import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import { folderOf } from '../../src/verify/paths.ts';
import { isMainTemplate, toolkitParts } from '../../src/verify/rules/arm-ttk/test.ts';
import { toolkitTests } from '../../src/verify/rules/arm-ttk/tests.ts';
import { createUiTests } from '../../src/verify/rules/arm-ttk/ui-tests.ts';
import { acceptedDifferences } from './accepted.ts';
import type { ToolkitResult } from './arm-ttk.ts';

/** How the two judge one template by one test; `none` where the toolkit itself stops before it has a verdict. */
type Outcome = 'both pass' | 'both fail' | 'accepted' | 'open' | 'none';

/** One test on one template. */
export interface Comparison {
  readonly file: string;
  readonly test: string;
  readonly outcome: Outcome;
  /** The first words of the one that fails it. */
  readonly said: string;
}

/** Runs our form of each test on the templates that the toolkit was run on, and compares the verdicts. */
export function compareVerdicts(results: readonly ToolkitResult[]): Comparison[] {
  return [...Map.groupBy(results, ({ file }) => file)].flatMap(([file, found]) => comparisonsOf(file, found));
}

const COLUMNS = ['both pass', 'both fail', 'accepted', 'open'] as const satisfies readonly Outcome[];

/** One line for each test: on how many templates the two agree. */
export function agreementTable(comparisons: readonly Comparison[]): string {
  const judged = comparisons.filter(({ outcome }) => outcome !== 'none');
  const rows = [
    ...[...Map.groupBy(judged, ({ test }) => test)].sort(([one], [other]) => one.localeCompare(other)),
    ['all', judged] as const,
  ];
  return [
    ['test', 'files', ...COLUMNS],
    ['---', ...['files', ...COLUMNS].map(() => '---:')],
    ...rows.map(([test, found]) => [
      test,
      new Set(found.map(({ file }) => file)).size,
      ...COLUMNS.map((column) => found.filter(({ outcome }) => outcome === column).length),
    ]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** How the toolkit's shell reports that a test of it was called with nothing. */
const STOPPED = /^Cannot bind argument to parameter/;

function comparisonsOf(file: string, results: readonly ToolkitResult[]): Comparison[] {
  const text = textOf(file);
  const json = parsed(text, file);
  if (json === undefined) return [];
  const isUi = /createUiDefinition\.json$/i.test(file);
  const beside = `${folderOf(file)}mainTemplate.json`;
  const template = isUi ? parsed(textOf(beside), beside) : json;
  const parts = isUi ? [] : toolkitParts(json);
  return [...Map.groupBy(results, ({ test }) => test)].flatMap(([test, all]) => {
    const uiTest = isUi && createUiTests.find((one) => one.test === test);
    const templateTest = toolkitTests.find((one) => one.test === test);
    if (!uiTest && (isUi || templateTest === undefined)) return [];
    const ours = uiTest
      ? uiTest.check({ json, template })
      : parts.flatMap((part) => templateTest?.check({ ...part, isMain: isMainTemplate(file) }) ?? []);
    const errors = all.filter(({ passed }) => !passed).flatMap((one) => one.errors);
    const failed = errors.length > 0;
    const said = failed ? `the toolkit: ${errors[0]}` : ours.map((one) => `we: ${one.pointer} ${one.message}`)[0];
    const outcome = (): Outcome => {
      if (failed && errors.every((error) => STOPPED.test(error))) return 'none';
      if (failed === ours.length > 0) return failed ? 'both fail' : 'both pass';
      return acceptedDifferences.some((one) => one.test.test(test) && one.applies(text)) ? 'accepted' : 'open';
    };
    return [{ file, test, outcome: outcome(), said: said ?? '' }];
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return '';
  }
}

function parsed(text: string, file: string): JsonObject | undefined {
  try {
    const { json } = readTemplateText(text, file);
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
