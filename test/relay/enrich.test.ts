import { describe, expect, it } from 'vitest';
import { makeProductAlert, makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { makeEntity } from '../../src/simulator/entities.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import type { AlertRule } from '../../src/simulator/sentinel/alert-rule.ts';
import { type RelayWorld, relayWorld } from './support/world.ts';

const QUERY = 'SigninLogs\n| where ResultType == 0\n| project TimeGenerated, UserPrincipalName, IPAddress';

/** An incident with a scheduled alert, an alert per event, and one of another product. */
function signInIncident({ world }: RelayWorld) {
  const maker = makerOf(world);
  world.logs.answers.push({
    when: 'SigninLogs | where ResultType == 0',
    table: {
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'UserPrincipalName', type: 'string' },
        { name: 'IPAddress', type: 'string' },
      ],
      rows: Array.from({ length: 12 }, (_, n) => [
        '2026-01-10T08:31:02.1872065Z',
        'j.müller@contoso.com',
        `192.0.2.${n}`,
      ]),
    },
  });
  return world.sentinel.store.createIncident({
    title: 'Sign-in from unfamiliar location',
    description: 'A user signed in from a country never seen before.',
    severity: 'High',
    alerts: [
      makeProductAlert(maker, { title: 'Suspicious process', product: 'MDATP', severity: 'Low' }),
      makeScheduledAlert(maker, { title: 'Unfamiliar location', query: QUERY, severity: 'High' }),
      makeScheduledAlert(maker, {
        title: 'Impossible travel',
        query: QUERY,
        severity: 'Medium',
        grouping: 'AlertPerEvent',
        event: { TimeGenerated: '2026-01-10T08:31:02Z', UserPrincipalName: 'm.lopez@contoso.com' },
      }),
    ],
    entities: [
      makeEntity(maker, 'Account', 'j.müller', { userPrincipalName: 'j.müller@contoso.com' }),
      makeEntity(maker, 'Ip', '192.0.2.1', { address: '192.0.2.1' }),
    ],
  });
}

const armIdOf = ({ world }: RelayWorld, incident: { name: string }) =>
  world.sentinel.store.armId('Incidents', incident.name);

async function enrich(relay: RelayWorld, body: unknown) {
  const response = await relay.post('/api/incidents/enrich', body);
  expect(response.status).toBe(200);
  return response.json();
}

