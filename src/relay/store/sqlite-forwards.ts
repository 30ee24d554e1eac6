import type { DatabaseSync } from 'node:sqlite';
import type { GroupCommit } from './group-commit.ts';
import { type ForwardMark, type Forwards, isClaimed, type StoreOptions } from './store.ts';

export function sqliteForwards(
  database: DatabaseSync,
  commit: GroupCommit,
  { now }: StoreOptions,
): { readonly forwards: Forwards; readonly prune: (before: number) => void } {
  const find = database.prepare('SELECT key, event_id, at, claimed_until, seen FROM forward WHERE key = ?');
  const claim = database.prepare(
    `INSERT INTO forward (key, at, claimed_until) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET claimed_until = excluded.claimed_until`,
  );
  const mark = database.prepare(
    `INSERT INTO forward (key, event_id, at) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET event_id = excluded.event_id, at = excluded.at, claimed_until = NULL`,
  );
  const release = database.prepare('DELETE FROM forward WHERE key = ? AND event_id IS NULL');
  const see = database.prepare('UPDATE forward SET seen = ? WHERE key = ? AND event_id IS NOT NULL');
  const prune = database.prepare('DELETE FROM forward WHERE at < ?');

  const forwards: Forwards = {
    claim(key, leaseMs) {
      return commit.write(() => {
        const row = find.get(key);
        const known = markOf(row);
        if (known) return { state: 'forwarded', mark: known } as const;
        if (isClaimed(Number(row?.['claimed_until'] ?? 0), now(), leaseMs)) return { state: 'busy' } as const;
        claim.run(key, now(), now() + leaseMs);
        return { state: 'claimed' } as const;
      });
    },
    async mark(key, eventId) {
      await commit.write(() => mark.run(key, eventId, now()));
    },
    async release(key) {
      await commit.write(() => release.run(key));
    },
    async get(key) {
      return markOf(find.get(key));
    },
    async see(key, seen) {
      await commit.write(() => see.run(seen, key));
    },
  };
  return { forwards, prune: (before) => void prune.run(before) };
}

function markOf(row: Readonly<Record<string, unknown>> | undefined): ForwardMark | undefined {
  if (typeof row?.['event_id'] !== 'string') return undefined;
  return { key: String(row['key']), eventId: row['event_id'], at: Number(row['at']), seen: String(row['seen']) };
}
