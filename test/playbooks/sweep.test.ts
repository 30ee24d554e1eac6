import { describe, expect, it } from 'vitest';
import { sweep } from '../../playbooks/SIGNL4-Sweep/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { CallAnswer } from '../../src/engine/calls.ts';
import type { IncidentFilter } from '../../src/rules/choices.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { dana, nobody, incident as triggerBody, webPage, workspaceArmId } from './support/incidents.ts';
import { playbookUnderTest, slow } from './support/playbook.ts';

/* SIGNL4-Sweep lists incidents and has Microsoft Sentinel run the other playbooks on them. */

const { alerts, relatedEntities, ...listed } = (triggerBody['object'] as JsonObject)['properties'] as JsonObject;

/** An incident as the list gives it: without alerts and entities. */
function incident(number: number, own: Readonly<Record<string, Json>> = {}): JsonObject {
  const name = `4f0d2a86-9b1c-4d57-8e34-${String(number).padStart(12, '0')}`;
  const id = `${workspaceArmId}/providers/Microsoft.SecurityInsights/Incidents/${name}`;
  return { id, name, properties: { ...listed, ...own } };
}
const page = (...value: readonly JsonObject[]): CallAnswer => ({ status: 200, body: { value } });
const tagged = (...names: readonly string[]) => ({ labels: names.map((labelName) => ({ labelName })) });
const closed = { status: 'Closed' };

const usual = {
  List_incidents: page(incident(1)),
  List_closed_incidents: page(incident(2, { ...closed, ...tagged('SIGNL4') })),
  'Run_Send-Incident': { status: 204 },
  'Run_Sync-Incident': { status: 204 },
};
const { run, uncovered } = playbookUnderTest(sweep, usual);
const workflows =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline/providers/Microsoft.Logic/workflows';
const filterOf = (uri: string | undefined) => new URL(uri ?? '').searchParams.get('$filter') ?? '';

/** ARM ids of the incidents that a playbook was started on. */
async function started(
  playbook: 'Send' | 'Sync',
  value: readonly JsonObject[],
  filter: Partial<IncidentFilter> = {},
  own: Partial<Config> = {},
) {
  const config = { ...defaultConfig, ...own, filter: { ...defaultConfig.filter, ...filter } };
  const lists = { List_incidents: page(), List_closed_incidents: page() };
  const list = playbook === 'Send' ? 'List_incidents' : 'List_closed_incidents';
  const { calls, result } = await playbookUnderTest(sweep, usual, config).run(undefined, {
    ...lists,
    [list]: page(...value),
  });
  expect(result.status).toBe('Succeeded');
  const ids = value.map(({ id }) => String(id));
  return calls(`Run_${playbook}-Incident`).map(({ path }) => ids.indexOf(path.replace('/runPlaybook', '')) + 1);
}

