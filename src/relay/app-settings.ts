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
  /** Called once a notification is stored durably. */
  readonly onAccepted: () => void;
  /** The relay's identity in Azure. Default: readiness does not check it. */
  readonly identity?: {
    /** Rejects if the relay never got a token. */
    readonly check: () => Promise<Identity>;
    /** What an operator can do about a missing token. */
    readonly remedy: string;
  };
  /** False while the relay shuts down, when new requests are refused. */
  readonly isOpen: () => boolean;
}
