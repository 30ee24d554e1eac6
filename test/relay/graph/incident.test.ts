import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/json.ts';
import { ownerNamed, readGraphIncident, redirectOf } from '../../../src/relay/graph/incident.ts';
import { survivingGraphIncident } from '../../../src/relay/graph/survivor.ts';
import { renderPage } from '../../../src/relay/render/page.ts';
import { defaultFilter, type IncidentFilter } from '../../../src/rules/choices.ts';
import { unmatched } from '../../../src/rules/filter.ts';
import { nameTables } from '../../../src/rules/product-names.ts';

const names = nameTables({ products: {}, companies: {}, entities: {} });

function incident(members: object = {}) {
  const resource = { id: '1007', displayName: 'Suspicious storage access', status: 'active', severity: 'high' };
  const read = readGraphIncident({ ...resource, createdDateTime: '2026-11-20T08:00:00.1Z', alerts: [], ...members });
  if (!read) throw new Error('not an incident');
  return read;
}
const withAlert = (members: object) => incident({ alerts: [{ id: 'a1', title: 'Tor', severity: 'high', ...members }] });
const page = (about: ReturnType<typeof incident>) =>
  renderPage(
    { incident: about, alerts: about.alerts, entities: about.entities, queries: [], title: about.title },
    names,
  );
const failures = (about: ReturnType<typeof incident>, filter: Partial<IncidentFilter>) =>
  unmatched({ ...defaultFilter, ...filter }, about, names);

describe('the product of an alert', () => {
  it.each<[object, string]>([
    [
      { productName: 'Microsoft Defender for Cloud', serviceSource: 'unknownFutureValue' },
      'Microsoft Defender for Cloud',
    ],
    [{ productName: '', serviceSource: 'microsoftDefenderForCloud' }, 'Microsoft Defender for Cloud'],
    [{ productName: null, serviceSource: 'microsoftSentinel' }, 'Microsoft Sentinel'],
    [{ serviceSource: 'microsoftDefenderForEndpoint' }, 'Microsoft Defender for Endpoint'],
    [{ serviceSource: 'microsoftDefenderForIdentity' }, 'Microsoft Defender for Identity'],
    [{ serviceSource: 'microsoftDefenderForCloudApps' }, 'Microsoft Defender for Cloud Apps'],
    [{ serviceSource: 'microsoftDefenderForOffice365' }, 'Microsoft Defender for Office 365'],
    [{ serviceSource: 'microsoft365Defender' }, 'Microsoft Defender XDR'],
    [{ serviceSource: 'azureAdIdentityProtection' }, 'Microsoft Entra ID Protection'],
    [{ serviceSource: 'microsoftAppGovernance' }, 'Microsoft App Governance'],
    [{ serviceSource: 'dataLossPrevention' }, 'Microsoft Purview Data Loss Prevention'],
    [{ serviceSource: 'microsoftInsiderRiskManagement' }, 'Microsoft Purview Insider Risk Management'],
    [{ serviceSource: 'microsoftThreatIntelligence' }, 'Microsoft Defender Threat Intelligence'],
    [{ serviceSource: 'microsoftSecurityForAI' }, 'Microsoft Defender for AI'],
    [{ serviceSource: 'microsoftSomethingNew' }, 'Microsoft Something New'],
    [{ serviceSource: 'microsoftDefenderForDrones' }, 'Microsoft Defender for Drones'],
    [{ serviceSource: 'unknownFutureValue', detectionSource: 'microsoftDefenderForDNS' }, 'Microsoft Defender for DNS'],
    [{ serviceSource: 'unknown', detectionSource: 'microsoftDefenderForKeyVault' }, 'Microsoft Defender for Key Vault'],
    [{ serviceSource: 'unknown', detectionSource: 'antivirus' }, 'Antivirus'],
    [{ productName: 'Fabrikam eGuard', serviceSource: 'microsoftSentinel' }, 'Fabrikam eGuard'],
  ])('%j reads %s', (members, product) => {
    const { products, alerts } = withAlert(members);
    expect([...products, alerts[0]?.product]).toEqual([product, product]);
  });

  it('is none where Graph keeps all of it back', () => {
    const hidden = withAlert({
      productName: 'unknownFutureValue',
      serviceSource: 'unknownFutureValue',
      detectionSource: 'unknown',
    });
    expect(hidden.products).toEqual([]);
    expect(JSON.stringify(page(hidden))).not.toContain('unknown');
  });

  it('is what the filter goes by', () => {
    const cloud = withAlert({ serviceSource: 'microsoftDefenderForCloud' });
    expect(failures(cloud, { products: ['Microsoft Defender for Cloud'] })).toEqual([]);
    expect(failures(cloud, { products: ['Microsoft Sentinel'] })).toEqual(['Product']);
  });
});

