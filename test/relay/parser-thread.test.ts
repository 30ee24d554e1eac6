import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParserThread } from '../../src/relay/kql/parser-thread.ts';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import {
  type Environment,
  KEY,
  post,
  type RelayProcess,
  startEnvironment,
  startRelayProcess,
} from './support/relay-process.ts';

/** Chains that keep the parser busy for many seconds. */
const slow = {
  'a long sum': `T | extend a = 1${'+1'.repeat(15_000)}`,
  'a long path': `print a${'.b'.repeat(12_000)}`,
  'many conditions': `T | where a == 1${' or a == 1'.repeat(4_000)}`,
  'many operators': `T${'|where a'.repeat(5_000)}`,
};
const options = { allowWorkspaces: [], maxRows: 5 };

describe('thread of the parser', () => {
  it.each(Object.entries(slow))('is replaced when it takes too long: %s', async (_, query) => {
    const thread = createParserThread(1_500);
    const [late, next] = await Promise.all([thread.judge(query, options), thread.judge('T | take 1', options)]);
    expect(late).toMatchObject({ passes: false });
    expect(next).toMatchObject({ passes: true });
    await thread.close();
  });

  it('judges short queries first, and takes back what nobody waits for any more', async () => {
    const thread = createParserThread(10_000);
    const stop = new AbortController();
    const order: string[] = [];
    const judge = (query: string, signal?: AbortSignal) =>
      thread.judge(query, options, signal).finally(() => order.push(query));
    const judged = [judge('T | where a == 1'), judge('T | where a == 2', stop.signal), judge('T')];
    stop.abort();
    expect(await Promise.all(judged)).toMatchObject([
      { passes: true },
      { passes: false, reason: 'was not checked in time' },
      { passes: true },
    ]);
    expect(order).toEqual(['T | where a == 2', 'T', 'T | where a == 1']);
    await thread.close();
    expect(await thread.judge('T', options)).toMatchObject({ passes: true });
    await thread.close();
  });

  it('tells those who wait when it is closed', async () => {
    const thread = createParserThread(10_000);
    const waiting = thread.judge('T', options);
    await thread.close();
    expect(await waiting).toMatchObject({ passes: false, reason: 'was asked for while the relay ended' });
  });
});

describe('relay with a query that keeps the parser busy', () => {
  let environment: Environment;
  let relay: RelayProcess;
  beforeAll(async () => {
    environment = await startEnvironment({ kql: { maxQueries: 50 } });
    relay = await startRelayProcess(environment, { RELAY_BUDGET_SECONDS: '100' });
  });
  afterAll(async () => {
    await relay.kill('SIGKILL');
    await environment.dispose();
  });

  function incidentWith(...queries: readonly string[]) {
    const { world } = environment;
    const alerts = queries.map((query, n) => makeScheduledAlert(makerOf(world), { title: `Alert ${n}`, query }));
    const { name } = world.sentinel.store.createIncident({ title: 'Sign-in', alerts });
    return { incidentArmId: world.sentinel.store.armId('Incidents', name) };
  }

  it('answers health checks meanwhile, and pages without the rows and with a warning', {
    timeout: 120_000,
  }, async () => {
    const body = incidentWith(slow['a long sum'], slow['many conditions'], 'SigninLogs | take 1');
    const forwarding = post(`${relay.url}/api/incidents/forward`, body, { 'x-api-key': KEY });
    let isDone = false;
    void forwarding.then(() => {
      isDone = true;
    });
    let answered = 0;
    while (!isDone) {
      expect((await fetch(`${relay.url}/health/live`)).status).toBe(200);
      answered++;
    }
    expect(answered).toBeGreaterThan(5);
    const answer = await (await forwarding).json();
    expect(answer).toMatchObject({ status: 'forwarded' });
    expect(answer.warnings).toHaveLength(2);
    const asked = environment.world.log.find({ service: 'logs' }).map(({ body }) => body);
    expect(asked).toMatchObject([{ query: expect.stringMatching(/^set query_now[^\n]*\nSigninLogs \| take 1/m) }]);
    for (const warning of answer.warnings)
      expect(warning).toMatch(/the query was not run: it (takes longer|nests)|The query parser did not answer in time/);
    const [sent] = environment.world.log.find({ service: 'signl4', method: 'POST' });
    expect(sent?.body).toMatchObject({ Title: 'Medium: Sign-in' });
  });

  it('runs further queries after that', async () => {
    const answer = await post(`${relay.url}/api/incidents/enrich`, incidentWith('SigninLogs'), { 'x-api-key': KEY });
    expect(await answer.json()).toMatchObject({ warnings: [] });
  });
});
