import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readIncident } from '../../src/domain/incident.ts';
import { OWN_RULE_TITLE } from '../../src/domain/own-rules.ts';
import { monitoringOf } from '../../src/monitoring/monitoring.ts';
import { matches } from '../../src/rules/filter.ts';
import { listTests, ruleConditions, sendRows } from '../../src/rules/filter-targets.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { at, triggerBody } from '../../src/wdl/build.ts';

const names = nameTables(defaultConfig.friendlyNames);
const ofFile = loadConfig('filter: { titleExcludes: [drill] }', 'signl4.yaml');
const incident = (title: string) => {
  const read = readIncident({ id: '/x/1', name: '1', properties: { title, status: 'New', severity: 'High' } });
  if (!read) throw new Error('no incident');
  return read;
};

describe('the incidents of our own rules', () => {
  it.each([
    ['the standard filter', defaultConfig],
    ['a filter with a list of its own', ofFile],
  ])('page nobody with %s', (_, { filter }) => {
    for (const { title } of monitoringOf(defaultConfig, []).rules) {
      expect(matches(filter, incident(title), names)).toBe(false);
    }
    expect(matches(filter, incident('Ransomware'), names)).toBe(true);
    const rows = JSON.stringify(sendRows(filter, { properties: at(triggerBody, 'p'), tags: at(triggerBody, 't') }));
    expect(rows).toContain(OWN_RULE_TITLE.toLowerCase());
    expect(JSON.stringify(listTests(filter, names))).toContain(OWN_RULE_TITLE.toLowerCase());
  });

  it('are not a condition of the automation rule, which people edit', () => {
    expect(JSON.stringify(ruleConditions(defaultConfig.filter, names))).not.toContain(OWN_RULE_TITLE);
    expect(ruleConditions(ofFile.filter, names)).toContainEqual({
      propertyName: 'IncidentTitle',
      operator: 'NotContains',
      propertyValues: ['drill'],
    });
  });
});
