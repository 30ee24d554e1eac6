import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { DestinationStream } from 'pino';
import { clouds } from '../azure/cloud.ts';
import type { Config } from '../config/config.ts';
import { createApp } from './app.ts';
import { applyDirectly } from './callback/apply.ts';
import { handOn } from './callback/hand-on.ts';
import { type Apply, applyLease, startWorker, type Worker, type WorkReport } from './callback/worker.ts';
import { relayCredential, tokenHosts } from './connect/credential.ts';
import { identityCheck } from './connect/identity-check.ts';
import { identityRemedy } from './connect/identity-remedy.ts';
import { addressesOf, connectWorkspaces } from './connect/workspaces.ts';
import { entraTokens } from './edge/entra.ts';
import { rememberSeen } from './forward/seen.ts';
import { steadyForwards } from './forward/steady-forwards.ts';
import { closeGate, prepareGate } from './kql/gate.ts';
import { createLog, describeError, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { allowedHosts } from './outgoing/allowed-hosts.ts';
import { guardedFetch } from './outgoing/guarded-fetch.ts';
import { guardedHttpClient } from './outgoing/guarded-http-client.ts';
import { applyAll } from './respond/dispatch.ts';
import type { RespondReport } from './respond/report.ts';
import type { ServedWorkspace } from './served-workspace.ts';
import type { RelaySettings } from './settings.ts';
import { startWarnings } from './start-warnings.ts';
import { openStore } from './store/open.ts';
import { type Forwards, LEASE_MS, type Lease, type RelayStore } from './store/store.ts';
import { retrieval } from './timers/retrieve.ts';
import { sweep } from './timers/sweep.ts';
import { comparison } from './timers/sync.ts';

export interface RelayOptions {
  readonly config: Config;
  readonly settings: RelaySettings;
  readonly version: string;
  /** Where the log is written. */
  readonly logTo: DestinationStream;
  /** `IDENTITY_ENDPOINT`: where App Service and Functions issue tokens for a managed identity. */
  readonly identityEndpoint: string | undefined;
  /** Network address of a request's sender, if the host knows it. */
  readonly addressOf: (context: Context) => string | undefined;
}

/** The assembled relay. The host decides what drives it: a server, a worker, timers, triggers. */
export interface Relay {
  readonly app: Hono;
  readonly workspaces: readonly ServedWorkspace[];
  readonly store: RelayStore;
  readonly log: Log;
  readonly settings: RelaySettings;
  /** Logs if there is no identity; never rejects. To be called once after the start. */
  lookForIdentity(): Promise<void>;
  /** Takes notifications out of the inbox until {@link close}. */
  startWorker(): void;
  /** Applies what is due for one incident; for hosts where a queue message names it. */
  applySession(session: string): Promise<void>;
  sweep(): Promise<void>;
  /** Reads new incidents from Graph when due; to be called every minute. */
  retrieve(): Promise<void>;
  sync(): Promise<void>;
  /** Finds work left behind by a relay that died. */
  recover(): Promise<void>;
  /** Deletes what was finished long ago. */
  prune(): Promise<void>;
  /** Refuses new requests from now on. */
  shut(): void;
  /** Takes no more notifications; resolves when those in progress have finished. */
  drain(): Promise<void>;
  /** Closes the store; unfinished notifications are retried when their leases end. */
  close(): Promise<void>;
}

const CONCURRENCY = 8;
/** Longest wait for the store while paging; at most a fifth of the budget as well. */
const STORE_WAIT_MS = 3_000;
const IDLE_MS = { sqlite: 1_000, azure: 2_000 };
/** How long a relay that died during a sync or retrieval blocks the others. */
const TIMER_CLAIM_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;
const KEEP_APPLIED_MS = 14 * DAY_MS;
const KEEP_FORWARDED_MS = 180 * DAY_MS;

/**
 * Opens the store and assembles everything without calling any service. @throws UserError for errors in config, settings or store
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const { config, settings } = options;
  const now = Date.now;
  const addresses = addressesOf(settings);
  const hosts = allowedHosts([
    ...Object.values(addresses).filter((address) => URL.canParse(address)),
    settings.signl4Url,
    settings.callbackUrl,
    ...tokenHosts(addresses.authority, options.identityEndpoint),
  ]);
  const fetch = guardedFetch(hosts);
  const httpClient = guardedHttpClient(hosts);
  const credential = relayCredential(settings.identity, addresses.authority, httpClient);
  if (usesQueries(config)) prepareGate();
  const workspaces = connectWorkspaces(config, { settings, credential, httpClient, fetch, now });
  const opened = await openStore(settings.store, credential, { now, owner: randomUUID(), leaseMs: LEASE_MS });
  const log = createLog(settings.logLevel, options.logTo);
  const forwards = steadyForwards(opened.forwards, {
    waitMs: Math.min(STORE_WAIT_MS, settings.budgetMs / 5),
    now: () => performance.now(),
    failed: (error) => log.error(describeError(error), 'the store did not take part in forwarding'),
  });
  const store: RelayStore = { ...opened, forwards };
  const { inbox } = store;
  const metrics = createMetrics(
    async () => ({ ...(await inbox.counts()), oldestPending: await inbox.oldestPending() }),
    now,
  );
  const memory = settings.timers.sync ? rememberSeen(store.forwards) : undefined;
  const directly = applyDirectly(workspaces, now, memory);
  const apply = settings.callbackUrl ? handOn(settings.callbackUrl, fetch, directly) : directly;
  const responding = {
    ...{ workspaces, inbox, now },
    // Not the steady ones: without the store nothing may be started, because it might be started twice.
    forwards: opened.forwards,
    report: (report: RespondReport) => {
      metrics.responded(report.outcome);
      log.info(report, 'response');
    },
  };
  for (const { message, ...warning } of startWarnings(config, settings)) log.warn(warning, message);
  const work = workOptions(store, applyAll(apply, responding), log, metrics);
  const timerSettings = { workspaces, store, forwards: store.forwards, now, budgetMs: settings.budgetMs, log };
  const sweepSettings = { ...timerSettings, forwarded: metrics.forwarded };
  const retrieve = retrieval(sweepSettings);
  const compare = comparison(timerSettings);
  let worker: Worker | undefined;
  let isOpen = true;

  const identity = {
    check: identityCheck(credential, `${clouds[settings.cloud].resourceManager}/.default`),
    remedy: identityRemedy(settings.identity),
  };
  const app = createApp({
    ...{ workspaces, store, log, metrics, now },
    auth: {
      keys: settings.keys,
      tokens: tokenCheck(settings, workspaces, addresses.authority, fetch),
      signl4Secrets: settings.signl4Secrets,
    },
    budgetMs: settings.budgetMs,
    requestsPerMinute: settings.requestsPerMinute,
    version: options.version,
    addressOf: options.addressOf,
    onAccepted: () => worker?.wake(),
    isOpen: () => isOpen,
    identity,
  });

  return {
    ...{ app, workspaces, store, log, settings },
    async lookForIdentity() {
      try {
        await identity.check();
      } catch (error) {
        const { remedy } = identity;
        const message = 'the relay gets no token for Azure: it can neither read nor change incidents, and is not ready';
        log.warn({ ...describeError(error), setting: 'AZURE_CLIENT_ID', remedy }, message);
      }
    },
    startWorker() {
      worker = startWorker({ ...work, concurrency: CONCURRENCY, idleMs: IDLE_MS[settings.store.kind] });
    },
    async applySession(session) {
      for (const lease of await store.inbox.take({ limit: 1, session })) await applyLease(lease, work);
    },
    sweep: () => sweep(sweepSettings),
    retrieve: () => alone(store.forwards, 'timer:retrieve', TIMER_CLAIM_MS, retrieve),
    sync: () => alone(store.forwards, 'timer:sync', TIMER_CLAIM_MS, compare),
    async recover() {
      await forwards.catchUp();
      await store.inbox.recover();
    },
    async prune() {
      await store.prune({ appliedBefore: now() - KEEP_APPLIED_MS, forwardedBefore: now() - KEEP_FORWARDED_MS });
    },
    shut() {
      isOpen = false;
    },
    async drain() {
      await worker?.stop();
    },
    async close() {
      isOpen = false;
      await Promise.all([store.close(), closeGate()]);
    },
  };
}

/** The parser takes memory, so it is only loaded, and then at once, if queries are run. */
function usesQueries({ kql, targets }: Config): boolean {
  return kql.enabled || targets.some(({ config }) => config.kql.enabled);
}

/** Several relays may share a store: runs that would tell SIGNL4 something twice happen in one of them at a time. */
async function alone(forwards: Forwards, name: string, claimMs: number, run: () => Promise<void>): Promise<void> {
  if ((await forwards.claim(name, claimMs)).state !== 'claimed') return;
  try {
    await run();
  } finally {
    await forwards.release(name);
  }
}

function tokenCheck(
  { entra }: RelaySettings,
  [served]: readonly ServedWorkspace[],
  authority: string,
  fetchKeys: typeof fetch,
): ReturnType<typeof entraTokens> | undefined {
  if (!entra || !served) return undefined;
  const tenantId = entra.tenantId ?? served.workspace.tenantId;
  return entraTokens({ ...entra, tenantId, authority }, fetchKeys, () => new Date());
}

function workOptions(store: RelayStore, apply: Apply, log: Log, metrics: Metrics) {
  const levels = {
    ...({ applied: 'debug', waiting: 'debug', lost: 'warn' } as const),
    ...({ retry: 'warn', dead: 'error', 'store-failed': 'error' } as const),
  };
  return {
    inbox: store.inbox,
    apply,
    now: Date.now,
    random: Math.random,
    report(report: WorkReport) {
      const { outcome } = report;
      metrics.applied(outcome);
      const lease: Lease | undefined = report.lease;
      const { id, session, attempts } = lease?.notification ?? {};
      const failure = 'error' in report ? describeError(report.error) : {};
      log[levels[outcome]]({ notification: id, incident: session, attempts, ...failure }, outcome);
    },
  };
}
