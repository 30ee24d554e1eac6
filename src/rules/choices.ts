import type { Classification } from '../domain/classification.ts';
import type { Signl4Event } from '../domain/notification.ts';
import { OWN_RULE_TITLE } from '../domain/own-rules.ts';
import type { Severity } from '../domain/severity.ts';
import type { AlertingScenario } from '../domain/signl4-event.ts';
import type { IncidentStatus } from '../domain/status.ts';
import type { Tactic } from '../domain/tactics.ts';

/*
 * What users can choose. Each type is compiled for every place that needs it, and the config file is made of these types. Values
 * within a list are alternatives (OR), lists are combined with AND; an empty list means "any". Strings are compared ignoring
 * case.
 */

/** Which incidents page somebody. */
export interface IncidentFilter {
  readonly statuses: readonly IncidentStatus[];
  readonly severities: readonly Severity[];
  /** The title contains one of these. */
  readonly titleContains: readonly string[];
  /** The title contains none of these. Titles of our own analytics rules are always added. */
  readonly titleExcludes: readonly string[];
  /** The incident carries one of these tags. */
  readonly tags: readonly string[];
  /** The incident carries none of these tags. */
  readonly excludeTags: readonly string[];
  /** Names as in Sentinel, or friendly ones: `Microsoft Defender for Endpoint` also matches `MDATP`. */
  readonly products: readonly string[];
  /** GUIDs of analytics rules. */
  readonly analyticsRules: readonly string[];
  /** `unassigned`, or mail addresses / user principal names of owners. */
  readonly owners: readonly string[];
  readonly tactics: readonly Tactic[];
}

/** What the person on call reads. Texts are templates: `{{incident.title}}`, `{{entities.hosts | join ", "}}`. */
export interface MessageChoice {
  readonly title: string;
  readonly text: string;
  /** Additional parameters of the SIGNL4 alert in the order shown, name to template. */
  readonly parameters: Readonly<Record<string, string>>;
  /** SIGNL4 category (`X-S4-Service`); empty: SIGNL4 decides. */
  readonly category: string;
  /** `X-S4-AlertingScenario` by severity; others use the team's setting. */
  readonly scenarios: Readonly<Partial<Record<Severity, AlertingScenario>>>;
  /** Number of alerts listed in the text before "and 37 more". */
  readonly maxAlerts: number;
  /** Number of entities of one kind listed before "and 37 more". */
  readonly maxEntities: number;
}

/** Friendlier names: maps what Sentinel sends (any case) to what people read. */
export interface FriendlyNames {
  readonly products: Readonly<Record<string, string>>;
  /** Tenant or workspace GUID to company name. */
  readonly companies: Readonly<Record<string, string>>;
  readonly entities: Readonly<Record<string, string>>;
}

/** Events of SIGNL4 that may change an incident. */
export type CallbackEvent = Exclude<Signl4Event, 'created'>;

/** What one event does to the incident. */
export interface CallbackAction {
  /** `keep` does not change the status. */
  readonly status: IncidentStatus | 'keep';
  /** Makes the person who acted the owner. */
  readonly assignOwner: boolean;
  /** For `reopened`: withdrawing the acknowledgement sets the incident back to New without an owner. Default: no. */
  readonly releaseOwner?: boolean;
  /** Tag to add; empty: none. */
  readonly tag: string;
  /** Template of the comment; empty: no comment. Fields: `user.name`, `user.mail`, `team`, `note`, `alert.id`, `event.time`. */
  readonly comment: string;
  readonly severity: Severity | 'keep';
}

export type CallbackMapping = Readonly<Record<CallbackEvent, CallbackAction>>;

/** How an incident is closed from SIGNL4. */
export interface CloseChoice {
  readonly classification: Classification;
  /** Template of the classification comment; fields as in `CallbackAction.comment`. */
  readonly comment: string;
  /** Hashtag in the closing note (without `#`) to the classification it selects; the note becomes the comment. */
  readonly hashtags: Readonly<Record<string, Classification>>;
}

