import type { Log } from '../log.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards } from '../store/store.ts';

/** What finding and sending incidents needs. */
export interface SweepSettings {
  readonly workspaces: readonly ServedWorkspace[];
  readonly forwards: Forwards;
  readonly now: () => number;
  readonly budgetMs: number;
  readonly log: Log;
  readonly forwarded: (status: string) => void;
}

/** Incidents sent in one sweep of one workspace; the rest comes with the next. A night of noise pages nobody 5,000 times. */
export const MAX_PER_SWEEP = 200;
/** Longest time to list what is there. */
export const LIST_MS = 5 * 60_000;

/** How far back the config has a sweep look, ISO 8601. */
export function sinceOf({ config }: ServedWorkspace, { now }: SweepSettings): string {
  return new Date(now() - config.sweep.lookBackHours * 3_600_000).toISOString();
}
