import { describe, expect, it } from 'vitest';
import { callback } from '../../playbooks/SIGNL4-Callback/playbook.ts';
import { answersToCallback, armId, asItIsNow, dana, nobody } from './support/incidents.ts';
import { playbookUnderTest, sample, withValue } from './support/playbook.ts';

/* What each act in SIGNL4 does to the incident. */

const { run, uncovered } = playbookUnderTest(callback, answersToCallback);

const acknowledged = sample(callback, 'acknowledged');
const closed = sample(callback, 'closed');
const annotated = sample(callback, 'annotated');
const reopened = sample(callback, 'reopened');
const closedWith = (note: string | null) => withValue(closed, ['annotation', 'message'], note);
const maria = { ...dana, email: 'm.lopez@contoso.com', userPrincipalName: 'm.lopez@contoso.com' };
const closing = (note: string | null) => ({
  classification: { ClassificationReasonText: `Closed in SIGNL4 by mlopez. ${note ?? ''}` },
});

/** Every act, and the call that it leads to. */
const acts = [
  ['acknowledged', 'Set_active_and_assign', {}],
  ['closed', 'Close_the_incident', {}],
  ['escalated', 'Tag_as_escalated', {}],
  ['no-response', 'Tag_as_no_response', {}],
  ['reopened', 'Set_it_back', { status: 'Closed' }],
] as const;

describe('an alert that is', () => {
  it('acknowledged makes the incident active and theirs, with a comment', async () => {
    const { result, sent, calls } = await run(acknowledged);
    expect(result.status).toBe('Succeeded');
    expect(sent('Get_incident')).toEqual({ incidentArmId: armId });
    expect(calls('Set_active_and_assign')).toMatchObject([{ method: 'PUT', path: '/Incidents' }]);
    expect(sent('Set_active_and_assign')).toEqual({
      incidentArmId: armId,
      status: 'Active',
      ownerAction: 'Assign',
      owner: 'm.lopez@contoso.com',
    });
    expect(calls('Comment_on_the_incident')).toMatchObject([
      {
        method: 'PUT',
        uri: `https://management.azure.com${armId}/comments/dd209a2d-e037-41ee-b37d-f605cc0a39f1?api-version=2025-09-01`,
        authentication: { type: 'ManagedServiceIdentity' },
        body: { properties: { message: 'SIGNL4: Acknowledged by mlopez. On it' } },
      },
    ]);
  });

  it('closed closes the incident with the classification of the hashtag, and the note', async () => {
    const { sent } = await run(closed);
    expect(sent('Close_the_incident')).toEqual({
      incidentArmId: armId,
      status: 'Closed',
      classification: {
        ClassificationAndReason: 'FalsePositive - IncorrectAlertLogic',
        ClassificationReasonText: 'Closed in SIGNL4 by mlopez. #fp known scanner, ticket 88',
      },
    });
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: { message: 'SIGNL4: Closed by mlopez. #fp known scanner, ticket 88' },
    });
  });

  it('annotated leaves a comment, nothing else', async () => {
    const { result, sent } = await run(annotated);
    expect(result.calls.map(({ action }) => action).sort()).toEqual(['Comment_on_the_incident', 'Get_incident']);
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: { message: 'SIGNL4: mlopez: Isolated &lt;fin-ws-017> & called the user' },
    });
  });

  it.each([
    ['escalated', 'Tag_as_escalated', 'SIGNL4-Escalated', 'SIGNL4: Escalated to managers or another team.'],
    ['no-response', 'Tag_as_no_response', 'SIGNL4-NoResponse', 'SIGNL4: No response from the team SOC.'],
  ])('%s marks the incident with a tag and a comment', async (name, action, tag, message) => {
    const { sent } = await run(sample(callback, name));
    expect(sent(action)).toEqual({ incidentArmId: armId, tagsToAdd: { TagsToAdd: [{ Tag: tag }] } });
    expect(sent('Comment_on_the_incident')).toEqual({ properties: { message } });
  });

  it.each([
    ['a closed incident', { status: 'Closed', owner: dana }],
    ['an active one that nobody owns', { status: 'Active', owner: nobody }],
    ['their own', { status: 'Active', owner: maria }],
    ['their own, known by its user principal name', { status: 'Active', owner: { ...maria, email: null } }],
  ])('reopened sets back %s: new, and nobody’s', async (_, properties) => {
    const { sent } = await run(reopened, { Get_incident: asItIsNow(properties) });
    expect(sent('Set_it_back')).toEqual({ incidentArmId: armId, status: 'New', ownerAction: 'Unassign' });
  });

  it('reopened leaves an incident alone that somebody else took in Microsoft Sentinel', async () => {
    for (const owner of [dana, { ...dana, email: null, userPrincipalName: null }]) {
      const { result, calls } = await run(reopened, { Get_incident: asItIsNow({ status: 'Active', owner }) });
      expect(calls('Set_it_back')).toEqual([]);
      expect(calls('Comment_on_the_incident')).toHaveLength(1);
      expect(result.status).toBe('Succeeded');
    }
  });
});

