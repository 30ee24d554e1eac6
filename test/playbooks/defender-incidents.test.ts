import { describe, expect, it } from 'vitest';
import { defenderIncidents } from '../../playbooks/SIGNL4-Defender-Incidents/playbook.ts';
import type { CallAnswer } from '../../src/engine/calls.ts';
import type { IncidentFilter } from '../../src/rules/choices.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { answer, defenderAlert, defenderIncident, externalIdOf, listOf, withoutRelay } from './support/defender.ts';
import { alertsOf, none, taken, webPage } from './support/incidents.ts';
import { type Answers, ok, playbookUnderTest, slow } from './support/playbook.ts';

/* SIGNL4-Defender-Incidents asks Microsoft Graph for incidents, pages about new ones and settles those that are over. */

const usual: Answers = {
  Find_it_in_SIGNL4: none,
  Find_its_own_alerts: none,
  List_its_alerts: listOf(defenderAlert()),
  Send_to_SIGNL4: taken,
  Resolve_the_alerts: taken,
  Tag_the_incident: ok,
};
const underTest = playbookUnderTest(defenderIncidents, usual, withoutRelay);
const path = (id: string) => `/v1.0/security/incidents/${id}`;

/** A run in which the list and each single read give these incidents. What is not merged has the alerts that it has. */
function runOn(found: readonly JsonObject[], answers: Answers = {}, test = underTest) {
  return test.run(undefined, {
    List_incidents: listOf(...found),
    Get_incident: found.map(answer),
    ...(answers['Find_it_in_SIGNL4'] && { Find_its_own_alerts: answers['Find_it_in_SIGNL4'] }),
    ...answers,
  });
}
const filtered = (filter: Partial<IncidentFilter>) =>
  playbookUnderTest(defenderIncidents, usual, { ...withoutRelay, filter: { ...withoutRelay.filter, ...filter } });
const calledIds = (calls: readonly { readonly body?: Json }[]) =>
  calls.map(({ body }) => (body as JsonObject)['X-S4-ExternalID']);

describe('a run', () => {
  it('lists what changed lately, fifty in a page, as the service calls it today', async () => {
    const { calls, result } = await runOn([]);
    expect(result.status).toBe('Succeeded');
    const [list] = calls('List_incidents');
    expect(list).toMatchObject({
      method: 'GET',
      path: '/v1.0/security/incidents',
      uri: expect.stringMatching(
        /\/incidents\?\$top=50&\$filter=lastUpdateDateTime%20ge%20\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ%20and%20createdDateTime%20ge%202000-01-01T00:00:00Z$/,
      ),
      headers: { Prefer: 'include-unknown-enum-members' },
      authentication: { type: 'ManagedServiceIdentity', audience: 'https://graph.microsoft.com' },
    });
  });

  it('leaves alone what was created before somebody chose this source', async () => {
    const since = { CreatedSince: '2026-11-27T12:00:00Z' };
    const { calls } = await underTest.run(undefined, { List_incidents: listOf() }, since);
    expect(calls('List_incidents')[0]?.uri).toMatch(/%20and%20createdDateTime%20ge%202026-11-27T12:00:00Z$/);
  });

  it('pages about a new incident with what its alerts say, and tags it once SIGNL4 has confirmed it', async () => {
    const { sent, calls, result } = await runOn([defenderIncident('1791', { customTags: ['VIP'] })]);
    expect(result.status).toBe('Succeeded');
    expect(sent('Find_it_in_SIGNL4')).toEqual({ externalId: externalIdOf('1791') });
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'High: Multi-stage incident on one endpoint',
      Message: expect.stringContaining(
        'Files were read from an unusual place.\n\nAlerts:\nSuspicious storage access (High, Microsoft Defender for Cloud)',
      ),
      'X-S4-ExternalID': externalIdOf('1791'),
      'X-S4-Status': 'new',
      Incident: '1791',
    });
    expect(sent('Send_to_SIGNL4')['Message']).toContain('https://security.microsoft.com/incident2/1791/');
    expect(calls('Tag_the_incident')).toMatchObject([{ method: 'PATCH', path: path('1791') }]);
    expect(sent('Tag_the_incident')).toEqual({ customTags: ['VIP', 'SIGNL4'] });
  });

  it('reads every page of the list by itself, whatever links the pagination of an HTTP action follows', async () => {
    const next = 'https://graph.microsoft.com/v1.0/security/incidents?$skiptoken=2';
    const first = Array.from({ length: 50 }, (_, index) =>
      defenderIncident(String(1_000 + index), { severity: 'low' }),
    );
    const test = filtered({ severities: ['High'] });
    const { calls } = await runOn(
      [defenderIncident('2000')],
      {
        List_incidents: [answer({ value: first, '@odata.nextLink': next }), listOf(defenderIncident('2000'))],
      },
      test,
    );
    expect(calls('List_incidents').map(({ uri }) => uri)).toEqual([expect.any(String), next]);
    // Without the policy an HTTP action follows no link at all: there is no other mode in which a page could be missed, or read twice.
    expect(JSON.stringify(defenderIncidents.build(withoutRelay))).not.toContain('paginationPolicy');
    expect(calls('List_incidents')[1]).toMatchObject({
      headers: { Prefer: 'include-unknown-enum-members' },
      authentication: { type: 'ManagedServiceIdentity' },
    });
    expect(calledIds(calls('Send_to_SIGNL4'))).toEqual([externalIdOf('2000')]);
  });

  it('asks again where Graph is busy, and fails where it stays so', async () => {
    const busy: CallAnswer = {
      status: 429,
      headers: { 'Retry-After': '20' },
      body: { error: { code: 'TooManyRequests' } },
    };
    const again = await runOn([defenderIncident('1')], { List_incidents: [busy, listOf(defenderIncident('1'))] });
    expect(again.calls('Send_to_SIGNL4')).toHaveLength(1);
    const never = await runOn([], { List_incidents: busy });
    expect(never.result.status).toBe('Failed');
  });
});

