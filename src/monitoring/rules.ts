import { OWN_RULE_TITLE } from '../domain/own-rules.ts';
import { incidentLife, latestRows } from './incident-life.ts';
import { nameId } from './name-id.ts';
import { firstErrors, refusedStart, runEvents, startedRuns } from './playbook-runs.ts';
import { healthColumns, incidentColumns, tableIfThere, whereAll } from './tables.ts';

/*
 * The analytics rules. Their incidents must not be paged by what they report: the filter of every config leaves out titles that begin so, and so do
 * the queries.
 */

export interface RuleTexts {
  readonly tag: string;
  readonly playbooks: readonly string[];
  /** What is in `ModifiedBy` where neither a person nor SIGNL4 changed the incident. */
  readonly machines: readonly string[];
  /** Tags that come with an event of SIGNL4 that nobody caused. */
  readonly unmanned: readonly string[];
  /** Conditions on the latest row of incidents that must page. */
  readonly filter: readonly string[];
}

/** A scheduled analytics rule; times as the repository's YAML writes them. */
export interface AnalyticsRule {
  /** File name and ARM name part. */
  readonly name: string;
  readonly id: string;
  readonly title: string;
  /** At most 255 characters, begins with "Identifies". */
  readonly description: string;
  readonly severity: 'High' | 'Medium';
  readonly queryFrequency: string;
  readonly queryPeriod: string;
  readonly query: string;
  /** Column that names what the entity "cloud application" is. */
  readonly entityColumn: string;
  /** Key, at most 20 characters, to column. */
  readonly customDetails: Readonly<Record<string, string>>;
}

/** What the file of a rule and its resource say alike, in the order of both. */
export function incidentMembers({ entityColumn, customDetails }: AnalyticsRule) {
  return {
    entityMappings: [
      { entityType: 'CloudApplication', fieldMappings: [{ identifier: 'Name', columnName: entityColumn }] },
    ],
    eventGroupingSettings: { aggregationKind: 'SingleAlert' },
    customDetails,
    incidentConfiguration: { createIncident: true },
  };
}

/**
 * A formal choice: reviewers ask for a tactic, and a page that does not go out is what an attacker would want; the description says what it is.
 */
export const attack = { tactics: ['DefenseEvasion'], techniques: ['T1562'] } as const;

/** Minutes from the creation of an incident until it must carry the tag, or from the end of a run until its log is there. */
export const PAGE_MINUTES = 20;
/** Minutes from a page until somebody must have acknowledged it. */
export const ANSWER_MINUTES = 30;
const EVERY = '15m';

export function analyticsRules(texts: RuleTexts): readonly AnalyticsRule[] {
  return [pagingFailed(texts), nobodyAcknowledged(texts)];
}

function pagingFailed({ tag, playbooks, filter }: RuleTexts): AnalyticsRule {
  return {
    name: 'SIGNL4PagingFailed',
    id: nameId('rule paging failed'),
    title: `${OWN_RULE_TITLE} paging failed`,
    description:
      'Identifies incidents that match the filter and nobody was paged about in twenty minutes, playbook runs of SIGNL4 that failed, and rules that could not start one. Route it by another way than SIGNL4.',
    severity: 'High',
    queryFrequency: EVERY,
    queryPeriod: '2h',
    entityColumn: 'Playbook',
    customDetails: { What: 'What', Incident: 'Incident' },
    query: `// Each incident and each run is judged once: the window is closed, and lies far enough back for the log to have come.
let frequency = ${EVERY};
let wait = ${PAGE_MINUTES}m;
let ours = dynamic(${JSON.stringify(playbooks)});
let incidents = ${tableIfThere('SecurityIncident', incidentColumns)};
let own = incidents
| where Title startswith "${OWN_RULE_TITLE}"
| project Incident = tostring(IncidentNumber);
let paged = incidents
| where tostring(Labels) contains ${JSON.stringify(`"${tag}"`)}
| project IncidentName;
let unpaged = incidents
| where CreatedTime > ago(frequency + wait) and CreatedTime <= ago(wait)
${latestRows}
| where Status != "Closed" and not(Title startswith "${OWN_RULE_TITLE}")
| join kind=leftanti paged on IncidentName
${whereAll(filter)}| project What = "Nobody was paged", Incident = tostring(IncidentNumber), Playbook = "SIGNL4-Send-Incident", Detail = Title, At = CreatedTime;
${runEvents('> ago(2h)', 'ours')}
${firstErrors}
${startedRuns('> ago(2h)')}
let failed = ends
| where State in ("Failed", "TimedOut") and Ended > ago(frequency + wait) and Ended <= ago(wait)
| join kind=leftouter errors on RunId
| join kind=leftouter started on RunId
| project What = "A run failed", Incident, Playbook, Detail = strcat(Action, ": ", Code, " ", Message), At = Ended;
let refused = ${tableIfThere('SentinelHealth', healthColumns)}
| where TimeGenerated > ago(frequency + wait) and TimeGenerated <= ago(wait)
| where ${refusedStart}
| project What = "A playbook was not started", Incident = tostring(ExtendedProperties.IncidentNumber), Playbook = SentinelResourceName, Detail = Description, At = TimeGenerated
| join kind=leftanti own on Incident;
union unpaged, failed, refused
| sort by At asc`,
  };
}

function nobodyAcknowledged({ tag, playbooks, machines, unmanned }: RuleTexts): AnalyticsRule {
  return {
    name: 'SIGNL4NobodyAcknowledged',
    id: nameId('rule nobody acknowledged'),
    title: `${OWN_RULE_TITLE} nobody acknowledged`,
    description:
      'Identifies incidents that SIGNL4 paged the team about and that nobody has acknowledged half an hour later, on the phone or in Microsoft Sentinel, or somebody gave back. Route it by another way than the same team.',
    severity: 'High',
    queryFrequency: EVERY,
    queryPeriod: '1d',
    entityColumn: 'Application',
    customDetails: { Incident: 'Incident', Title: 'Title' },
    query: `// Each page is judged once: the window is closed and lies in the past.
let frequency = ${EVERY};
let wait = ${ANSWER_MINUTES}m;
${incidentLife({
  created: '> ago(1d)',
  tag: JSON.stringify(tag),
  ours: `dynamic(${JSON.stringify(playbooks)})`,
  machines: `dynamic(${JSON.stringify(machines)})`,
  unmanned,
})}
life
| where Paged > ago(frequency + wait) and Paged <= ago(wait) and isnull(Acked) and Status != "Closed"
| where not(Title startswith "${OWN_RULE_TITLE}")
| project Incident = tostring(IncidentNumber), Title, Severity, Application = "SIGNL4", Paged, IncidentUrl
| sort by Paged asc`,
  };
}
