import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIncident } from '../../src/domain/incident.ts';
import { defaultFilter, type IncidentFilter } from '../../src/rules/choices.ts';
import { unmatched } from '../../src/rules/filter.ts';
import { filterOData } from '../../src/rules/filter-odata.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { matchesFilter } from '../../src/simulator/odata.ts';
import { incidentFilter, incidentResource, many } from './support/random-incident.ts';

const names = nameTables({ products: { 'Fabrikam Mail Guard': 'Mail gateway' }, companies: {}, entities: {} });
const since = '2026-01-01T00:00:00Z';

describe('the filter of a list of incidents', () => {
  it('asks for states, severities and a time, and says what it leaves to the playbook', () => {
    const filter: IncidentFilter = {
      ...defaultFilter,
      statuses: ['New', 'Active'],
      severities: ['High'],
      titleExcludes: ['drill'],
      owners: ['unassigned'],
    };
    expect(filterOData(filter, { since })).toEqual({
      filter:
        "properties/lastModifiedTimeUtc ge 2026-01-01T00:00:00Z and (properties/status eq 'New' or properties/status eq 'Active') and (properties/severity eq 'High')",
      expressed: ['Status', 'Severity'],
      left: ['Excluded title', 'Owner'],
    });
  });

  it('does not ask for what every incident has', () => {
    const { filter, expressed } = filterOData({ ...defaultFilter, statuses: [] }, { since });
    expect(filter).toBe('properties/lastModifiedTimeUtc ge 2026-01-01T00:00:00Z');
    expect(expressed).toEqual([]);
  });

  it('with the tests left to the playbook lists exactly the incidents that the predicate takes', () => {
    let listed = 0;
    let taken = 0;
    fc.assert(
      fc.property(incidentFilter, incidentResource, (filter, resource) => {
        const incident = readIncident(resource);
        if (!incident) throw new Error('not an incident');
        const failed = unmatched(filter, incident, names);
        const compiled = filterOData(filter, { since });
        const isListed = matchesFilter(compiled.filter, resource);
        expect(isListed).toBe(!failed.some((test) => compiled.expressed.includes(test)));
        expect(isListed && !failed.some((test) => compiled.left.includes(test))).toBe(failed.length === 0);
        listed += Number(isListed);
        taken += Number(failed.length === 0);
      }),
      many,
    );
    // The generators are of use only while both outcomes are common.
    expect(listed).toBeGreaterThan(150);
    expect(taken).toBeGreaterThan(50);
  });
});
