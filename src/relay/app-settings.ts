import type { Identity } from './connect/identity-check.ts';
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
  /** What the relay is to Azure. Left out: readiness does not ask. */
  readonly identity?: {
    /** Rejects where the relay never had a token. */
    readonly check: () => Promise<Identity>;
    /** What an operator does about a token that is missing. */
    readonly remedy: string;
  };
  /** Whether new requests are welcome: not while the relay shuts down. */
  readonly isOpen: () => boolean;
}
