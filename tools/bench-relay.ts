import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import autocannon from 'autocannon';
import { stringify } from 'yaml';
import { readRelayConfig, startRelay } from '../src/relay/hosts/start.ts';
import { openSqliteStore } from '../src/relay/store/sqlite.ts';
import { makeScheduledAlert } from '../src/simulator/alerts.ts';
import { systemClock } from '../src/simulator/clock.ts';
import { makeEntity } from '../src/simulator/entities.ts';
import { makerOf } from '../src/simulator/incidents.ts';
import { type Listening, listen } from '../src/simulator/listen.ts';
import { createWorld, type World } from '../src/simulator/world.ts';

/*
 * What the relay costs: durable intake against the least that Node can do, enriching against its round trips, memory, start.
 *   node tools/bench-relay.ts [--seconds 5] [--rounds 3] [--only start,enrich,intake,backlog]
 * Every server is a process of its own; the load comes from this one.
 */

const KEY = 'key-of-the-bench-0123456789';
const SECRET = 'secret-of-the-bench-0123456789';
const LATENCY_MS = 100;
const BACKLOG = 100_000;
const QUERIES = 20;

const parts = ['start', 'enrich', 'intake', 'backlog'] as const;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    as: { type: 'string', default: 'bench' },
    only: { type: 'string', default: parts.join() },
  },
});

/** A server in a process of its own; `as` is the role it plays, see the end of this file. */
async function start(as: 'baseline' | 'intake' | 'relay', folder: string, env: Readonly<Record<string, string>>) {
  const entry =
    as === 'relay'
      ? [new URL('../src/relay/hosts/main.ts', import.meta.url).pathname]
      : [import.meta.filename, '--as', as];
  const started = performance.now();
  const child = spawn(process.execPath, entry, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { value: line } = await firstLine(child.stdout).next();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    url: JSON.parse(line ?? '').listening as string,
    startMs: performance.now() - started,
    memoryMb: () =>
      Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024),
    /** Processor time so far, in milliseconds; /proc counts hundredths of a second. */
    cpuMs: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ');
      return (Number(fields[13]) + Number(fields[14])) * 10;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function* firstLine(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input: stream })) {
    yield line;
    return;
  }
}

function notification({ workspaceId }: World['workspace'], id: string): string {
  return JSON.stringify({
    id,
    eventType: 201,
    eventRaisedUtc: '2026-04-27T15:15:06.8821857Z',
    subscription: { id: '14518853-01eb-449e-9c62-47eee2ed5b90' },
    team: { teamname: 'SOC', id: '138' },
    user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com', id: 'f0bd5063-9588-51cf-b3d9-94e5647dedc5' },
    alert: {
      statusCode: 2,
      eventId: '2518783235949759942_fbc7b4a4-badd-47b8-9e1d-702fb6a1a0b2',
      externalEventId: `sentinel:${workspaceId}:73e01a99-5cd7-4139-a149-9f2736ff2ab5`,
      id: '2518981069381242800_2ab1b5e0-f1b7-4c3e-9adf-6c157eeb4685',
    },
    annotation: { message: 'On it', id: 'bf4b5315-edce-4071-8913-deadcf267003' },
  });
}

