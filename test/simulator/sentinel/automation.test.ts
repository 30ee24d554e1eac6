import { describe, expect, it } from 'vitest';
import { makeProductAlert, makeScheduledAlert } from '../../../src/simulator/alerts.ts';
import { makeEntity } from '../../../src/simulator/entities.ts';
import { makerOf } from '../../../src/simulator/incidents.ts';
import type { Actor } from '../../../src/simulator/sentinel/resources.ts';
import { armWorld, type Json } from '../client.ts';

const WORKFLOW = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Logic/workflows/SIGNL4-Send-Incident';
const person: Actor = { name: 'Aoi Tanaka', source: 'User' };

function rule(overrides: Json = {}, action: Json = {}) {
  const { triggeringLogic, ...rest } = overrides;
  return {
    properties: {
      displayName: 'Forward',
      order: 1,
      triggeringLogic: {
        isEnabled: true,
        triggersOn: 'Incidents',
        triggersWhen: 'Created',
        conditions: [],
        ...triggeringLogic,
      },
      actions: [
        { order: 1, actionType: 'RunPlaybook', actionConfiguration: { logicAppResourceId: WORKFLOW }, ...action },
      ],
      ...rest,
    },
  };
}

const property = (propertyName: string, operator: string, ...propertyValues: string[]) => ({
  conditionType: 'Property',
  conditionProperties: { propertyName, operator, propertyValues },
});
const on = (triggersWhen: string, ...conditions: Json[]) => ({ triggeringLogic: { triggersWhen, conditions } });

/** A world in which playbook runs are written down. */
function watched() {
  const setup = armWorld();
  const runs: { id: string; body: Json; at: number }[] = [];
  setup.world.sentinel.automation.runPlaybook = async (id, body) => {
    runs.push({ id, body: structuredClone(body), at: setup.clock.now() });
  };
  const put = (name: string, body: Json) => setup.arm('PUT', `automationRules/${name}`, body);
  const run = (path: string, body: unknown, version = '2025-07-01-preview') =>
    setup.arm('POST', `${setup.base}/${path}/runPlaybook?api-version=${version}`, body);
  return { ...setup, runs, put, run, store: setup.world.sentinel.store };
}

