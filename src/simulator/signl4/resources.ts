/** `status.statusCode` of an alert and `alert.statusCode` of a notification. */
export const alertStatus = { open: 1, acknowledged: 2, closed: 4, noResponse: 8, failed: 16, error: 32 } as const;
export type AlertStatus = (typeof alertStatus)[keyof typeof alertStatus];

/** Bits of `flags`. */
export const alertFlags = {
  hasAnnotations: 2,
  escalatedToTeam: 16,
  escalatedToManager: 32,
  createdByEscalation: 64,
} as const;

/** `workflowType`: how many people must acknowledge. */
export const workflowTypes = { single_ack: 2, multi_ack: 4, emergency: 5 } as const;
export type Scenario = keyof typeof workflowTypes;

export const dutyModes = { off: 0, primary: 1, manager: 100 } as const;
export type DutyMode = (typeof dutyModes)[keyof typeof dutyModes];

export interface Team {
  readonly id: string;
  readonly name: string;
  /** The last part of the webhook's URL. */
  readonly secret: string;
  readonly memberIds: string[];
  /** Minutes until an alert that nobody acknowledged goes to the managers; 0: never. */
  escalateAfterMinutes: number;
  /** Minutes until an alert that nobody acknowledged counts as "no response"; 0: never. */
  noResponseAfterMinutes: number;
  /** What `single_ack` etc. is when the event does not say. */
  scenario: Scenario;
  readonly categories: { readonly id: string; readonly name: string }[];
}

export interface User {
  readonly id: string;
  readonly username: string;
  readonly displayname: string;
  readonly mail: string;
  /** Duty by team id; absent: off duty. */
  readonly duty: Map<string, { mode: DutyMode; since: number }>;
  /** Has not accepted the invitation yet. Left out: has. */
  isInvite?: boolean;
  /** Has left. Left out: has not. */
  isDeactivated?: boolean;
}

export interface Parameter {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly order: number;
}

export interface Annotation {
  readonly id: string;
  readonly text: string;
  readonly userId: string | null;
  readonly at: number;
}

export interface TimelineEntry {
  readonly at: number;
  readonly text: string;
  readonly userId: string | null;
}

export interface S4Alert {
  readonly id: string;
  readonly shortId: string;
  readonly eventId: string;
  readonly teamId: string;
  readonly externalId: string;
  readonly title: string;
  readonly text: string;
  readonly category: string;
  readonly severity: number;
  readonly scenario: Scenario;
  readonly parameters: readonly Parameter[];
  /** "lat,long"; empty: none. */
  readonly location: string;
  readonly sourceSystem: string;
  readonly created: number;
  modified: number;
  status: AlertStatus;
  flags: number;
  /** Ids of those who acknowledged, in order. */
  readonly acknowledgedBy: string[];
  acknowledgedAt: number | undefined;
  closedAt: number | undefined;
  /** User id; undefined: closed by a system. */
  closedBy: string | undefined;
  readonly annotations: Annotation[];
  readonly timeline: TimelineEntry[];
  /** Who was called, and through what. */
  readonly notified: { readonly userId: string; readonly at: number; readonly channel: 'push' }[];
}

export interface Webhook {
  readonly id: string;
  name: string;
  url: string;
  /** Empty: every team. */
  teamId: string;
  enabled: boolean;
  description: string;
}

/** `eventType` of notifications. */
export const eventTypes = {
  test: 1,
  created: 200,
  statusChanged: 201,
  escalated: 202,
  annotated: 203,
  dutyStarted: 300,
  dutyEnded: 301,
  punchedIn: 302,
  punchedOut: 303,
} as const;
export type EventType = (typeof eventTypes)[keyof typeof eventTypes];

/** What SIGNL4 has to tell the outside. */
export interface Signl4Happening {
  readonly eventType: EventType;
  readonly at: number;
  readonly teamId: string;
  readonly user?: User;
  readonly alert?: S4Alert;
  /** State at that moment: the alert itself goes on changing. */
  readonly statusCode?: AlertStatus;
  readonly acknowledgedUserIds?: readonly string[];
  readonly annotation?: Annotation;
}
