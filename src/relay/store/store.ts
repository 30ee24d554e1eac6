/*
 * Durable state of the relay: accepted notifications, incidents already sent, and cursors of the timers. Every method resolves
 * only after its effect is durable. Times are milliseconds since 1970.
 */

/** A notification as received. */
export interface NewNotification {
  /** SIGNL4's id of the notification; repeated ones are ignored. */
  readonly id: string;
  /** External id of the incident. Notifications of a session are applied one at a time, in order of arrival. */
  readonly session: string;
  /** The JSON text as received, up to 256 KiB. */
  readonly body: string;
}

export interface StoredNotification extends NewNotification {
  readonly receivedAt: number;
  /** Increases with every notification of a session. Unchanged when a dead letter is replayed. */
  readonly arrival: number;
  /** Earlier attempts, including those that never ended: each is counted before it starts. */
  readonly attempts: number;
}

/** Permission to apply the first pending notification of a session, until it expires or is released. */
export interface Lease {
  readonly token: string;
  readonly notification: StoredNotification;
  readonly until: number;
  /** When the notification arrived or was last replayed; it is retried for a day from then on. */
  readonly since: number;
  /** Attempts directly before this one that never ended, because the relay died or lost its lease. Usually 0. */
  readonly unfinished: number;
  /** The session's mark: the last notification applied, in the format of the code that applied it. */
  readonly appliedUntil: string | undefined;
}

export interface DeadLetter extends StoredNotification {
  readonly error: string;
  readonly deadLetteredAt: number;
}

/** Position in the list of dead letters. */
export type DeadLetterCursor = Pick<DeadLetter, 'id' | 'deadLetteredAt'>;

export interface InboxCounts {
  readonly pending: number;
  readonly dead: number;
}

export interface TakeOptions {
  readonly limit: number;
  readonly session?: string;
  /**
   * Other notifications are being applied: a session whose last attempt never ended is then left for later, because it may crash
   * the relay again. Such a session is taken alone. (Ignored by Azure Storage, where several relays take work.)
   */
  readonly busy?: boolean;
}

/** Upper limit for leases and retries. Anything due later was written before the clock was set back, and counts as due now. */
export const LONGEST_WAIT_MS = 20 * 60_000;

/** Longer than the longest attempt plus clock differences. */
export const LEASE_MS = 30_000;

export interface Inbox {
  /** `duplicate` if the id was accepted before, even if it has been applied long since. */
  accept(notification: NewNotification): Promise<'accepted' | 'duplicate'>;
  /**
   * Leases the first notification of at most `limit` ready sessions, or only of `session`. Sessions that are leased or wait for a
   * retry are not ready. Each lease counts as an attempt at once, so that crashes count.
   */
  take(options: TakeOptions): Promise<readonly Lease[]>;
  /**
   * Applied; the session continues. As in the next two methods, `mark` sets the session's mark. Throws {@link LeaseLostError}.
   */
  complete(lease: Lease, mark?: string): Promise<void>;
  /** Failed for now; the session waits until `at`. Throws {@link LeaseLostError}. */
  retry(lease: Lease, at: number, error: string, mark?: string): Promise<void>;
  /** Failed permanently; the notification becomes a dead letter and the session continues. Throws {@link LeaseLostError}. */
  deadLetter(lease: Lease, error: string, mark?: string): Promise<void>;
  /** Finds ready sessions that have no queue message because a relay died between two steps. */
  recover(): Promise<void>;
  counts(): Promise<InboxCounts>;
  /** Arrival of the oldest pending notification; undefined if there is none. */
  oldestPending(): Promise<number | undefined>;
}

export interface DeadLetters {
  /** At most `limit` dead letters after `after`, oldest first. */
  list(limit: number, after?: DeadLetterCursor): Promise<readonly DeadLetter[]>;
  /** Moves it to the end of its session with its attempts reset. False if there is no such dead letter. */
  replay(id: string): Promise<boolean>;
  /** Deletes it; its id stays known, so a repeat is still a duplicate. False if there is no such dead letter. */
  drop(id: string): Promise<boolean>;
}

/** An incident that was sent to SIGNL4. */
export interface ForwardMark {
  /** External id. */
  readonly key: string;
  /** SIGNL4's event id. */
  readonly eventId: string;
  readonly at: number;
  /** What the sync timer last saw of the incident, as JSON; empty before the first look. */
  readonly seen: string;
}

export type ForwardClaim =
  | { readonly state: 'claimed' }
  | { readonly state: 'busy' }
  | { readonly state: 'forwarded'; readonly mark: ForwardMark };

/** Whether a claim is valid. One that ends later than a new one would was made before the clock was set back, and has expired. */
export function isClaimed(until: number, now: number, leaseMs: number): boolean {
  return until > now && until <= now + leaseMs;
}

/** Prevents duplicate pages: SIGNL4 raises another alert for every `new` event, even with a known external id. */
export interface Forwards {
  /** Reserves an incident for `leaseMs`; `busy` if it is reserved already. */
  claim(key: string, leaseMs: number): Promise<ForwardClaim>;
  /** Records that it was sent. */
  mark(key: string, eventId: string): Promise<void>;
  /** Releases a claim, so that others may send at once. Does not remove a mark. */
  release(key: string): Promise<void>;
  get(key: string): Promise<ForwardMark | undefined>;
  /** Stores what the sync timer saw; no effect if the incident was never sent. */
  see(key: string, seen: string): Promise<void>;
}

export interface RelayStore {
  readonly inbox: Inbox;
  readonly deadLetters: DeadLetters;
  readonly forwards: Forwards;
  /** Cursor of a timer (`sync`); undefined before its first run. */
  readCursor(name: string): Promise<string | undefined>;
  writeCursor(name: string, value: string): Promise<void>;
  /**
   * Deletes old data: applied notifications, empty sessions and forward marks. Pending notifications and dead letters are kept.
   */
  prune(limits: { readonly appliedBefore: number; readonly forwardedBefore: number }): Promise<void>;
  /** Throws if the store cannot be written. Used for readiness. */
  check(): Promise<void>;
  /** Waits for operations in progress. No method may be called afterwards. */
  close(): Promise<void>;
}

/** Another worker holds the session now, so this one must stop. */
export class LeaseLostError extends Error {
  readonly session: string;

  constructor(session: string) {
    super(`the lease of ${session} is lost`);
    this.name = 'LeaseLostError';
    this.session = session;
  }
}

export interface StoreOptions {
  readonly now: () => number;
  /** Unique per process; part of every lease token. */
  readonly owner: string;
  /** Duration of a lease; longer than applying a notification may take. */
  readonly leaseMs: number;
}
