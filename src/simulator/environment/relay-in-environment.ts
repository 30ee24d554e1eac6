import type { Config } from '../../config/config.ts';
import { createApp } from '../../relay/app.ts';
import { applyDirectly } from '../../relay/callback/apply.ts';
import { handOn } from '../../relay/callback/hand-on.ts';
import { applyLease, type WorkReport } from '../../relay/callback/worker.ts';
import { connectWorkspaces } from '../../relay/connect/workspaces.ts';
import { rememberSeen } from '../../relay/forward/seen.ts';
import { createLog } from '../../relay/log.ts';
import { createMetrics } from '../../relay/metrics.ts';
import { applyAll } from '../../relay/respond/dispatch.ts';
import { type RelaySettings, readSettings } from '../../relay/settings.ts';
import { openSqliteStore } from '../../relay/store/sqlite.ts';
import type { RelayStore } from '../../relay/store/store.ts';
import { retrieval } from '../../relay/timers/retrieve.ts';
import { sweep } from '../../relay/timers/sweep.ts';
import { comparison } from '../../relay/timers/sync.ts';
import type { Principal } from '../entra/directory.ts';
import type { Handler } from '../http.ts';
import type { World } from '../world.ts';
import { worldCredential, worldHttpClient } from './azure-transport.ts';

export interface RelayInEnvironment {
  readonly fetch: Handler;
  readonly settings: RelaySettings;
  readonly store: RelayStore;
  /** What its timers do: find what was not sent, tell SIGNL4 what changed. */
  sweep(): Promise<void>;
  retrieve(): Promise<void>;
  sync(): Promise<void>;
}

export interface RelayChoices {
  /** Its settings, as `readSettings` takes them. */
  readonly env: Readonly<Record<string, string>>;
  /** What it is to Azure. */
  readonly identity: Principal;
  /** Notifications go to the playbook SIGNL4-Callback at this address; left out: straight to Sentinel. */
  readonly callbackUrl?: string;
  /** Told what became of every notification that was tried. */
  readonly report: (report: WorkReport) => void;
}

/** How long the worker leaves a notification alone that has to wait: it looks again this often. */
const LOOK_AGAIN_MS = 1_000;
const BUDGET_MS = 20_000;
const LEASE_MS = 60_000;

/** What the relay must not forget, kept in memory. */
export function openRelayStore({ clock }: World): RelayStore {
  return openSqliteStore(':memory:', { now: () => clock.now(), owner: 'simulated relay', leaseMs: LEASE_MS });
}

/**
 * The real relay on a store; what it does later, it does on the clock of the world.
 * @throws ConfigError where it would not start with these settings
 */
export function startRelay(world: World, config: Config, store: RelayStore, choices: RelayChoices): RelayInEnvironment {
  const { clock } = world;
  const settings = readSettings(choices.env, () => '');
  const now = () => clock.now();
  const credential = worldCredential(world, choices.identity);
  const workspaces = connectWorkspaces(config, {
    settings,
    credential,
    httpClient: worldHttpClient(world),
    fetch: world.fetch,
    now,
  });
  const memory = settings.timers.sync ? rememberSeen(store.forwards) : undefined;
  const directly = applyDirectly(workspaces, now, memory);
  const notifications =
    choices.callbackUrl === undefined ? directly : handOn(choices.callbackUrl, world.fetch, directly);
  const responding = { workspaces, now, inbox: store.inbox, forwards: store.forwards, report: () => {} };
  const apply = applyAll(notifications, responding);
  const random = world.ids.random('relay');
  let isWatching = false;

  /** Takes what is ready, one after the other; as long as something waits, looks again a little later. */
  async function work(): Promise<void> {
    for (;;) {
      const leases = await store.inbox.take({ limit: 8 });
      if (leases.length === 0) break;
      const options = { inbox: store.inbox, apply, now, random: random.fraction, report: choices.report };
      await Promise.all(leases.map((lease) => applyLease(lease, options)));
    }
    const { pending } = await store.inbox.counts();
    if (pending > 0 && !isWatching) {
      isWatching = true;
      clock.after(LOOK_AGAIN_MS, () => {
        isWatching = false;
        return work();
      });
    }
  }

  const log = createLog('silent', { write: () => {} });
  const timers = { workspaces, store, forwards: store.forwards, now, budgetMs: BUDGET_MS, log, forwarded: () => {} };
  const app = createApp({
    workspaces,
    store,
    auth: { keys: settings.keys, tokens: undefined, signl4Secrets: settings.signl4Secrets },
    budgetMs: BUDGET_MS,
    requestsPerMinute: settings.requestsPerMinute,
    log,
    metrics: createMetrics(() => store.inbox.counts(), now),
    now,
    version: 'simulated',
    addressOf: () => undefined,
    onAccepted: () => void clock.after(0, work),
    isOpen: () => true,
  });
  return {
    fetch: async (request) => app.fetch(request),
    ...{ store, settings },
    sweep: () => sweep(timers),
    retrieve: retrieval(timers),
    sync: comparison(timers),
  };
}