async function loadIntake(url: string, world: World): Promise<number> {
  const result = await autocannon({
    url: `${url}/api/signl4/events?secret=${SECRET}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: notification(world.workspace, '[<id>]'),
    idReplacement: true,
    connections: 64,
    duration: Number(values.seconds),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return result.requests.average;
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

interface Intake {
  readonly rates: number[];
  /** Processor time per request, in microseconds: says the same when others use the machine, too. */
  readonly costs: number[];
}

/** Baseline and relay in turns, each with a fresh file, so that a noisy minute hits both. */
async function benchIntake(world: World, env: Readonly<Record<string, string>>): Promise<void> {
  const baseline: Intake = { rates: [], costs: [] };
  const relay: Intake = { rates: [], costs: [] };
  const memory: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [as, { rates, costs }] of [
      ['baseline', baseline],
      ['intake', relay],
    ] as const) {
      const folder = newFolder(world);
      const server = await start(as, folder, env);
      await loadIntake(server.url, world);
      const before = server.cpuMs();
      const rate = await loadIntake(server.url, world);
      rates.push(rate);
      costs.push(((server.cpuMs() - before) * 1000) / (rate * Number(values.seconds)));
      if (as === 'intake') memory.push(server.memoryMb());
      await server.stop();
      rmSync(folder, { recursive: true });
    }
  }
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  const rounds = (numbers: readonly number[]) => numbers.map(Math.round).join(', ');
  const [rate, bareRate] = [median(relay.rates), median(baseline.rates)];
  const [cost, bareCost] = [median(relay.costs), median(baseline.costs)];
  console.log(
    `durable intake: ${Math.round(rate)} requests/s; bare node:http + node:sqlite ${Math.round(bareRate)}: ${ratio(rate, bareRate)} of it`,
  );
  console.log(`  rounds: relay ${rounds(relay.rates)}; bare ${rounds(baseline.rates)}`);
  console.log(
    `  processor time per request: ${Math.round(cost)} µs; bare ${Math.round(bareCost)} µs: ${ratio(bareCost, cost)}`,
  );
  console.log(`  memory under this load: ${median(memory)} MB`);
}

/** 20 alerts, each with a query, every answer 100 ms late: sign-in, linked resources, queries. */
async function benchEnrich(world: World, env: Readonly<Record<string, string>>): Promise<void> {
  const folder = newFolder(world, { kql: { maxQueries: QUERIES } });
  const relay = await start('relay', folder, env);
  const idle = relay.memoryMb();
  const incidentArmId = bigIncident(world);
  const enrich = async () => {
    const started = performance.now();
    const response = await fetch(`${relay.url}/api/incidents/enrich`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': KEY },
      body: JSON.stringify({ incidentArmId }),
    });
    return { answer: await response.json(), ms: performance.now() - started };
  };
  const first = await enrich();
  const quick: number[] = [];
  for (let n = 0; n < 30; n++) quick.push((await enrich()).ms);
  const undo = [world.faults.add({ service: 'sentinel', fault: { kind: 'latency', ms: LATENCY_MS } })];
  undo.push(world.faults.add({ service: 'logs', fault: { kind: 'latency', ms: LATENCY_MS } }));
  const slow: number[] = [];
  for (let n = 0; n < 10; n++) slow.push((await enrich()).ms);
  for (const take of undo) take();
  const { alerts, queries, warnings, event } = first.answer;
  console.log(`enrich: ${alerts.length} alerts, ${queries.length} queries, ${warnings.length} warnings`);
  console.log(
    `  first request (loads clients and parser): ${Math.round(first.ms)} ms; then without latency: ${Math.round(median(quick))} ms`,
  );
  console.log(
    `  with ${LATENCY_MS} ms latency: ${Math.round(median(slow))} ms against ${3 * LATENCY_MS} ms for three round trips`,
  );
  console.log(`memory: ${idle} MB idle, ${relay.memoryMb()} MB after enriching`);
  console.log(`event:\n${JSON.stringify(event, null, 2)}`);
  await relay.stop();
  rmSync(folder, { recursive: true });
}

function bigIncident(world: World): string {
  const maker = makerOf(world);
  world.logs.answers.push({
    when: 'SigninLogs',
    table: {
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'UserPrincipalName', type: 'string' },
        { name: 'IPAddress', type: 'string' },
      ],
      rows: Array.from({ length: 40 }, (_, n) => ['2026-01-10T08:31:02Z', `user${n % 7}@contoso.com`, `192.0.2.${n}`]),
    },
  });
  const alerts = Array.from({ length: QUERIES }, (_, n) =>
    makeScheduledAlert(maker, {
      title: `Unfamiliar location ${n}`,
      query: `SigninLogs\n| where ResultType == ${n}`,
      severity: 'High',
    }),
  );
  const entities = Array.from({ length: 30 }, (_, n) =>
    makeEntity(maker, 'Host', `srv-${n}`, { hostName: `srv-${n}` }),
  );
  const { name } = world.sentinel.store.createIncident({
    title: 'Sign-ins from unfamiliar locations',
    severity: 'High',
    alerts,
    entities,
  });
  return world.sentinel.store.armId('Incidents', name);
}

/** A relay that wakes up to 100,000 notifications which cannot be applied, for nobody answers. */
async function benchBacklog(world: World, env: Readonly<Record<string, string>>): Promise<void> {
  const folder = newFolder(world);
  const store = openSqliteStore(join(folder, 'relay.db'), { now: Date.now, owner: 'bench', leaseMs: 1 });
  const { workspaceId } = world.workspace;
  const filled = performance.now();
  for (let n = 0; n < BACKLOG; n += 1_000) {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, k) => {
        const incident = `73e01a99-5cd7-4139-a149-${String((n + k) % 20_000).padStart(12, '0')}`;
        return store.inbox.accept({
          id: `b${n + k}`,
          lane: `sentinel:${workspaceId}:${incident}`,
          body: notification(world.workspace, `b${n + k}`),
        });
      }),
    );
  }
  const fillSeconds = (performance.now() - filled) / 1000;
  await store.close();
  const relay = await start('relay', folder, {
    ...env,
    RELAY_RESOURCE_MANAGER_URL: 'http://127.0.0.1:9',
    RELAY_LOG_LEVEL: 'silent',
  });
  const rate = await loadIntake(relay.url, world);
  console.log(
    `backlog of ${BACKLOG} (stored at ${Math.round(BACKLOG / fillSeconds)}/s): listening after ${Math.round(relay.startMs)} ms, ${Math.round(rate)} requests/s taken meanwhile, ${relay.memoryMb()} MB`,
  );
  await relay.stop();
  rmSync(folder, { recursive: true });
}

async function benchStart(world: World, env: Readonly<Record<string, string>>): Promise<void> {
  const folder = newFolder(world);
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const relay = await start('relay', folder, { ...env, NODE_COMPILE_CACHE: join(folder, 'cache') });
    times.push(relay.startMs);
    await relay.stop();
  }
  console.log(`time to first listening: ${times.map(Math.round).join(', ')} ms`);
  rmSync(folder, { recursive: true });
}

function newFolder(world: World, config: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-relay-'));
  writeFileSync(join(folder, 'signl4.yaml'), stringify({ workspace: world.workspace, ...config }));
  return folder;
}

function environment(world: World, { sentinel, logs, graph, entra, signl4 }: Listening): Record<string, string> {
  return {
    ...{ RELAY_PORT: '0', RELAY_HOST: '127.0.0.1', RELAY_KEY: KEY, RELAY_SIGNL4_SECRET: SECRET },
    ...{ RELAY_REQUESTS_PER_MINUTE: '10000000', RELAY_LOG_LEVEL: 'warn' },
    ...{ RELAY_RESOURCE_MANAGER_URL: sentinel, RELAY_LOGS_URL: logs, RELAY_GRAPH_URL: graph, SIGNL4_URL: signl4 },
    RELAY_AUTHORITY_URL: entra,
    SIGNL4_TEAM_SECRET: world.cast.team.secret,
    AZURE_TENANT_ID: world.workspace.tenantId,
    AZURE_CLIENT_ID: world.cast.relay.appId ?? '',
    AZURE_CLIENT_SECRET: Object.keys(world.cast.relay.secrets ?? {})[0] ?? '',
  };
}

/** The least that keeps the promise: parse, insert with a unique id, commit with all that arrived meanwhile, answer. */
function serveBaseline(): void {
  const database = new DatabaseSync('baseline.db');
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE n (id TEXT PRIMARY KEY, body TEXT)',
  );
  const insert = database.prepare('INSERT INTO n VALUES (?, ?) ON CONFLICT DO NOTHING');
  let waiting: { id: string; body: string; answer: () => void }[] = [];
  const commit = () => {
    const group = waiting;
    waiting = [];
    database.exec('BEGIN IMMEDIATE');
    for (const { id, body } of group) insert.run(id, body);
    database.exec('COMMIT');
    for (const { answer } of group) answer();
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (waiting.length === 0) setImmediate(commit);
      const { id } = JSON.parse(body);
      const answer = () => response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"accepted"}');
      waiting.push({ id, body, answer });
    });
  });
  server.listen(0, '127.0.0.1', () => tellListening(server.address()));
}

/** The relay's app on Node's server, without the worker: intake alone, as the baseline. */
async function serveIntake(): Promise<void> {
  const relay = await startRelay({
    config: readRelayConfig(process.env, [process.cwd()]),
    env: process.env,
    version: 'bench',
    addressOf: () => '127.0.0.1',
  });
  serve({ fetch: relay.app.fetch, hostname: '127.0.0.1', port: 0 }, tellListening);
}

function tellListening(address: unknown): void {
  const port = typeof address === 'object' && address !== null && 'port' in address ? address.port : 0;
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${port}` }));
}

async function bench(): Promise<void> {
  const world = createWorld({ clock: systemClock });
  const listening = await listen(world);
  const env = environment(world, listening);
  const runs = { start: benchStart, enrich: benchEnrich, intake: benchIntake, backlog: benchBacklog };
  for (const part of parts) if (values.only.split(',').includes(part)) await runs[part](world, env);
  await listening.close();
}

if (values.as === 'baseline') serveBaseline();
else if (values.as === 'intake') await serveIntake();
else await bench();
