import type { Notification } from '../../domain/notification.ts';
import type { IncidentChange } from '../../rules/callback.ts';
import type { Site } from '../site.ts';

/** One notification on its way into one incident. */
export interface Applying {
  readonly site: Site;
  readonly incidentId: string;
  readonly notification: Notification;
  readonly signal: AbortSignal;
  /** What SIGNL4 raised before the newest that is applied already: its note counts, its state is history. */
  readonly isLate: boolean;
  /** To be called once the notification's state is in the incident, whoever wrote it. */
  stateIsIn(): void;
  /** Throws LeaseLostError where somebody else may hold the incident by now. Called before every write. */
  assertHeld(): void;
}

/** An acknowledgement that comes after the closing it preceded must not reopen the incident. */
export function withoutLateState(change: IncidentChange, { isLate }: Pick<Applying, 'isLate'>): IncidentChange {
  if (!isLate) return change;
  return {
    ...(change.tag && { tag: change.tag }),
    ...(change.comment && { comment: change.comment }),
    ...(change.noRoomFor && { noRoomFor: change.noRoomFor }),
  };
}
