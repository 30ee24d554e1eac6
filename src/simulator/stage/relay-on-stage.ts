import type { Config } from '../../config/config.ts';
import { createApp } from '../../relay/app.ts';
import { applyDirectly } from '../../relay/callback/apply.ts';
import { handOn } from '../../relay/callback/hand-on.ts';
import { settle, type WorkReport } from '../../relay/callback/worker.ts';
import { connectSites } from '../../relay/connect/sites.ts';
import { rememberSeen } from '../../relay/forward/seen.ts';
import { createLog } from '../../relay/log.ts';
import { createMetrics } from '../../relay/metrics.ts';
import { readSettings } from '../../relay/settings.ts';
import { openSqliteStore } from '../../relay/store/sqlite.ts';
import type { RelayStore } from '../../relay/store/store.ts';
import { retrieval } from '../../relay/timers/retrieve.ts';
import { sweep } from '../../relay/timers/sweep.ts';
import { sync } from '../../relay/timers/sync.ts';
import type { Handler } from '../http.ts';
import type { World } from '../world.ts';
import { worldCredential, worldHttpClient } from './azure-transport.ts';

export interface RelayOnStage {
  readonly fetch: Handler;
  readonly store: RelayStore;
  /** What its timers do: find what was not sent, tell SIGNL4 what changed. */
  sweep(): Promise<void>;
  retrieve(): Promise<void>;
  sync(): Promise<void>;
}

export interface RelayChoices {
  readonly apiKey: string;
  readonly signl4Secret: string;
  readonly teamSecret: string;
  /** Notifications go to the playbook SIGNL4-Callback at this address; left out: straight to Sentinel. */
  readonly callbackUrl?: string;
  /** Whether its timer tells SIGNL4 what changed in Sentinel. */
  readonly syncs: boolean;
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

/** The real relay on a store; what it does later, it does on the clock of the world. */
export function startRelay(world: World, config: Config, store: RelayStore, choices: RelayChoices): RelayOnStage {
  const { clock } = world;
  const settings = readSettings(
    {
      RELAY_KEY: choices.apiKey,
      RELAY_SIGNL4_SECRET: choices.signl4Secret,
      SIGNL4_TEAM_SECRET: choices.teamSecret,
      SIGNL4_API_KEY: world.signl4.apiKey,
      RELAY_READ_USERS: 'true',
    },
    () => '',
  );
  const now = () => clock.now();
  const credential = worldCredential(world, world.cast.relay);
  const sites = connectSites(config, {
    settings,
    credential,
    httpClient: worldHttpClient(world),
    fetch: world.fetch,
    now,
  });
  const remember = choices.syncs ? rememberSeen(store.forwards) : undefined;
  const directly = applyDirectly(sites, now, remember);
  const apply = choices.callbackUrl === undefined ? directly : handOn(choices.callbackUrl, world.fetch, directly);
  const random = world.ids.random('relay');
  let isWatching = false;

  /** Takes what is ready, one after the other; as long as something waits, looks again a little later. */
  async function work(): Promise<void> {
    for (;;) {
      const leases = await store.inbox.take({ limit: 8 });
      if (leases.length === 0) break;
      const options = { inbox: store.inbox, apply, now, random: random.fraction, report: choices.report };
      await Promise.all(leases.map((lease) => settle(lease, options)));
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
  const timers = { sites, store, forwards: store.forwards, now, budgetMs: BUDGET_MS, log, forwarded: () => {} };
  const app = createApp({
    sites,
    store,
    auth: { keys: [choices.apiKey], tokens: undefined, signl4Secrets: [choices.signl4Secret] },
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
    store,
    sweep: () => sweep(timers),
    retrieve: retrieval(timers),
    sync: () => sync(timers),
  };
}
