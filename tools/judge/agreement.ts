import { readFileSync } from 'node:fs';
import { readTemplateText } from '../../src/arm/expressions/template-text.ts';
import { isJsonObject } from '../../src/domain/json.ts';
import { isMainTemplate, toolkitParts } from '../../src/verify/arm-ttk/test.ts';
import { toolkitTests } from '../../src/verify/arm-ttk/tests.ts';
import { createUiTests } from '../../src/verify/arm-ttk/ui-tests.ts';
import { folderOf } from '../../src/verify/paths.ts';
import type { ToolkitResult } from './arm-ttk.ts';

/** One test on one template, where the two do not agree. */
export interface Disagreement {
  readonly file: string;
  readonly test: string;
  readonly toolkit: 'passes' | 'fails';
  /** The first words of either. */
  readonly said: string;
}

export interface Agreement {
  readonly templates: number;
  readonly verdicts: number;
  readonly failures: number;
  readonly disagreements: readonly Disagreement[];
}

/** Runs our form of each test on the templates that the toolkit was run on, and compares the verdicts. */
export function agreementWith(results: readonly ToolkitResult[]): Agreement {
  const byFile = Map.groupBy(results, ({ file }) => file);
  const rows = [...byFile].flatMap(([file, found]) => comparisonsOf(file, found));
  return {
    templates: byFile.size,
    verdicts: rows.length,
    failures: rows.filter(({ toolkit }) => toolkit === 'fails').length,
    disagreements: rows.filter(({ agrees }) => !agrees),
  };
}

function comparisonsOf(file: string, results: readonly ToolkitResult[]) {
  const json = readJson(file);
  if (json === undefined) return [];
  const isUi = /createUiDefinition\.json$/i.test(file);
  const template = isUi ? readJson(`${folderOf(file)}mainTemplate.json`) : json;
  const parts = isUi ? [] : toolkitParts(json);
  return [...Map.groupBy(results, ({ test }) => test)].flatMap(([test, all]) => {
    const uiTest = isUi && createUiTests.find((one) => one.test === test);
    const templateTest = toolkitTests.find((one) => one.test === test);
    if (!uiTest && (isUi || templateTest === undefined)) return [];
    const ours = uiTest
      ? uiTest.check({ json, template })
      : parts.flatMap((part) => templateTest?.check({ ...part, isMain: isMainTemplate(file) }) ?? []);
    const failed = all.find(({ passed }) => !passed);
    return [
      {
        file,
        test,
        toolkit: failed ? ('fails' as const) : ('passes' as const),
        agrees: (failed === undefined) === (ours.length === 0),
        said: failed ? `toolkit: ${failed.errors[0]}` : `we: ${ours[0]?.pointer} ${ours[0]?.message}`,
      },
    ];
  });
}

function readJson(file: string) {
  try {
    const { json } = readTemplateText(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), file);
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
