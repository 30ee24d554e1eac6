import type { Log } from '../log.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards } from '../store/store.ts';

/** What finding and sending incidents requires. */
export interface SweepSettings {
  readonly workspaces: readonly ServedWorkspace[];
  readonly forwards: Forwards;
  readonly now: () => number;
  readonly budgetMs: number;
  readonly log: Log;
  readonly forwarded: (status: string) => void;
}

/**
 * Incidents sent per sweep and workspace; the rest follows in the next one, so that a flood does not page somebody 5,000 times.
 */
export const MAX_PER_SWEEP = 200;
/** Timeout for listing incidents. */
export const LIST_MS = 5 * 60_000;

/** Start of the sweep's time range according to the config, ISO 8601. */
export function sinceOf({ config }: ServedWorkspace, { now }: SweepSettings): string {
  return new Date(now() - config.sweep.lookBackHours * 3_600_000).toISOString();
}
