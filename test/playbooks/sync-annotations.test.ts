import { describe, expect, it } from 'vitest';
import { syncIncident } from '../../playbooks/SIGNL4-Sync-Incident/playbook.ts';
import type { CallResult } from '../../src/engine/calls.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { alertsOf, none, taken, webPage } from './support/incidents.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

/* Comments and late alerts on the way to SIGNL4, and SIGNL4 where it does not listen. */

const { run } = playbookUnderTest(syncIncident, {
  List_alerts: alertsOf(1),
  Resolve_the_alerts: taken,
  Acknowledge_the_alerts: taken,
  Page_again: taken,
  Ask_SIGNL4_again: alertsOf(1),
  Page_once_more: taken,
  Annotate: { status: 200, body: {} },
});

const closed = sample(syncIncident, 'closed');
const commented = sample(syncIncident, 'commented');
const ownerSet = sample(syncIncident, 'owner-set');
const raised = sample(syncIncident, 'severity-raised');
const commentedWith = (...messages: readonly Json[]) =>
  withValue(
    commented,
    ['incidentUpdates', 'comments'],
    messages.map((message) => ({ properties: { message } })),
  );
const joined = (...alerts: readonly JsonObject[]) =>
  withValue(
    withValue(
      withValue(commented, ['incidentUpdates', 'comments'], []),
      ['incidentUpdates', 'updatedFields'],
      ['Alerts'],
    ),
    ['incidentUpdates', 'alerts'],
    alerts,
  );
const late = { properties: { alertDisplayName: 'Mass download', severity: 'High', description: '4 GB in an hour' } };

describe('a comment', () => {
  it('of a person is an annotation of every alert that is not closed', async () => {
    const { result, calls } = await run(commentedWith('Blocked the address'), { List_alerts: alertsOf(1, 4, 2) });
    expect(calls('Annotate').map(({ method, path }) => [method, path])).toEqual([
      ['POST', '/v2/alerts/alert-1/annotate'],
      ['POST', '/v2/alerts/alert-3/annotate'],
    ]);
    expect(calls('Annotate')[0]?.body).toEqual({
      text: expect.stringMatching(/^\[Sentinel\] Blocked the address\s*$/),
      userId: null,
    });
    expect(result.status).toBe('Succeeded');
  });

  it('of ours is none, however the portal wrapped it', async () => {
    for (const message of ['SIGNL4: Acknowledged by Maria', '<div><p><span>SIGNL4:&nbsp;Acknowledged</span></p></div>'])
      expect((await run(commentedWith(message))).calls('Annotate')).toEqual([]);
    expect((await run(sample(syncIncident, 'own-comment'))).calls('Annotate')).toEqual([]);
  });

  it('of a person crosses without ours that came in the same update', async () => {
    for (const messages of [
      ['first', 'SIGNL4: ours'],
      ['SIGNL4: ours', 'first'],
    ])
      expect((await run(commentedWith(...messages))).sent('Annotate')['text']).toMatch(/^\[Sentinel\] first\s*$/);
  });

  it.each(['{{note}} @{triggerBody()} "\\ 🚨 \u202e', "O'Brien <b>&</b>", '[concat(1)]'])(
    'is a string, whatever is in it: %s',
    async (message) => {
      const { result, sent } = await run(commentedWith(message));
      expect(sent('Annotate')['text']).toContain(message);
      expect(result.status).toBe('Succeeded');
    },
  );

  it.each([
    ['no comments', withValue(commented, ['incidentUpdates', 'comments'], undefined)],
    ['comments of null', withValue(commented, ['incidentUpdates', 'comments'], null)],
    ['no updates', withValue(commented, ['incidentUpdates'], undefined)],
  ])('is not there where the update has %s', async (_, body) => {
    const { result, calls } = await run(body);
    expect(calls('Annotate')).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });

  it.each([[{}], [null], [{ properties: null }]])('of a strange shape (%j) does no harm', async (comment) => {
    const { result } = await run(withValue(commented, ['incidentUpdates', 'comments'], [comment as Json]));
    expect(result.status).toBe('Succeeded');
  });

  it.each([
    ['', null],
    [' ', null],
    ['u-1', 'u-1'],
    [' u-1 ', 'u-1'],
  ])('appears in the name that was chosen: %j', async (AnnotateAs, userId) => {
    expect((await run(commented, {}, { AnnotateAs })).sent('Annotate')['userId']).toBe(userId);
  });

  it('is none where every alert is closed, or where there are none', async () => {
    for (const list of [alertsOf(4, 4), none, { status: 204 }]) {
      const { result, calls } = await run(commented, { List_alerts: list });
      expect(calls('Annotate')).toEqual([]);
      expect(result.status).toBe('Succeeded');
    }
  });
});