describe('automation rules', () => {
  it('are created, listed, replaced and deleted', async () => {
    const { arm, put } = watched();
    expect((await put('r1', rule())).status).toBe(201);
    expect((await put('r1', rule({ order: 7 }))).status).toBe(200);
    expect((await arm('GET', 'automationRules')).json.value.map(({ properties }: Json) => properties.order)).toEqual([
      7,
    ]);
    expect((await arm('GET', 'automationRules/R1')).json.properties.displayName).toBe('Forward');
    expect((await arm('DELETE', 'automationRules/r1')).status).toBe(200);
    expect((await arm('GET', 'automationRules/r1')).status).toBe(404);
  });

  it.each([
    [rule({ order: 0 }), 'order'],
    [rule({ displayName: '' }), 'displayName'],
    [rule(on('Sometimes')), 'triggersWhen'],
    [rule({ actions: [] }), 'actions'],
    [rule({}, { actionConfiguration: { logicAppResourceId: 'my-playbook' } }), 'logicAppResourceId'],
    [rule(on('Created', property('IncidentTitle', 'Matches', 'x'))), 'operator'],
    [
      rule(on('Created', { conditionType: 'Boolean', conditionProperties: { operator: 'And', innerConditions: [] } })),
      'innerConditions',
    ],
  ])('are refused where %# is wrong', async (body, where) => {
    const { put } = watched();
    const { status, json } = await put('r1', body);
    expect(status).toBe(400);
    expect(json.error.message).toContain(where);
  });

  it('run a playbook when an incident is created, with the trigger body of the incident', async () => {
    const { store, put, runs, clock, world } = watched();
    await put('r1', rule());
    const maker = makerOf(world);
    const alert = makeScheduledAlert(maker, {
      title: 'Odd sign-in',
      query: 'SigninLogs | take 1',
      tactics: ['InitialAccess'],
    });
    store.createIncident({
      title: 'Odd sign-in',
      description: 'd',
      alerts: [alert],
      entities: [makeEntity(maker, 'Ip', '192.0.2.1', { address: '192.0.2.1' })],
    });
    await clock.advance(5_000);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.id).toBe(WORKFLOW);
    expect(runs[0]?.body).toMatchObject({
      objectSchemaType: 'Incident',
      objectEventType: 'Create',
      workspaceId: world.workspace.workspaceId,
      workspaceInfo: { SubscriptionId: world.workspace.subscriptionId, WorkspaceName: world.workspace.name },
      object: {
        properties: {
          title: 'Odd sign-in',
          description: 'd',
          additionalData: { alertsCount: 1, tactics: ['InitialAccess'], alertProductNames: ['Azure Sentinel'] },
          alerts: [
            {
              properties: {
                additionalData: {
                  Query: expect.stringMatching(/^\/\/ .*\nset query_now = datetime\(.*\);\nSigninLogs/),
                },
              },
            },
          ],
          relatedEntities: [{ kind: 'Ip', properties: { address: '192.0.2.1' } }],
          comments: [],
        },
      },
    });
    expect(runs[0]?.body.incidentUpdates).toBeUndefined();
  });

  it('tell on update what changed and who did it', async () => {
    const { store, put, runs, clock } = watched();
    await put('r1', rule(on('Updated')));
    const { name } = store.createIncident({ title: 'x' });
    await clock.advance(5_000);
    expect(runs).toHaveLength(0);
    store.update(name, { status: 'Active', labels: [{ labelName: 'vip', labelType: 'User' }] }, person);
    store.putComment(
      name,
      { message: 'looks bad' },
      { objectId: null, email: null, userPrincipalName: null, name: 'Aoi' },
      person,
    );
    await clock.advance(5_000);
    expect(runs.map(({ body }) => body.incidentUpdates)).toEqual([
      expect.objectContaining({
        updatedFields: ['Status', 'Labels'],
        updatedBy: person,
        labels: [{ labelName: 'vip', labelType: 'User' }],
      }),
      expect.objectContaining({
        updatedFields: ['Comments'],
        comments: [expect.objectContaining({ properties: expect.objectContaining({ message: 'looks bad' }) })],
      }),
    ]);
    expect(runs[0]?.body.objectEventType).toBe('Update');
    store.update(name, { status: 'Active' }, person);
    await clock.advance(5_000);
    expect(runs).toHaveLength(2);
  });

  const created = {
    title: 'Ransomware on FIN-1',
    severity: 'High',
    labels: ['vip'],
    tactics: ['Impact'],
    ruleIds: ['a1d7ba82-a14c-4245-a781-81481901f558'],
  } as const;
  it.each([
    [[property('IncidentSeverity', 'Equals', 'High', 'Medium')], true],
    [[property('IncidentSeverity', 'Equals', 'Low')], false],
    [[property('IncidentSeverity', 'NotEquals', 'Low', 'Informational')], true],
    [[property('IncidentTitle', 'Contains', 'ransomware')], true],
    [[property('IncidentTitle', 'NotContains', 'test', 'fin-1')], false],
    [[property('IncidentTitle', 'StartsWith', 'ran')], true],
    [[property('IncidentTitle', 'NotEndsWith', 'FIN-1')], false],
    [[property('IncidentLabel', 'Equals', 'vip')], true],
    [[property('IncidentLabel', 'NotEquals', 'vip')], false],
    [[property('IncidentTactics', 'Equals', 'Impact')], true],
    [[property('IncidentStatus', 'Equals', 'New'), property('IncidentProviderName', 'Equals', 'Microsoft XDR')], false],
    [
      [
        property(
          'IncidentRelatedAnalyticRuleIds',
          'Contains',
          '/subscriptions/x/providers/Microsoft.SecurityInsights/alertRules/a1d7ba82-a14c-4245-a781-81481901f558',
        ),
      ],
      true,
    ],
    [[property('AlertProductNames', 'Equals', 'MDATP')], true],
    [[property('HostName', 'Equals', 'fin-1')], true],
    [[property('HostName', 'Equals', 'fin-2')], false],
    [
      [
        {
          conditionType: 'Boolean',
          conditionProperties: {
            operator: 'Or',
            innerConditions: [
              property('IncidentTitle', 'Contains', 'nothing'),
              property('IncidentLabel', 'Equals', 'VIP'),
            ],
          },
        },
      ],
      true,
    ],
    [
      [
        {
          conditionType: 'Boolean',
          conditionProperties: {
            operator: 'And',
            innerConditions: [
              property('IncidentTitle', 'Contains', 'nothing'),
              property('IncidentLabel', 'Equals', 'VIP'),
            ],
          },
        },
      ],
      false,
    ],
  ])('look at conditions: %j', async (conditions, fires) => {
    const { store, put, runs, clock, world } = watched();
    expect((await put('r1', rule(on('Created', ...conditions)))).status).toBe(201);
    const alerts = [makeProductAlert(makerOf(world), { title: 'a', product: 'MDATP' })];
    const entities = [makeEntity(makerOf(world), 'Host', 'FIN-1', { hostName: 'FIN-1' })];
    store.createIncident({ ...created, alerts, entities });
    await clock.advance(5_000);
    expect(runs).toHaveLength(fires ? 1 : 0);
  });

  it('tell changes from and to apart, additions, and who updated', async () => {
    const changed = (propertyName: string, changeType?: string, ...propertyValues: string[]) => ({
      conditionType: 'PropertyChanged',
      conditionProperties: { propertyName, ...(changeType && { changeType, operator: 'Equals', propertyValues }) },
    });
    const { store, put, runs, clock, world } = watched();
    const playbook = (name: string) => ({ actionConfiguration: { logicAppResourceId: `${WORKFLOW}-${name}` } });
    await put(
      'a',
      rule({ order: 1, ...on('Updated', changed('IncidentStatus', 'ChangedTo', 'Closed')) }, playbook('closed')),
    );
    await put(
      'b',
      rule({ order: 2, ...on('Updated', changed('IncidentStatus', 'ChangedFrom', 'New')) }, playbook('left-new')),
    );
    await put('c', rule({ order: 3, ...on('Updated', changed('IncidentSeverity')) }, playbook('severity')));
    await put(
      'd',
      rule(
        { order: 4, ...on('Updated', changed('IncidentOwner', 'ChangedTo', 'm.lopez@contoso.com')) },
        playbook('owner'),
      ),
    );
    await put(
      'e',
      rule(
        {
          order: 5,
          ...on('Updated', {
            conditionType: 'PropertyArrayChanged',
            conditionProperties: { arrayType: 'Comments', changeType: 'Added' },
          }),
        },
        playbook('comment'),
      ),
    );
    await put(
      'f',
      rule(
        { order: 6, ...on('Updated', property('IncidentUpdatedBySource', 'NotEquals', 'Playbook', 'Application')) },
        playbook('by-person'),
      ),
    );
    const { name } = store.createIncident({ title: 'x' });
    const fired = async (change: () => void) => {
      runs.length = 0;
      change();
      await clock.advance(5_000);
      return runs.map(({ id }) => id.replace(`${WORKFLOW}-`, ''));
    };
    const playbooks: Actor = { name: 'SIGNL4 playbooks', source: 'Playbook' };
    expect(await fired(() => store.update(name, { status: 'Active' }, person))).toEqual(['left-new', 'by-person']);
    expect(await fired(() => store.update(name, { severity: 'High' }, playbooks))).toEqual(['severity']);
    const owner = {
      objectId: world.accounts.onCall.objectId,
      email: 'm.lopez@contoso.com',
      userPrincipalName: 'm.lopez@contoso.com',
      assignedTo: 'María López',
    };
    expect(await fired(() => store.update(name, { owner }, person))).toEqual(['owner', 'by-person']);
    const author = { objectId: null, email: null, userPrincipalName: null, name: 'x' };
    expect(await fired(() => store.putComment(name, { message: 'hi' }, author, playbooks))).toEqual(['comment']);
    expect(
      await fired(() => store.update(name, { status: 'Closed', classification: 'Undetermined' }, playbooks)),
    ).toEqual(['closed']);
  });

  it('go by order, are waited for, change the incident for those that follow, and add tasks', async () => {
    const { store, put, runs, clock } = watched();
    await put(
      'z',
      rule(
        { displayName: 'Tag', order: 1 },
        { actionType: 'ModifyProperties', actionConfiguration: { severity: 'Low', labels: [{ labelName: 'triage' }] } },
      ),
    );
    await put('a', rule({ order: 3, ...on('Created', property('IncidentLabel', 'Equals', 'triage')) }));
    await put(
      'm',
      rule(
        { order: 2 },
        { actionType: 'AddIncidentTask', actionConfiguration: { title: 'Call', description: 'the CISO' } },
      ),
    );
    await put(
      'u',
      rule(
        { order: 1, ...on('Updated', property('IncidentUpdatedBySource', 'Equals', 'Automation rule')) },
        { actionConfiguration: { logicAppResourceId: `${WORKFLOW}-update` } },
      ),
    );
    const { name } = store.createIncident({ title: 'x', severity: 'High' });
    await clock.advance(10_000);
    expect(runs.map(({ id }) => id)).toEqual([WORKFLOW, `${WORKFLOW}-update`]);
    expect(runs[0]?.body.object.properties).toMatchObject({ severity: 'Low', labels: [{ labelName: 'triage' }] });
    expect(store.incident(name).tasks.map(({ properties }) => properties['title'])).toEqual(['Call']);
  });

  it('do not run when they are off, over, or for another kind of event', async () => {
    const { store, put, runs, clock } = watched();
    await put('off', rule({ triggeringLogic: { isEnabled: false } }));
    await put('over', rule({ triggeringLogic: { expirationTimeUtc: '2026-01-01T00:00:00Z' } }));
    await put('alerts', rule({ triggeringLogic: { triggersOn: 'Alerts' } }));
    await put('updates', rule(on('Updated')));
    store.createIncident({ title: 'x' });
    await clock.advance(5_000);
    expect(runs).toHaveLength(0);
  });

  it('run alert playbooks with the flat body of the alert', async () => {
    const { world, put, runs, clock } = watched();
    await put('r', rule({ triggeringLogic: { triggersOn: 'Alerts' } }));
    const maker = makerOf(world);
    const alert = makeScheduledAlert(maker, {
      title: 'Odd',
      query: 'T',
      grouping: 'AlertPerEvent',
      event: { Note: '日本語 🚨' },
    });
    world.sentinel.automation.raiseAlert(alert, [
      makeEntity(maker, 'Account', 'administrator', { accountName: 'administrator' }),
    ]);
    await clock.advance(5_000);
    const body = runs[0]?.body;
    expect(body).toMatchObject({
      AlertDisplayName: 'Odd',
      SystemAlertId: alert.name,
      WorkspaceId: world.workspace.workspaceId,
    });
    expect(JSON.parse(body.Entities)).toEqual([{ $id: '3', Name: 'administrator', Type: 'account' }]);
    expect(JSON.parse(body.ExtendedProperties)).toMatchObject({
      'Event Grouping': 'AlertPerEvent',
      OriginalQuery: 'T',
      Query: expect.stringContaining('zlib_decompress'),
    });
  });

  it('go on after two minutes though a playbook still runs, and note playbooks that cannot run', async () => {
    const { store, put, clock, world } = watched();
    const started: number[] = [];
    world.sentinel.automation.runPlaybook = async () => {
      started.push(clock.now());
      await clock.sleep(600_000);
    };
    await put('one', rule({ order: 1 }));
    await put('two', rule({ order: 2 }));
    store.createIncident({ title: 'x' });
    await clock.advance(300_000);
    expect(started[1]).toBe((started[0] ?? 0) + 120_000);
    await clock.advance(600_000);
    expect(world.sentinel.automation.runs.map(({ status }) => status)).toEqual(['Success', 'Success']);
    world.sentinel.automation.settings.mayRunPlaybooks = false;
    store.createIncident({ title: 'y' });
    await clock.advance(10_000);
    expect(world.sentinel.automation.runs.at(-1)).toMatchObject({
      status: 'Failure',
      reason: expect.stringContaining('missing permissions'),
    });
  });

  it('merge changes that come close together where Defender is in front', async () => {
    const { store, put, runs, clock, world } = watched();
    world.sentinel.automation.settings.mergeMs = 300_000;
    await put('r', rule(on('Updated')));
    const { name } = store.createIncident({ title: 'x' });
    store.update(name, { status: 'Active' }, person);
    await clock.advance(60_000);
    store.update(name, { severity: 'High' }, person);
    await clock.advance(600_000);
    expect(runs.map(({ body }) => body.incidentUpdates.updatedFields)).toEqual([['Status', 'Severity']]);
  });

  it('send bodies in the other casing and with members missing', async () => {
    const { store, put, runs, clock, world } = watched();
    world.sentinel.automation.settings.style = { casing: 'pascal', omit: ['description', 'relatedEntities'] };
    await put('r', rule());
    const alert = makeScheduledAlert(makerOf(world), { title: 'a', query: 'T' });
    store.createIncident({ title: 'x', description: 'd', alerts: [alert] });
    await clock.advance(5_000);
    const properties = runs[0]?.body.Object.Properties;
    expect(properties.Title).toBe('x');
    expect(properties).not.toHaveProperty('Description');
    expect(properties).not.toHaveProperty('RelatedEntities');
    expect(properties.Alerts[0].Properties.AdditionalData).toHaveProperty('Analytic Rule Ids');
  });

  it('start by hand on an incident and on an entity', async () => {
    const { run, store, runs, clock, world } = watched();
    const entity = makeEntity(makerOf(world), 'Host', 'FIN-1', { hostName: 'FIN-1' });
    const { name } = store.createIncident({ title: 'x', entities: [entity] });
    const answer = await run(`incidents/${name}`, { logicAppsResourceId: WORKFLOW });
    expect(answer).toMatchObject({ status: 204, json: undefined });
    const incidentArmId = store.armId('incidents', name);
    const ofEntity = await run(`entities/${entity.name}`, { logicAppsResourceId: WORKFLOW, incidentArmId });
    expect(ofEntity.status).toBe(204);
    await clock.runDue();
    expect(runs[0]?.body.object.name).toBe(name);
    expect(runs[0]?.body).not.toHaveProperty('incidentUpdates');
    expect(runs[1]?.body).toMatchObject({
      IncidentArmID: expect.stringContaining(name),
      Entity: { properties: { hostName: 'FIN-1' } },
    });
  });

  const body = { logicAppsResourceId: WORKFLOW };
  type Setup = ReturnType<typeof watched>;
  const refusals: readonly (readonly [
    why: string,
    answer: { status: number; says: string },
    request: { body?: unknown; version?: string; before?: (setup: Setup) => void },
  ])[] = [
    ['the body is empty', { status: 400, says: 'JSON object' }, { body: undefined }],
    ['no playbook is named', { status: 400, says: 'logicAppsResourceId' }, { body: {} }],
    [
      'the name is not a resource id',
      { status: 400, says: 'names no workflow' },
      { body: { logicAppsResourceId: 'x' } },
    ],
    ['the playbook is in another tenant', { status: 400, says: 'tenant' }, { body: { ...body, tenantId: 'other' } }],
    ['the version is a stable one', { status: 404, says: '2025-09-01' }, { body, version: '2025-09-01' }],
    [
      'the caller may not write incidents',
      { status: 403, says: 'runPlaybook' },
      { body, before: ({ world }) => world.sentinel.access.revoke(world.accounts.contributor.objectId) },
    ],
    [
      'the caller may not run the playbook',
      { status: 400, says: 'The caller is missing permissions' },
      {
        body,
        before: ({ world }) => {
          world.sentinel.access.revoke(world.accounts.contributor.objectId);
          world.sentinel.access.assign(world.accounts.contributor.objectId, 'Microsoft Sentinel Responder');
        },
      },
    ],
    [
      'Sentinel may not run the playbook',
      { status: 400, says: 'Microsoft Sentinel is missing permissions' },
      {
        body,
        before: ({ world }) => {
          world.sentinel.automation.settings.mayRunPlaybooks = false;
        },
      },
    ],
    [
      'the playbook has another trigger',
      { status: 400, says: 'unsupported trigger' },
      {
        body,
        before: ({ world }) => {
          world.sentinel.automation.problemOf = (_, trigger) => `It contains an unsupported trigger type: ${trigger}`;
        },
      },
    ],
  ];

  it.each(refusals)('do not start by hand where %s', async (_, { status, says }, { body: sent, version, before }) => {
    const setup = watched();
    const { name } = setup.store.createIncident({ title: 'x' });
    before?.(setup);
    const answer = await setup.run(`incidents/${name}`, sent, version);
    expect(answer).toMatchObject({ status, json: { error: { message: expect.stringContaining(says) } } });
    await setup.clock.runDue();
    expect(setup.runs).toEqual([]);
  });
});

describe('analytics rules', () => {
  it('can be read', async () => {
    const { arm, world } = armWorld();
    const properties = {
      displayName: 'r',
      enabled: true,
      severity: 'High',
      query: 'T | take 1',
      queryFrequency: 'PT5M',
      queryPeriod: 'PT5M',
      triggerOperator: 'GreaterThan',
      triggerThreshold: 0,
      tactics: [],
      eventGroupingSettings: { aggregationKind: 'SingleAlert' },
    } as const;
    world.sentinel.alertRules.set('a1d7ba82-a14c-4245-a781-81481901f558', {
      name: 'a1d7ba82-a14c-4245-a781-81481901f558',
      kind: 'Scheduled',
      etag: 'x',
      properties,
    });
    const found = await arm('GET', 'alertRules/A1D7BA82-a14c-4245-a781-81481901f558');
    expect(found.json).toMatchObject({ kind: 'Scheduled', properties: { query: 'T | take 1' } });
    expect((await arm('GET', 'alertRules/other')).status).toBe(404);
  });
});
