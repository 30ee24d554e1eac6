import { type ChildProcess, fork } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { azureStoreClients } from '../../src/relay/store/azure-clients.ts';
import { bundleRelay } from '../../tools/bundle-relay.ts';
import { type Azurite, startAzurite } from '../relay/support/azurite.ts';
import { type Environment, KEY, startEnvironment, WEBHOOK_SECRET } from '../relay/support/relay-process.ts';

/*
 * relay.mjs as Azure Functions runs it, as close as the registry allows: the real library @azure/functions with its programming
 * model, invocations in the shapes of the host's protocol, Azurite for tables and queue. Not here: the host itself (its HTTP
 * front end, the schedule of timers, the listening to the queue, scaling) and its Node worker, which come with the Core Tools.
 */

interface Function {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describe('relay.mjs under Azure Functions', () => {
  let environment: Environment;
  let azurite: Azurite;
  let folder = '';
  let worker: ChildProcess;
  beforeAll(async () => {
    environment = await startEnvironment();
    azurite = await startAzurite();
    folder = mkdtempSync(join(tmpdir(), 'relay-functions-'));
    const core = join(folder, 'node_modules/@azure/functions-core');
    mkdirSync(core, { recursive: true });
    copyFileSync(
      fileURLToPath(new URL('../relay/support/functions-worker.cjs', import.meta.url)),
      join(core, 'index.js'),
    );
    writeFileSync(join(folder, 'relay.mjs'), await bundleRelay());
    writeFileSync(join(folder, 'signl4.yaml'), stringify({ workspace: environment.world.workspace }));
    worker = fork(
      join(folder, 'relay.mjs'),
      ['--host', '127.0.0.1', '--workerId', 'w', '--grpcMaxMessageLength', '1'],
      {
        cwd: folder,
        env: {
          ...{ PATH: process.env['PATH'], ...environment.env, FUNCTIONS_WORKER_RUNTIME: 'node' },
          ...{ RELAY_STORAGE_CONNECTION: azurite.connectionString, RELAY_SWEEP: 'true', RELAY_SYNC: 'true' },
        },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        serialization: 'advanced',
      },
    );
  });
  afterAll(async () => {
    worker.kill('SIGKILL');
    await azurite.stop();
    await environment.dispose();
    rmSync(folder, { recursive: true });
  });

  let nr = 0;
  function tell<T>(message: Readonly<Record<string, unknown>>): Promise<T> {
    const own = ++nr;
    return new Promise((resolve, reject) => {
      const hear = (answer: { nr: number; answer?: T; failure?: string }) => {
        if (answer.nr !== own) return;
        worker.off('message', hear);
        if (answer.failure === undefined) resolve(answer.answer as T);
        else reject(new Error(answer.failure));
      };
      worker.on('message', hear);
      worker.send({ nr: own, ...message });
    });
  }
  const functions = () => tell<readonly Function[]>({});
  /** Invokes a function as the host does: the trigger's binding with its data. */
  async function invoke(name: string, data: unknown) {
    const found = (await functions()).find((each) => each.name === name);
    const [binding = ''] =
      Object.entries(found?.bindings ?? {}).find(([, { type }]) => /Trigger$/.test(String(type))) ?? [];
    return tell<{ returnValue?: { http?: { statusCode: string; body?: { string?: string; bytes?: Uint8Array } } } }>({
      name,
      request: { inputData: [{ name: binding, data }], triggerMetadata: {} },
    });
  }
  async function http(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    const url = `https://relay.azurewebsites.net${path}`;
    const nullable = (value: string) => ({ value });
    const { returnValue } = await invoke('relay', {
      http: {
        ...{ method, url, query: {}, params: {}, identities: [] },
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7:51234', ...headers },
        nullableHeaders: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, nullable(value)])),
        ...(body !== undefined && { body: { string: JSON.stringify(body) } }),
      },
    });
    const answer = returnValue?.http;
    const text = answer?.body?.string ?? Buffer.from(answer?.body?.bytes ?? []).toString();
    return { status: Number(answer?.statusCode), body: text === '' ? undefined : JSON.parse(text) };
  }

  async function registered(): Promise<readonly Function[]> {
    const found = await functions();
    return found.length < 6 ? registered() : found;
  }

  it('registers one function per kind of trigger, with the bindings that the host knows', async () => {
    const found = await registered();
    const triggers = found.map(({ name, bindings }) => {
      const trigger = Object.values(bindings).find(({ type }) => /Trigger$/.test(String(type)));
      return [name, trigger?.['type'], trigger?.['schedule'] ?? trigger?.['queueName'] ?? trigger?.['route']];
    });
    expect(triggers.toSorted()).toEqual([
      ['apply', 'queueTrigger', 'signl4relay-wake'],
      ['prune', 'timerTrigger', '45 20 * * * *'],
      ['recover', 'timerTrigger', '30 */5 * * * *'],
      ['relay', 'httpTrigger', '{*path}'],
      ['retrieve', 'timerTrigger', '20 * * * * *'],
      ['sweep', 'timerTrigger', expect.stringMatching(/^15 /)],
      ['sync', 'timerTrigger', '0 * * * * *'],
    ]);
  });

  it('answers requests', async () => {
    expect(await http('GET', '/health/ready')).toEqual({ status: 200, body: { status: 'ready' } });
    expect(await http('GET', '/metrics')).toMatchObject({ status: 401 });
    expect(await http('PUT', '/api/incidents/enrich')).toMatchObject({ status: 405 });
    const { store } = environment.world.sentinel;
    const { name } = store.createIncident({ title: 'Sign-in', severity: 'High', labels: ['SIGNL4'] });
    const body = { incidentArmId: store.armId('Incidents', name) };
    const enriched = await http('POST', '/api/incidents/enrich', body, { 'x-api-key': KEY });
    expect(enriched).toMatchObject({ status: 200, body: { event: { Title: 'High: Sign-in' }, warnings: [] } });
  });

  it('puts a notification on the queue, and applies what the queue brings', async () => {
    const { store } = environment.world.sentinel;
    const incident = store.createIncident({ title: 'Sign-in', severity: 'High', labels: ['SIGNL4'] });
    const session = `sentinel:${store.workspace.workspaceId}:${incident.name}`;
    const taken = await http('POST', `/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
      id: 'a',
      eventType: 201,
      user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
      alert: { statusCode: 2, externalEventId: session },
    });
    expect(taken).toEqual({ status: 202, body: { status: 'accepted', id: 'a' } });
    const { wake } = azureStoreClients({ connectionString: azurite.connectionString });
    const { receivedMessageItems } = await wake.receiveMessages();
    // host.json has messageEncoding none: the host hands the text on as it is.
    expect(receivedMessageItems.map(({ messageText }) => messageText)).toEqual([session]);
    await invoke('apply', { string: session });
    expect(incident.properties.status).toBe('Active');
    // The host may bring a message twice.
    await invoke('apply', { string: session });
    expect(incident.comments).toHaveLength(1);
  });

  it('does on its timers what the Node host does', async () => {
    const { store } = environment.world.sentinel;
    store.createIncident({ title: 'Found by the sweep', severity: 'High' });
    const timer = { json: JSON.stringify({ Schedule: { AdjustForDST: true }, IsPastDue: false }) };
    for (const name of ['retrieve', 'sweep', 'sync', 'recover', 'prune']) await invoke(name, timer);
    const titles = [...environment.world.signl4.store.alerts.values()].map(({ title }) => title);
    expect(titles).toContain('High: Found by the sweep');
  });

  it('shows and settles dead letters over its endpoint', async () => {
    const session = `sentinel:${environment.world.workspace.workspaceId}:73e01a99-5cd7-4139-a149-00000000dead`;
    await http('POST', `/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
      id: 'lost',
      eventType: 203,
      user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
      alert: { statusCode: 1, externalEventId: session },
      annotation: { message: 'to nobody' },
    });
    await invoke('apply', { string: session });
    const key = { 'x-api-key': KEY };
    const { body } = await http('GET', '/api/dead-letters', undefined, key);
    expect(body).toMatchObject({
      deadLetters: [{ id: 'lost', event: 'annotated', person: 'mlopez', words: 'to nobody', incident: session }],
    });
    expect(await http('POST', '/api/dead-letters/drop', { ids: ['lost', 'x'] }, key)).toEqual({
      status: 200,
      body: { settled: ['lost'], unknown: ['x'] },
    });
  });
});
