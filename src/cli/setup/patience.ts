import { memberAt, textOf } from '../../domain/json.ts';
import type { IoClock } from '../io.ts';

/** Entra replicates with a delay: an object that was just created may not be found for minutes. */

const LONGEST_MS = 6 * 60_000;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Repeats `work` with growing pauses while it fails because of that delay.
 * @throws what `work` throws, after six minutes at most
 */
export async function patiently<T>(work: () => Promise<T>, clock: IoClock, isEarly = isDirectoryLag): Promise<T> {
  const start = clock.now();
  for (let pause = 2_000; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isEarly(error) || clock.now() - start >= LONGEST_MS) throw error;
      await clock.sleep(pause);
    }
  }
}

/** Only valid for objects that this run created; for all others, "not found" means that they do not exist. */
function isDirectoryLag(error: unknown): boolean {
  const body = textOf(memberAt(error, 'response', 'bodyAsText')) ?? '';
  return /Request_ResourceNotFound|NoBackingApplicationObject|does not reference a valid application object|must be in the local tenant/.test(
    body,
  );
}
