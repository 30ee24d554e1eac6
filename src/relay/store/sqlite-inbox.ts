import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { GroupCommit } from './group-commit.ts';
import { APPLIED, DEAD, PENDING } from './sqlite-schema.ts';
import {
  type Inbox,
  type Lease,
  LeaseLostError,
  LONGEST_WAIT_MS,
  type StoreOptions,
  type TakeOptions,
} from './store.ts';

/** Notifications deleted per transaction. */
const PRUNE_SLICE = 2_000;

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Makes the session ready again if anything is pending in it. */
const readyIfPending = `CASE WHEN EXISTS (
    SELECT 1 FROM notification WHERE notification.lane_nr = lane.nr AND state = ${PENDING}) THEN :ready END`;

/** Adds notifications to sessions (the table `lane`). To be used inside a transaction. */
export function sessionWriter(database: DatabaseSync) {
  const find = database.prepare('SELECT nr, ready_at FROM lane WHERE lane = ?');
  const create = database.prepare('INSERT INTO lane (lane, used_at) VALUES (?, ?) RETURNING nr');
  const wake = database.prepare('UPDATE lane SET ready_at = ?2, used_at = ?2 WHERE nr = ?1 AND ready_at IS NULL');
  return {
    /** Number of the session, created if new. Adding to a busy session needs no write to it. */
    numberOf(name: string, at: number): { readonly nr: number; readonly isBusy: boolean } {
      const row = find.get(name);
      const nr = Number(row ? row['nr'] : create.get(name, at)?.['nr']);
      return { nr, isBusy: row !== undefined && row['ready_at'] !== null };
    },
    /** Does not change the time of a session that waits or is leased. */
    wake: (nr: number, at: number) => void wake.run(nr, at),
  };
}

