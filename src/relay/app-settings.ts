import type { GuardSettings } from './edge/request-guard.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { ServedWorkspace } from './served-workspace.ts';
import type { RelayStore } from './store/store.ts';

export interface AppSettings extends GuardSettings {
  readonly workspaces: readonly ServedWorkspace[];
  readonly store: RelayStore;
  /** Time for one request to enrich or forward, in milliseconds. */
  readonly budgetMs: number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly version: string;
  /** A notification became durable. */
  readonly onAccepted: () => void;
  /** Rejects where the relay gets no token for Azure. Left out: readiness does not ask. */
  readonly checkIdentity?: () => Promise<void>;
  /** Whether new requests are welcome: not while the relay shuts down. */
  readonly isOpen: () => boolean;
}