describe('enriching an incident', () => {
  it('renders the event with alerts, entities and the rows behind the alerts', async () => {
    const relay = relayWorld();
    const incident = signInIncident(relay);
    const answer = await enrich(relay, { incidentArmId: armIdOf(relay, incident) });
    expect(answer.warnings).toEqual([]);
    expect(answer.event).toMatchObject({
      Title: 'High: Sign-in from unfamiliar location',
      'X-S4-ExternalID': `sentinel:${relay.world.workspace.workspaceId}:${incident.name}`,
      'X-S4-Status': 'new',
    });
    expect(answer.event.Message).toMatch(/^Who: j\.müller@contoso\.com\n/);
    expect(answer.event.Message).toContain('UserPrincipalName: m.lopez@contoso.com');
    expect(answer.event.Message).toContain('Found: 10+ rows\nTimeGenerated: 08:31:02\nIPAddress\n• 192.0.2.0\n• ');
  });

  it('puts the worst alert first and says what each query found', async () => {
    const relay = relayWorld();
    const answer = await enrich(relay, { incidentArmId: armIdOf(relay, signInIncident(relay)) });
    expect(answer.alerts.map((alert: { title: string }) => alert.title)).toEqual([
      'Unfamiliar location',
      'Impossible travel',
      'Suspicious process',
    ]);
    expect(answer.queries).toMatchObject([
      { alert: 'Unfamiliar location', columns: ['UserPrincipalName', 'IPAddress', 'TimeGenerated'], truncated: true },
      { alert: 'Impossible travel', truncated: false },
    ]);
    expect(answer.queries[0].rows).toHaveLength(10);
  });

  it('asks within the time range of the alert, with a row limit and a server timeout', async () => {
    const relay = relayWorld();
    await enrich(relay, { incidentArmId: armIdOf(relay, signInIncident(relay)) });
    const [asked] = relay.world.log.find({ service: 'logs' });
    expect(asked?.body).toMatchObject({
      query: expect.stringMatching(
        /^\/\/ The query_now[^\n]*\nset query_now = datetime\([^)]+\);\nSigninLogs\n[\s\S]*\n\| take 11$/,
      ),
      timespan: '2026-01-10T08:31:00.000Z/2026-01-10T08:36:00.000Z',
    });
  });

  it('asks nothing of the workspace for an alert that carries its event, or where queries are switched off', async () => {
    const relay = relayWorld();
    await enrich(relay, { incidentArmId: armIdOf(relay, signInIncident(relay)) });
    expect(relay.world.log.find({ service: 'logs' })).toHaveLength(1);
    const quiet = relayWorld({ config: { kql: { ...relay.served.config.kql, enabled: false } } });
    const answer = await enrich(quiet, { incidentArmId: armIdOf(quiet, signInIncident(quiet)) });
    expect(quiet.world.log.find({ service: 'logs' })).toHaveLength(0);
    expect(answer.queries).toEqual([]);
  });

  it('runs at most as many queries as allowed, for the worst alerts', async () => {
    const relay = relayWorld({ config: { kql: { ...relayWorld().served.config.kql, maxQueries: 1 } } });
    const answer = await enrich(relay, { incidentArmId: armIdOf(relay, signInIncident(relay)) });
    expect(answer.queries.map(({ alert }: { alert: string }) => alert)).toEqual(['Unfamiliar location']);
  });

  it('fetches a query again that arrived cut off: from the alert’s record, else from the rule', async () => {
    const relay = relayWorld();
    const { world } = relay;
    const query = `SigninLogs | where UserPrincipalName in ("${'x'.repeat(300)}")`;
    const ruleId = 'a1d7ba82-a14c-4245-a781-81481901f558';
    const alert = makeScheduledAlert(makerOf(world), { title: 'Long one', query, ruleId, cutQueryAt: 250 });
    const armId = armIdOf(relay, world.sentinel.store.createIncident({ title: 'A', alerts: [alert] }));
    const found = (text: string) => ({ columns: [{ name: 'Found', type: 'string' as const }], rows: [[text]] });
    world.logs.answers.push({ when: 'SigninLogs', table: found('rows') });

    const nowhere = await enrich(relay, { incidentArmId: armId });
    expect(nowhere.queries[0].error).toBe('its query arrived cut off and could not be found again');

    world.sentinel.alertRules.set(ruleId, scheduledRule(ruleId, query));
    expect((await enrich(relay, { incidentArmId: armId })).queries[0]).toMatchObject({ rows: [['rows']] });
    const asked = world.log.find({ service: 'logs' }).at(-1)?.body;
    expect(asked).toMatchObject({ query: `set query_now = datetime(2026-01-10T08:36:00.000Z);\n${query}\n| take 11` });

    const recorded = { ...alert.properties.additionalData, Query: `set query_now = datetime(2026-01-09);\n${query}` };
    world.logs.answers.unshift({
      when: `SystemAlertId == "${alert.name}"`,
      table: { columns: [{ name: 'ExtendedProperties', type: 'string' }], rows: [[JSON.stringify(recorded)]] },
    });
    await enrich(relay, { incidentArmId: armId });
    const last = world.log.find({ service: 'logs' }).at(-1)?.body;
    expect(last).toMatchObject({ query: `${recorded.Query}\n| take 11` });
  });

  it('does not run what the gate refuses, and says why', async () => {
    const relay = relayWorld();
    const maker = makerOf(relay.world);
    const query = 'externaldata(a:string)["https://evil.example/x"]';
    const incident = relay.world.sentinel.store.createIncident({
      title: 'A',
      alerts: [makeScheduledAlert(maker, { title: 'Bad', query })],
    });
    const answer = await enrich(relay, { incidentArmId: armIdOf(relay, incident) });
    expect(answer.warnings).toEqual([
      'Rows of "Bad": the query was not run: it uses external data, which is not allowed.',
    ]);
    expect(relay.world.log.find({ service: 'logs' })).toHaveLength(0);
  });

  it('shows partial rows and says that they are', async () => {
    const relay = relayWorld();
    const incident = signInIncident(relay);
    const [answer] = relay.world.logs.answers;
    if (answer) relay.world.logs.answers.splice(0, 1, { ...answer, partialError: 'a shard is down' });
    const enriched = await enrich(relay, { incidentArmId: armIdOf(relay, incident) });
    expect(enriched.queries[0].rows).toHaveLength(10);
    expect(enriched.warnings[0]).toContain('Rows of "Unfamiliar location": not all rows');
  });

  it('never shows a denied column and masks others, also in the parameters', async () => {
    const kql = { ...relayWorld().served.config.kql, denyColumns: ['IPAddress'], maskColumns: ['UserPrincipalName'] };
    const relay = relayWorld({ config: { kql, message: { ...relayWorld().served.config.message, parameters: {} } } });
    const maker = makerOf(relay.world);
    signInIncident(relay);
    const incident = relay.world.sentinel.store.createIncident({
      title: 'A',
      alerts: [makeScheduledAlert(maker, { title: 'Unfamiliar location', query: QUERY })],
    });
    const answer = await enrich(relay, { incidentArmId: armIdOf(relay, incident) });
    const text = JSON.stringify(answer);
    expect(answer.event.Message).toContain('j.…om');
    expect(answer.alerts[0].additional).not.toHaveProperty('Query');
    expect(text).not.toContain('j.müller@contoso.com');
    expect(text).not.toContain('192.0.2');
  });

  it('follows protected columns under other names, out of a query and out of an alert per event', async () => {
    const kql = { ...relayWorld().served.config.kql, denyColumns: ['Salary'], maskColumns: ['UserPrincipalName'] };
    const relay = relayWorld({ config: { kql } });
    const { world } = relay;
    const query = 'People | project Account = UserPrincipalName, Pay = Salary, Packed = bag_pack("p", Salary), Desk';
    const values = { Account: 'j.doe@contoso.com', Pay: 81_234, Packed: '{"p":81234}', Desk: 'D17' };
    const columns = Object.keys(values).map((name) => ({ name, type: 'string' as const }));
    world.logs.answers.push({ when: 'People', table: { columns, rows: [Object.values(values)] } });
    const maker = makerOf(world);
    const event = { ...values, Pay: 91_234, Packed: '{"p":91234}', Account: 'm.roe@contoso.com' };
    const incident = world.sentinel.store.createIncident({
      title: 'A',
      alerts: [
        makeScheduledAlert(maker, { title: 'Query', query }),
        makeScheduledAlert(maker, { title: 'Event', query, grouping: 'AlertPerEvent', event }),
      ],
    });
    const answer = await enrich(relay, { incidentArmId: armIdOf(relay, incident) });
    expect(answer.queries).toMatchObject([
      { columns: ['Account', 'Desk'], rows: [['j.…om', 'D17']] },
      { columns: ['Account', 'Desk'], rows: [['m.…om', 'D17']] },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/j\.doe|m\.roe|[89]1234/);
  });
});

