import type { Incident } from '../../domain/incident.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Notification } from '../../domain/notification.ts';
import type { IncidentChange } from '../../rules/callback.ts';
import type { ServedWorkspace } from '../served-workspace.ts';

/** One notification on its way into one incident. */
export interface Applying {
  readonly served: ServedWorkspace;
  readonly incidentId: string;
  readonly notification: Notification;
  readonly signal: AbortSignal;
  /** What SIGNL4 raised before the newest that is applied already: its note counts, its state is history. */
  readonly isLate: boolean;
  /** To be called with an incident of Graph as it was read before a write. */
  before(externalId: string, resource: JsonObject): Promise<void>;
  /** To be called once the notification is in the incident, whichever relay wrote it; with the incident as it was before. */
  stateIsIn(before: Incident): void;
  /** Throws LeaseLostError where somebody else may hold the incident by now. Called before every write. */
  assertHeld(): void;
}

/** What became of an incident. */
export interface Outcome {
  readonly change: IncidentChange;
  /** Whether the incident is closed now. */
  readonly isClosed: boolean;
  /** As it is then; undefined where Sentinel got a comment only. */
  readonly changed: Incident | undefined;
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
