/*
 * What the relay must not forget: notifications that SIGNL4 was told are safe, incidents that were already sent, and how
 * far the timers got. Every method resolves only after its effect is durable. Times are milliseconds since the epoch.
 */

/** A notification as it arrives, before anybody looked at it closely. */
export interface NewNotification {
  /** SIGNL4's id of the notification: handled once, however often it comes. */
  readonly id: string;
  /** Notifications of one session are applied one at a time, in the order of arrival: the external id of the incident. */
  readonly session: string;
  /** The JSON text as received, up to 256 KiB. */
  readonly body: string;
}

export interface StoredNotification extends NewNotification {
  readonly receivedAt: number;
  /** Grows with every notification of a session, and stays what it was when a dead letter is replayed. */
  readonly arrival: number;
  /** Attempts before this one, those that never ended included: each is counted before it begins. */
  readonly attempts: number;
}

/** The right to apply the first pending notification of a session, until it ends or is given back. */
export interface Lease {
  readonly token: string;
  readonly notification: StoredNotification;
  readonly until: number;
  /** When the notification arrived, or was last replayed: from then on it is tried for a day. */
  readonly since: number;
  /** Attempts right before this one that nobody ended: the relay died, or lost its lease. 0 as a rule. */
  readonly unfinished: number;
  /** The session's mark: what was applied last, in the words of the code that applied it. */
  readonly appliedUntil: string | undefined;
}

export interface DeadLetter extends StoredNotification {
  readonly error: string;
  readonly deadLetteredAt: number;
}

/** Where in the list of dead letters one is. */
export type DeadLetterCursor = Pick<DeadLetter, 'id' | 'deadLetteredAt'>;

export interface InboxCounts {
  readonly pending: number;
  readonly dead: number;
}

export interface TakeOptions {
  readonly limit: number;
  readonly session?: string;
  /**
   * Others are being applied: then a session whose last attempt never ended is left for later, for what killed the relay once
   * must not take others with it. One such session comes alone. (Azure Storage, where several relays take, does not look.)
   */
  readonly busy?: boolean;
}

/**
 * No session waits longer, for a lease or for a retry. What is due later than this from now was written before somebody set the
 * clock back, and is due.
 */
export const LONGEST_WAIT_MS = 20 * 60_000;

/** A lease outlasts the longest attempt and what may differ between clocks. */
export const LEASE_MS = 30_000;

export interface Inbox {
  /** `duplicate` where the id was accepted before, even if it is long applied. */
  accept(notification: NewNotification): Promise<'accepted' | 'duplicate'>;
  /**
   * Leases the heads of at most `limit` sessions that are ready; a session that waits for a retry or is leased is not.
   * With `session`, only that one. Each lease counts as an attempt from here on, so that what kills the relay is counted too.
   */
  take(options: TakeOptions): Promise<readonly Lease[]>;
  /** Applied: the session goes on. As in the next two, `mark` moves the session's mark. Throws {@link LeaseLostError}. */
  complete(lease: Lease, mark?: string): Promise<void>;
  /** Failed for now: the session waits until `at`. Throws {@link LeaseLostError}. */
  retry(lease: Lease, at: number, error: string, mark?: string): Promise<void>;
  /** Failed for good: the notification becomes a dead letter, the session goes on. Throws {@link LeaseLostError}. */
  deadLetter(lease: Lease, error: string, mark?: string): Promise<void>;
  /** Finds sessions that are ready but that nobody was told about, because a relay died between two steps. */
  recover(): Promise<void>;
  counts(): Promise<InboxCounts>;
  /** When the oldest pending notification arrived; undefined where none waits. */
  oldestPending(): Promise<number | undefined>;
}

export interface DeadLetters {
  /** In the order of their burial, at most `limit`, those behind `after`. */
  list(limit: number, after?: DeadLetterCursor): Promise<readonly DeadLetter[]>;
  /** Puts it at the end of its session with its attempts forgotten. False where there is no such dead letter. */
  replay(id: string): Promise<boolean>;
  /** Forgets it; its id stays known, so a repeat is still a duplicate. False where there is no such dead letter. */
  drop(id: string): Promise<boolean>;
}

/** An incident that was sent to SIGNL4. */
export interface ForwardMark {
  /** External id. */
  readonly key: string;
  /** SIGNL4's event id. */
  readonly eventId: string;
  readonly at: number;
  /** What the sync timer last saw of the incident, as JSON text; empty before it looked. */
  readonly seen: string;
}

export type ForwardClaim =
  | { readonly state: 'claimed' }
  | { readonly state: 'busy' }
  | { readonly state: 'forwarded'; readonly mark: ForwardMark };

/** Whether a claim holds. One that ends later than a new one would was made before the clock was set back, and is over. */
export function isClaimed(until: number, now: number, leaseMs: number): boolean {
  return until > now && until <= now + leaseMs;
}

/** Keeps one incident from paging twice: SIGNL4 raises another alert for every `new` event, even with a known external id. */
export interface Forwards {
  /** Reserves the sending of an incident for `leaseMs`; `busy` while somebody else holds it. */
  claim(key: string, leaseMs: number): Promise<ForwardClaim>;
  /** Sent. */
  mark(key: string, eventId: string): Promise<void>;
  /** Not sent: the next may try at once. A mark stays. */
  release(key: string): Promise<void>;
  get(key: string): Promise<ForwardMark | undefined>;
  /** Remembers what the sync timer saw; nothing happens where the incident was never sent. */
  see(key: string, seen: string): Promise<void>;
}

export interface RelayStore {
  readonly inbox: Inbox;
  readonly deadLetters: DeadLetters;
  readonly forwards: Forwards;
  /** How far a timer got (`sync`): undefined before its first run. */
  readCursor(name: string): Promise<string | undefined>;
  writeCursor(name: string, value: string): Promise<void>;
  /** Forgets what is long settled: applied notifications with their empty sessions, and forward marks. Pending and dead ones stay. */
  prune(limits: { readonly appliedBefore: number; readonly forwardedBefore: number }): Promise<void>;
  /** Throws where the store cannot be written: readiness. */
  check(): Promise<void>;
  /** Waits for what is under way. Nothing may be called afterwards. */
  close(): Promise<void>;
}

/** Somebody else holds the session now: stop, do nothing more with it. */
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
  /** Unique per process: part of every lease token. */
  readonly owner: string;
  /** How long a lease holds; longer than one notification may take. */
  readonly leaseMs: number;
}
