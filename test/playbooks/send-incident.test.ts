import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import {
  alertsOf,
  answersToPage,
  armId,
  asItIsNow,
  dana,
  externalId,
  incident,
  incidentName,
  nobody,
  taken,
  webPage,
  withProperty,
} from './support/incidents.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

const { run, uncovered } = playbookUnderTest(sendIncident, answersToPage);
const underFilter = (filter: Partial<Config['filter']>) =>
  playbookUnderTest(sendIncident, answersToPage, { ...defaultConfig, filter: { ...defaultConfig.filter, ...filter } });

describe('an incident', () => {
  it('pages the team, is tagged, and gets a comment with the event of SIGNL4', async () => {
    const { result, sent, calls } = await run(incident);
    expect(result.status).toBe('Succeeded');
    expect(sent('Find_it_in_SIGNL4')).toEqual({ externalId });
    expect(sent('Get_incident')).toEqual({ incidentArmId: armId });
    expect(calls('Send_to_SIGNL4')).toMatchObject([
      { method: 'POST', path: '/v2/events/team%20secret%2F1', connection: { key: 'signl4' } },
    ]);
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'High: Password spray against finance accounts',
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
      Incident: '4711',
      Severity: 'High',
    });
    expect(calls('Tag_the_incident')).toMatchObject([{ method: 'PUT', path: '/Incidents' }]);
    expect(sent('Tag_the_incident')).toEqual({ incidentArmId: armId, tagsToAdd: { TagsToAdd: [{ Tag: 'SIGNL4' }] } });
    expect(calls('Comment_on_the_incident')).toMatchObject([
      {
        method: 'PUT',
        uri: `https://management.azure.com${armId}/comments/${incidentName}?api-version=2025-09-01`,
        authentication: { type: 'ManagedServiceIdentity', audience: 'https://management.azure.com' },
        body: { properties: { message: 'SIGNL4: sent to the person on call. Event 2518783235949759942_fbc7b4a4' } },
      },
    ]);
  });

  it('is sent after five actions at most, so that nobody waits', async () => {
    const { result } = await run(incident);
    const names = Object.keys(result.actions);
    const before = names.filter(
      (name) =>
        (result.actions[name]?.endTime ?? '') <= (result.actions['Send_to_SIGNL4']?.startTime ?? '') &&
        names.indexOf(name) < names.indexOf('Send_to_SIGNL4') &&
        !['If', 'Scope', 'Terminate'].includes(result.actions[name]?.type ?? ''),
    );
    expect(before).toEqual(['Find_it_in_SIGNL4', 'Get_incident', 'Tags', 'Alert_lines', 'Entities']);
  });

  it('from Defender, without description and with other casing, pages with the alert’s description and link', async () => {
    const { result, sent } = await run(sample(sendIncident, 'defender-incident'));
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'High: Multi-stage incident involving Initial access & Exfiltration',
      Message: expect.stringContaining('A mailbox rule forwards to an outside address.'),
    });
    expect(sent('Send_to_SIGNL4')['Message']).toContain('https://security.microsoft.com/incidents/90210');
  });

  it.each([
    ['alerts null', withProperty('alerts', null)],
    ['alerts missing', withProperty('alerts', undefined)],
    ['no alerts', withProperty('alerts', [])],
    ['an alert without properties', withProperty('alerts', [{ kind: 'SecurityAlert' }])],
    ['an alert of null', withProperty('alerts', [null])],
    ['entities null', withProperty('relatedEntities', null)],
    ['entities missing', withProperty('relatedEntities', undefined)],
    ['an entity without properties', withProperty('relatedEntities', [{ kind: 'Host' }])],
    ['an entity of null', withProperty('relatedEntities', [null])],
    ['labels missing', withProperty('labels', undefined)],
    ['labels null', withProperty('labels', null)],
    ['no additional data', withProperty('additionalData', undefined)],
    ['additional data of null', withProperty('additionalData', null)],
    ['no owner', withProperty('owner', undefined)],
    ['an owner of null', withProperty('owner', null)],
    ['a description of null', withProperty('description', null)],
    ['a title of null', withProperty('title', null)],
    ['no link', withProperty('incidentUrl', undefined)],
    ['a number as text', withProperty('incidentNumber', '4711')],
    ['no workspace name', withValue(incident, ['workspaceInfo'], undefined)],
  ])('pages the team all the same: %s', async (_, body) => {
    const { result, calls } = await run(body);
    expect(result.status).toBe('Succeeded');
    expect(calls('Send_to_SIGNL4')).toMatchObject([{ body: { 'X-S4-ExternalID': externalId, 'X-S4-Status': 'new' } }]);
  });

  it('pages with all it has where only its id, title, severity and status are left', async () => {
    const bare = { title: 'T', severity: 'High', status: 'New' };
    const { result, sent } = await run(withValue(incident, ['object', 'properties'], bare), {
      Get_incident: { status: 200, body: { id: armId, properties: bare } },
    });
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')['Title']).toBe('High: T');
  });
});

