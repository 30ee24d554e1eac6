import type { Alert } from '../../domain/alert.ts';
import type { Entity } from '../../domain/entity.ts';
import type { Incident } from '../../domain/incident.ts';
import type { Signl4AlertEvent } from '../../domain/signl4-event.ts';
import type { Budget } from '../deadline.ts';
import { externalIdOf } from '../external-id.ts';
import type { AlertRows } from '../kql/alert-rows.ts';
import { pageEvent } from '../render/event.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { readRows } from './queries.ts';
import { type IncidentComment, readSubject, type Subject } from './subject.ts';

/** Answer of `POST /api/incidents/enrich`. */
export interface Enriched {
  readonly event: Signl4AlertEvent;
  readonly alerts: readonly Alert[];
  readonly entities: readonly Entity[];
  readonly comments: readonly IncidentComment[];
  readonly bookmarks: readonly string[];
  readonly queries: readonly AlertRows[];
  /** What is missing or late, for people. */
  readonly warnings: readonly string[];
}

export interface EnrichedIncident extends Enriched {
  readonly subject: Subject;
}

/** Reads an incident of Sentinel with everything linked to it and renders the event. Parts that fail are listed in `warnings`. */
export async function enrichIncident(
  served: ServedWorkspace,
  incidentId: string,
  given: Incident | undefined,
  budget: Budget,
): Promise<EnrichedIncident> {
  return compose(served, await readSubject(served, incidentId, given, budget), budget);
}

/** The same for a subject that was read already. */
export async function compose(served: ServedWorkspace, subject: Subject, budget: Budget): Promise<EnrichedIncident> {
  const { incident, alerts, entities, comments, bookmarks } = subject;
  const queries = await readRows(served, alerts, budget);
  const warnings = [
    ...subject.warnings,
    ...queries.flatMap(({ alert, error }) => (error ? [`Rows of "${alert}": ${error}.`] : [])),
  ];
  const event = {
    ...pageEvent({ incident, alerts, entities, queries }, served),
    'X-S4-ExternalID': externalIdOf(served, incident),
  };
  return { event, alerts: alerts.map(withoutQuery), entities, comments, bookmarks, queries, warnings, subject };
}

/** The query of an alert may contain the event itself, including columns that must not be shown. */
function withoutQuery(alert: Alert): Alert {
  const shown = Object.entries(alert.additional).filter(([name]) => !/^(original)?query$/i.test(name));
  return { ...alert, additional: Object.fromEntries(shown) };
}