describe('an incident', () => {
  it.each<readonly [string, Readonly<Record<string, Json | undefined>>, Partial<IncidentFilter>, boolean]>([
    ['that is new', {}, {}, true],
    ['that somebody has taken', { status: 'inProgress', assignedTo: 'a@contoso.com' }, {}, false],
    ['that a machine put in progress', { status: 'inProgress' }, {}, true],
    [
      'in progress and somebody’s, where active ones page too',
      { status: 'inProgress', assignedTo: 'a@b.c' },
      { statuses: ['New', 'Active'] },
      true,
    ],
    ['that waits for an answer to Defender Experts', { status: 'awaitingAction' }, {}, true],
    ['in a state that nobody knows', { status: 'unknownFutureValue' }, {}, false],
    ['without a state', { status: null }, {}, false],
    ['that came resolved', { status: 'resolved' }, { statuses: [] }, false],
    ['with the tag', { customTags: ['SIGNL4'] }, {}, false],
    ['with another tag that begins like it', { customTags: ['SIGNL4X'] }, {}, true],
    ['whose tags are missing', { customTags: undefined }, {}, true],
    ['whose tags are null', { customTags: null }, {}, true],
    ['of a severity that was left out', { severity: 'low' }, { severities: ['High'] }, false],
    ['of a chosen severity', { severity: 'high' }, { severities: ['High'] }, true],
    ['of unknown severity, which counts as medium', { severity: 'unknown' }, { severities: ['High', 'Medium'] }, true],
    ['of unknown severity, where medium was left out', { severity: 'unknown' }, { severities: ['High'] }, false],
    ['of a severity newer than this', { severity: 'critical' }, { severities: ['High'] }, true],
    ['without severity', { severity: null }, { severities: ['High'] }, true],
  ])('%s (%j, %j) pages: %s', async (_, own, filter, pages) => {
    const { calls, result } = await runOn([defenderIncident('7', own)], {}, filtered(filter));
    expect(result.status).toBe('Succeeded');
    expect(calls('Send_to_SIGNL4')).toHaveLength(pages ? 1 : 0);
    expect(calls('Tag_the_incident')).toHaveLength(pages ? 1 : 0);
  });

  it('that says nothing of itself pages all the same', async () => {
    const bare = { id: '8', status: 'active' };
    const { sent, result } = await runOn([bare], { List_its_alerts: listOf({}, { title: null, severity: 'odd' }) });
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')).toMatchObject({ 'X-S4-ExternalID': externalIdOf('8'), Title: ': ' });
  });

  it.each([
    ['fails', { status: 500 }],
    ['does not answer', slow],
  ])('pages without its alerts where Graph %s, and is tagged', async (_, problem) => {
    const { calls, sent, result } = await runOn([defenderIncident('8')], { List_its_alerts: problem });
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')['Title']).toBe('High: Multi-stage incident on one endpoint');
    expect(calls('List_its_alerts')).toHaveLength(1);
    expect(calls('Get_incident')).toMatchObject([{ queries: {} }]);
    expect(calls('Tag_the_incident')).toHaveLength(1);
  });

  it('that SIGNL4 knows from Microsoft Sentinel or an earlier run pages nobody, and gets the tag', async () => {
    for (const state of [1, 2, 4]) {
      const { calls, sent } = await runOn([defenderIncident('9')], { Find_it_in_SIGNL4: alertsOf(state) });
      expect(calls('Send_to_SIGNL4')).toEqual([]);
      expect(sent('Tag_the_incident')).toEqual({ customTags: ['SIGNL4'] });
    }
  });

  it.each<readonly [string, CallAnswer]>([
    ['another status', { status: 200, body: { eventId: 'x' } }],
    ['no body', { status: 204 }],
    ['no id', { status: 201, body: {} }],
    ['an empty id', { status: 201, body: { eventId: '' } }],
    ['a web page', webPage],
  ])('is not tagged where SIGNL4 confirms it with %s', async (_, confirmation) => {
    const { calls } = await runOn([defenderIncident('10')], { Send_to_SIGNL4: confirmation });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(calls('Tag_the_incident')).toEqual([]);
  });

  it.each([
    ['refuses it', { status: 400, body: { code: 1 } }],
    ['is down', { status: 503 }],
    ['is busy', { status: 429 }],
    ['does not answer', slow],
  ])('that SIGNL4 %s is sent once, not tagged, and fails the run', async (_, problem) => {
    const { calls, result } = await runOn([defenderIncident('11')], { Send_to_SIGNL4: problem });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(calls('Tag_the_incident')).toEqual([]);
    expect(result.status).toBe('Failed');
  });

  it.each([
    ['is down', { status: 503 }],
    ['refuses the key', { status: 401 }],
    ['does not answer', slow],
    ['answers with a web page', webPage],
  ])('is sent, once, where SIGNL4 cannot be asked whether it knows it: it %s', async (_, problem) => {
    const { calls } = await runOn([defenderIncident('12')], { Find_it_in_SIGNL4: problem });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(calls('Tag_the_incident')).toHaveLength(1);
  });

  it('that is over waits for SIGNL4 to say whether it knows it', async () => {
    const over = defenderIncident('17', { status: 'resolved', customTags: ['SIGNL4'] });
    const { calls } = await runOn([over], { Find_it_in_SIGNL4: { status: 503 } });
    expect(calls('Resolve_the_alerts')).toEqual([]);
    expect(calls('Tag_the_incident')).toEqual([]);
  });

  it.each([
    ['of somebody else that ends alike', ['VIP-Resolved']],
    ['of ours, from a time before it was reopened', ['SIGNL4-Resolved']],
  ])('is sent whatever tag it has %s', async (_, customTags) => {
    const { calls } = await runOn([defenderIncident('18', { customTags })]);
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
  });

  it('that fails keeps no other back', async () => {
    const found = [defenderIncident('13'), defenderIncident('14')];
    const { calls, result } = await runOn(found, { Send_to_SIGNL4: [{ status: 500 }, taken] });
    expect(result.status).toBe('Failed');
    expect(calls('Tag_the_incident').map((call) => call.path)).toEqual([path('14')]);
  });

  it('that was tagged or taken since the list was read keeps that', async () => {
    const listed = defenderIncident('15');
    const now = answer(defenderIncident('15', { customTags: ['analyst-was-here'] }));
    const { sent } = await runOn([listed], { Get_incident: now });
    expect(sent('Tag_the_incident')).toEqual({ customTags: ['analyst-was-here', 'SIGNL4'] });
  });

  it('that was resolved since the list was read pages nobody', async () => {
    const now = answer(defenderIncident('16', { status: 'resolved' }));
    const { calls } = await runOn([defenderIncident('16')], { Get_incident: now });
    expect(calls('Send_to_SIGNL4')).toEqual([]);
  });
});

