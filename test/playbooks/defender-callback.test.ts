import { describe, expect, it } from 'vitest';
import { defenderCallback } from '../../playbooks/SIGNL4-Defender-Callback/playbook.ts';
import type { Json } from '../../src/wdl/types.ts';
import { answer, defenderIncident, withoutRelay } from './support/defender.ts';
import { type Answers, ok, playbookUnderTest, sample, withValue } from './support/playbook.ts';

/* What each act in SIGNL4 does to an incident of Microsoft Defender. */

const asItIsNow = (own: Readonly<Record<string, Json | undefined>> = {}) => answer(defenderIncident('1791', own));
const usual: Answers = {
  Get_incident: asItIsNow(),
  Set_active_and_assign: ok,
  Set_active: ok,
  Close_the_incident: ok,
  Set_it_back: ok,
  Tag_as_escalated: ok,
  Tag_as_no_response: ok,
  Comment_on_the_incident: ok,
};
const { run, uncovered } = playbookUnderTest(defenderCallback, usual, withoutRelay);
const acts = ['acknowledged', 'closed', 'annotated', 'escalated', 'no-response', 'reopened'] as const;
const notification = (name: (typeof acts)[number]) => sample(defenderCallback, name);
const closedWith = (note: string) => withValue(notification('closed'), ['annotation', 'message'], note);
const path = '/v1.0/security/incidents/1791';
/** The only PATCH of a run, and none. */
const patches = ({ result }: Awaited<ReturnType<typeof run>>) =>
  result.calls.filter(({ method }) => method === 'PATCH').map(({ path: at, body }) => ({ path: at, body }));

describe('an alert that is', () => {
  it('acknowledged puts the incident in progress and assigns it, with a comment', async () => {
    const { result, calls, sent } = await run(notification('acknowledged'));
    expect(result.status).toBe('Succeeded');
    expect(calls('Get_incident')).toMatchObject([
      { method: 'GET', path, queries: {}, headers: { Prefer: 'include-unknown-enum-members' } },
    ]);
    expect(calls('Set_active_and_assign')).toMatchObject([{ method: 'PATCH', path }]);
    expect(sent('Set_active_and_assign')).toEqual({ status: 'inProgress', assignedTo: 'm.lopez@contoso.com' });
    expect(calls('Comment_on_the_incident')).toMatchObject([
      {
        method: 'POST',
        path: `${path}/comments`,
        body: {
          '@odata.type': 'microsoft.graph.security.alertComment',
          comment: 'SIGNL4: Acknowledged by mlopez. On it [dd209a2d]',
        },
      },
    ]);
  });

  it('closed resolves the incident with classification and determination in one write', async () => {
    const { sent } = await run(notification('closed'));
    expect(sent('Close_the_incident')).toEqual({
      status: 'resolved',
      classification: 'falsePositive',
      determination: 'notMalicious',
      resolvingComment: 'Closed in SIGNL4 by mlopez. #fp known scanner, ticket 88',
    });
  });

  it.each([
    ['#tp host rebuilt', 'truePositive', 'other'],
    ['pen test #BP', 'informationalExpectedActivity', 'confirmedActivity'],
    ['#fpdata old feed', 'falsePositive', 'notEnoughDataToValidate'],
  ])('closed with %j is %s, %s', async (note, classification, determination) => {
    const { sent } = await run(closedWith(note));
    expect(sent('Close_the_incident')).toMatchObject({ classification, determination });
  });

  it('closed without a hashtag keeps what an analyst decided, and null is unknown', async () => {
    const decided = { classification: 'truePositive', determination: 'malware' };
    const kept = await run(closedWith('done'), { Get_incident: asItIsNow(decided) });
    expect(kept.sent('Close_the_incident')).toMatchObject(decided);
    for (const own of [{ classification: null, determination: null }, { classification: undefined }]) {
      const { sent } = await run(closedWith('done'), { Get_incident: asItIsNow(own) });
      expect(sent('Close_the_incident')).toMatchObject({ classification: 'unknown', determination: 'unknown' });
    }
  });

  it('annotated leaves a comment, nothing else', async () => {
    const answered = await run(notification('annotated'));
    expect(patches(answered)).toEqual([]);
    expect(answered.sent('Comment_on_the_incident')['comment']).toMatch(
      /^SIGNL4: mlopez: Isolated <fin-ws-017> & called the user \[[0-9a-f]{8}\]$/,
    );
  });

  it.each([
    ['escalated', 'Tag_as_escalated', 'SIGNL4-Escalated'],
    ['no-response', 'Tag_as_no_response', 'SIGNL4-NoResponse'],
  ] as const)('%s adds a tag to those that are there', async (name, action, tag) => {
    const { sent } = await run(notification(name), { Get_incident: asItIsNow({ customTags: ['VIP', 'SIGNL4'] }) });
    expect(sent(action)).toEqual({ customTags: ['VIP', 'SIGNL4', tag] });
    for (const customTags of [null, undefined]) {
      const bare = await run(notification(name), { Get_incident: asItIsNow({ customTags }) });
      expect(bare.sent(action)).toEqual({ customTags: [tag] });
    }
  });

  it.each([
    ['resolved', 'someone@contoso.com'],
    ['inProgress', null],
    ['inProgress', 'M.Lopez@contoso.com'],
  ])('reopened sets an incident back that is %s and of %s', async (status, assignedTo) => {
    const { sent } = await run(notification('reopened'), { Get_incident: asItIsNow({ status, assignedTo }) });
    expect(sent('Set_it_back')).toEqual({ status: 'active', assignedTo: null });
  });

  it('reopened leaves an incident alone that somebody else took in Microsoft Defender', async () => {
    const theirs = asItIsNow({ status: 'inProgress', assignedTo: 'a.tanaka@contoso.com' });
    expect(patches(await run(notification('reopened'), { Get_incident: theirs }))).toEqual([]);
  });
});

