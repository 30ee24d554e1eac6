import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Incident, readIncident } from '../../src/domain/incident.ts';
import { effectiveSeverity } from '../../src/domain/severity.ts';
import { loadKqlParser } from '../../src/relay/kql/parser.ts';
import { defaultFilter } from '../../src/rules/choices.ts';
import { isPerson } from '../../src/rules/converge.ts';
import { matches } from '../../src/rules/filter.ts';
import { kqlConditions } from '../../src/rules/filter-targets.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { runKql } from '../../src/simulator/kql/run.ts';
import type { KqlTable, KqlValue } from '../../src/simulator/kql/values.ts';
import { incidentFilter, incidentResource, many } from './support/random-incident.ts';

const names = nameTables({ products: { 'Fabrikam Mail Guard': 'Mail gateway' }, companies: {}, entities: {} });
const parse = await loadKqlParser();

/** The latest row of an incident, as far as a filter looks at it. */
function rowOf({ owner, ...incident }: Incident): KqlTable {
  const cells: Readonly<Record<string, KqlValue>> = {
    Status: incident.status ?? '',
    Severity: effectiveSeverity(incident.severity) ?? '',
    Title: incident.title,
    Labels: incident.tags.map((labelName) => ({ labelName })),
    AdditionalData: { alertProductNames: incident.products, tactics: incident.tactics },
    RelatedAnalyticRuleIds: incident.ruleIds,
    Owner: {
      objectId: owner?.objectId ?? null,
      email: owner?.email ?? null,
      userPrincipalName: owner?.userPrincipalName ?? null,
    },
  };
  const columns = Object.entries(cells).map(([name, value]) => ({
    name,
    type: typeof value === 'string' ? ('string' as const) : ('dynamic' as const),
  }));
  return { columns, rows: [Object.values(cells)] };
}

function passes(conditions: readonly string[], incident: Incident): boolean {
  const query = `Incidents${conditions.map((condition) => `\n| where ${condition}`).join('')}`;
  return runKql(parse, query, new Map([['Incidents', rowOf(incident)]]), 0).rows.length === 1;
}

describe('the filter in KQL', () => {
  it('selects what the filter selects, for what a row of the table says', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(incidentFilter, incidentResource, (filter, resource) => {
        const incident = readIncident(resource);
        // The table does not say whether an owner is a person or a group, nor whether Defender knows it.
        fc.pre(incident !== undefined && incident.standing === undefined);
        const { owner } = incident;
        fc.pre(
          isPerson(owner) === (owner?.userPrincipalName !== undefined) && (owner === undefined) === !owner?.objectId,
        );
        expect(passes(kqlConditions(filter, names), incident)).toBe(matches(filter, incident, names));
      }),
      { ...many, numRuns: 400 },
    );
  });

  it('takes texts as they are, whatever is in them', () => {
    const title = 'a "quoted" \\ title';
    const incident = readIncident({ id: '/x/1', name: '1', properties: { title, status: 'New', severity: 'High' } });
    if (!incident) throw new Error('no incident');
    const conditions = kqlConditions({ ...defaultFilter, titleContains: [title] }, names);
    expect(passes(conditions, incident)).toBe(true);
    expect(passes(conditions, { ...incident, title: 'other' })).toBe(false);
  });
});
