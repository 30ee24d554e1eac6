import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSentinelClient, type SentinelClient } from '../../src/azure/sentinel.ts';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import { type Services, startServices } from './services.ts';

let services: Services;
let sentinel: SentinelClient;
beforeAll(async () => {
  services = await startServices();
  const { world } = services;
  sentinel = createSentinelClient({
    endpoint: services.sentinel,
    credential: services.as(world.accounts.playbooks),
    workspace: world.workspace,
    retryDelayMs: 1,
  });
});
afterAll(() => services.close());

/** A new incident in the workspace. */
function arrive(title = 'Unfamiliar location') {
  const { world } = services;
  const alert = makeScheduledAlert(makerOf(world), { title, query: 'SigninLogs | where ResultType == 0' });
  return world.sentinel.store.createIncident({ title, severity: 'High', labels: ['vip'], alerts: [alert] });
}

describe('the Sentinel client', () => {
  it('reads an incident with its etag, alerts, entities, bookmarks and comments', async () => {
    const { name, etag } = arrive();
    expect(await sentinel.incident(name)).toMatchObject({ name, etag, properties: { title: 'Unfamiliar location' } });
    expect(await sentinel.alerts(name)).toMatchObject([{ properties: { alertDisplayName: 'Unfamiliar location' } }]);
    expect(await sentinel.entities(name)).toEqual([]);
    expect(await sentinel.bookmarks(name)).toEqual([]);
    expect(await sentinel.comments(name)).toEqual([]);
  });

  it('writes a whole incident, and not over a newer version', async () => {
    const { name } = arrive();
    const read = await sentinel.incident(name);
    const properties = { ...(read['properties'] as object), status: 'Active' };
    const written = await sentinel.putIncident(name, { ...read, properties });
    expect(written).toMatchObject({ properties: { status: 'Active', labels: [{ labelName: 'vip' }] } });
    await expect(sentinel.putIncident(name, { ...read, properties })).rejects.toMatchObject({
      statusCode: 409,
      message: expect.stringMatching(/^Sentinel: Conflict: Newer version of resource/),
    });
  });

  it('writes a comment once, however often it is told to', async () => {
    const { name } = arrive();
    for (let time = 0; time < 3; time++)
      await sentinel.putComment(name, '5d1a0e0c-7d52-4c5d-9f6b-0f4b8f1f0a01', 'Acknowledged by M. Lopez 🚨');
    expect(await sentinel.comments(name)).toMatchObject([{ properties: { message: 'Acknowledged by M. Lopez 🚨' } }]);
  });

  it('lists incidents over page borders, oldest change first', async () => {
    for (let count = 0; count < 230; count++) arrive(`flood ${count}`);
    const titles: unknown[] = [];
    for await (const { properties } of sentinel.incidents("startswith(properties/title, 'flood')"))
      titles.push((properties as { title: string }).title);
    expect(titles).toEqual(Array.from({ length: 230 }, (_, count) => `flood ${count}`));
  });

  it('fetches the query of a rule', async () => {
    const ruleId = 'a1d7ba82-a14c-4245-a781-81481901f558';
    services.world.sentinel.alertRules.set(ruleId, {
      name: ruleId,
      kind: 'Scheduled',
      etag: '"1"',
      properties: {
        displayName: 'Unfamiliar location',
        enabled: true,
        severity: 'High',
        query: 'SigninLogs | take 1',
        queryFrequency: 'PT5M',
        queryPeriod: 'PT5M',
        triggerOperator: 'GreaterThan',
        triggerThreshold: 0,
        tactics: [],
        eventGroupingSettings: { aggregationKind: 'SingleAlert' },
      },
    });
    expect(await sentinel.ruleQuery(ruleId)).toBe('SigninLogs | take 1');
    await expect(sentinel.ruleQuery('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ statusCode: 404 });
  });

  it('tries again after 429 and 503, and gives up on 403', async () => {
    const { name } = arrive();
    const { faults, log, accounts, workspace } = services.world;
    faults.add({
      service: 'sentinel',
      times: 1,
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    });
    faults.add({ service: 'sentinel', times: 1, fault: { kind: 'status', status: 503 } });
    faults.add({ service: 'sentinel', times: 1, fault: { kind: 'reset' } });
    expect(await sentinel.incident(name)).toMatchObject({ name });
    const outsider = createSentinelClient({
      endpoint: services.sentinel,
      credential: services.as(accounts.analyst),
      workspace: { ...workspace, name: 'other' },
    });
    await expect(outsider.incident(name)).rejects.toMatchObject({
      statusCode: expect.toSatisfy((s) => s === 403 || s === 404),
    });
    expect(log).toBeDefined();
  });

  it('stops when its signal says so', async () => {
    const { faults } = services.world;
    const takeBack = faults.add({ service: 'sentinel', fault: { kind: 'hang' } });
    const going = sentinel.incident('x', AbortSignal.timeout(20));
    await expect(going).rejects.toMatchObject({ name: 'AbortError' });
    takeBack();
  });
});