describe('somebody is paged although', () => {
  it.each([
    ['SIGNL4’s list is down', { Find_it_in_SIGNL4: { status: 503 } }],
    ['SIGNL4’s list does not answer', { Find_it_in_SIGNL4: slow }],
    ['SIGNL4’s list is empty (204)', { Find_it_in_SIGNL4: { status: 204 } }],
    ['SIGNL4’s list is a web page', { Find_it_in_SIGNL4: webPage }],
    ['SIGNL4’s list is an array', { Find_it_in_SIGNL4: { status: 200, body: [] } }],
    ['SIGNL4 refuses the key for its list', { Find_it_in_SIGNL4: { status: 401, body: { message: 'no' } } }],
    ['Microsoft Sentinel does not give the incident (500)', { Get_incident: { status: 500 } }],
    ['Microsoft Sentinel does not give the incident (404)', { Get_incident: { status: 404, body: { error: {} } } }],
    ['Microsoft Sentinel does not give the incident (403)', { Get_incident: { status: 403 } }],
    ['Microsoft Sentinel does not answer', { Get_incident: slow }],
    ['Microsoft Sentinel answers with a web page', { Get_incident: webPage }],
    ['Microsoft Sentinel answers with nothing', { Get_incident: { status: 200 } }],
    ['Microsoft Sentinel answers with null', { Get_incident: { status: 200, body: null } }],
    ['Microsoft Sentinel answers with a list', { Get_incident: { status: 200, body: [] } }],
    ['neither answers', { Find_it_in_SIGNL4: slow, Get_incident: slow }],
  ])('%s', async (_, answers) => {
    const { result, calls } = await run(incident, answers);
    expect(calls('Find_it_in_SIGNL4')).toHaveLength(1);
    expect(calls('Get_incident')).toHaveLength(1);
    expect(calls('Send_to_SIGNL4')).toMatchObject([{ body: { 'X-S4-ExternalID': externalId } }]);
    expect(result.status).toBe('Succeeded');
  });

  it('a read takes long: at most ten seconds each', async () => {
    const { result } = await run(incident, { Find_it_in_SIGNL4: slow, Get_incident: slow });
    const waited =
      Date.parse(result.actions['Send_to_SIGNL4']?.startTime ?? '') -
      Date.parse(result.actions['Find_it_in_SIGNL4']?.startTime ?? '');
    expect(waited).toBeLessThanOrEqual(20_000);
  });
});

