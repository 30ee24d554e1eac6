import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Incident, readIncident } from '../../src/domain/incident.ts';
import { defaultFilter, type IncidentFilter } from '../../src/rules/choices.ts';
import { unmatched } from '../../src/rules/filter.ts';
import { filterConditions, type PropertyCondition } from '../../src/rules/filter-conditions.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { incidentFilter, incidentResource, many } from './support/random-incident.ts';

const names = nameTables({ products: { 'Fabrikam Mail Guard': 'Mail gateway' }, companies: {}, entities: {} });
const ruleId = (guid: string) => `/alertRules/${guid}`;

/** The meaning of a property condition by the REST reference: one value suffices; a negated operator wants none. */
function holds({ conditionProperties }: PropertyCondition, incident: Incident): boolean {
  const { propertyName: property, operator, propertyValues: wanted } = conditionProperties;
  const values: Readonly<Record<string, readonly string[]>> = {
    IncidentStatus: [incident.status ?? ''],
    IncidentSeverity: [incident.severity ?? ''],
    IncidentTitle: [incident.title],
    AlertProductNames: incident.products,
    IncidentRelatedAnalyticRuleIds: incident.ruleIds.map(ruleId),
    IncidentTactics: incident.tactics,
  };
  const lower = (text: string) => text.toLowerCase();
  const has = (values[property] ?? []).some((value) =>
    wanted.some((text) =>
      operator === 'NotContains' ? lower(value).includes(lower(text)) : lower(value) === lower(text),
    ),
  );
  return operator === 'NotContains' ? !has : has;
}

describe('the conditions of an automation rule', () => {
  it('say what the rule can test, and leave the rest to the playbook', () => {
    const filter: IncidentFilter = {
      ...defaultFilter,
      severities: ['High', 'Medium'],
      titleContains: ['ransom'],
      titleExcludes: ['drill'],
      products: ['Microsoft Defender for Identity'],
      analyticsRules: ['A1D7BA82-a14c-4245-a781-81481901f558'],
      tags: ['vip'],
      owners: ['unassigned'],
      tactics: ['Impact'],
    };
    const condition = (propertyName: string, operator: string, propertyValues: readonly string[]) => ({
      conditionType: 'Property',
      conditionProperties: { propertyName, operator, propertyValues },
    });
    expect(filterConditions(filter, names, ruleId)).toEqual({
      conditions: [
        condition('IncidentStatus', 'Equals', ['New']),
        condition('IncidentSeverity', 'Equals', ['High', 'Medium']),
        condition('IncidentTitle', 'NotContains', ['drill']),
        condition('AlertProductNames', 'Contains', [
          'Azure Advanced Threat Protection',
          'AATP',
          'MDI',
          'Microsoft Defender for Identity',
        ]),
        condition('IncidentRelatedAnalyticRuleIds', 'Contains', ['/alertRules/a1d7ba82-a14c-4245-a781-81481901f558']),
        condition('IncidentTactics', 'Contains', ['Impact']),
      ],
      expressed: ['Status', 'Severity', 'Excluded title', 'Product', 'Analytics rule', 'Tactic'],
      left: ['Title', 'Required tag', 'Owner'],
    });
  });

  it('are none where the filter takes everything', () => {
    expect(filterConditions({ ...defaultFilter, statuses: [] }, names, ruleId).conditions).toEqual([]);
  });

  it('hold for exactly the incidents that pass the tests they express', () => {
    fc.assert(
      fc.property(incidentFilter, incidentResource, (filter, resource) => {
        const incident = readIncident(resource);
        if (!incident) throw new Error('not an incident');
        const { conditions, expressed } = filterConditions(filter, names, ruleId);
        const failed = unmatched(filter, incident, names);
        expect(conditions.every((condition) => holds(condition, incident))).toBe(
          !failed.some((test) => expressed.includes(test)),
        );
      }),
      many,
    );
  });
});
