import { odata } from '@azure/data-tables';
import { type AzureStoreClients, findEntity, tableKey, timeText } from './azure-clients.ts';
import {
  changeSession,
  emptySession,
  type IdRow,
  idKey,
  joinBody,
  type PendingRow,
  pendingKey,
  splitBody,
} from './azure-session.ts';
import type { DeadLetter, DeadLetterCursor, DeadLetters, StoreOptions } from './store.ts';

interface DeadRow extends PendingRow {
  readonly lane: string;
}

export function azureDeadLetters(clients: AzureStoreClients, { now }: StoreOptions): DeadLetters {
  const { inbox, dead, wake } = clients;

  async function find(id: string): Promise<{ letter: DeadLetter; rowKey: string } | undefined> {
    const rows = dead.listEntities<DeadRow>({ queryOptions: { filter: odata`id eq ${id.toWellFormed()}` } });
    for await (const row of rows) return { letter: letterOf(row), rowKey: row.rowKey ?? '' };
    return undefined;
  }

  /** Removes the letter from the table; `false` if the inbox no longer has it as dead (left behind by a crash). */
  async function takeOut(id: string, toPending: boolean): Promise<boolean> {
    const found = await find(id);
    if (!found) return false;
    const { session: lane, body, receivedAt, arrival } = found.letter;
    const at = timeText(now());
    const done = await changeSession(clients, lane, async (known) => {
      const idRow = await findEntity<IdRow>(inbox, tableKey(lane), idKey(id));
      if (idRow?.state !== 'dead') return { result: false };
      const row = known ?? emptySession(lane, at);
      const settled: IdRow = { state: 'settled', settledAt: at };
      if (!toPending) {
        return { lane: { ...row, usedAt: at }, rows: [{ do: 'merge', rowKey: idKey(id), row: settled }], result: true };
      }
      const times = { receivedAt: timeText(receivedAt), replayedAt: at, arrival, attempts: 0 };
      const pending: PendingRow = { id, ...times, error: '', ...splitBody(body) };
      return {
        lane: { ...row, nextSeq: row.nextSeq + 1, pending: row.pending + 1, usedAt: at },
        rows: [
          { do: 'merge', rowKey: idKey(id), row: { state: 'pending', settledAt: '' } satisfies IdRow },
          { do: 'create', rowKey: pendingKey(row.nextSeq), row: pending },
        ],
        result: true,
      };
    });
    await dead.deleteEntity('dead', found.rowKey).catch(() => {});
    if (done && toPending) await wake.sendMessage(lane).catch(() => {});
    return done;
  }

  return {
    async list(limit, after) {
      const letters: DeadLetter[] = [];
      const behind = after ? cursorKey(after) : '';
      const filter = odata`PartitionKey eq 'dead' and RowKey gt ${behind}`;
      for await (const row of dead.listEntities<DeadRow>({ queryOptions: { filter } })) {
        if (letters.length === limit) break;
        letters.push(letterOf(row));
      }
      return letters;
    },
    replay: (id) => takeOut(id, true),
    drop: (id) => takeOut(id, false),
  };
}

/** Sorts by the time of the dead letter. */
export function cursorKey({ deadLetteredAt, id }: DeadLetterCursor): string {
  return `${timeText(deadLetteredAt)}:${tableKey(id)}`;
}

function letterOf(row: DeadRow & { readonly rowKey?: string }): DeadLetter {
  return {
    id: row.id,
    session: row.lane,
    body: joinBody(row),
    receivedAt: Number(row.receivedAt),
    arrival: row.arrival ?? 0,
    attempts: row.attempts,
    error: row.error,
    deadLetteredAt: Number(row.rowKey?.split(':')[0] ?? 0),
  };
}
