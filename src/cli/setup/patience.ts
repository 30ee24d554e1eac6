import { memberAt, textOf } from '../../domain/json.ts';
import type { IoClock } from '../io.ts';

/** Entra makes things in one place and asks for them in another: what was just made is not there yet, for minutes at times. */

const LONGEST_MS = 6 * 60_000;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Repeats work as long as it fails because of the directory's lag, with growing pauses.
 * @throws what the work throws, at the latest after six minutes
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

/** Only to be believed about what this very run has made: of anything else it is the truth. */
function isDirectoryLag(error: unknown): boolean {
  const body = textOf(memberAt(error, 'response', 'bodyAsText')) ?? '';
  return /Request_ResourceNotFound|NoBackingApplicationObject|does not reference a valid application object|must be in the local tenant/.test(
    body,
  );
}
