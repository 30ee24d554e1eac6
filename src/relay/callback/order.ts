import { CLOCK_SKEW_MS } from '../../domain/notification.ts';

/** The position of a notification among those of its incident. */
export interface Place {
  /** ISO 8601 in UTC. */
  readonly raisedAt: string;
  /** Of two that were raised at the same moment, the one that arrived first comes first. */
  readonly arrival: number;
}

/** The place as the mark of a session: `2026-01-10T08:40:00.000Z 17`. Older relays wrote the time alone. */
export function markOf({ raisedAt, arrival }: Place): string {
  return `${raisedAt} ${arrival}`;
}

/**
 * Whether something newer was applied already. A mark that lies in the future (`now`: milliseconds since 1970) was left by a
 * clock that ran ahead: it says nothing.
 */
export function isLate({ raisedAt, arrival }: Place, mark: string | undefined, now: number): boolean {
  const [markedAt = '', markedArrival = '0'] = mark?.split(' ') ?? [];
  const marked = Date.parse(markedAt);
  const raised = Date.parse(raisedAt);
  if (!(marked <= now + CLOCK_SKEW_MS)) return false;
  return raised < marked || (raised === marked && arrival < Number(markedArrival));
}