describe('a sweep', () => {
  it('lists what changed lately in the chosen states and severities, and is older than the grace', async () => {
    const { calls } = await run(undefined);
    const [list] = calls('List_incidents');
    expect(list).toMatchObject({
      method: 'GET',
      path: `${workspaceArmId}/providers/Microsoft.SecurityInsights/incidents`,
      authentication: { type: 'ManagedServiceIdentity', audience: 'https://management.azure.com' },
      queries: { 'api-version': '2025-09-01', $top: '1000', $orderby: 'properties/createdTimeUtc desc' },
    });
    expect(filterOf(list?.uri)).toMatch(
      /^properties\/lastModifiedTimeUtc ge 2026-01-0\dT08:00:00Z and properties\/createdTimeUtc le 2026-01-10T07:45:00Z and \(properties\/status eq 'New' or properties\/status eq 'Active'\) and \(properties\/severity eq 'High' or properties\/severity eq 'Medium' or properties\/severity eq 'Low' or properties\/severity eq 'Informational'\)$/,
    );
  });

  it('lists as people changed its lists in the designer', async () => {
    const chosen = { Statuses: ['New', 'Closed'], Severities: ['High'], LookBackHours: 2, GraceMinutes: 30 };
    const { calls } = await run(undefined, {}, chosen);
    expect(filterOf(calls('List_incidents')[0]?.uri)).toBe(
      "properties/lastModifiedTimeUtc ge 2026-01-10T06:00:00Z and properties/createdTimeUtc le 2026-01-10T07:30:00Z and (properties/status eq 'New' or properties/status eq 'Closed' or properties/status eq 'Active') and (properties/severity eq 'High')",
    );
  });

  it('has Microsoft Sentinel run SIGNL4-Send-Incident on what was not sent', async () => {
    const { result, calls } = await run(undefined);
    expect(calls('Run_Send-Incident')).toMatchObject([
      {
        method: 'POST',
        uri: `https://management.azure.com${incident(1)['id']}/runPlaybook?api-version=2025-07-01-preview`,
        authentication: { type: 'ManagedServiceIdentity' },
        body: {
          logicAppsResourceId: `${workflows}/SIGNL4-Send-Incident`,
          tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ]);
    expect(result.status).toBe('Succeeded');
  });

  it('lists what was closed lately, and has Microsoft Sentinel run SIGNL4-Sync-Incident on what was sent', async () => {
    const { calls } = await run(undefined);
    expect(filterOf(calls('List_closed_incidents')[0]?.uri)).toMatch(
      /^properties\/lastModifiedTimeUtc ge 2026-01-0\dT08:00:00Z and properties\/status eq 'Closed'$/,
    );
    expect(calls('Run_Sync-Incident')).toMatchObject([
      {
        method: 'POST',
        uri: `https://management.azure.com${incident(2)['id']}/runPlaybook?api-version=2025-07-01-preview`,
        body: { logicAppsResourceId: `${workflows}/SIGNL4-Sync-Incident` },
      },
    ]);
  });

  it.each([0, 1, 30])('starts as many runs as there are incidents: %i', async (count) => {
    const value = Array.from({ length: count }, (_, number) => incident(number + 1));
    const numbers = value.map((_, index) => index + 1);
    expect(await started('Send', value)).toEqual(numbers);
    expect(
      await started(
        'Sync',
        value.map((_one, index) => incident(index + 1, { ...closed, ...tagged('SIGNL4') })),
      ),
    ).toEqual(numbers);
  });

  it('starts nothing for a list full of incidents that were sent', async () => {
    const sent = Array.from({ length: 500 }, (_, number) => incident(number + 1, tagged('finance', 'SIGNL4')));
    expect(await started('Send', sent)).toEqual([]);
  });
});

describe('the tag', () => {
  it('is compared as a whole, and is found among others', async () => {
    const value = [
      incident(1, tagged('SIGNL4')),
      incident(2, tagged('SIGNL4-Escalated')),
      incident(3, tagged('finance', 'SIGNL4')),
      incident(4, { labels: [] }),
      incident(5, { labels: null }),
      incident(6, tagged('x"SIGNL4"')),
    ];
    expect(await started('Send', value)).toEqual([2, 4, 5, 6]);
    expect(await started('Sync', value)).toEqual([1, 3]);
  });

  it('may be another', async () => {
    const value = [incident(1, tagged('SIGNL4')), incident(2, tagged('Paged'))];
    expect(await started('Send', value, {}, { tag: 'Paged' })).toEqual([1]);
  });
});

describe('where something fails', () => {
  const refused = { status: 400, body: { error: { code: 'BadRequest', message: 'Missing required permissions' } } };

  it('a refused run is not repeated, the other incidents go on, and the run fails', async () => {
    const { result, calls } = await run(undefined, {
      List_incidents: page(incident(1), incident(2), incident(3)),
      'Run_Send-Incident': [refused, { status: 204 }],
    });
    expect(calls('Run_Send-Incident')).toHaveLength(3);
    expect(calls('Run_Sync-Incident')).toHaveLength(1);
    expect(result.status).toBe('Failed');
  });

  it('closed incidents are settled although none can be sent, and the other way round', async () => {
    const noSend = await run(undefined, { List_incidents: { status: 403 } });
    expect(noSend.calls('Run_Sync-Incident')).toHaveLength(1);
    expect(noSend.result.status).toBe('Failed');
    const noSync = await run(undefined, { List_closed_incidents: { status: 403 }, 'Run_Sync-Incident': refused });
    expect(noSync.calls('Run_Send-Incident')).toHaveLength(1);
    expect(noSync.result.status).toBe('Failed');
    expect((await run(undefined, { 'Run_Sync-Incident': refused })).result.status).toBe('Failed');
  });

  it.each([
    ['404', { status: 404 }, 1],
    ['500', { status: 500 }, 5],
    ['no answer', slow, 5],
  ])('a list that does not come (%s) starts nothing, and the run fails', async (_, answer, tries) => {
    const { result, calls } = await run(undefined, { List_incidents: answer });
    expect(calls('List_incidents')).toHaveLength(tries);
    expect(calls('Run_Send-Incident')).toEqual([]);
    expect(result.status).toBe('Failed');
  });

  it('a web page in place of a list fails the run', async () => {
    expect((await run(undefined, { List_incidents: webPage })).result.status).toBe('Failed');
  });

  it.each([
    ['no list', { status: 200, body: {} }],
    ['a list of null', { status: 200, body: { value: null } }],
  ])('%s starts nothing', async (_, answer) => {
    const { result, calls } = await run(undefined, { List_incidents: answer });
    expect(calls('Run_Send-Incident')).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });

  it('429 with Retry-After is waited for', async () => {
    const busy = { status: 429, headers: { 'Retry-After': '9' } };
    const { result, calls } = await run(undefined, { List_incidents: [busy, page()] });
    expect(calls('List_incidents')).toHaveLength(2);
    expect(result.status).toBe('Succeeded');
  });
});

describe('a filter thins the list by', () => {
  const products = (...alertProductNames: readonly string[]) => ({ additionalData: { alertProductNames } });
  const tactics = (...names: readonly string[]) => ({ additionalData: { tactics: names } });
  const rules = (...ids: readonly string[]) => ({
    relatedAnalyticRuleIds: ids.map((id) => `/subscriptions/x/providers/Microsoft.SecurityInsights/alertRules/${id}`),
  });
  const cases: readonly (readonly [
    string,
    Partial<IncidentFilter>,
    readonly Readonly<Record<string, Json>>[],
    readonly number[],
  ])[] = [
    [
      'state: Active that nobody owns is new',
      {},
      [
        { status: 'New', owner: dana },
        { status: 'Active', owner: nobody },
        { status: 'Active', owner: dana },
        { status: 'Active', owner: null },
      ],
      [1, 2, 4],
    ],
    [
      'title',
      { titleContains: ['RANSOM', "o'brien"] },
      [{ title: 'A ransomware note' }, { title: "O'Brien's laptop" }, { title: 'x' }, { title: null }],
      [1, 2],
    ],
    [
      'excluded title',
      { titleExcludes: ['drill', 'test'] },
      [{ title: 'Drill' }, { title: 'A TEST' }, { title: 'x' }, { title: null }],
      [3, 4],
    ],
    [
      'required tag',
      { tags: ['VIP', 'süd'] },
      [tagged('vip'), tagged('Süd', 'x'), tagged('vips'), { labels: null }],
      [1, 2],
    ],
    ['excluded tag', { excludeTags: ['Pilot'] }, [tagged('PILOT'), tagged('pilots'), { labels: null }], [2, 3]],
    [
      'product, by any of its names',
      { products: ['Microsoft Defender for Endpoint'] },
      [products('MDATP'), products('Azure Sentinel', 'WDATP'), products('Azure Sentinel'), { additionalData: null }],
      [1, 2],
    ],
    [
      'analytics rule',
      { analyticsRules: ['A1D7BA82-A14C-4245-A781-81481901F558'] },
      [
        rules('a1d7ba82-a14c-4245-a781-81481901f558'),
        rules('b', 'a1d7ba82-a14c-4245-a781-81481901f558'),
        rules('b'),
        { relatedAnalyticRuleIds: null },
      ],
      [1, 2],
    ],
    ['owner', { owners: ['unassigned'] }, [{ owner: nobody }, { owner: null }, { owner: dana }], [1, 2]],
    [
      'owner by name',
      { owners: ['D.Okafor@contoso.com'] },
      [
        { owner: dana },
        { owner: { ...dana, email: null } },
        { owner: nobody },
        { owner: { ...dana, email: 'x', userPrincipalName: 'x' } },
      ],
      [1, 2],
    ],
    [
      'tactic',
      { tactics: ['InitialAccess'] },
      [tactics('InitialAccess', 'Impact'), tactics('Impact'), { additionalData: null }],
      [1],
    ],
  ];

  it.each(cases)('%s', async (_, filter, incidents, kept) => {
    const value = incidents.map((own, index) => incident(index + 1, own));
    expect(await started('Send', value, filter)).toEqual(kept);
  });

  it('several at once: all must hold', async () => {
    const filter = { titleExcludes: ['drill'], tags: ['vip'], products: ['MDATP'] };
    const value = [
      incident(1, { ...tagged('vip'), ...products('MDATP') }),
      incident(2, { ...tagged('vip'), ...products('MDATP'), title: 'drill' }),
      incident(3, { ...tagged('vip'), ...products('x') }),
      incident(4, products('MDATP')),
    ];
    expect(await started('Send', value, filter)).toEqual([1]);
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['List_incidents', 'List_closed_incidents'] });
  });
});
