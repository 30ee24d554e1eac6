import type { DatabaseSync } from 'node:sqlite';
import type { GroupCommit } from './group-commit.ts';
import { APPLIED, DEAD, PENDING } from './sqlite-schema.ts';
import {
  type DeadLetter,
  type DeadLetters,
  type Inbox,
  type Lease,
  LeaseLostError,
  type StoreOptions,
} from './store.ts';

/** The lane becomes ready again unless nothing is pending in it. */
const readyIfPending = `CASE WHEN EXISTS (
    SELECT 1 FROM notification WHERE notification.lane = lane.lane AND state = ${PENDING}) THEN :ready END`;

/** A lane that waits or is leased keeps its time. */
const wake = `INSERT INTO lane (lane, ready_at, used_at) VALUES (?1, ?2, ?2)
  ON CONFLICT (lane) DO UPDATE SET ready_at = coalesce(ready_at, excluded.ready_at), used_at = excluded.used_at`;

export function sqliteInbox(
  database: DatabaseSync,
  commit: GroupCommit,
  { now, owner, leaseMs }: StoreOptions,
): { readonly inbox: Inbox; readonly prune: (before: number) => void } {
  const insert = database.prepare(
    'INSERT INTO notification (id, lane, body, received_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const wakeLane = database.prepare(wake);
  const readyLanes = database.prepare('SELECT lane FROM lane WHERE ready_at <= ? ORDER BY ready_at LIMIT ?');
  const readyLane = database.prepare('SELECT lane FROM lane WHERE ready_at <= ? AND lane = ?');
  const holdLane = database.prepare('UPDATE lane SET lease = ?, ready_at = ? WHERE lane = ? RETURNING applied_until');
  const head = database.prepare(
    `SELECT id, lane, body, received_at, attempts FROM notification
     WHERE lane = ? AND state = ${PENDING} ORDER BY seq LIMIT 1`,
  );
  const freeLane = database.prepare(
    `UPDATE lane SET lease = NULL, ready_at = ${readyIfPending}, applied_until = coalesce(:until, applied_until)
     WHERE lane = :lane AND lease = :lease`,
  );
  const settle = database.prepare(
    'UPDATE notification SET state = ?, error = ?, settled_at = ?, body = iif(?1 = 1, NULL, body) WHERE id = ?',
  );
  const fail = database.prepare('UPDATE notification SET attempts = attempts + 1, error = ? WHERE id = ?');
  const count = database.prepare(`SELECT
     (SELECT count(*) FROM notification WHERE state = ${PENDING}) AS pending,
     (SELECT count(*) FROM notification WHERE state = ${DEAD}) AS dead`);
  const pruneApplied = database.prepare(`DELETE FROM notification WHERE state = ${APPLIED} AND settled_at < ?`);
  const pruneLanes = database.prepare('DELETE FROM lane WHERE ready_at IS NULL AND used_at < ?');
  let leases = 0;

  function hold(lane: string): Lease | undefined {
    const row = head.get(lane);
    if (row === undefined) return undefined;
    const until = now() + leaseMs;
    const token = `${owner}/${++leases}`;
    const appliedUntil = holdLane.get(token, until, lane)?.['applied_until'];
    return {
      token,
      until,
      appliedUntil: typeof appliedUntil === 'string' ? appliedUntil : undefined,
      notification: {
        id: String(row['id']),
        lane,
        body: String(row['body']),
        receivedAt: Number(row['received_at']),
        attempts: Number(row['attempts']),
      },
    };
  }

  /** Gives the lane back, after `change`; all or nothing. */
  function free(lease: Lease, ready: number, until: string | null, change: () => void): Promise<void> {
    const { lane } = lease.notification;
    return commit.write(() => {
      change();
      const { changes } = freeLane.run({ lane, lease: lease.token, ready, until });
      if (changes === 0) throw new LeaseLostError(lane);
    });
  }

  const inbox: Inbox = {
    accept({ id, lane, body }) {
      return commit.write(() => {
        const at = now();
        if (insert.run(id, lane, body, at).changes === 0) return 'duplicate';
        wakeLane.run(lane, at);
        return 'accepted';
      });
    },
    take({ limit, lane }) {
      return commit.write(() => {
        const rows = lane === undefined ? readyLanes.all(now(), limit) : readyLane.all(now(), lane);
        return rows.flatMap((row) => hold(String(row['lane'])) ?? []);
      });
    },
    complete(lease, appliedUntil) {
      return free(lease, now(), appliedUntil ?? null, () => {
        settle.run(APPLIED, null, now(), lease.notification.id);
      });
    },
    retry(lease, at, error) {
      return free(lease, at, null, () => {
        fail.run(error, lease.notification.id);
      });
    },
    bury(lease, error) {
      return free(lease, now(), null, () => {
        fail.run(error, lease.notification.id);
        settle.run(DEAD, error, now(), lease.notification.id);
      });
    },
    async recover() {
      // `take` reads the lanes themselves: nobody needs to be told.
    },
    async counts() {
      const row = count.get();
      return { pending: Number(row?.['pending'] ?? 0), dead: Number(row?.['dead'] ?? 0) };
    },
  };
  return {
    inbox,
    prune(before) {
      pruneApplied.run(before);
      pruneLanes.run(before);
    },
  };
}

export function sqliteDeadLetters(database: DatabaseSync, commit: GroupCommit, { now }: StoreOptions): DeadLetters {
  const list = database.prepare(
    `SELECT id, lane, body, received_at, attempts, error, settled_at FROM notification
     WHERE state = ${DEAD} ORDER BY seq LIMIT ?`,
  );
  // A new sequence number: the end of the lane, behind what arrived meanwhile.
  const revive = database.prepare(
    `UPDATE notification SET seq = (SELECT max(seq) + 1 FROM notification), state = ${PENDING},
       attempts = 0, error = NULL, settled_at = NULL
     WHERE id = ? AND state = ${DEAD} RETURNING lane`,
  );
  const wakeLane = database.prepare(wake);
  const drop = database.prepare(
    `UPDATE notification SET state = ${APPLIED}, body = NULL, settled_at = ? WHERE id = ? AND state = ${DEAD}`,
  );
  return {
    async list(limit) {
      return list.all(limit).map(
        (row): DeadLetter => ({
          id: String(row['id']),
          lane: String(row['lane']),
          body: String(row['body']),
          receivedAt: Number(row['received_at']),
          attempts: Number(row['attempts']),
          error: String(row['error']),
          buriedAt: Number(row['settled_at']),
        }),
      );
    },
    replay(id) {
      return commit.write(() => {
        const lane = revive.get(id)?.['lane'];
        if (typeof lane !== 'string') return false;
        wakeLane.run(lane, now());
        return true;
      });
    },
    drop(id) {
      return commit.write(() => drop.run(now(), id).changes > 0);
    },
  };
}
