import { incidentColumns, tableIfThere } from './tables.ts';

/*
 * One row for each incident: when it was created, paged, acknowledged and closed, and what state it is in. The latest row is taken first and filtered
 * after, so that an incident counts under what it is now.
 */

/** Expressions and literals that the text of the query is made with. */
export interface LifeTexts {
  /** Condition on CreatedTime, without the column: `> ago(1d)`. */
  readonly created: string;
  /** The tag that marks what was paged. */
  readonly tag: string;
  /** List of names in `ModifiedBy` that are ours: the playbooks' identities are called like them. */
  readonly ours: string;
  /** List of names in `ModifiedBy` that are neither ours nor a person. */
  readonly machines: string;
  /** Tags, as they are, that we set with an event nobody caused: an escalation, no response. */
  readonly unmanned: readonly string[];
}

/**
 * What Sentinel and Defender write into `ModifiedBy` where no person changed the incident (Microsoft's workbooks "Security operations
 * efficiency" and "Incident overview" leave out the same).
 */
export const machineNames = [
  'Automation rule',
  'Incident created',
  'Alert Grouping',
  'Alert updated',
  'Fusion',
  'Microsoft 365 Defender',
  'Microsoft Defender XDR',
  'Microsoft XDR',
] as const;

/**
 * Steps that leave the latest row of each incident. Rows may be written in another order than the changes that they describe, by minutes: the change
 * decides, and where two are of one time the row that was written last.
 */
export const latestRows = `| sort by IncidentName asc, LastModifiedTime desc, TimeGenerated desc
| where prev(IncidentName, 1, "") != IncidentName`;

/**
 * `let life = …`. Columns: IncidentName and what the latest row says; Created, Paged, OnPhone, InPortal, Acked, Closed, LastChange.
 *
 * An acknowledgement is a change, not a state: the status leaves New, or there is another owner. Made by us it came from SIGNL4, unless its row
 * brings the tag of an event that nobody caused; made by neither us nor a machine it came from a person in Sentinel. What we write when we page
 * (tag, comment) acknowledges nothing. Where the incident is New and nobody's again afterwards, it was taken back and counts as none; what is
 * reopened was not.
 */
export function incidentLife({ created, tag, ours, machines, unmanned }: LifeTexts): string {
  const latest = Object.keys(incidentColumns).filter(
    (name) => !['TimeGenerated', 'IncidentName', 'CreatedTime', 'LastModifiedTime', 'ModifiedBy'].includes(name),
  );
  return `let tag = ${tag};
let ours = ${ours};
let machines = ${machines};
let life = ${tableIfThere('SecurityIncident', incidentColumns)}
| where CreatedTime ${created}
| extend OwnerId = tostring(Owner.objectId)
| sort by IncidentName asc, LastModifiedTime asc, TimeGenerated asc
| extend Place = row_number(), Unmanned = ${unmannedTags(unmanned)}
| extend IsFirst = prev(IncidentName, 1, "") != IncidentName, StatusBefore = prev(Status, 1, ""), OwnerBefore = prev(OwnerId, 1, ""), UnmannedBefore = prev(Unmanned, 1, 0)
| extend IsOurs = ModifiedBy has_any (ours), IsMachine = isempty(ModifiedBy) or ModifiedBy has_any (machines)
| extend IsNobodys = IsOurs and Unmanned > iff(IsFirst, 0, UnmannedBefore)
| extend IsTaken = not(IsFirst) and not(IsNobodys) and ((Status != "New" and Status != StatusBefore) or (isnotempty(OwnerId) and OwnerId != OwnerBefore))
| extend IsBack = not(IsFirst) and Status == "New" and isempty(OwnerId) and StatusBefore != "Closed" and (StatusBefore != "New" or isnotempty(OwnerBefore))
| extend HasTag = tostring(Labels) contains strcat("\\"", tag, "\\"")
| sort by Place desc
| extend BackLater = row_cumsum(iff(IsBack, 1, 0), prev(IncidentName, 1, "") != IncidentName)
| extend IsTaken = IsTaken and BackLater == 0
| summarize Created = min(CreatedTime), Paged = minif(LastModifiedTime, HasTag), OnPhone = minif(LastModifiedTime, IsTaken and IsOurs), InPortal = minif(LastModifiedTime, IsTaken and not(IsOurs) and not(IsMachine)), LastChange = max(LastModifiedTime), arg_max(Place, ${latest.join(', ')}) by IncidentName
| extend Closed = iff(Status == "Closed", ClosedTime, datetime(null)), Acked = iff(isnull(OnPhone) or InPortal < OnPhone, InPortal, OnPhone);`;
}

/** How many of these tags an incident has. */
function unmannedTags(tags: readonly string[]): string {
  const has = tags.map((tag) => `iff(tostring(Labels) contains ${JSON.stringify(`"${tag}"`)}, 1, 0)`);
  return ['0', ...has].join(' + ');
}
