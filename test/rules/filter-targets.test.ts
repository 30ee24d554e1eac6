import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Incident, readIncident } from '../../src/domain/incident.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { defaultFilter, type IncidentFilter } from '../../src/rules/choices.ts';
import { matches, type RuleCondition } from '../../src/rules/filter.ts';
import {
  filterOData,
  filterODataText,
  listTests,
  protectedLists,
  ruleConditions,
  sendRows,
  testsByPlace,
} from '../../src/rules/filter-targets.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { parseFilter, matches as passes } from '../../src/simulator/odata.ts';
import { at, call, literal, triggerBody } from '../../src/wdl/build.ts';
import { conditionHolds, holds as expressionHolds, textOf } from './support/evaluate.ts';
import { incidentFilter, incidentResource, many } from './support/random-incident.ts';

const names = nameTables({ products: { 'Fabrikam Mail Guard': 'Mail gateway' }, companies: {}, entities: {} });
const since = '2026-01-01T00:00:00Z';

/** The meaning of a condition by the REST reference: one value suffices; a negated operator wants none. */
function ruleHolds({ propertyName, operator, propertyValues: wanted }: RuleCondition, incident: Incident): boolean {
  const values: Readonly<Record<string, readonly string[]>> = {
    IncidentStatus: [incident.status ?? ''],
    IncidentSeverity: [incident.severity ?? ''],
    IncidentTitle: [incident.title],
    AlertProductNames: incident.products,
    IncidentRelatedAnalyticRuleIds: incident.ruleIds,
    IncidentTactics: incident.tactics,
  };
  const lower = (text: string) => text.toLowerCase();
  const has = (values[propertyName] ?? []).some((value) =>
    wanted.some((text) =>
      operator === 'NotContains' ? lower(value).includes(lower(text)) : lower(value) === lower(text),
    ),
  );
  return operator === 'NotContains' ? !has : has;
}

/** The rows of SIGNL4-Send-Incident on the body of a trigger, with the parameters that a deployment gives. */
function rowsHold(filter: IncidentFilter, incident: Incident, resource: JsonObject): boolean {
  const properties = at(triggerBody, 'object', 'properties');
  const rows = sendRows(filter, { properties, tags: at(triggerBody, 'tags') });
  const context = { trigger: { object: resource, tags: incident.tags }, parameters: parametersOf(filter) };
  return rows.every((one) => conditionHolds(one, context));
}

/** The steps of the sweep on an item of the list. */
function stepsHold(filter: IncidentFilter, resource: JsonObject): boolean {
  const lists = listTests(filter, names).flatMap(({ list }) => (list ? [[list.name, [...list.values]] as const] : []));
  const parameters = { ...Object.fromEntries(lists), ...parametersOf(filter) };
  return listTests(filter, names).every(({ where }) => expressionHolds(where, { item: resource, parameters }));
}

function parametersOf(filter: IncidentFilter): Record<string, Json> {
  return Object.fromEntries(protectedLists(filter).map(({ name, values }) => [name, [...values]]));
}

