import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { systemClock } from '../../../src/simulator/clock.ts';
import { type Listening, listen } from '../../../src/simulator/listen.ts';
import { createWorld, type World } from '../../../src/simulator/world.ts';

export const KEY = 'key-of-the-relay-0123456789';
export const WEBHOOK_SECRET = 'secret-of-the-webhook-0123456789';

const sourceEntry = fileURLToPath(new URL('../../../src/relay/hosts/main.ts', import.meta.url));

/** The simulated world behind real ports, and a folder for configuration and store. */
export interface Environment {
  readonly world: World;
  readonly folder: string;
  /** What a relay needs to know to live in this world. */
  readonly env: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

export async function startEnvironment(config: Readonly<Record<string, unknown>> = {}): Promise<Environment> {
  const world = createWorld({ clock: systemClock });
  const listening = await listen(world);
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  writeFileSync(join(folder, 'signl4.yaml'), stringify({ workspace: world.workspace, ...config }));
  return {
    world,
    folder,
    env: environmentOf(world, listening),
    async dispose() {
      await listening.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environmentOf(world: World, { sentinel, logs, graph, entra, signl4 }: Listening): Record<string, string> {
  const [secret = ''] = Object.keys(world.accounts.relay.secrets ?? {});
  return {
    RELAY_PORT: '0',
    RELAY_HOST: '127.0.0.1',
    RELAY_KEY: KEY,
    RELAY_SIGNL4_SECRET: WEBHOOK_SECRET,
    RELAY_REQUESTS_PER_MINUTE: '10000000',
    RELAY_RESOURCE_MANAGER_URL: sentinel,
    RELAY_LOGS_URL: logs,
    RELAY_GRAPH_URL: graph,
    RELAY_AUTHORITY_URL: entra,
    SIGNL4_URL: signl4,
    SIGNL4_TEAM_SECRET: world.accounts.team.secret,
    SIGNL4_API_KEY: world.signl4.apiKey,
    AZURE_TENANT_ID: world.workspace.tenantId,
    AZURE_CLIENT_ID: world.accounts.relay.appId ?? '',
    AZURE_CLIENT_SECRET: secret,
  };
}

export interface RelayProcess {
  readonly url: string;
  readonly pid: number;
  /** Lines on standard error. */
  readonly log: readonly string[];
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Starts a relay as a process of its own and waits until it listens. */
export async function startRelayProcess(
  { folder, env }: Environment,
  more: Readonly<Record<string, string>> = {},
  entry = sourceEntry,
): Promise<RelayProcess> {
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(folder, 'cache'), ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  void ended.then(() => process.off('exit', killWithUs));
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const url = await firstLine(child, log);
  return {
    ...{ url, log, pid: child.pid ?? 0 },
    kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function firstLine(
  child: ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> },
  log: readonly string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line).listening));
    child.once('exit', (code) => reject(new Error(`the relay ended with ${code}: ${log.join('\n')}`)));
  });
}

export function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
