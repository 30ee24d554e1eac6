import type { Forwards } from '../store/store.ts';
import { readStartedRun, type StartedRun } from './job.ts';

/** Nothing of this is asked for after a day: a note counts for minutes. */
const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** Most starts by one person within an hour, over all alerts of a workspace. */
export const PER_PERSON = 10;

/** What the relays of one store must remember of starts, so that each happens once. */
export interface Progress {
  /** What a job called Sentinel for before it was interrupted; undefined: it did not call. */
  called(job: string): Promise<StartedRun | undefined>;
  /**
   * What is known of the comment under this key: `new`; `begun` by the same job before, and nobody knows whether it wrote it; `written`
   * by it; or `another`'s.
   */
  own(commentKey: string, job: string): Promise<'new' | 'begun' | 'written' | 'another'>;
  /** Before the comment is written. */
  begin(commentKey: string, job: string): Promise<void>;
  /** Sentinel said that it was new. */
  wrote(commentKey: string, job: string): Promise<void>;
  /** The right to call Sentinel for this comment; true for one job, once. The run is remembered first. */
  mayCall(commentKey: string, job: string, run: StartedRun): Promise<boolean>;
  /** One of the person's starts in this hour; false where they are used up. */
  takeOne(workspaceId: string, userId: string): Promise<boolean>;
  /** Runs `tell` unless it was told before, or may have been. `wasNot`: whether a failure says that nothing was written. */
  tellOnce(key: string, tell: () => Promise<void>, wasNot: (error: unknown) => boolean): Promise<void>;
}

/** Keeps it beside the marks of what was forwarded, whose keys are external ids. */
export function progressIn(forwards: Forwards): Progress {
  const claim = async (key: string, ms: number) => (await forwards.claim(key, ms)).state === 'claimed';
  return {
    async called(job) {
      const mark = await forwards.get(`job:${job}`);
      return mark?.seen ? readStartedRun(mark.seen) : undefined;
    },
    async own(commentKey, job) {
      const mark = await forwards.get(`asked:${commentKey}`);
      if (!mark) return 'new';
      if (mark.eventId !== job) return 'another';
      return (await forwards.get(`wrote:${commentKey}`)) ? 'written' : 'begun';
    },
    begin: (commentKey, job) => forwards.mark(`asked:${commentKey}`, job),
    wrote: (commentKey, job) => forwards.mark(`wrote:${commentKey}`, job),
    async mayCall(commentKey, job, run) {
      if (!(await claim(`call:${commentKey}`, DAY_MS))) return false;
      await forwards.mark(`job:${job}`, commentKey);
      await forwards.see(`job:${job}`, JSON.stringify(run));
      return true;
    },
    async takeOne(workspaceId, userId) {
      for (let n = 0; n < PER_PERSON; n++)
        if (await claim(`person:${workspaceId.toLowerCase()}:${userId}:${n}`, HOUR_MS)) return true;
      return false;
    },
    async tellOnce(key, tell, wasNot) {
      if (!(await claim(`told:${key}`, DAY_MS))) return;
      try {
        await tell();
      } catch (error) {
        if (!wasNot(error)) return;
        await forwards.release(`told:${key}`);
        throw error;
      }
    },
  };
}