describe('an alert that joins the incident later', () => {
  it('is told with its title, severity and description', async () => {
    const { sent } = await run(joined(late));
    expect(sent('Annotate')['text']).toBe('[Sentinel] \n1 new alerts: Mass download High 4 GB in an hour');
  });

  it('is told with how many there are, and with a comment of the same update', async () => {
    const { sent } = await run(withValue(commentedWith('Look'), ['incidentUpdates', 'alerts'], [late, late]));
    expect(sent('Annotate')['text']).toBe('[Sentinel] Look\n2 new alerts: Mass download High 4 GB in an hour');
  });

  it.each([[{}], [{ properties: null }], [{ properties: { description: null } }]])(
    'of a strange shape (%j) does no harm',
    async (alert) => {
      expect((await run(joined(alert as JsonObject))).result.status).toBe('Succeeded');
    },
  );
});

describe('an incident', () => {
  it.each<[string, JsonObject | undefined]>([
    ['that was never sent', withValue(closed, ['object', 'properties', 'labels'], [{ labelName: 'SIGNL4-Escalated' }])],
    ['without labels', withValue(closed, ['object', 'properties', 'labels'], null)],
    ['of the designer’s run', undefined],
    ['of an empty object', {}],
  ])('%s is left alone', async (_, body) => {
    const { result, status } = await run(body);
    expect(result).toMatchObject({ status: 'Cancelled', calls: [] });
    expect(status('Never_sent')).toBe('Succeeded');
  });

  it('whose tag was chosen in the designer is found by it', async () => {
    const body = withValue(closed, ['object', 'properties', 'labels'], [{ labelName: 'Paged' }]);
    expect((await run(body, {}, { Tag: 'Paged' })).calls('Resolve_the_alerts')).toHaveLength(1);
  });
});

describe('SIGNL4', () => {
  const changes = [
    ['List_alerts', closed],
    ['Resolve_the_alerts', closed],
    ['Acknowledge_the_alerts', ownerSet],
    ['Annotate', commented],
  ] as const;
  const failures: readonly (readonly [string, CallResult, number])[] = [
    ['404', { status: 404 }, 1],
    ['401', { status: 401 }, 1],
    ['503', { status: 503 }, 5],
    ['no answer', slow, 5],
  ];

  it.each(changes.flatMap(([action, body]) => failures.map((failure) => [action, ...failure, body] as const)))(
    'that answers %s with %s: the run fails, an alert may go on ringing',
    async (action, _, answer, tries, body) => {
      const { result, calls } = await run(body, { [action]: answer });
      expect(calls(action)).toHaveLength(tries);
      expect(result.status).toBe('Failed');
    },
  );

  it.each(changes)('that is busy takes %s a little later', async (action, body) => {
    const later = action === 'List_alerts' ? alertsOf(1) : taken;
    const busy = { status: 429, headers: { 'Retry-After': '4' } };
    const { result, calls } = await run(body, { [action]: [busy, later] });
    expect(calls(action)).toHaveLength(2);
    expect(result.status).toBe('Succeeded');
  });

  const unconfirmed: readonly (readonly [string, CallResult])[] = [
    ['200 {}', { status: 200, body: {} }],
    ["200 ''", { status: 200, body: '' }],
    ['204', { status: 204 }],
    ['an empty event id', { status: 201, body: { eventId: '' } }],
    ['a web page', webPage],
    ['404', { status: 404 }],
    ['503', { status: 503 }],
    ['no answer', slow],
  ];

  it.each(unconfirmed)('that does not confirm the second page (%s) is asked and told once more', async (_, answer) => {
    const { result, calls } = await run(raised, { Page_again: answer });
    expect([calls('Page_again').length, calls('Ask_SIGNL4_again').length, calls('Page_once_more').length]).toEqual([
      1, 1, 1,
    ]);
    expect(calls('Page_once_more')[0]?.body).toEqual(calls('Page_again')[0]?.body);
    expect(result.status).toBe('Succeeded');
  });

  it.each(unconfirmed)('that has the page although its answer was %s is not told again', async (_, answer) => {
    const { result, calls } = await run(raised, { Page_again: answer, Ask_SIGNL4_again: alertsOf(1, 1) });
    expect(calls('Page_once_more')).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });

  it.each(unconfirmed)('that confirms neither (%s) fails the run', async (_, answer) => {
    const { result } = await run(raised, { Page_again: answer, Page_once_more: answer });
    expect(result.status).toBe('Failed');
  });

  it.each([[{ status: 503 }], [webPage], [slow]])('that cannot be asked (%j) is told once more', async (answer) => {
    const { calls } = await run(raised, { Page_again: { status: 503 }, Ask_SIGNL4_again: answer });
    expect(calls('Page_once_more')).toHaveLength(1);
  });

  it('that does not take one change is not told the next: the failed run may be resubmitted as a whole', async () => {
    const both = withValue(raised, ['incidentUpdates', 'comments'], [{ properties: { message: 'Look' } }]);
    const { result, calls } = await run(both, { Page_again: { status: 404 }, Page_once_more: { status: 404 } });
    expect(calls('Annotate')).toEqual([]);
    expect(result.status).toBe('Failed');
  });
});