export function sqliteInbox(
  database: DatabaseSync,
  commit: GroupCommit,
  { now, owner, leaseMs }: StoreOptions,
): { readonly inbox: Inbox; readonly prune: (before: number) => boolean } {
  const sessions = sessionWriter(database);
  const insert = database.prepare(
    'INSERT INTO notification (id, lane_nr, body, received_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const readySessions = database.prepare(
    'SELECT nr, lane, unfinished FROM lane WHERE ready_at <= ? ORDER BY ready_at LIMIT ?',
  );
  // Due in the far future: the clock was set back.
  const strandedSessions = database.prepare('SELECT nr, lane, unfinished FROM lane WHERE ready_at > ? LIMIT ?');
  const readySession = database.prepare(
    'SELECT nr, lane, unfinished FROM lane WHERE lane = :lane AND (ready_at <= :now OR ready_at > :latest)',
  );
  const holdSession = database.prepare(
    'UPDATE lane SET lease = ?, ready_at = ?, unfinished = unfinished + 1 WHERE nr = ? RETURNING applied_until, unfinished',
  );
  const head = database.prepare(
    `SELECT id, body, received_at, coalesce(first_seq, seq) AS arrival, attempts,
       coalesce(replayed_at, received_at) AS since FROM notification
     WHERE lane_nr = ? AND state = ${PENDING} ORDER BY seq LIMIT 1`,
  );
  const freeSession = database.prepare(
    `UPDATE lane SET lease = NULL, unfinished = 0, ready_at = ${readyIfPending}, applied_until = coalesce(:mark, applied_until),
       used_at = :used
     WHERE lane = :lane AND lease = :lease`,
  );
  const finish = database.prepare(
    'UPDATE notification SET state = ?, error = ?, settled_at = ?, body = iif(?1 = 1, NULL, body) WHERE id = ?',
  );
  // This attempt, plus earlier ones that never ended.
  const fail = database.prepare(
    `UPDATE notification SET attempts = attempts + (SELECT unfinished FROM lane WHERE nr = lane_nr), error = ?
     WHERE id = ?`,
  );
  const count = database.prepare(`SELECT
     (SELECT count(*) FROM notification WHERE state = ${PENDING}) AS pending,
     (SELECT count(*) FROM notification WHERE state = ${DEAD}) AS dead`);
  const oldest = database.prepare(`SELECT min(received_at) AS at FROM notification WHERE state = ${PENDING}`);
  const pruneApplied = database.prepare(
    `DELETE FROM notification WHERE seq IN (
       SELECT seq FROM notification WHERE state = ${APPLIED} AND settled_at < ? LIMIT ${PRUNE_SLICE})`,
  );
  const pruneSessions = database.prepare(
    `DELETE FROM lane WHERE ready_at IS NULL AND used_at < ?
       AND NOT EXISTS (SELECT 1 FROM notification WHERE lane_nr = nr AND state = ${DEAD})`,
  );
  let leases = 0;

  function hold(nr: number, lane: string): Lease | undefined {
    const row = head.get(nr);
    if (row === undefined) return undefined;
    const until = now() + leaseMs;
    const token = `${owner}/${++leases}`;
    const held = holdSession.get(token, until, nr);
    const appliedUntil = held?.['applied_until'];
    const unfinished = Number(held?.['unfinished'] ?? 1) - 1;
    return {
      ...{ token, until, unfinished },
      since: Number(row['since']),
      appliedUntil: typeof appliedUntil === 'string' ? appliedUntil : undefined,
      notification: {
        id: String(row['id']),
        session: lane,
        body: String(row['body']),
        receivedAt: Number(row['received_at']),
        arrival: Number(row['arrival']),
        attempts: Number(row['attempts']) + unfinished,
      },
    };
  }

  function ready({ limit, session: lane, busy = false }: TakeOptions): readonly Row[] {
    const latest = now() + LONGEST_WAIT_MS;
    if (lane !== undefined) return readySession.all({ lane, now: now(), latest });
    const due = readySessions.all(now(), limit);
    const rows = due.length < limit ? [...due, ...strandedSessions.all(latest, limit - due.length)] : due;
    const suspect = rows.findIndex((row) => row['unfinished'] !== 0);
    if (suspect === 0) return busy ? [] : rows.slice(0, 1);
    return suspect < 0 ? rows : rows.slice(0, suspect);
  }

  /** Applies `change` and releases the session, in one transaction. */
  function free(lease: Lease, ready: number, mark: string | undefined, change: () => void): Promise<void> {
    const { session: lane } = lease.notification;
    return commit.write(() => {
      change();
      const { changes } = freeSession.run({ lane, lease: lease.token, ready, mark: mark ?? null, used: now() });
      if (changes === 0) throw new LeaseLostError(lane);
    });
  }

  const inbox: Inbox = {
    accept({ id, session: lane, body }) {
      return commit.write(() => {
        const at = now();
        const { nr, isBusy } = sessions.numberOf(lane, at);
        if (insert.run(id, nr, body, at).changes === 0) return 'duplicate';
        if (!isBusy) sessions.wake(nr, at);
        return 'accepted';
      });
    },
    take(options) {
      return commit.write(() => ready(options).flatMap((row) => hold(Number(row['nr']), String(row['lane'])) ?? []));
    },
    complete(lease, mark) {
      return free(lease, now(), mark, () => {
        finish.run(APPLIED, null, now(), lease.notification.id);
      });
    },
    retry(lease, at, error, mark) {
      return free(lease, at, mark, () => {
        fail.run(error, lease.notification.id);
      });
    },
    deadLetter(lease, error, mark) {
      return free(lease, now(), mark, () => {
        fail.run(error, lease.notification.id);
        finish.run(DEAD, error, now(), lease.notification.id);
      });
    },
    async recover() {
      // `take` reads the sessions itself, so nothing has to be notified.
    },
    async counts() {
      const row = count.get();
      return { pending: Number(row?.['pending'] ?? 0), dead: Number(row?.['dead'] ?? 0) };
    },
    async oldestPending() {
      const at = oldest.get()?.['at'];
      return typeof at === 'number' ? at : undefined;
    },
  };
  return {
    inbox,
    /** Deletes one slice; true if there may be more. */
    prune(before) {
      if (Number(pruneApplied.run(before).changes) === PRUNE_SLICE) return true;
      pruneSessions.run(before);
      return false;
    },
  };
}
