import type { Incident } from '../../domain/incident.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Notification } from '../../domain/notification.ts';
import type { IncidentChange } from '../../rules/callback.ts';
import type { ServedWorkspace } from '../served-workspace.ts';

/** A notification being applied to an incident. */
export interface Applying {
  readonly served: ServedWorkspace;
  readonly incidentId: string;
  readonly notification: Notification;
  readonly signal: AbortSignal;
  /** Whether a newer notification was applied already: then only the note counts, not the state. */
  readonly isLate: boolean;
  /** Called with an incident of Graph as it was read before a write. */
  before(externalId: string, resource: JsonObject): Promise<void>;
  /**
   * Called once the incident has the notification's state, no matter which relay wrote it; `before` is the incident without it.
   */
  stateIsIn(before: Incident): void;
  /** Called before every write. Throws LeaseLostError if another relay may hold the session by now. */
  assertHeld(): void;
}

/** The result for one incident. */
export interface Outcome {
  readonly change: IncidentChange;
  /** Whether the incident is closed now. */
  readonly isClosed: boolean;
  /** The incident afterwards; undefined if Sentinel only got a comment. */
  readonly changed: Incident | undefined;
}

/** Drops the status from late notifications: an acknowledgement that arrives after the closing must not reopen the incident. */
export function withoutLateState(change: IncidentChange, { isLate }: Pick<Applying, 'isLate'>): IncidentChange {
  if (!isLate) return change;
  return {
    ...(change.tag && { tag: change.tag }),
    ...(change.comment && { comment: change.comment }),
    ...(change.noRoomFor && { noRoomFor: change.noRoomFor }),
  };
}