const example: IncidentFilter = {
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

describe('the conditions of the automation rule', () => {
  it('say what a rule can test for sure', () => {
    expect(ruleConditions(example, names)).toEqual([
      { propertyName: 'IncidentStatus', operator: 'Equals', propertyValues: ['New', 'Active'] },
      { propertyName: 'IncidentSeverity', operator: 'Equals', propertyValues: ['High', 'Medium'] },
      { propertyName: 'IncidentTitle', operator: 'NotContains', propertyValues: ['drill'] },
      {
        propertyName: 'AlertProductNames',
        operator: 'Contains',
        propertyValues: ['Azure Advanced Threat Protection', 'AATP', 'MDI', 'Microsoft Defender for Identity'],
      },
      {
        propertyName: 'IncidentRelatedAnalyticRuleIds',
        operator: 'Contains',
        propertyValues: ['a1d7ba82-a14c-4245-a781-81481901f558'],
      },
      { propertyName: 'IncidentTactics', operator: 'Contains', propertyValues: ['Impact'] },
    ]);
    expect(testsByPlace(example)).toEqual({
      rule: ['Status', 'Severity', 'Excluded title', 'Product', 'Analytics rule', 'Tactic'],
      playbook: ['Title', 'Required tag', 'Owner'],
    });
  });

  it('are none where the filter takes everything', () => {
    expect(ruleConditions({ ...defaultFilter, statuses: [] }, names)).toEqual([]);
  });
});

describe('the rows of SIGNL4-Send-Incident', () => {
  const tokens = { properties: at(triggerBody, 'p'), tags: at(triggerBody, 't') };

  it('are state, severity and what our own rules report where nothing else is chosen', () => {
    expect(sendRows({ ...defaultFilter, statuses: ['New', 'Active'] }, tokens)).toEqual([
      { contains: ["@parameters('Statuses')", "@triggerBody()?['p']?['status']"] },
      { contains: ["@parameters('Severities')", "@triggerBody()?['p']?['severity']"] },
      { not: { contains: ["@toLower(string(triggerBody()?['p']?['title']))", 'signl4 on-call:'] } },
    ]);
  });

  it('take an active incident that nobody owns for a new one', () => {
    const [state] = sendRows(defaultFilter, tokens);
    expect(state).toEqual({
      or: [
        { contains: ["@parameters('Statuses')", "@triggerBody()?['p']?['status']"] },
        {
          and: [
            { equals: ["@triggerBody()?['p']?['status']", 'Active'] },
            { equals: ["@triggerBody()?['p']?['owner']?['userPrincipalName']", '@null'] },
          ],
        },
      ],
    });
  });
});

describe('the filter of a list', () => {
  it('asks for states, severities and a time', () => {
    expect(filterOData({ ...example, statuses: ['New', 'Active'] }, since)).toBe(
      "properties/lastModifiedTimeUtc ge 2026-01-01T00:00:00Z and (properties/status eq 'New' or properties/status eq 'Active') and (properties/severity eq 'High' or properties/severity eq 'Medium')",
    );
  });

  it('is the same in a workflow, read from its parameters', () => {
    const written = filterODataText(literal(since), literal('2026-02-01T00:00:00Z'), ['Active']);
    const text = textOf(written, { parameters: parametersOf(example) });
    expect(text.replace(' and properties/createdTimeUtc le 2026-02-01T00:00:00Z', '')).toBe(
      filterOData(example, since),
    );
  });

  it('leaves a string that would be too long to read to SIGNL4-Send-Incident', () => {
    const titleContains = Array.from({ length: 12 }, (_, index) => `a long word ${index}`);
    const filter = { ...defaultFilter, statuses: [], titleContains, titleExcludes: [] };
    expect(listTests(filter, names)).toEqual([]);
    expect(call('length', 'x').wdl.length).toBeLessThan(300);
  });
});

describe('every form of one filter', () => {
  it('selects the same incidents', () => {
    let taken = 0;
    fc.assert(
      fc.property(incidentFilter, incidentResource, (filter, resource) => {
        const incident = readIncident(resource);
        if (!incident) throw new Error('not an incident');
        const expected = matches(filter, incident, names);
        const rows = rowsHold(filter, incident, resource);
        const byRule = ruleConditions(filter, names).every((condition) => ruleHolds(condition, incident));
        expect(byRule && rows, 'automation rule and playbook').toBe(expected);
        const listed = passes(parseFilter(filterOData(filter, since)), resource);
        expect(listed && stepsHold(filter, resource) && rows, 'sweep and playbook').toBe(expected);
        taken += Number(expected);
      }),
      many,
    );
    // The generators are of use only while both outcomes are common.
    expect(taken).toBeGreaterThan(50);
    expect(taken).toBeLessThan(many.numRuns - 50);
  });
});