describe('a repeated or late notification', () => {
  it.each([
    ['acknowledged', { status: 'Active', owner: maria }],
    ['acknowledged', { status: 'Active', owner: dana }],
    ['acknowledged', { status: 'Closed' }],
    ['closed', { status: 'Closed' }],
    ['reopened', { status: 'New' }],
  ])('(%s) finds the incident as it should be (%j), and writes nothing but the comment', async (name, properties) => {
    const { result, calls } = await run(sample(callback, name), { Get_incident: asItIsNow(properties) });
    expect(result.calls.map(({ action }) => action).sort()).toEqual(['Comment_on_the_incident', 'Get_incident']);
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it('writes its comment under the same id each time', async () => {
    const paths = [await run(acknowledged), await run(acknowledged)].map(
      ({ calls }) => calls('Comment_on_the_incident')[0]?.path,
    );
    expect(new Set(paths)).toEqual(new Set([`${armId}/comments/dd209a2d-e037-41ee-b37d-f605cc0a39f1`]));
  });

  it('out of order closes what was never acknowledged, and does not open it again', async () => {
    expect((await run(closed)).calls('Close_the_incident')).toHaveLength(1);
    const after = await run(acknowledged, { Get_incident: asItIsNow({ status: 'Closed' }) });
    expect(after.calls('Set_active_and_assign')).toEqual([]);
  });

  it('of a machine that set Active before does not keep the person from becoming the owner', async () => {
    const { calls } = await run(acknowledged, { Get_incident: asItIsNow({ status: 'Active', owner: nobody }) });
    expect(calls('Set_active_and_assign')).toHaveLength(1);
  });
});

describe('the classification', () => {
  it.each([
    ['#tp confirmed', 'TruePositive - SuspiciousActivity'],
    ['pen test #BP', 'BenignPositive - SuspiciousButExpected'],
    ['#fpdata old feed', 'FalsePositive - InaccurateData'],
    ['checked,\n#fp, scanner.', 'FalsePositive - IncorrectAlertLogic'],
    ['#tp confirmed, was not #fpdata', 'TruePositive - SuspiciousActivity'],
    ['ticket #fp-2231 / #bpm', 'Undetermined'],
    ['#nosuch tag', 'Undetermined'],
    ['fp without its sign', 'Undetermined'],
    ['', 'Undetermined'],
  ])('of the note %j is %s', async (note, chosen) => {
    expect((await run(closedWith(note))).sent('Close_the_incident')).toMatchObject({
      ...closing(note),
      classification: { ...closing(note).classification, ClassificationAndReason: chosen },
    });
  });

  it('without a hashtag is the one that was chosen in the designer', async () => {
    const chosen = { Classification: 'BenignPositive - SuspiciousButExpected' };
    for (const body of [closedWith('done'), withValue(closed, ['annotation'], null)]) {
      expect((await run(body, {}, chosen)).sent('Close_the_incident')).toMatchObject({
        classification: { ClassificationAndReason: 'BenignPositive - SuspiciousButExpected' },
      });
    }
  });

  it('knows the hashtags that were chosen in the designer', async () => {
    const Classifications = { '#wartung': 'BenignPositive - SuspiciousButExpected' };
    expect((await run(closedWith('#Wartung heute'), {}, { Classifications })).sent('Close_the_incident')).toMatchObject(
      {
        classification: { ClassificationAndReason: 'BenignPositive - SuspiciousButExpected' },
      },
    );
  });
});

describe('the owner', () => {
  it.each([
    ['the mail address of SIGNL4', {}, 'm.lopez@contoso.com'],
    ['the one that the table gives', { 'm.lopez@contoso.com': 'maria@corp.example' }, 'maria@corp.example'],
  ])('is %s', async (_, Owners, owner) => {
    expect((await run(acknowledged, {}, { Owners })).sent('Set_active_and_assign')).toMatchObject({ owner });
  });

  it('is found in the table in any casing', async () => {
    const Owners = { 'm.lopez@contoso.com': 'maria@corp.example' };
    const shouting = withValue(acknowledged, ['user', 'mailaddress'], 'M.Lopez@CONTOSO.com');
    expect((await run(shouting, {}, { Owners })).sent('Set_active_and_assign')).toMatchObject({
      owner: 'maria@corp.example',
    });
  });

  it.each([400, 404])(
    'that Microsoft Sentinel does not know (%i) does not keep the incident from being active',
    async (status) => {
      const { result, sent } = await run(acknowledged, { Set_active_and_assign: { status } });
      expect(sent('Set_active')).toEqual({ incidentArmId: armId, status: 'Active' });
      expect(result.status).toBe('Succeeded');
    },
  );

  it.each(['acknowledged', 'closed', 'reopened'])(
    'is nobody’s where nobody acted: %s is an echo and changes nothing',
    async (name) => {
      for (const user of [null, { username: '', mailaddress: '' }]) {
        const { result, status } = await run(withValue(sample(callback, name), ['user'], user));
        expect(result).toMatchObject({ status: 'Cancelled', calls: [] });
        expect(status('Not_about_an_incident_here')).toBe('Succeeded');
      }
    },
  );

  it('is somebody’s where only the mail address is known', async () => {
    const body = withValue(acknowledged, ['user', 'username'], '');
    expect((await run(body)).sent('Set_active_and_assign')).toMatchObject({ status: 'Active' });
  });

  it('may begin a note with our mark: only annotations of ours do so by themselves', async () => {
    const { sent } = await run(closedWith('[Sentinel] seen there too'));
    expect(sent('Close_the_incident')).toMatchObject({ status: 'Closed' });
  });
});

describe('SIGNL4', () => {
  it.each(acts)('is answered at once, whatever happens to the incident: %s', async (name, action, properties) => {
    const { result } = await run(sample(callback, name), {
      Get_incident: asItIsNow(properties),
      [action]: { status: 500 },
      Comment_on_the_incident: { status: 500 },
    });
    expect(result.response).toMatchObject({ status: 202, afterMs: 0 });
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', async () => {
    for (const [name, action, properties] of acts) {
      const answers = { Get_incident: asItIsNow(properties), [action]: { status: 403 }, Set_active: { status: 403 } };
      expect((await run(sample(callback, name), answers)).result.error).toMatchObject({ code: 'IncidentNotChanged' });
    }
    await run(sample(callback, 'test'));
    expect(uncovered()).toEqual({
      neverExecuted: [],
      neverSkipped: [
        'Answer_SIGNL4',
        'What_happened_in_SIGNL4',
        'External_event_ID',
        'Note',
        'Comments',
        'Is_it_about_an_incident_here',
      ],
    });
  });
});
