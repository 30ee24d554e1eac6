import type { DatabaseSync } from 'node:sqlite';
import type { GroupCommit } from './group-commit.ts';
import { sessionWriter } from './sqlite-inbox.ts';
import { APPLIED, DEAD, PENDING } from './sqlite-schema.ts';
import type { DeadLetter, DeadLetters, StoreOptions } from './store.ts';

export function sqliteDeadLetters(database: DatabaseSync, commit: GroupCommit, { now }: StoreOptions): DeadLetters {
  const list = database.prepare(
    `SELECT id, lane, body, received_at, coalesce(first_seq, seq) AS arrival, attempts, error, settled_at FROM notification JOIN lane ON nr = lane_nr
     WHERE state = ${DEAD} AND (settled_at, id) > (?, ?) ORDER BY settled_at, id LIMIT ?`,
  );
  // A new sequence number puts it at the end of its session.
  const revive = database.prepare(
    `UPDATE notification SET seq = (SELECT max(seq) + 1 FROM notification), first_seq = coalesce(first_seq, seq), state = ${PENDING},
       attempts = 0, error = NULL, settled_at = NULL, replayed_at = :now
     WHERE id = :id AND state = ${DEAD} RETURNING lane_nr`,
  );
  const sessions = sessionWriter(database);
  const drop = database.prepare(
    `UPDATE notification SET state = ${APPLIED}, body = NULL, settled_at = ? WHERE id = ? AND state = ${DEAD}`,
  );
  return {
    async list(limit, after = { deadLetteredAt: -1, id: '' }) {
      return list.all(after.deadLetteredAt, after.id, limit).map(
        (row): DeadLetter => ({
          id: String(row['id']),
          session: String(row['lane']),
          body: String(row['body']),
          receivedAt: Number(row['received_at']),
          arrival: Number(row['arrival']),
          attempts: Number(row['attempts']),
          error: String(row['error']),
          deadLetteredAt: Number(row['settled_at']),
        }),
      );
    },
    replay(id) {
      return commit.write(() => {
        const nr = revive.get({ id, now: now() })?.['lane_nr'];
        if (typeof nr !== 'number') return false;
        sessions.wake(nr, now());
        return true;
      });
    },
    drop(id) {
      return commit.write(() => drop.run(now(), id).changes > 0);
    },
  };
}
