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
 *   node tools/bench-relay.ts [--requests 20000] [--rounds 9] [--only start,enrich,intake,backlog]
 * Every server is a process of its own; the load comes from this one.
 */

const KEY = 'key-of-the-bench-0123456789';
const SECRET = 'secret-of-the-bench-0123456789';
const LATENCY_MS = 100;
const BACKLOG = 100_000;
const QUERIES = 20;
/** Incidents that notifications are about; the worker applies those of one incident one at a time. */
const INCIDENTS = 200;

const parts = ['start', 'enrich', 'intake', 'backlog'] as const;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '9' },
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
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
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

function notification({ workspaceId }: World['workspace'], id: string, incident: string): string {
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
      externalEventId: `sentinel:${workspaceId}:${incident}`,
      id: '2518981069381242800_2ab1b5e0-f1b7-4c3e-9adf-6c157eeb4685',
    },
    annotation: { message: 'On it', id: 'bf4b5315-edce-4071-8913-deadcf267003' },
  });
}

/** Notifications taken in a second while 64 connections send as fast as they are answered; resolves when all are answered. */
async function loadIntake(url: string, world: World, incidents: readonly string[]): Promise<number> {
  const result = await autocannon({
    url: `${url}/api/signl4/events?secret=${SECRET}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests: incidents.map((incident) => ({ body: notification(world.workspace, '[<id>]', incident) })),
    idReplacement: true,
    connections: 64,
    amount: Number(values.requests),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return Number(values.requests) / result.duration;
}

function newIncidents({ sentinel }: World): readonly string[] {
  return Array.from({ length: INCIDENTS }, (_, n) => sentinel.store.createIncident({ title: `Incident ${n}` }).name);
}

const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
const median = (numbers: readonly number[]) => sorted(numbers)[Math.floor(numbers.length / 2)] ?? 0;

/** Median and, in brackets, the middle half. */
function spread(numbers: readonly number[], digits = 0): string {
  const at = (part: number) => (sorted(numbers)[Math.floor((numbers.length - 1) * part)] ?? 0).toFixed(digits);
  return `${median(numbers).toFixed(digits)} (${at(0.25)} to ${at(0.75)})`;
}

/**
 * Baseline, relay without and relay with its worker in turns. Only one of them runs at a time; what others do on this machine
 * meets neighbours alike, so ratios are taken within a round. Processor time (all threads) says more than requests a second.
 */
async function benchIntake(world: World, env: Readonly<Record<string, string>>): Promise<void> {
  const incidents = newIncidents(world);
  const servers = await Promise.all(
    (['baseline', 'intake', 'relay'] as const).map(async (as) => {
      const folder = newFolder(world);
      // What the worker was about when it was paused comes late, and it would say so.
      const server = await start(as, folder, { ...env, RELAY_LOG_LEVEL: 'silent' });
      return { as, folder, server, rates: [] as number[], costs: [] as number[] };
    }),
  );
  for (const { server } of servers) server.pause();
  for (let round = -1; round < Number(values.rounds); round++) {
    for (const { server, rates, costs } of round % 2 === 0 ? servers : servers.toReversed()) {
      server.resume();
      const before = server.cpuMs();
      const rate = await loadIntake(server.url, world, incidents);
      const cost = ((server.cpuMs() - before) * 1000) / Number(values.requests);
      server.pause();
      // The first round warms up.
      if (round < 0) continue;
      rates.push(rate);
      costs.push(cost);
    }
  }
  const names = { baseline: 'bare node:http + node:sqlite', intake: 'relay, worker off', relay: 'relay, worker on' };
  const [bare] = servers;
  console.log('durable intake, medians and middle half');
  for (const { as, folder, server, rates, costs } of servers) {
    const ratios = costs.map((cost, round) => (bare?.costs[round] ?? 0) / cost);
    console.log(
      `  ${names[as]}: ${spread(costs)} µs of processor time a request, ${spread(ratios, 2)} of the bare one; ${spread(rates)} requests/s, ${server.memoryMb()} MB`,
    );
    server.resume();
    if (as === 'relay') console.log(`  the worker: ${(await outcomes(server.url)).join(', ')}`);
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** What became of notifications, from the relay's own metrics. */
async function outcomes(url: string): Promise<readonly string[]> {
  const metrics = await (await fetch(`${url}/metrics`, { headers: { 'x-api-key': KEY } })).text();
  return metrics.split('\n').flatMap((line) => {
    const [, outcome, count] = /^signl4_relay_notifications_applied_total\{outcome="(.+)"\} (\d+)/.exec(line) ?? [];
    return outcome === undefined ? [] : [`${count} ${outcome}`];
  });
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
          session: `sentinel:${workspaceId}:${incident}`,
          body: notification(world.workspace, `b${n + k}`, incident),
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
  const rate = await loadIntake(relay.url, world, newIncidents(world));
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
    SIGNL4_TEAM_SECRET: world.accounts.team.secret,
    AZURE_TENANT_ID: world.workspace.tenantId,
    AZURE_CLIENT_ID: world.accounts.relay.appId ?? '',
    AZURE_CLIENT_SECRET: Object.keys(world.accounts.relay.secrets ?? {})[0] ?? '',
  };
}

/**
 * The least that keeps the promise in one thread: parse, insert with a unique id, commit (FULL, so with fsync) together with all
 * that arrived in this turn of the event loop, answer. It checks no secret, size or rate, knows no order, keeps no metrics, and
 * whatever locks the file stops it.
 */
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
