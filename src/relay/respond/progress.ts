import type { Forwards } from '../store/store.ts';
import { readStartedRun, type StartedRun } from './job.ts';

/** Kept for a day; a note is only valid for minutes. */
const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** Maximum number of starts by one person per hour, across all alerts of a workspace. */
export const PER_PERSON = 10;

/** What relays sharing a store remember, so that each response is started once. */
export interface Progress {
  /** What a job called Sentinel for before it was interrupted; undefined: it made no call. */
  called(job: string): Promise<StartedRun | undefined>;
  /**
   * State of the comment with this key: `new`; `begun` by the same job, which may or may not have written it; `written` by it; or
   * `another`'s.
   */
  own(commentKey: string, job: string): Promise<'new' | 'begun' | 'written' | 'another'>;
  /** To be called before the comment is written. */
  begin(commentKey: string, job: string): Promise<void>;
  /** To be called when Sentinel answered that the comment was new. */
  wrote(commentKey: string, job: string): Promise<void>;
  /** Permission to call Sentinel for this comment, given once and to one job. The run is stored first. */
  mayCall(commentKey: string, job: string, run: StartedRun): Promise<boolean>;
  /** Takes one of the person's starts in this hour; false if there are none left. */
  takeOne(workspaceId: string, userId: string): Promise<boolean>;
  /** Runs `tell` unless it ran before, or may have. `wasNot`: whether an error means that nothing was written. */
  tellOnce(key: string, tell: () => Promise<void>, wasNot: (error: unknown) => boolean): Promise<void>;
}

/** Stores it with the marks of forwarded incidents, whose keys are external ids. */
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
