import { describeError } from '../log.ts';
import type { Relay } from '../relay.ts';

const MINUTE_MS = 60_000;
/** Short, because people wait for the other side to be updated. */
const SYNC_MS = MINUTE_MS;
/** Each tenant has its own interval in whole minutes. */
const RETRIEVE_MS = MINUTE_MS;
const RECOVER_MS = 2 * MINUTE_MS;
const PRUNE_MS = 60 * MINUTE_MS;

/**
 * Starts sweep and sync if wanted, and the housekeeping in any case. None overlaps with itself. Returns a function that stops
 * them.
 */
export function startTimers(relay: Relay, wanted: { readonly sweep: boolean; readonly sync: boolean }): () => void {
  const everyMinutes = Math.min(...relay.workspaces.map(({ config }) => config.sweep.everyMinutes));
  const usesGraph = relay.workspaces.some(({ graph }) => graph);
  const jobs = [
    { run: () => relay.recover(), everyMs: RECOVER_MS, isWanted: true },
    { run: () => relay.prune(), everyMs: PRUNE_MS, isWanted: true },
    { run: () => relay.sweep(), everyMs: everyMinutes * MINUTE_MS, isWanted: wanted.sweep },
    { run: () => relay.retrieve(), everyMs: RETRIEVE_MS, isWanted: wanted.sweep && usesGraph },
    { run: () => relay.sync(), everyMs: SYNC_MS, isWanted: wanted.sync },
  ];
  const stops = jobs.filter(({ isWanted }) => isWanted).map(({ run, everyMs }) => repeat(relay, run, everyMs));
  return () => {
    for (const stop of stops) stop();
  };
}

function repeat({ log }: Relay, run: () => Promise<void>, everyMs: number): () => void {
  let timer: NodeJS.Timeout;
  let stopped = false;
  async function round(): Promise<void> {
    try {
      await run();
    } catch (error) {
      log.error(describeError(error), 'a timer failed');
    }
    if (!stopped) timer = setTimeout(round, everyMs);
  }
  timer = setTimeout(round, 0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