describe('nobody is paged about an incident that', () => {
  it.each([
    ['carries the tag', {}, { Get_incident: asItIsNow({ labels: [{ labelName: 'SIGNL4' }] }) }],
    ['is known in SIGNL4, whatever its state there', {}, { Find_it_in_SIGNL4: alertsOf(4) }],
    ['is closed by now', {}, { Get_incident: asItIsNow({ status: 'Closed' }) }],
    ['is in a state that was not chosen', withProperty('status', 'Closed'), { Get_incident: { status: 500 } }],
    ['was low when the trigger ran', withProperty('severity', 'Low'), {}],
    ['has no severity', withProperty('severity', null), {}],
    ['has no status', withProperty('status', undefined), {}],
  ])('%s', async (_, body, answers) => {
    const parameters = { Severities: ['High', 'Medium'] };
    const { result, calls, status } = await run(
      Object.keys(body).length > 0 ? (body as typeof incident) : incident,
      answers,
      parameters,
    );
    expect(calls('Send_to_SIGNL4')).toEqual([]);
    expect(calls('Tag_the_incident')).toEqual([]);
    expect(result.status).toBe('Cancelled');
    expect(status('Paged_before_or_not_wanted')).toBe('Succeeded');
  });

  it('carries the tag in the trigger, where Microsoft Sentinel does not give the incident', async () => {
    const tagged = withProperty('labels', [{ labelName: 'SIGNL4' }]);
    expect((await run(tagged, { Get_incident: slow })).calls('Send_to_SIGNL4')).toEqual([]);
  });

  it('the designer runs with nothing in it', async () => {
    for (const body of [undefined, {}, sample(sendIncident, 'designer-run')]) {
      const { result, calls } = await run(body, { Get_incident: { status: 400 } });
      expect(result.status).toBe('Cancelled');
      expect(calls('Send_to_SIGNL4')).toEqual([]);
    }
  });
});

describe('the tag', () => {
  it('is compared as a whole: another that begins alike does not hide an incident', async () => {
    const labels = [{ labelName: 'SIGNL4-Escalated' }, { labelName: 'notSIGNL4' }];
    expect((await run(incident, { Get_incident: asItIsNow({ labels }) })).calls('Send_to_SIGNL4')).toHaveLength(1);
  });

  it('may be chosen in the designer', async () => {
    const { sent } = await run(incident, {}, { Tag: 'Paged' });
    expect(sent('Tag_the_incident')).toMatchObject({ tagsToAdd: { TagsToAdd: [{ Tag: 'Paged' }] } });
    const labels = [{ labelName: 'Paged' }];
    const again = await run(incident, { Get_incident: asItIsNow({ labels }) }, { Tag: 'Paged' });
    expect(again.calls('Send_to_SIGNL4')).toEqual([]);
  });
});

describe('an Active incident', () => {
  const active = (owner: typeof dana | null) =>
    withValue(withProperty('status', 'Active'), ['object', 'properties', 'owner'], owner);

  it.each([
    ['nobody owns', nobody],
    ['has no owner at all', null],
  ])('that %s counts as new: only a machine leaves it to nobody', async (_, owner) => {
    expect((await run(active(owner))).calls('Send_to_SIGNL4')).toHaveLength(1);
  });

  it('that a person owns does not page where only new ones do', async () => {
    expect((await run(active(dana))).calls('Send_to_SIGNL4')).toEqual([]);
  });

  it('that a person owns pages where active ones do', async () => {
    const { run: runActive } = underFilter({ statuses: ['New', 'Active'] });
    expect((await runActive(active(dana))).calls('Send_to_SIGNL4')).toHaveLength(1);
  });

  it('closed ones page where they are chosen', async () => {
    const { run: runClosed } = underFilter({ statuses: ['Closed'] });
    const closed = { Get_incident: asItIsNow({ status: 'Closed' }) };
    expect((await runClosed(withProperty('status', 'Closed'), closed)).calls('Send_to_SIGNL4')).toHaveLength(1);
    expect((await runClosed(incident, closed)).calls('Send_to_SIGNL4')).toEqual([]);
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', async () => {
    await run(incident, { Send_to_SIGNL4: { status: 400 }, Send_a_bare_event: taken });
    expect(uncovered()).toEqual({
      neverExecuted: [],
      neverSkipped: ['Find_it_in_SIGNL4', 'Get_incident', 'Tags', 'Should_somebody_be_paged'],
    });
  });
});
