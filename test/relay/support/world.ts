import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import type { Hono } from 'hono';
import { type Config, defaultConfig } from '../../../src/config/config.ts';
import { createApp } from '../../../src/relay/app.ts';
import type { AppSettings } from '../../../src/relay/app-settings.ts';
import { applyDirectly } from '../../../src/relay/callback/apply.ts';
import { applyLease, type WorkReport } from '../../../src/relay/callback/worker.ts';
import { connectWorkspaces } from '../../../src/relay/connect/workspaces.ts';
import { entraTokens } from '../../../src/relay/edge/entra.ts';
import { rememberSeen } from '../../../src/relay/forward/seen.ts';
import { createLog } from '../../../src/relay/log.ts';
import { createMetrics } from '../../../src/relay/metrics.ts';
import { applyAll } from '../../../src/relay/respond/dispatch.ts';
import type { ServedWorkspace } from '../../../src/relay/served-workspace.ts';
import { type RelaySettings, readSettings } from '../../../src/relay/settings.ts';
import { openSqliteStore } from '../../../src/relay/store/sqlite.ts';
import type { RelayStore } from '../../../src/relay/store/store.ts';
import { VirtualClock } from '../../../src/simulator/clock.ts';
import { createWorld, type World } from '../../../src/simulator/world.ts';

export const KEY = 'key-of-the-relay-0123456789';
export const WEBHOOK_SECRET = 'secret-of-the-webhook-0123456789';

/** The relay and the simulated world in one process; calls go from one to the other without a network. */
export interface RelayWorld {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly app: Hono;
  readonly served: ServedWorkspace;
  readonly store: RelayStore;
  readonly settings: RelaySettings;
  /** Everything that was logged, one object per line. */
  readonly logged: readonly Record<string, unknown>[];
  readonly reports: readonly WorkReport[];
  /** POSTs JSON with the relay's key. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** POSTs a notification as SIGNL4 does. */
  notify(notification: unknown): Promise<Response>;
  /** Applies what is in the inbox, in order, until nothing is ready. */
  applyAll(): Promise<void>;
}

export interface RelayWorldOptions {
  readonly config?: Partial<Config>;
  readonly env?: Readonly<Record<string, string>>;
  readonly budgetMs?: number;
  readonly identity?: AppSettings['identity'];
}

export function relayWorld({ config = {}, env = {}, budgetMs = 20_000, identity }: RelayWorldOptions = {}): RelayWorld {
  const clock = new VirtualClock('2026-01-10T08:41:00Z');
  const world = createWorld({ clock });
  const settings = readSettings(
    {
      RELAY_KEY: KEY,
      RELAY_SIGNL4_SECRET: WEBHOOK_SECRET,
      SIGNL4_TEAM_SECRET: world.accounts.team.secret,
      SIGNL4_API_KEY: world.signl4.apiKey,
      ...env,
    },
    () => '',
  );
  const fetch = world.fetch as typeof globalThis.fetch;
  const workspaces = connectWorkspaces(
    { ...defaultConfig, workspace: world.workspace, ...config },
    { settings, fetch, httpClient: inWorld(world), credential: relayCredential(world), now: () => clock.now() },
  );
  const [served] = workspaces;
  if (!served) throw new Error('no site');
  const store = openSqliteStore(':memory:', { now: () => clock.now(), owner: 'test', leaseMs: 60_000 });
  const logged: Record<string, unknown>[] = [];
  const reports: WorkReport[] = [];
  const log = createLog('debug', { write: (line) => void logged.push(JSON.parse(line)) });
  const now = () => clock.now();
  const app = createApp({
    ...{ workspaces, store, log, now, budgetMs },
    ...(identity && { identity }),
    auth: {
      keys: settings.keys,
      signl4Secrets: settings.signl4Secrets,
      tokens:
        settings.entra &&
        entraTokens(
          { ...settings.entra, tenantId: world.workspace.tenantId, authority: 'https://login.microsoftonline.com' },
          fetch,
          () => new Date(clock.now()),
        ),
    },
    requestsPerMinute: settings.requestsPerMinute,
    metrics: createMetrics(() => store.inbox.counts(), now),
    version: '0.0.0',
    addressOf: () => '198.51.100.7',
    onAccepted: () => {},
    isOpen: () => true,
  });
  const work = {
    inbox: store.inbox,
    apply: applyAll(applyDirectly(workspaces, now, rememberSeen(store.forwards)), {
      ...{ workspaces, now, inbox: store.inbox, forwards: store.forwards },
      report: (report) => log.info(report, 'response'),
    }),
    now,
    random: () => 0.5,
    report: (report: WorkReport) => void reports.push(report),
  };
  const post: RelayWorld['post'] = async (path, body, headers = { 'x-api-key': KEY }) =>
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    ...{ world, clock, app, served, store, settings, logged, reports, post },
    notify: (notification) => post(`/api/signl4/events?secret=${WEBHOOK_SECRET}`, notification, {}),
    async applyAll() {
      for (;;) {
        const leases = await store.inbox.take({ limit: 10 });
        if (leases.length === 0) return;
        for (const lease of leases) await applyLease(lease, work);
      }
    },
  };
}

function relayCredential(world: World) {
  return {
    async getToken(scopes: string | string[]) {
      const [scope = ''] = [scopes].flat();
      const token = await world.entra.token(world.accounts.relay, scope.replace(/\/\.default$/, ''));
      return { token, expiresOnTimestamp: world.clock.now() + 3_600_000 };
    },
  };
}

/** The HTTP client of the Azure libraries, wired to the world. */
function inWorld(world: World): HttpClient {
  return {
    async sendRequest(request) {
      const response = await world.fetch(request.url, {
        method: request.method,
        headers: request.headers.toJSON(),
        ...(typeof request.body === 'string' && { body: request.body }),
        ...(request.abortSignal && { signal: request.abortSignal as AbortSignal }),
      });
      return {
        request,
        status: response.status,
        headers: createHttpHeaders(Object.fromEntries(response.headers)),
        bodyAsText: await response.text(),
      };
    },
  };
}
