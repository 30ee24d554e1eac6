import { describe, expect, it } from 'vitest';
import { whoIsOnCall } from '../../playbooks/SIGNL4-Who-Is-On-Call/playbook.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

const users = [
  {
    name: 'Maria Lopez',
    mail: 'm.lopez@contoso.com',
    dutyInfos: [{ teamId: 't', dutyMode: 1, since: '2026-11-02T00:00:00Z' }],
  },
  { name: 'Jo Doe', mail: 'jo@contoso.com', dutyInfos: [{ teamId: 't', dutyMode: 0 }] },
  { name: null, mail: 'shift@contoso.com', dutyInfos: [{ teamId: 't', dutyMode: 100 }] },
  { name: 'No Duty', mail: 'no@contoso.com', dutyInfos: null },
];

const { run, uncovered } = playbookUnderTest(whoIsOnCall, {
  List_users: { status: 200, body: users },
  Comment_on_the_incident: { status: 201 },
});

const incident = sample(whoIsOnCall, 'incident');

describe('who is on call', () => {
  it('is written on the incident', async () => {
    const { result, sent, calls } = await run(incident);
    expect(result.status).toBe('Succeeded');
    expect(calls('List_users')).toMatchObject([{ method: 'GET', path: '/v2/users' }]);
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: {
        message: 'SIGNL4: on call now: Maria Lopez (m.lopez@contoso.com), shift@contoso.com (shift@contoso.com).',
      },
    });
  });

  it.each([
    ['nobody is on duty', [users[1]]],
    ['there are no users', []],
    ['the list is null', null],
  ])('says so where %s', async (_, body) => {
    const { sent } = await run(incident, { List_users: { status: 200, body: body as never } });
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: { message: 'SIGNL4: on call now: nobody.' },
    });
  });

  it('says so in the words that were chosen in the designer', async () => {
    const { sent } = await run(incident, { List_users: { status: 200, body: [] } }, { NobodyText: 'call the hotline' });
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: { message: 'SIGNL4: on call now: call the hotline.' },
    });
  });

  it('names people whose names look like mark-up or like duties, and only those on duty', async () => {
    const people = [
      { name: '<b>Kim</b>', mail: 'kim@contoso.com', dutyInfos: [{ dutyMode: 1, teamName: 'a' }] },
      { name: 'Pat', mail: 'pat@contoso.com', dutyInfos: [{ teamName: 'x","dutyMode":100', dutyMode: 0 }] },
      { Name: 'Lee', Mail: 'lee@contoso.com', DutyInfos: [{ DutyMode: 100 }] },
      { name: 'Sam', mail: 'sam@contoso.com', dutyInfos: [{ dutyMode: 10 }] },
      { name: 'Ana', mail: 'ana@contoso.com', dutyInfos: [{ dutyMode: 0 }, { dutyMode: 1 }] },
    ];
    const { sent } = await run(incident, { List_users: { status: 200, body: people } });
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: {
        message:
          'SIGNL4: on call now: &lt;b>Kim&lt;/b> (kim@contoso.com), Lee (lee@contoso.com), Ana (ana@contoso.com).',
      },
    });
  });

  it.each([
    ['an empty body', undefined],
    ['no incident', {}],
    ['an incident without an id', withValue(incident, ['object', 'id'], undefined)],
  ])('does nothing for %s', async (_, body) => {
    const { result } = await run(body);
    expect(result).toMatchObject({ status: 'Cancelled', calls: [] });
  });
});

describe('upstream', () => {
  it.each([
    ['404', { status: 404 }, 1],
    ['500', { status: 500 }, 5],
    ['no answer', slow, 5],
    ['text in place of a list', { status: 200, body: 'maintenance' }, 1],
  ])('SIGNL4 answers %s: the run fails and nothing is written', async (_, answer, tries) => {
    const { result, calls } = await run(incident, { List_users: answer });
    expect(result.status).toBe('Failed');
    expect(calls('List_users')).toHaveLength(tries);
    expect(calls('Comment_on_the_incident')).toEqual([]);
  });

  it('SIGNL4 answers 429 with Retry-After: it is asked again', async () => {
    const { result } = await run(incident, {
      List_users: [
        { status: 429, headers: { 'Retry-After': '2' } },
        { status: 200, body: users },
      ],
    });
    expect(result.status).toBe('Succeeded');
  });

  it.each([
    ['403', { status: 403 }],
    ['409', { status: 409 }],
    ['500', { status: 500 }],
  ])('Sentinel answers the comment with %s: the run fails', async (_, answer) => {
    expect((await run(incident, { Comment_on_the_incident: answer })).result.status).toBe('Failed');
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['Is_there_an_incident'] });
  });
});
