import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIncident } from '../../src/domain/incident.ts';
import { defaultFilter } from '../../src/rules/choices.ts';
import { type FilterTest, matches, unmatched } from '../../src/rules/filter.ts';
import { filterOData, filterODataWdl } from '../../src/rules/filter-odata.ts';
import { filterParameters, filterWdl, isForwardedWdl, tagParameter } from '../../src/rules/filter-wdl.ts';
import { nameParameters } from '../../src/rules/message-parameters.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { incidentFilter, incidentResource, many } from './support/random-incident.ts';
import { runLocals } from './support/run-locals.ts';

const names = nameTables({ products: { 'Fabrikam Mail Guard': 'Mail gateway' }, companies: {}, entities: {} });
const compiled = filterWdl("triggerBody()?['object']");

function run(filter: Parameters<typeof filterParameters>[0], resource: unknown) {
  return runLocals(compiled.locals, {
    triggerBody: { object: resource },
    parameters: { ...filterParameters(filter, names), ...nameParameters(names, ''), ...tagParameter('SIGNL4') },
  });
}

describe('the filter in a workflow', () => {
  it('agrees with the predicate, test by test', () => {
    let taken = 0;
    fc.assert(
      fc.property(incidentFilter, incidentResource, (filter, resource) => {
        const incident = readIncident(resource);
        if (!incident) throw new Error('not an incident');
        const { evaluate } = run(filter, resource);
        const failed = (Object.keys(compiled.verdict) as FilterTest[]).filter(
          (test) => evaluate(compiled.verdict[test]) !== true,
        );
        expect(failed).toEqual(unmatched(filter, incident, names));
        expect(compiled.conditions.every((condition) => evaluate(condition) === true)).toBe(
          matches(filter, incident, names),
        );
        taken += Number(failed.length === 0);
      }),
      many,
    );
    expect(taken).toBeGreaterThan(50);
  });

  it('evaluates on the empty body of the designer', () => {
    const { evaluate } = runLocals(compiled.locals, {
      triggerBody: undefined,
      parameters: { ...filterParameters(defaultFilter, names), ...nameParameters(names, '') },
    });
    expect(compiled.conditions.map(evaluate)).toContain(false);
  });

  it('reads members in any casing', () => {
    const { evaluate } = run(
      { ...defaultFilter, tags: ['vip'], owners: ['m.lopez@contoso.com'] },
      {
        Properties: {
          Title: 'x',
          Severity: 'High',
          Status: 'New',
          Labels: [{ LabelName: 'VIP' }],
          Owner: { Email: 'M.Lopez@contoso.com' },
        },
      },
    );
    expect(compiled.conditions.map(evaluate)).not.toContain(false);
  });

  it('knows an incident that was sent before by its tag', () => {
    const labels = (labelName: string) => ({ properties: { labels: [{ labelName }] } });
    expect(run(defaultFilter, labels('signl4')).evaluate(isForwardedWdl())).toBe(true);
    expect(run(defaultFilter, labels('SIGNL4-Escalated')).evaluate(isForwardedWdl())).toBe(false);
  });

  it('lists incidents by the same text as the relay', () => {
    fc.assert(
      fc.property(incidentFilter, (filter) => {
        const { evaluate } = run(filter, {});
        const wanted = { ...filter, statuses: filter.statuses, severities: filter.severities };
        const since = '2026-01-01T00:00:00Z';
        const all = filter.statuses.length === 3 || filter.severities.length === 4;
        const times = { since: `'${since}'`, createdBefore: "'2026-01-11T00:00:00Z'" };
        const [first, ...groups] = filterOData(wanted, { since }).filter.split(' and ');
        const compiled = [first, 'properties/createdTimeUtc le 2026-01-11T00:00:00Z', ...groups].join(' and ');
        if (!all) expect(evaluate(filterODataWdl(times))).toBe(compiled);
      }),
      many,
    );
  });
});