describe('a repeated or late notification', () => {
  it.each<readonly [(typeof acts)[number], Readonly<Record<string, Json>>]>([
    ['acknowledged', { status: 'inProgress', assignedTo: 'm.lopez@contoso.com' }],
    ['acknowledged', { status: 'inProgress', assignedTo: 'a.tanaka@contoso.com' }],
    ['acknowledged', { status: 'resolved' }],
    ['closed', { status: 'resolved' }],
    ['reopened', { status: 'active' }],
  ])('(%s) finds the incident as it should be (%j), and changes nothing', async (name, own) => {
    const answered = await run(notification(name), { Get_incident: asItIsNow(own) });
    expect(patches(answered)).toEqual([]);
    expect(answered.result.status).toBe('Succeeded');
  });

  it.each(acts)('(%s) writes its comment once', async (name) => {
    const first = await run(notification(name));
    const comments = [{ comment: first.sent('Comment_on_the_incident')['comment'] ?? '' }];
    const again = await run(notification(name), { Get_incident: asItIsNow({ comments }) });
    expect(again.calls('Comment_on_the_incident')).toEqual([]);
  });

  it.each([null, '33520459', ''])('with the id %j has a reference too', async (id) => {
    const body = withValue(notification('annotated'), ['id'], id);
    const { sent } = await run(body, { Get_incident: asItIsNow({ comments: [] }) });
    expect(sent('Comment_on_the_incident')['comment']).toContain(`[${String(body['eventRaisedUtc'])}]`);
  });
});

describe('an incident that was merged', () => {
  const merged = (id: string, into: string) =>
    answer(defenderIncident(id, { status: 'redirected', redirectIncidentId: into }));

  it.each(acts)('has what is done (%s) done to the one that goes on, through a chain of merges', async (name) => {
    const survivor = answer(defenderIncident('1793'));
    const reads = [merged('1791', '1792'), merged('1792', '1793'), survivor];
    const { calls, result } = await run(notification(name), { Get_incident: reads });
    expect(result.status).toBe('Succeeded');
    expect(calls('Get_incident').map((call) => call.path.split('/').at(-1))).toEqual(['1791', '1792', '1793']);
    const written = result.calls.filter(({ method }) => method !== 'GET').map((call) => call.path);
    expect(new Set(written.map((one) => one.split('/')[4]))).toEqual(new Set(['1793']));
  });

  it('in a circle ends', async () => {
    const { calls } = await run(notification('annotated'), { Get_incident: merged('1791', '1791') });
    expect(calls('Get_incident')).toHaveLength(11);
  });

  it('ten times over is followed to the one that goes on', async () => {
    const merges = Array.from({ length: 10 }, (_, index) => merged(String(1791 + index), String(1792 + index)));
    const { calls } = await run(notification('annotated'), {
      Get_incident: [...merges, answer(defenderIncident('1801'))],
    });
    expect(calls('Comment_on_the_incident').map(({ path }) => path.split('/')[4])).toEqual(['1801']);
  });
});

describe('trouble', () => {
  it('with the person as an owner keeps back nothing else', async () => {
    const { sent } = await run(notification('acknowledged'), { Set_active_and_assign: { status: 400 } });
    expect(sent('Set_active')).toEqual({ status: 'inProgress' });
  });

  it.each([403, 404])('%i on reading fails the run, and nothing is written', async (status) => {
    const { result } = await run(notification('closed'), { Get_incident: { status } });
    expect(result.status).toBe('Failed');
    expect(result.calls.every(({ method }) => method === 'GET')).toBe(true);
    expect(result.response?.status).toBe(202);
  });

  it('with one of change and comment does not keep the other, and fails the run', async () => {
    const refused = await run(closedWith('#fp'), { Close_the_incident: { status: 400 } });
    expect(refused.calls('Comment_on_the_incident')).toHaveLength(1);
    expect(refused.result.status).toBe('Failed');
    const silent = await run(closedWith('#fp'), { Comment_on_the_incident: { status: 400 } });
    expect(silent.calls('Close_the_incident')).toHaveLength(1);
    expect(silent.result.status).toBe('Failed');
  });

  it('of a busy service is waited for', async () => {
    const busy = { status: 429, headers: { 'Retry-After': '20' } };
    const { result } = await run(notification('closed'), {
      Get_incident: [busy, asItIsNow()],
      Close_the_incident: [busy, ok],
    });
    expect(result.status).toBe('Succeeded');
  });
});

describe('what is not about an incident here', () => {
  const about = (externalEventId: Json) =>
    withValue(notification('closed'), ['alert', 'externalEventId'], externalEventId);

  it.each([
    ['a test', sample(defenderCallback, 'test')],
    ['an alert of another system', sample(defenderCallback, 'other-system')],
    [
      'an incident of Microsoft Sentinel',
      about('sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5'),
    ],
    ['an incident of another tenant', about('graph:22222222-2222-2222-2222-222222222222:1791')],
    ['no alert', withValue(notification('closed'), ['alert'], null)],
    ['nobody’s act', withValue(notification('closed'), ['user'], null)],
    ['nothing at all', {}],
  ])('(%s) changes nothing', async (_, body) => {
    const { result } = await run(body);
    expect(result.status).toBe('Cancelled');
    expect(result.calls).toEqual([]);
  });
});

describe('every action', () => {
  it('was executed and skipped by some test', () => {
    const always = [
      ...['Answer_SIGNL4', 'What_happened_in_SIGNL4', 'External_event_ID', 'Note', 'Comments'],
      'Is_it_about_an_incident_here',
    ];
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: always });
  });
});
