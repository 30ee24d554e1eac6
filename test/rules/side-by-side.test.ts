import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { activeRows } from '../../src/rules/filter.ts';
import { filterOData, listTests, protectedLists, ruleConditions, sendRows } from '../../src/rules/filter-targets.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { incidentProperties } from '../../src/workflow/parts/incident.ts';

/** Each example, and each customer of a service provider. */
const configs = ['minimal', 'soc', 'service-provider'].flatMap((name): readonly (readonly [string, Config])[] => {
  const file = new URL(`../../examples/${name}.yaml`, import.meta.url);
  const config = loadConfig(readFileSync(file, 'utf8'), `${name}.yaml`);
  if (config.targets.length === 0) return [[name, config]];
  return config.targets.map((target) => [`${name}-${target.name}`, target.config] as const);
});

/** One filter in all its forms, as a page to read. */
function page(name: string, { filter, friendlyNames }: Config): string {
  const names = nameTables(friendlyNames);
  const tests = listTests(filter, names);
  const lists = [...protectedLists(filter), ...tests.flatMap(({ list }) => list ?? [])];
  const section = (heading: string, lines: readonly string[]) => [heading, ...lines.map((line) => `  ${line}`), ''];
  return [
    `The filter of ${name} tests ${activeRows(filter)
      .map(({ rule }) => rule.test)
      .join(', ')}.`,
    '',
    ...section(
      'Automation rule',
      ruleConditions(filter, names).map((condition) => JSON.stringify(condition)),
    ),
    ...section(
      'Rows of SIGNL4-Send-Incident, beside "not sent before"',
      sendRows(filter, { properties: incidentProperties, tags: { wdl: "body('Tags')" } }).map((row) =>
        JSON.stringify(row),
      ),
    ),
    ...section('List of SIGNL4-Sweep', [filterOData(filter, '2026-01-10T00:00:00Z')]),
    ...section(
      'Steps of SIGNL4-Sweep after it',
      tests.map(({ test, where }) => `${test} is wanted: @${where.wdl}`),
    ),
    ...section(
      'Lists that people change',
      lists.map(({ name: parameter, values }) => `${parameter}: ${JSON.stringify(values)}`),
    ),
  ].join('\n');
}

describe('one filter in all its forms', () => {
  it.each(configs)('of %s', async (name, config) => {
    // Nothing gets lost between the places: what a rule does not test, the playbook does, and the sweep tests all that it can.
    for (const { rule } of activeRows(config.filter))
      expect([rule.test, Boolean(rule.rule ?? rule.rows)]).toEqual([rule.test, true]);
    await expect(page(name, config)).toMatchFileSnapshot(`snapshots/filter-of-${name}.txt`);
  });
});