describe('an incident that is over', () => {
  const resolved = (own: Readonly<Record<string, Json>> = {}) =>
    defenderIncident('20', { status: 'resolved', customTags: ['SIGNL4'], ...own });

  it('has its alerts resolved once, no matter who resolved it', async () => {
    const { sent } = await runOn([resolved()], { Find_it_in_SIGNL4: alertsOf(1) });
    expect(sent('Resolve_the_alerts')).toMatchObject({
      Message: 'Resolved in Microsoft Defender.',
      'X-S4-ExternalID': externalIdOf('20'),
      'X-S4-Status': 'resolved',
    });
    expect(sent('Tag_the_incident')).toEqual({ customTags: ['SIGNL4', 'SIGNL4-Resolved'] });
    const again = await runOn([resolved({ customTags: ['SIGNL4', 'SIGNL4-Resolved'] })], {
      Find_it_in_SIGNL4: alertsOf(4),
    });
    expect(again.calls('Resolve_the_alerts')).toEqual([]);
    expect(again.calls('Tag_the_incident')).toEqual([]);
  });

  it('is not marked as settled where SIGNL4 did not take that', async () => {
    const { calls, result } = await runOn([resolved()], {
      Find_it_in_SIGNL4: alertsOf(1),
      Resolve_the_alerts: { status: 400 },
    });
    expect(calls('Tag_the_incident')).toEqual([]);
    expect(result.status).toBe('Failed');
  });

  it('and was never sent, or is unknown to SIGNL4, is left alone', async () => {
    for (const own of [{ customTags: [] }, {}]) {
      const { calls } = await runOn([resolved(own)]);
      expect([...calls('Send_to_SIGNL4'), ...calls('Resolve_the_alerts'), ...calls('Tag_the_incident')]).toEqual([]);
    }
  });

  it('rings on where the config does not let Defender close it', async () => {
    const config = { ...withoutRelay, sync: { ...withoutRelay.sync, closed: false } };
    const test = playbookUnderTest(defenderIncidents, usual, config);
    const { result, calls } = await runOn([resolved()], { Find_it_in_SIGNL4: alertsOf(1) }, test);
    expect(result.calls.map(({ action }) => action)).toEqual(['List_incidents']);
    expect(calls('Tag_the_incident')).toEqual([]);
  });
});

