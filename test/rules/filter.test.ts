import { describe, expect, it } from 'vitest';
import { readIncident } from '../../src/domain/incident.ts';
import { defaultFilter, type IncidentFilter } from '../../src/rules/choices.ts';
import { matches, unmatched } from '../../src/rules/filter.ts';
import { nameTables } from '../../src/rules/product-names.ts';

const names = nameTables({ products: { 'Fabrikam Mail Guard': 'Mail gateway' }, companies: {}, entities: {} });

function incident(properties: object) {
  const read = readIncident({ id: '/x/incidents/73e01a99-5cd7-4139-a149-9f2736ff2ab5', properties });
  if (!read) throw new Error('not an incident');
  return read;
}

const standard = incident({
  title: 'Sign-in from unfamiliar location',
  severity: 'High',
  status: 'New',
  labels: [{ labelName: 'VIP' }],
  owner: { objectId: null, email: 'M.Lopez@contoso.com', userPrincipalName: null, assignedTo: 'Maria López' },
  relatedAnalyticRuleIds: ['/subscriptions/x/alertRules/A1D7BA82-a14c-4245-a781-81481901f558'],
  additionalData: { alertProductNames: ['MDATP'], tactics: ['InitialAccess'] },
});

describe('the incident filter', () => {
  it('lets every new incident pass by default', () => {
    expect(matches(defaultFilter, standard, names)).toBe(true);
    expect(matches(defaultFilter, incident({ title: 'x', status: 'Closed', severity: 'High' }), names)).toBe(false);
  });

  it.each<[Partial<IncidentFilter>, boolean]>([
    [{ statuses: ['Active', 'Closed'] }, false],
    [{ statuses: [] }, true],
    [{ severities: ['Medium'] }, false],
    [{ titleContains: ['ransomware', 'UNFAMILIAR'] }, true],
    [{ titleContains: ['ransomware'] }, false],
    [{ titleExcludes: ['sign-IN'] }, false],
    [{ tags: ['vip'] }, true],
    [{ tags: ['other'] }, false],
    [{ excludeTags: ['vip'] }, false],
    [{ products: ['Microsoft Defender for Endpoint'] }, true],
    [{ products: ['wdatp'] }, true],
    [{ products: ['Mail gateway'] }, false],
    [{ analyticsRules: ['a1d7ba82-a14c-4245-a781-81481901f558'] }, true],
    [{ analyticsRules: ['/subscriptions/y/alertRules/a1d7ba82-a14c-4245-a781-81481901f558'] }, true],
    [{ analyticsRules: ['00000000-0000-0000-0000-000000000000'] }, false],
    [{ owners: ['m.lopez@CONTOSO.com'] }, true],
    [{ owners: ['unassigned'] }, false],
    [{ tactics: ['InitialAccess', 'Impact'] }, true],
    [{ tactics: ['Impact'] }, false],
  ])('%j on a high incident of Maria: %s', (part, expected) => {
    expect(matches({ ...defaultFilter, ...part }, standard, names)).toBe(expected);
  });

  it('finds an owner whose every member is null unassigned', () => {
    const nobody = incident({ title: 'x', status: 'New', severity: 'Low', owner: { objectId: null, email: null } });
    expect(matches({ ...defaultFilter, owners: ['unassigned'] }, nobody, names)).toBe(true);
  });

  it('knows a product by the name that the user gave it', () => {
    const mail = incident({
      title: 'x',
      status: 'New',
      severity: 'Low',
      additionalData: { alertProductNames: ['fabrikam mail guard'] },
    });
    expect(matches({ ...defaultFilter, products: ['mail gateway'] }, mail, names)).toBe(true);
  });

  it('says which tests failed', () => {
    const filter: IncidentFilter = { ...defaultFilter, severities: ['Low'], excludeTags: ['vip'] };
    expect(unmatched(filter, standard, names)).toEqual(['Severity', 'Excluded tag']);
  });
});
