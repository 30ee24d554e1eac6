import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { automationRules } from '../../src/arm/automation-rules.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { memberAt } from '../../src/domain/json.ts';
import { activeTests, filterOData } from '../../src/rules/filter-odata.ts';
import { filterParameters, filterWdl } from '../../src/rules/filter-wdl.ts';
import { nameTables } from '../../src/rules/product-names.ts';

/** Each example, and each customer of a service provider. */
const configs = ['minimal', 'soc', 'service-provider'].flatMap((name): readonly (readonly [string, Config])[] => {
  const file = new URL(`../../examples/${name}.yaml`, import.meta.url);
  const config = loadConfig(readFileSync(file, 'utf8'), `${name}.yaml`);
  if (config.targets.length === 0) return [[name, config]];
  return config.targets.map((target) => [`${name}-${target.name}`, target.config] as const);
});

/** One filter in all its forms, as a page to read. */
function page(name: string, { filter, friendlyNames, ...config }: Config): string {
  const names = nameTables(friendlyNames);
  const rules = automationRules({ filter, friendlyNames, ...config });
  const conditions = memberAt(
    rules.template.resources[1],
    'properties',
    'triggeringLogic',
    'conditions',
  ) as readonly object[];
  const list = filterOData(filter, { since: '2026-01-10T00:00:00Z' });
  const active = activeTests(filter);
  const { verdict } = filterWdl("triggerBody()?['object']");
  const parameters = filterParameters(filter, names);
  const chosen = Object.entries(parameters).filter(([, { defaultValue }]) => JSON.stringify(defaultValue) !== '[]');
  const section = (heading: string, lines: readonly string[]) => [heading, ...lines.map((line) => `  ${line}`), ''];
  const left = (tests: readonly string[]) => `Left to the playbook: ${tests.join(', ') || 'nothing'}.`;
  return [
    `The filter of ${name} tests ${active.join(', ')}.`,
    '',
    ...section('Automation rule', [
      ...conditions.map((condition) => JSON.stringify(memberAt(condition, 'conditionProperties'))),
      left(rules.split.left),
    ]),
    ...section('List of incidents (sweep)', [list.filter, left(list.left)]),
    ...section(
      'Playbook',
      active.map((test) => `${test}: @${verdict[test]}`),
    ),
    ...section(
      'Parameters of the playbook',
      chosen.map(([parameter, { defaultValue }]) => `${parameter}: ${JSON.stringify(defaultValue)}`),
    ),
  ].join('\n');
}

describe('one filter in all its forms', () => {
  it.each(configs)('of %s', async (name, config) => {
    const { left } = filterOData(config.filter, { since: '' });
    // Together, list and playbook test everything: nothing gets lost between the forms.
    expect([...filterOData(config.filter, { since: '' }).expressed, ...left].toSorted()).toEqual(
      activeTests(config.filter).toSorted(),
    );
    await expect(page(name, config)).toMatchFileSnapshot(`snapshots/filter-of-${name}.txt`);
  });
});