describe('an incident that was merged', () => {
  const merged = defenderIncident('30', { status: 'redirected', redirectIncidentId: '31' });
  const goesOn = (own: Readonly<Record<string, Json>> = {}) =>
    defenderIncident('31', { severity: 'low', customTags: ['SIGNL4'], ...own });
  const test = filtered({ severities: ['High'] });
  /** Only the merged one is in the list. `its`, `theirs`: what SIGNL4 has of it and of the one that goes on. */
  const mergedInto = (now: JsonObject, its: CallAnswer, theirs: CallAnswer, answers: Answers = {}, under = test) =>
    runOn(
      [merged],
      { Get_incident: answer(now), Find_its_own_alerts: its, Find_it_in_SIGNL4: theirs, ...answers },
      under,
    );

  it('has the incident that goes on paged, in the list or not, whatever its severity and tags; then its alert is settled with a pointer', async () => {
    for (const now of [goesOn(), goesOn({ customTags: [] })]) {
      const { calls, sent, result } = await mergedInto(now, alertsOf(1), none);
      expect(result.status).toBe('Succeeded');
      expect(calls('Get_incident').map((call) => call.path)).toEqual([path('31')]);
      expect([sent('Find_its_own_alerts'), sent('Find_it_in_SIGNL4')]).toEqual([
        { externalId: externalIdOf('30') },
        { externalId: externalIdOf('31') },
      ]);
      expect(calledIds(calls('Send_to_SIGNL4'))).toEqual([externalIdOf('31')]);
      expect(calls('Resolve_the_alerts')).toMatchObject([
        { body: { Message: 'Merged into incident 31.', 'X-S4-ExternalID': externalIdOf('30') } },
      ]);
      expect(calls('Tag_the_incident').map((call) => call.path)).toEqual(
        now['customTags']?.toString() === '' ? [path('31')] : [],
      );
    }
  });

  it('is told so once', async () => {
    const { result } = await mergedInto(goesOn(), alertsOf(4, 4), alertsOf(1));
    expect(result.calls.filter(({ method }) => method !== 'GET').map(({ action }) => action)).toEqual([
      'Find_it_in_SIGNL4',
      'Find_its_own_alerts',
    ]);
  });

  it.each([
    ['is down', { status: 503 }],
    ['is busy', { status: 429 }],
    ['does not answer', slow],
    ['answers with a web page', webPage],
  ])(
    'waits where SIGNL4 %s when it is asked for the one that goes on, which may have been paged',
    async (_, problem) => {
      for (const its of [alertsOf(1), alertsOf(4)]) {
        const { calls } = await mergedInto(goesOn(), its, none, { Find_it_in_SIGNL4: problem });
        expect([...calls('Send_to_SIGNL4'), ...calls('Resolve_the_alerts')]).toEqual([]);
      }
    },
  );

  it('and closed on the phone before has the one that goes on paged', async () => {
    const { calls } = await mergedInto(goesOn(), alertsOf(4), none);
    expect(calledIds(calls('Send_to_SIGNL4'))).toEqual([externalIdOf('31')]);
    expect(calls('Resolve_the_alerts')).toEqual([]);
  });

  it('into one that has its page is settled, and nobody is paged again', async () => {
    const { calls } = await mergedInto(goesOn(), alertsOf(4, 1), alertsOf(2));
    expect(calls('Send_to_SIGNL4')).toEqual([]);
    expect(calls('Resolve_the_alerts')).toHaveLength(1);
  });

  it('rings on where SIGNL4 did not take the page of the one that goes on', async () => {
    for (const problem of [{ status: 503 }, { status: 201, body: {} }]) {
      const { calls } = await mergedInto(goesOn(), alertsOf(1), none, { Send_to_SIGNL4: problem });
      expect(calls('Resolve_the_alerts')).toEqual([]);
    }
  });

  it.each<readonly [string, Readonly<Record<string, Json>>]>([
    ['a machine resolved, nobody’s', { status: 'resolved', lastModifiedBy: 'Automated investigation' }],
    [
      'a machine resolved that somebody had',
      { status: 'resolved', assignedTo: 'a@b.c', lastModifiedBy: 'Microsoft XDR' },
    ],
    ['was resolved, by nobody knows whom', { status: 'resolved', assignedTo: null, lastModifiedBy: null }],
    ['was merged further', { status: 'redirected', redirectIncidentId: '32' }],
  ])('into one that %s and that was never paged rings on', async (_, own) => {
    const { calls, result } = await mergedInto(goesOn(own), alertsOf(1), none);
    expect(result.status).toBe('Succeeded');
    expect([...calls('Send_to_SIGNL4'), ...calls('Resolve_the_alerts'), ...calls('Tag_the_incident')]).toEqual([]);
  });

  it('into one that a person resolved is settled', async () => {
    const own = { status: 'resolved', assignedTo: 'A.Tanaka@contoso.com', lastModifiedBy: 'a.tanaka@contoso.com' };
    const { calls } = await mergedInto(goesOn(own), alertsOf(1), none);
    expect(calledIds(calls('Resolve_the_alerts'))).toEqual([externalIdOf('30')]);
    expect(calls('Tag_the_incident')).toEqual([]);
  });

  it('rings on where Graph does not say into which', async () => {
    const nowhere = { ...merged, redirectIncidentId: null };
    const { calls } = await runOn([nowhere], { Find_it_in_SIGNL4: alertsOf(1) }, test);
    expect([...calls('Send_to_SIGNL4'), ...calls('Resolve_the_alerts'), ...calls('Tag_the_incident')]).toEqual([]);
  });

  it('rings on where the config does not let Defender close it; the one that goes on pages', async () => {
    const config = { ...withoutRelay, sync: { ...withoutRelay.sync, closed: false } };
    const open = playbookUnderTest(defenderIncidents, usual, config);
    const { calls } = await mergedInto(goesOn(), alertsOf(1), none, {}, open);
    expect(calledIds(calls('Send_to_SIGNL4'))).toEqual([externalIdOf('31')]);
    expect(calls('Resolve_the_alerts')).toEqual([]);
  });

  it('and never sent pages nobody, where nobody chose the one that goes on', async () => {
    const { calls } = await mergedInto(goesOn({ customTags: [] }), none, none);
    expect([...calls('Send_to_SIGNL4'), ...calls('Resolve_the_alerts')]).toEqual([]);
  });
});

describe('every action', () => {
  it('was executed and skipped by some test', () => {
    const always = ['Next_page', 'Until_every_page_is_read', 'List_incidents', 'Turn_the_page'];
    expect(underTest.uncovered()).toEqual({ neverExecuted: [], neverSkipped: always });
  });
});
