import type { TransactionAction } from '@azure/data-tables';
import { type AzureStoreClients, findEntity, isConflict, tableKey } from './azure-clients.ts';

/*
 * One partition of the inbox table per session:
 *   lane        SessionRow: who holds it, when it is ready, the next sequence number, how many are pending
 *   id:<id>     IdRow: known, so a repeat is a duplicate
 *   n:<seq>     PendingRow: waits to be applied
 * Every step changes them in one transaction that the session row's etag guards.
 */

export interface SessionRow {
  readonly lane: string;
  readonly nextSeq: number;
  readonly pending: number;
  /** Token of the lease; empty if not leased. */
  readonly lease: string;
  /** End of the lease, or time of the retry; empty: now. */
  readonly readyAt: string;
  readonly appliedUntil: string;
  readonly usedAt: string;
  /** Attempts in a row that started and never ended; missing in rows of older relays. */
  readonly unfinished?: number;
}

export interface IdRow {
  readonly state: 'pending' | 'dead' | 'settled';
  /** Empty until it is applied or dropped. */
  readonly settledAt: string;
}

export interface PendingRow {
  readonly id: string;
  readonly receivedAt: string;
  /** Sequence number on arrival; missing in rows of older relays. */
  readonly arrival?: number;
  /** When it was last replayed; missing if never. */
  readonly replayedAt?: string;
  readonly attempts: number;
  readonly error: string;
  /** The body in pieces (`body0`, `body1`, …), because a string property holds 32,768 characters. */
  readonly [piece: `body${number}`]: string;
}

export const emptySession = (lane: string, usedAt: string): SessionRow => ({
  lane,
  nextSeq: 1,
  pending: 0,
  lease: '',
  readyAt: '',
  appliedUntil: '',
  usedAt,
});

export const idKey = (id: string): string => `id:${tableKey(id)}`;
export const pendingKey = (seq: number): string => `n:${String(seq).padStart(15, '0')}`;
const PIECE = 30_000;

export function splitBody(body: string): Record<`body${number}`, string> {
  const pieces: Record<`body${number}`, string> = {};
  for (let start = 0, n = 0; start < body.length; n++) {
    let end = Math.min(start + PIECE, body.length);
    // Never between the halves of a surrogate pair, which are not valid UTF-8 on their own.
    if (end < body.length && /[\uD800-\uDBFF]/.test(body.charAt(end - 1))) end--;
    pieces[`body${n}`] = body.slice(start, end);
    start = end;
  }
  return pieces;
}

export function joinBody(row: object): string {
  let body = '';
  for (let n = 0; ; n++) {
    const piece: unknown = Reflect.get(row, `body${n}`);
    if (typeof piece !== 'string') return body;
    body += piece;
  }
}

/** The change to a session, decided from its present state; undefined: none. */
export interface SessionStep<T> {
  readonly lane: SessionRow;
  /** Other rows of the partition. */
  readonly rows: readonly SessionChange[];
  readonly result: T;
}
export type SessionChange =
  | { readonly do: 'create' | 'merge'; readonly rowKey: string; readonly row: object }
  | { readonly do: 'delete'; readonly rowKey: string };

/** Each attempt fails only because another relay succeeded, so this suffices for as many relays. */
const ROUNDS = 40;

/**
 * Reads the session, calls `decide`, and writes session and rows in one transaction; starts over on a conflict. If there is
 * nothing to write, `decide` returns only a result (no `session`).
 */
export async function changeSession<T>(
  { inbox }: AzureStoreClients,
  lane: string,
  decide: (
    found: SessionRow | undefined,
  ) => SessionStep<T> | { readonly result: T } | Promise<SessionStep<T> | { readonly result: T }>,
): Promise<T> {
  const partitionKey = tableKey(lane);
  for (let round = 1; ; round++) {
    const found = await findEntity<SessionRow>(inbox, partitionKey, 'lane');
    const step = await decide(found);
    if (!('lane' in step)) return step.result;
    const sessionRow = { ...step.lane, partitionKey, rowKey: 'lane' };
    const actions: TransactionAction[] = [
      found ? ['update', sessionRow, 'Replace', { etag: found.etag }] : ['create', sessionRow],
      ...step.rows.map((change): TransactionAction => {
        if (change.do === 'delete') return ['delete', { partitionKey, rowKey: change.rowKey }];
        const row = { ...change.row, partitionKey, rowKey: change.rowKey };
        return change.do === 'create' ? ['create', row] : ['update', row, 'Merge'];
      }),
    ];
    try {
      await inbox.submitTransaction(actions);
      return step.result;
    } catch (error) {
      if (!isConflict(error) || round === ROUNDS) throw error;
    }
  }
}