function scheduledRule(name: string, query: string): AlertRule {
  return {
    name,
    kind: 'Scheduled',
    etag: '"1"',
    properties: {
      displayName: 'Long one',
      enabled: true,
      severity: 'Medium',
      query,
      queryFrequency: 'PT5M',
      queryPeriod: 'PT5M',
      triggerOperator: 'GreaterThan',
      triggerThreshold: 0,
      tactics: [],
      eventGroupingSettings: { aggregationKind: 'SingleAlert' },
    },
  };
}

describe('enriching when something fails', () => {
  const parts = ['alerts', 'entities', 'bookmarks'] as const;
  it.each(parts)('goes on without the %s', async (part) => {
    const relay = relayWorld();
    const incident = signInIncident(relay);
    relay.world.faults.add({ service: 'sentinel', path: `*/${part}`, fault: { kind: 'status', status: 403 } });
    const answer = await enrich(relay, { incidentArmId: armIdOf(relay, incident) });
    expect(answer.event.Title).toBe('High: Sign-in from unfamiliar location');
    expect(answer.warnings[0]).toMatch(new RegExp(`The (linked )?${part} are missing: Sentinel did not allow it`));
  });

  it('shows the incident as the trigger sent it where Sentinel does not answer at all', async () => {
    const relay = relayWorld();
    const incident = signInIncident(relay);
    const resource = await (
      await relay.post('/api/incidents/enrich', { incidentArmId: armIdOf(relay, incident) })
    ).json();
    expect(resource.alerts).toHaveLength(3);
    relay.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 403 } });
    const body = {
      object: {
        id: armIdOf(relay, incident),
        name: incident.name,
        properties: { title: 'From the trigger', severity: 'High', status: 'New', Alerts: [] },
      },
    };
    const answer = await enrich(relay, body);
    expect(answer.event.Title).toBe('High: From the trigger');
    expect(answer.warnings).toHaveLength(5);
  });

  it('gives up within its budget on what hangs', async () => {
    const relay = relayWorld({ budgetMs: 300 });
    const incident = signInIncident(relay);
    relay.world.faults.add({ service: 'sentinel', path: '*/entities', fault: { kind: 'hang' } });
    relay.world.faults.add({ service: 'logs', fault: { kind: 'hang' } });
    const answer = await enrich(relay, { incidentArmId: armIdOf(relay, incident) });
    expect(answer.warnings).toEqual([
      'The entities are missing: Sentinel did not answer in time.',
      'Rows of "Unfamiliar location": Log Analytics did not answer in time.',
    ]);
    expect(answer.queries[1].rows).toHaveLength(1);
  });

  it('shows the incident where an entity nests deeper than any stack', async () => {
    const relay = relayWorld();
    const incident = signInIncident(relay);
    relay.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 403 } });
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const properties = { title: 'Deep', severity: 'High', status: 'New', relatedEntities: ['here'] };
    const object = { id: armIdOf(relay, incident), name: incident.name, properties };
    const body = JSON.stringify({ object }).replace('"here"', deep);
    for (const route of ['enrich', 'forward']) {
      expect((await relay.post(`/api/incidents/${route}`, body)).status).toBe(200);
    }
  });

  it.each([
    [403, 502, 'upstream-denied'],
    [404, 404, 'incident-not-found'],
  ])('answers a plain error where there is no incident to show (%i)', async (status, answered, code) => {
    const relay = relayWorld();
    const incident = signInIncident(relay);
    relay.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status } });
    const response = await relay.post('/api/incidents/enrich', { incidentArmId: armIdOf(relay, incident) });
    expect(response.status).toBe(answered);
    expect((await response.json()).error.code).toBe(code);
  });
});