describe('an incident of Microsoft Defender', () => {
  it.each<[object, readonly string[]]>([
    [{ category: 'InitialAccess', categories: ['PreAttack', 'Probing'] }, ['PreAttack', 'Probing']],
    [{ category: 'InitialAccess', categories: [] }, ['InitialAccess']],
    [{ category: 'InitialAccess', categories: null }, ['InitialAccess']],
    [{ category: null }, []],
    [{ category: 'unknownFutureValue', categories: ['unknown'] }, []],
  ])('has the tactics of %j', (members, tactics) => {
    expect(withAlert(members).tactics).toEqual(tactics);
  });

  it.each<[object, string]>([
    [{ description: 'Its own' }, 'Its own'],
    [{ description: '<p>Read <b>this</b></p>' }, 'Read this'],
    [
      {
        description: '',
        summary: 'Sum',
        alerts: [
          { id: 'a', description: '' },
          { id: 'b', description: 'Second' },
        ],
      },
      'Second',
    ],
    [{ description: null, summary: 'Sum', alerts: [{ id: 'a', description: ' ' }] }, 'Sum'],
    [{}, ''],
  ])('is described by %j', (members, description) => {
    expect(incident(members).description).toBe(description);
  });

  it('names its alerts the worst first, and itself by the worst where it has no name', () => {
    const alerts = [
      { id: 'a', title: 'Low one', severity: 'low' },
      { id: 'b', title: 'Unrated', severity: 'unknown' },
      { id: 'c', title: 'High one', severity: 'high' },
    ];
    const { alerts: read, title } = incident({ displayName: '', alerts });
    expect(read.map((alert) => alert.title)).toEqual(['High one', 'Unrated', 'Low one']);
    expect(title).toBe('High one');
  });

  it('belongs to a person where the owner is an account', () => {
    expect(incident({ assignedTo: 'j@contoso.com' }).owner).toMatchObject({
      userPrincipalName: 'j@contoso.com',
      type: 'User',
    });
    expect(ownerNamed('SOC tier 1')).toMatchObject({
      name: 'SOC tier 1',
      userPrincipalName: undefined,
      type: undefined,
    });
    expect(incident({ assignedTo: null }).owner).toBeUndefined();
    const id = 'a1d7ba82-a14c-4245-a781-81481901f558';
    expect(ownerNamed(id)).toMatchObject({ objectId: id, type: 'User' });
    const own = { assignedTo: 'Aiko Tanaka', lastModifiedBy: 'aiko tanaka' };
    expect(incident(own).owner).toMatchObject({ name: 'Aiko Tanaka', type: 'User' });
    expect(incident({ ...own, lastModifiedBy: 'Microsoft XDR' }).owner?.type).toBeUndefined();
  });
});

describe('a filter of Defender for Cloud', () => {
  const cloud = { products: ['Microsoft Defender for Cloud'] };

  it.each([
    ...['Storage', 'Servers', 'Key Vault', 'Databases', 'AI Services'].map((plan) => ({
      productName: `Microsoft Defender for ${plan}`,
    })),
    ...['DNS', 'Containers', 'Network', 'AppService', 'ResourceManager', 'ApiManagement', 'AIServices'].map((plan) => ({
      detectionSource: `microsoftDefenderFor${plan}`,
      serviceSource: 'unknown',
    })),
  ])('takes alerts that are named after a plan: %j', (members) => {
    expect(failures(withAlert(members), cloud)).toEqual([]);
    expect(failures(withAlert(members), { products: ['ASC'] })).toEqual([]);
    expect(failures(withAlert(members), { products: ['Microsoft Defender for Endpoint'] })).toEqual(['Product']);
  });

  it.each(['Microsoft Defender for IoT', 'Microsoft Defender for Cloud Apps'])(
    'takes no alert of %s',
    (productName) => {
      expect(failures(withAlert({ productName }), cloud)).toEqual(['Product']);
    },
  );

  it('takes one plan where one plan is chosen', () => {
    const storage = { products: ['Microsoft Defender for Storage'] };
    expect(failures(withAlert({ productName: 'Microsoft Defender for Storage' }), storage)).toEqual([]);
    expect(failures(withAlert({ productName: 'Microsoft Defender for Key Vault' }), storage)).toEqual(['Product']);
  });

  it.each([
    ['microsoftDefenderForStorage', 'Microsoft Defender for Storage'],
    ['microsoftDefenderForAppService', 'Microsoft Defender for App Service'],
    ['microsoftDefenderForApiManagement', 'Microsoft Defender for API Management'],
    ['microsoftDefenderForDNS', 'Microsoft Defender for DNS'],
  ])('takes one plan where Graph names it as %s beside the product, which the page shows', (detectionSource, plan) => {
    const members = { serviceSource: 'microsoftDefenderForCloud', productName: 'Microsoft Defender for Cloud' };
    const about = withAlert({ ...members, detectionSource });
    expect(failures(about, { products: [plan] })).toEqual([]);
    expect(failures(about, cloud)).toEqual([]);
    expect(failures(about, { products: ['Microsoft Defender for Key Vault'] })).toEqual(['Product']);
    expect(about.products).toEqual(['Microsoft Defender for Cloud']);
  });
});

