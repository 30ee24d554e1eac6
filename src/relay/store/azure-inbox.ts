import { odata } from '@azure/data-tables';
import { type AzureStoreClients, findEntity, isMissing, tableKey, timeText } from './azure-clients.ts';
import { cursorKey } from './azure-dead-letters.ts';
import {
  changeSession,
  emptySession,
  type IdRow,
  idKey,
  joinBody,
  type PendingRow,
  pendingKey,
  type SessionChange,
  type SessionRow,
  splitBody,
} from './azure-session.ts';
import { type Inbox, type Lease, LeaseLostError, LONGEST_WAIT_MS, type StoreOptions } from './store.ts';

/** The queue message of a lease. It stays hidden while the lease holds, and becomes visible again if this relay dies. */
interface Receipt {
  readonly messageId: string;
  readonly popReceipt: string;
}
type Hold = { readonly lease: Lease; readonly pendingKey: string } | { readonly waitMs: number } | undefined;
interface Held {
  readonly pendingKey: string;
  readonly receipt: Receipt | undefined;
}

const MAX_MESSAGES = 32;

export function azureInbox(clients: AzureStoreClients, { now, owner, leaseMs }: StoreOptions): Inbox {
  const { inbox, dead, wake } = clients;
  const held = new WeakMap<Lease, Held>();
  let leases = 0;

  /** Leases the session if it is ready, otherwise returns how long it is not (undefined: nothing is pending). */
  async function hold(lane: string): Promise<Hold> {
    const token = `${owner}/${++leases}`;
    const until = now() + leaseMs;
    return changeSession<Hold>(clients, lane, async (found) => {
      if (!found || found.pending === 0) return { result: undefined };
      const waitMs = Number(found.readyAt) - now();
      if (waitMs > 0 && waitMs <= LONGEST_WAIT_MS) return { result: { waitMs } };
      const head = await firstPending(lane);
      if (!head) return { result: undefined };
      const unfinished = found.unfinished ?? 0;
      const lease: Lease = {
        ...{ token, until, unfinished },
        since: Number(head.replayedAt ?? head.receivedAt),
        appliedUntil: found.appliedUntil || undefined,
        notification: {
          id: head.id,
          session: lane,
          body: joinBody(head),
          receivedAt: Number(head.receivedAt),
          arrival: head.arrival ?? 0,
          attempts: head.attempts + unfinished,
        },
      };
      return {
        lane: { ...found, lease: token, readyAt: timeText(until), unfinished: unfinished + 1 },
        rows: [],
        result: { lease, pendingKey: head.rowKey },
      };
    });
  }

  async function firstPending(lane: string): Promise<(PendingRow & { readonly rowKey: string }) | undefined> {
    const rows = inbox.listEntities<PendingRow>({
      queryOptions: { filter: odata`PartitionKey eq ${tableKey(lane)} and RowKey ge 'n:' and RowKey lt 'n;'` },
    });
    const { value } = await rows.byPage({ maxPageSize: 1 }).next();
    const row = value?.[0];
    return row?.rowKey === undefined ? undefined : { ...row, rowKey: row.rowKey };
  }

  /** Releases a leased session with the result of its first notification. */
  async function free(
    lease: Lease,
    mark: string | undefined,
    change: (lane: SessionRow) => SessionRow,
    rows: (pendingKey: string) => readonly SessionChange[],
  ): Promise<void> {
    const { session: lane } = lease.notification;
    const hold = held.get(lease);
    if (!hold) throw new LeaseLostError(lane);
    const freed = await changeSession(clients, lane, (found) => {
      if (found?.lease !== lease.token) throw new LeaseLostError(lane);
      const appliedUntil = mark ?? found.appliedUntil;
      const next = { ...change(found), appliedUntil, lease: '', usedAt: timeText(now()), unfinished: 0 };
      return { lane: next, rows: rows(hold.pendingKey), result: next };
    });
    held.delete(lease);
    await followUp(lane, freed, hold.receipt);
  }

  /** Reschedules the queue message for when the session is ready, or deletes it if the session is empty. */
  async function followUp(lane: string, { pending, readyAt }: SessionRow, receipt: Receipt | undefined): Promise<void> {
    const delayMs = readyAt === '' ? 0 : Number(readyAt) - now();
    if (pending > 0) await (receipt ? postpone(receipt, lane, delayMs) : tell(lane, delayMs));
    else if (receipt) await forget(receipt);
  }

  async function tell(lane: string, delayMs = 0): Promise<void> {
    await wake.sendMessage(lane, { visibilityTimeout: wholeSeconds(delayMs) });
  }
  async function postpone({ messageId, popReceipt }: Receipt, lane: string, delayMs: number): Promise<void> {
    await unlessGone(wake.updateMessage(messageId, popReceipt, lane, wholeSeconds(delayMs)));
  }
  async function forget({ messageId, popReceipt }: Receipt): Promise<void> {
    await unlessGone(wake.deleteMessage(messageId, popReceipt));
  }

  async function follow(lane: string, receipt: Receipt): Promise<Lease | undefined> {
    const taken = await hold(lane);
    if (taken === undefined) await forget(receipt);
    else if ('waitMs' in taken) await postpone(receipt, lane, taken.waitMs);
    else {
      held.set(taken.lease, { pendingKey: taken.pendingKey, receipt });
      return taken.lease;
    }
    return undefined;
  }

  return {
    async accept({ id, session: lane, body }) {
      const at = timeText(now());
      const { answer, isNews } = await changeSession<{ answer: 'accepted' | 'duplicate'; isNews: boolean }>(
        clients,
        lane,
        async (found) => {
          // Concurrent writes of the same id conflict; the loser sees the row in its next attempt.
          const known = await findEntity<IdRow>(inbox, tableKey(lane), idKey(id));
          // A pending one may have been stored by a relay that died before sending the queue message.
          if (known) return { result: { answer: 'duplicate', isNews: known.state === 'pending' } };
          const row = found ?? emptySession(lane, at);
          const arrival = row.nextSeq;
          const pending: PendingRow = { id, receivedAt: at, arrival, attempts: 0, error: '', ...splitBody(body) };
          return {
            lane: { ...row, nextSeq: row.nextSeq + 1, pending: row.pending + 1, usedAt: at },
            rows: [
              { do: 'create', rowKey: idKey(id), row: { state: 'pending', settledAt: '' } satisfies IdRow },
              { do: 'create', rowKey: pendingKey(row.nextSeq), row: pending },
            ],
            // A session with work already has a message, which lives until the session is empty.
            result: { answer: 'accepted', isNews: row.pending === 0 },
          };
        },
      );
      // It is durable; if sending the message fails, `recover` finds it.
      if (isNews) await tell(lane).catch(() => {});
      return answer;
    },
    async take({ limit, session: lane }) {
      if (lane !== undefined) {
        const taken = await hold(lane);
        if (taken === undefined || 'waitMs' in taken) return [];
        held.set(taken.lease, { pendingKey: taken.pendingKey, receipt: undefined });
        return [taken.lease];
      }
      const { receivedMessageItems } = await wake.receiveMessages({
        numberOfMessages: Math.min(limit, MAX_MESSAGES),
        visibilityTimeout: wholeSeconds(leaseMs),
      });
      const leases = await Promise.all(receivedMessageItems.map((message) => follow(message.messageText, message)));
      return leases.flatMap((lease) => lease ?? []);
    },
    complete(lease, mark) {
      return free(
        lease,
        mark,
        (lane) => ({ ...lane, pending: lane.pending - 1, readyAt: '' }),
        (rowKey) => [
          { do: 'delete', rowKey },
          { do: 'merge', rowKey: idKey(lease.notification.id), row: { state: 'settled', settledAt: timeText(now()) } },
        ],
      );
    },
    retry(lease, at, error, mark) {
      return free(
        lease,
        mark,
        (lane) => ({ ...lane, readyAt: timeText(at) }),
        (rowKey) => [{ do: 'merge', rowKey, row: { attempts: lease.notification.attempts + 1, error } }],
      );
    },
    async deadLetter(lease, error, mark) {
      const { id, session: lane, body, receivedAt, arrival, attempts } = lease.notification;
      // Write the dead letter first, then remove it from the session: a crash in between leaves it pending, never lost.
      const times = { receivedAt: timeText(receivedAt), arrival, attempts: attempts + 1 };
      const letter = { id, lane, ...times, error, ...splitBody(body) };
      const rowKey = cursorKey({ deadLetteredAt: now(), id });
      await dead.upsertEntity({ ...letter, partitionKey: 'dead', rowKey }, 'Replace');
      try {
        await free(
          lease,
          mark,
          (row) => ({ ...row, pending: row.pending - 1, readyAt: '' }),
          (key) => [
            { do: 'delete', rowKey: key },
            { do: 'merge', rowKey: idKey(id), row: { state: 'dead', settledAt: '' } },
          ],
        );
      } catch (failure) {
        await dead.deleteEntity('dead', rowKey).catch(() => {});
        throw failure;
      }
    },
    async recover() {
      const lanes = inbox.listEntities<SessionRow>({
        queryOptions: {
          filter: odata`RowKey eq 'lane' and pending gt 0 and (readyAt le ${timeText(now())} or readyAt gt ${timeText(now() + LONGEST_WAIT_MS)})`,
          select: ['lane'],
        },
      });
      for await (const { lane } of lanes) await tell(lane);
    },
    async counts() {
      let pending = 0;
      const lanes = inbox.listEntities<SessionRow>({
        queryOptions: { filter: odata`RowKey eq 'lane' and pending gt 0`, select: ['pending'] },
      });
      for await (const lane of lanes) pending += lane.pending;
      let deadCount = 0;
      for await (const _ of dead.listEntities({ queryOptions: { select: ['RowKey'] } })) deadCount++;
      return { pending, dead: deadCount };
    },
    async oldestPending() {
      let oldest: number | undefined;
      const rows = inbox.listEntities<PendingRow>({
        queryOptions: { filter: odata`RowKey ge 'n:' and RowKey lt 'n;'`, select: ['receivedAt'] },
      });
      for await (const { receivedAt } of rows)
        oldest = Math.min(oldest ?? Number.POSITIVE_INFINITY, Number(receivedAt));
      return oldest;
    },
  };
}

/** A message that another relay has received is no longer ours to change. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** The queue uses whole seconds, at most 7 days. */
function wholeSeconds(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms / 1000)), 7 * 24 * 3600);
}
