import type { TableClient } from '@azure/data-tables';
import { findEntity, isConflict, isMissing, tableKey, timeText } from './azure-clients.ts';
import { type ForwardClaim, type ForwardMark, type Forwards, isClaimed, type StoreOptions } from './store.ts';

interface ForwardRow {
  readonly key: string;
  /** Empty while only claimed. */
  readonly eventId: string;
  readonly at: string;
  readonly claimedUntil: string;
  readonly seen: string;
}

const PARTITION = 'forward';

export function azureForwards(state: TableClient, { now }: StoreOptions): Forwards {
  const find = (key: string) => findEntity<ForwardRow>(state, PARTITION, tableKey(key));
  const keysOf = (key: string) => ({ partitionKey: PARTITION, rowKey: tableKey(key) });

  return {
    async claim(key, leaseMs): Promise<ForwardClaim> {
      const found = await find(key);
      const mark = markOf(found);
      if (mark) return { state: 'forwarded', mark };
      if (found && isClaimed(Number(found.claimedUntil), now(), leaseMs)) return { state: 'busy' };
      const row = {
        ...keysOf(key),
        ...({
          key,
          eventId: '',
          at: timeText(now()),
          claimedUntil: timeText(now() + leaseMs),
          seen: '',
        } satisfies ForwardRow),
      };
      try {
        await (found ? state.updateEntity(row, 'Replace', { etag: found.etag }) : state.createEntity(row));
        return { state: 'claimed' };
      } catch (error) {
        if (isConflict(error) || isMissing(error)) return { state: 'busy' };
        throw error;
      }
    },
    async mark(key, eventId) {
      const row = { key, eventId, at: timeText(now()), claimedUntil: '' };
      await state.upsertEntity({ ...keysOf(key), ...row }, 'Merge');
    },
    async release(key) {
      const found = await find(key);
      if (found?.eventId !== '') return;
      try {
        await state.deleteEntity(PARTITION, tableKey(key), { etag: found.etag });
      } catch (error) {
        if (!isConflict(error) && !isMissing(error)) throw error;
      }
    },
    async get(key) {
      return markOf(await find(key));
    },
    async see(key, seen) {
      const found = await find(key);
      if (!found || found.eventId === '') return;
      await state.updateEntity({ ...keysOf(key), seen }, 'Merge');
    },
  };
}

function markOf(row: ForwardRow | undefined): ForwardMark | undefined {
  if (!row?.eventId) return undefined;
  return { key: row.key, eventId: row.eventId, at: Number(row.at), seen: row.seen ?? '' };
}