/** Which changes in Sentinel reach SIGNL4. */
export interface SyncChoice {
  /** Closing in Sentinel resolves all SIGNL4 alerts of the incident; reopening alerts again. */
  readonly closed: boolean;
  /** A person taking the incident acknowledges them. */
  readonly acknowledged: boolean;
  /** A raised severity alerts again if nobody has taken the incident. */
  readonly severityRaised: boolean;
  /** New comments, alerts and entities become annotations. */
  readonly comments: boolean;
}

/** Results of the alerts' own queries. */
export interface KqlChoice {
  readonly enabled: boolean;
  /** Rows shown per query, 1 to 100. */
  readonly maxRows: number;
  /** Queries run per incident, 1 to 50; the worst alerts first. */
  readonly maxQueries: number;
  /** Server timeout of one query in seconds, 1 to 100. */
  readonly timeoutSeconds: number;
  /** Columns never shown. */
  readonly denyColumns: readonly string[];
  /** Columns shown as `ab…yz`. */
  readonly maskColumns: readonly string[];
  /** Other workspaces that a query may name. */
  readonly allowWorkspaces: readonly string[];
}

export const defaultFilter: IncidentFilter = {
  statuses: ['New'],
  severities: ['High', 'Medium', 'Low', 'Informational'],
  titleContains: [],
  titleExcludes: [OWN_RULE_TITLE],
  tags: [],
  excludeTags: [],
  products: [],
  analyticsRules: [],
  owners: [],
  tactics: [],
};

export const defaultMessage: MessageChoice = {
  title: '{{incident.severity}}: {{incident.title}}',
  text: [
    '{{incident.description}}',
    'Alerts:\n{{alerts.list}}',
    'Entities:\n{{entities.list}}',
    '{{queries.list}}',
    '{{incident.link}}',
  ].join('\n\n'),
  parameters: {
    Incident: '{{incident.number}}',
    Severity: '{{incident.severity}}',
    Products: '{{incident.products | join ", "}}',
    Tactics: '{{incident.tactics | join ", "}}',
    Alerts: '{{alerts.count}}',
    Accounts: '{{entities.accounts | join ", "}}',
    Hosts: '{{entities.hosts | join ", "}}',
    'IP addresses': '{{entities.ips | join ", "}}',
    Tags: '{{incident.tags | join ", "}}',
    Company: '{{company}}',
  },
  category: '',
  scenarios: {},
  maxAlerts: 10,
  maxEntities: 20,
};

export const defaultFriendlyNames: FriendlyNames = { products: {}, companies: {}, entities: {} };

const noChange: CallbackAction = {
  status: 'keep',
  assignOwner: false,
  tag: '',
  comment: '',
  severity: 'keep',
};

export const defaultCallback: CallbackMapping = {
  acknowledged: {
    ...noChange,
    status: 'Active',
    assignOwner: true,
    comment: 'Acknowledged by {{user.name}}. {{note}}',
  },
  closed: { ...noChange, status: 'Closed', comment: 'Closed by {{user.name}}. {{note}}' },
  annotated: { ...noChange, comment: '{{user.name}}: {{note}}' },
  escalated: { ...noChange, comment: 'Escalated to managers or another team.', tag: 'SIGNL4-Escalated' },
  noResponse: { ...noChange, comment: 'No response from the team {{team}}.', tag: 'SIGNL4-NoResponse' },
  reopened: { ...noChange, status: 'Active', releaseOwner: true, comment: 'Reopened by {{user.name}}. {{note}}' },
};

export const defaultClose: CloseChoice = {
  classification: 'Undetermined',
  comment: 'Closed in SIGNL4 by {{user.name}}. {{note}}',
  hashtags: {
    tp: 'TruePositive - SuspiciousActivity',
    bp: 'BenignPositive - SuspiciousButExpected',
    fp: 'FalsePositive - IncorrectAlertLogic',
    fpdata: 'FalsePositive - InaccurateData',
  },
};

export const defaultSync: SyncChoice = { closed: true, acknowledged: true, severityRaised: true, comments: true };

export const defaultKql: KqlChoice = {
  enabled: true,
  maxRows: 10,
  maxQueries: 10,
  timeoutSeconds: 20,
  denyColumns: [],
  maskColumns: [],
  allowWorkspaces: [],
};
