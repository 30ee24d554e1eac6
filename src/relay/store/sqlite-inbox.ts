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
    SELECT 1 FROM notification WHERE notification.lane_nr = lane.nr AND state = ${PENDING}) THEN :ready END`;

/** Puts notifications into lanes. To be used inside a transaction. */
function laneWriter(database: DatabaseSync) {
  const find = database.prepare('SELECT nr, ready_at FROM lane WHERE lane = ?');
  const create = database.prepare('INSERT INTO lane (lane, used_at) VALUES (?, ?) RETURNING nr');
  const wake = database.prepare('UPDATE lane SET ready_at = ?2, used_at = ?2 WHERE nr = ?1 AND ready_at IS NULL');
  return {
    /** Number of the lane, made where it is new; a busy lane costs no write. */
    lane(name: string, at: number): { readonly nr: number; readonly isBusy: boolean } {
      const row = find.get(name);
      const nr = Number(row ? row['nr'] : create.get(name, at)?.['nr']);
      return { nr, isBusy: row !== undefined && row['ready_at'] !== null };
    },
    /** A lane that waits or is leased keeps its time. */
    wake: (nr: number, at: number) => void wake.run(nr, at),
  };
}

export function sqliteInbox(
  database: DatabaseSync,
  commit: GroupCommit,
  { now, owner, leaseMs }: StoreOptions,
): { readonly inbox: Inbox; readonly prune: (before: number) => void } {
  const lanes = laneWriter(database);
  const insert = database.prepare(
    'INSERT INTO notification (id, lane_nr, body, received_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const readyLanes = database.prepare('SELECT nr, lane FROM lane WHERE ready_at <= ? ORDER BY ready_at LIMIT ?');
  const readyLane = database.prepare('SELECT nr, lane FROM lane WHERE ready_at <= ? AND lane = ?');
  const holdLane = database.prepare('UPDATE lane SET lease = ?, ready_at = ? WHERE nr = ? RETURNING applied_until');
  const head = database.prepare(
    `SELECT id, body, received_at, attempts FROM notification
     WHERE lane_nr = ? AND state = ${PENDING} ORDER BY seq LIMIT 1`,
  );
  const freeLane = database.prepare(
    `UPDATE lane SET lease = NULL, ready_at = ${readyIfPending}, applied_until = coalesce(:until, applied_until),
       used_at = :used
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
  const pruneLanes = database.prepare(
    `DELETE FROM lane WHERE ready_at IS NULL AND used_at < ?
       AND NOT EXISTS (SELECT 1 FROM notification WHERE lane_nr = nr AND state = ${DEAD})`,
  );
  let leases = 0;

  function hold(nr: number, lane: string): Lease | undefined {
    const row = head.get(nr);
    if (row === undefined) return undefined;
    const until = now() + leaseMs;
    const token = `${owner}/${++leases}`;
    const appliedUntil = holdLane.get(token, until, nr)?.['applied_until'];
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
      const { changes } = freeLane.run({ lane, lease: lease.token, ready, until, used: now() });
      if (changes === 0) throw new LeaseLostError(lane);
    });
  }

  const inbox: Inbox = {
    accept({ id, lane, body }) {
      return commit.write(() => {
        const at = now();
        const { nr, isBusy } = lanes.lane(lane, at);
        if (insert.run(id, nr, body, at).changes === 0) return 'duplicate';
        if (!isBusy) lanes.wake(nr, at);
        return 'accepted';
      });
    },
    take({ limit, lane }) {
      return commit.write(() => {
        const rows = lane === undefined ? readyLanes.all(now(), limit) : readyLane.all(now(), lane);
        return rows.flatMap((row) => hold(Number(row['nr']), String(row['lane'])) ?? []);
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
    `SELECT id, lane, body, received_at, attempts, error, settled_at FROM notification JOIN lane ON nr = lane_nr
     WHERE state = ${DEAD} ORDER BY seq LIMIT ?`,
  );
  // A new sequence number: the end of the lane, behind what arrived meanwhile.
  const revive = database.prepare(
    `UPDATE notification SET seq = (SELECT max(seq) + 1 FROM notification), state = ${PENDING},
       attempts = 0, error = NULL, settled_at = NULL
     WHERE id = ? AND state = ${DEAD} RETURNING lane_nr`,
  );
  const lanes = laneWriter(database);
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
        const nr = revive.get(id)?.['lane_nr'];
        if (typeof nr !== 'number') return false;
        lanes.wake(nr, now());
        return true;
      });
    },
    drop(id) {
      return commit.write(() => drop.run(now(), id).changes > 0);
    },
  };
}
