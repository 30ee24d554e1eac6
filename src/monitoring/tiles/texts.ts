import { incidentLife } from '../incident-life.ts';
import { PRODUCT, TEAM } from '../parameters.ts';
import type { TileColumn, TileTexts } from './tile.ts';

/* Expressions, steps and columns that tiles of several sections have. */

export const TIME = '{TimeRange}';
export const OURS = 'split("{Playbooks}", ",")';
export const MACHINES = 'split("{Machines}", ",")';

/** Minutes to an acknowledgement that never came: more than any that did. */
export const NEVER = '1e9';

export function emptyIfNever(figure: string): string {
  return `iff(${figure} >= ${NEVER}, real(null), ${figure})`;
}

/** One row per incident within the choices of the parameters, with its times. */
export function livesOf({ unmanned }: Pick<TileTexts, 'unmanned'>): string {
  return `${incidentLife({
    created: TIME,
    tag: '"{Tag}"',
    ours: OURS,
    machines: MACHINES,
    unmanned,
  })}
let zone = coalesce(todouble("{UtcOffset}"), 0.0) * 1h;
let lives = life
| extend Product = ${PRODUCT}, Team = ${TEAM}, Person = coalesce(tostring(Owner.assignedTo), tostring(Owner.email), tostring(Owner.userPrincipalName), "(nobody)")
| where Severity in ({Severity}) or "*" in ({Severity})
| where Product in ({Product}) or "*" in ({Product})
| where Team in ({Team}) or "*" in ({Team})
| extend ToPage = (Paged - Created) / 1m, ToAck = iff(Acked >= Paged, (Acked - Paged) / 1m, real(null)), ToClose = (Closed - Created) / 1h
| extend AckOrNever = iff(isnull(Paged) or Acked < Paged, real(null), coalesce(ToAck, ${NEVER})), Local = coalesce(Paged, Created) + zone;`;
}

/** Day and hour of the page, for a grid and for nights and weekends. */
export const WEEK = `| extend Day = toint(dayofweek(Local) / 1d), Hour = hourofday(Local)`;

export const INCIDENT: readonly TileColumn[] = [
  { id: 'IncidentNumber', label: 'Incident' },
  { id: 'Title', label: 'Title' },
  { id: 'Severity', label: 'Severity' },
  { id: 'IncidentUrl', label: 'Open', shows: 'link' },
];