describe('an incident whose alerts cannot be read', () => {
  const unread = incident({ alerts: undefined });

  it('passes what only they could decide, and nothing else', () => {
    expect(failures(unread, { products: ['Microsoft Defender for Cloud'], tactics: ['Impact'] })).toEqual([]);
    expect(failures(unread, { severities: ['Low'], analyticsRules: ['a1d7ba82-a14c-4245-a781-81481901f558'] })).toEqual(
      ['Severity', 'Analytics rule'],
    );
  });

  it('is another one than an incident without alerts', () => {
    expect(failures(incident(), { products: ['Microsoft Defender for Cloud'] })).toEqual(['Product']);
  });
});

describe('the severity of Microsoft Defender', () => {
  it.each([
    ['high', 'High'],
    ['medium', 'Medium'],
    ['low', 'Low'],
    ['informational', 'Informational'],
    ['HIGH', 'High'],
    ['unknown', 'Unknown'],
    ['unknownFutureValue', 'Unknown'],
    ['critical', 'Unknown'],
    [null, 'Unknown'],
  ])('%s reads %s', (severity, shown) => {
    expect(incident({ severity }).severity).toBe(shown);
    expect(withAlert({ severity }).alerts[0]?.severity).toBe(shown);
    expect(page(incident({ severity, alerts: [{ id: 'a' }] })).text).toContain(shown);
  });

  it.each<[IncidentFilter['severities'], readonly string[]]>([
    [['High'], ['Severity']],
    [['Medium'], []],
    [['High', 'Medium'], []],
    [['Low', 'Informational'], ['Severity']],
    [[], []],
  ])('passes a filter of %j as Medium where it is unknown: %j', (severities, failed) => {
    expect(failures(incident({ severity: 'unknownFutureValue' }), { severities })).toEqual(failed);
  });
});

describe('a status that Sentinel has no word for', () => {
  it.each([
    ['awaitingAction', 'Waits for your action (Defender Experts)'],
    ['unknownFutureValue', 'State unknown'],
    ['somethingNew', 'State "Something New"'],
  ])('%s pages those who wait for open incidents, and is said', (status, said) => {
    const about = incident({ status, severity: 'high', displayName: 'High: x', assignedTo: 'expert@microsoft.com' });
    for (const statuses of [['New'], ['Active'], ['New', 'Active'], []] as const)
      expect(failures(about, { statuses })).toEqual([]);
    expect(failures(about, { statuses: ['Closed'] })).toEqual(['Status']);
    expect(
      renderPage({ incident: about, alerts: [], entities: [], queries: [], title: 'High: x' }, names).text,
    ).toContain(said);
  });
});

describe('a merged incident', () => {
  const signal = AbortSignal.timeout(60_000);
  const graph = (targets: Readonly<Record<string, string | null>>) => ({
    incident: async (id: string): Promise<JsonObject> => {
      if (!(id in targets)) throw new Error(`unknown incident ${id}`);
      return { id, status: targets[id] ? 'redirected' : 'active', redirectIncidentId: targets[id] ?? null };
    },
  });
  const chain = (length: number) =>
    Object.fromEntries(Array.from({ length: length + 1 }, (_, n) => [`${n}`, n < length ? `${n + 1}` : null]));

  it.each([
    ['itself', { '1': null }, '1'],
    ['its target', { '1': '2', '2': null }, '2'],
    ['the end of a chain', chain(10), '10'],
  ])('leads to %s', async (_, targets, survivor) => {
    const [first = ''] = Object.keys(targets);
    expect(await survivingGraphIncident(graph(targets), first, signal)).toMatchObject({
      id: survivor,
      status: 'active',
    });
  });

  it.each([
    ['itself', { '1': '1' }],
    ['a circle', { '1': '2', '2': '3', '3': '1' }],
    ['a circle further on', { '1': '2', '2': '3', '3': '2' }],
    ['more merges than anybody makes', chain(11)],
  ])('that leads to %s is refused, not followed for ever', async (_, targets) => {
    const [first = ''] = Object.keys(targets);
    const found = survivingGraphIncident(graph(targets), first, signal);
    await expect(found).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(`incident ${first} `),
    });
  });

  it('is closed, and says where it went', () => {
    const resource = { id: '1', status: 'redirected', redirectIncidentId: '1007' };
    expect(readGraphIncident(resource)).toMatchObject({ status: 'Closed', alertCount: 0 });
    expect(redirectOf(resource)).toBe('1007');
    expect([null, '', ' ', undefined].map((redirectIncidentId) => redirectOf({ redirectIncidentId }))).toEqual([
      ...[undefined, undefined, undefined, undefined],
    ]);
  });
});
