import { CLOCK_SKEW_MS } from '../../domain/notification.ts';

/** Position of a notification among those of its incident. */
export interface Place {
  /** ISO 8601 in UTC. */
  readonly raisedAt: string;
  /** Order of arrival; decides between notifications raised at the same moment. */
  readonly arrival: number;
}

/** The position as stored in the session's mark: `2026-01-10T08:40:00.000Z 17`. Older relays stored the time only. */
export function markOf({ raisedAt, arrival }: Place): string {
  return `${raisedAt} ${arrival}`;
}

/**
 * Whether a newer notification was applied already. A mark in the future (`now`: milliseconds since 1970) was written while a
 * clock was ahead and is ignored.
 */
export function isLate({ raisedAt, arrival }: Place, mark: string | undefined, now: number): boolean {
  const [markedAt = '', markedArrival = '0'] = mark?.split(' ') ?? [];
  const marked = Date.parse(markedAt);
  const raised = Date.parse(raisedAt);
  if (!(marked <= now + CLOCK_SKEW_MS)) return false;
  return raised < marked || (raised === marked && arrival < Number(markedArrival));
}
