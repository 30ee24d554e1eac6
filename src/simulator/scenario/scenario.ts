import type { Config } from '../../config/config.ts';
import type { Severity } from '../../domain/severity.ts';
import type { IncidentStatus } from '../../domain/status.ts';
import type { Fault } from '../faults.ts';
import type { Answer } from '../logs/answers.ts';

/*
 * A story: who does what when, what breaks, and what must be true at the end. Times are milliseconds from the start.
 * The file's form is in schema.ts; this is what load.ts makes of it.
 */

export interface Scenario {
  readonly title: string;
  readonly story: string;
  /** Rows of the product's list of features that it shows. */
  readonly shows: readonly number[];
  readonly config: Config;
  readonly environment: EnvironmentChoices;
  readonly answers: readonly Answer[];
  readonly steps: readonly Step[];
  /** When the story ends and the expectations are looked at. */
  readonly until: number;
  readonly expect: readonly Expectation[];
}

export interface EnvironmentChoices {
  readonly relay: boolean;
  readonly callbacks: 'relay' | 'playbook';
  readonly sweeps: boolean;
  /** Sentinel says of every change that a user made it. */
  readonly hidesSources: boolean;
  /** The relay forwards and syncs on its own. */
  readonly relayTimers: boolean;
  readonly seed: string;
  /** Delay of the managed connector between reading and writing. */
  readonly connectorLatencyMs: number;
  readonly triggers: { readonly casing: 'camel' | 'pascal'; readonly omit: readonly string[] };
  readonly notifications: { readonly casing: 'documented' | 'camel'; readonly copies: 1 | 2 };
  /** Changes of an incident within this time arrive as one update, as after onboarding to Defender. */
  readonly mergeUpdatesMs: number;
  readonly team: {
    readonly escalateAfterMs: number | undefined;
    readonly noResponseAfterMs: number | undefined;
    readonly scenario: 'single_ack' | 'multi_ack' | 'emergency';
  };
}

/** Who can act: see `Accounts`. */
export const people = ['onCall', 'second', 'stranger', 'manager', 'analyst'] as const;
export type Person = (typeof people)[number];

/** What changes incidents without a person: an automation rule, alert grouping, a playbook, an application, Defender's sync. */
export const machines = ['rule', 'grouping', 'playbook', 'application', 'defender'] as const;
export type Machine = (typeof machines)[number];

/** Who may own an incident. */
export type OwnerInStory = Person | 'nobody' | 'group';

export interface AlertInStory {
  readonly title?: string;
  readonly description?: string;
  readonly severity?: Severity;
  readonly tactics?: readonly string[];
  /** An alert of another product; else one of an analytics rule with a query. */
  readonly product?: string;
  readonly query?: string;
  readonly grouping?: 'SingleAlert' | 'AlertPerEvent';
  readonly event?: Readonly<Record<string, unknown>>;
  readonly cutQueryAt?: number;
  /** So many of them, numbered. */
  readonly repeat?: number;
}

export interface IncidentInStory {
  /** What the story calls it. */
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly severity?: Severity;
  readonly status?: IncidentStatus;
  readonly tags?: readonly string[];
  readonly provider?: 'Azure Sentinel' | 'Microsoft XDR';
  /** The incident in Defender that this one is a copy of. */
  readonly copyOf?: string;
  readonly alerts?: readonly AlertInStory[];
  /** Kind to names: `{ Account: [j.doe@contoso.com], Ip: [192.0.2.1] }`. */
  readonly entities?: Readonly<Record<string, readonly string[]>>;
}

export interface GraphIncidentInStory {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly severity?: 'informational' | 'low' | 'medium' | 'high';
  readonly tags?: readonly string[];
  readonly alerts?: readonly {
    readonly title: string;
    readonly description?: string;
    readonly serviceSource?: string;
    readonly evidence?: readonly Readonly<Record<string, unknown>>[];
  }[];
}

/** Something done to the SIGNL4 alert of an incident. */
export interface ActOnAlert {
  readonly incident: string;
  readonly by?: Person;
  readonly note?: string;
  /** Which alert of the incident where it raised several, from 1; left out: the newest. */
  readonly alert?: number;
}

export interface ChangeInStory {
  readonly incident: string;
  readonly by?: Person | Machine;
  readonly status?: IncidentStatus;
  readonly severity?: Severity;
  readonly owner?: OwnerInStory;
  readonly classification?: string;
  readonly comment?: string;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
}

/** What is changed in Defender; `mergeInto`: the incident that this one becomes part of. */
export interface DefenderChangeInStory {
  readonly incident: string;
  readonly by?: Person | Machine;
  readonly status?: 'active' | 'inProgress' | 'resolved';
  readonly severity?: 'informational' | 'low' | 'medium' | 'high';
  readonly owner?: OwnerInStory;
  readonly classification?: 'unknown' | 'falsePositive' | 'truePositive' | 'informationalExpectedActivity';
  readonly comment?: string;
  readonly mergeInto?: string;
}

export type BreakableService = 'sentinel' | 'connector' | 'logs' | 'graph' | 'entra' | 'signl4' | 'relay' | 'callback';

export interface BreakInStory {
  readonly service: BreakableService;
  readonly fault: Fault;
  readonly method?: string;
  readonly path?: string;
  readonly times?: number;
  readonly skip?: number;
  readonly afterWork?: boolean;
  readonly forMs?: number;
}

/** What people do to an alert in SIGNL4. */
export type AlertVerb = 'acknowledge' | 'close' | 'annotate' | 'undoAcknowledge' | 'undoClose' | 'escalate';

/** One verb with what it needs. */
export type Action =
  | { [V in AlertVerb]: { readonly verb: V; readonly with: ActOnAlert } }[AlertVerb]
  | { readonly verb: 'incident'; readonly with: IncidentInStory }
  | { readonly verb: 'graphIncident'; readonly with: GraphIncidentInStory }
  | {
      readonly verb: 'addAlerts';
      readonly with: {
        readonly incident: string;
        readonly alerts: readonly AlertInStory[];
        readonly entities?: IncidentInStory['entities'];
      };
    }
  | { readonly verb: 'change'; readonly with: ChangeInStory }
  | { readonly verb: 'defender'; readonly with: DefenderChangeInStory }
  | { readonly verb: 'duty'; readonly with: { readonly person: Person; readonly mode: 'on' | 'off' | 'manager' } }
  | { readonly verb: 'break'; readonly with: BreakInStory }
  | { readonly verb: 'mend'; readonly with: 'everything' }
  | { readonly verb: 'automationRules'; readonly with: 'on' | 'off' }
  | { readonly verb: 'sweep'; readonly with: 'now' }
  | {
      readonly verb: 'run';
      readonly with: {
        readonly playbook: string;
        readonly incident?: string;
        readonly entity?: number;
        readonly alert?: number;
      };
    }
  | { readonly verb: 'deny'; readonly with: { readonly who: 'relay' | 'playbooks' } }
  | { readonly verb: 'config'; readonly with: Config };

export type Verb = Action['verb'];

export type Step = Action & {
  readonly at: number;
  /** Line of the file, from 1. */
  readonly line: number;
};

/** A number, or bounds of one. */
export type Count = number | { readonly atLeast?: number; readonly atMost?: number };
/** Texts that must be there. */
export type Texts = string | readonly string[];

export type Expectation = { readonly line: number } & (
  | { readonly subject: 'incident'; readonly of: IncidentExpectation }
  | { readonly subject: 'graphIncident'; readonly of: GraphIncidentExpectation }
  | { readonly subject: 'signl4'; readonly of: AlertExpectation }
  | { readonly subject: 'playbook'; readonly of: PlaybookExpectation }
  | { readonly subject: 'requests'; readonly of: RequestsExpectation }
  | {
      readonly subject: 'relay';
      readonly of: {
        readonly applied?: Count;
        readonly retried?: Count;
        readonly dead?: Count;
        readonly pending?: Count;
      };
    }
  | { readonly subject: 'quietFor'; readonly of: number }
);

export interface IncidentExpectation {
  readonly name: string;
  readonly status?: IncidentStatus;
  readonly severity?: Severity;
  /** `FalsePositive - IncorrectAlertLogic`, or `Undetermined`. */
  readonly classification?: string;
  readonly classificationComment?: Texts;
  readonly owner?: OwnerInStory;
  readonly hasTags?: readonly string[];
  readonly lacksTags?: readonly string[];
  readonly comments?: Count;
  readonly commentsSay?: Texts;
  readonly commentsDoNotSay?: Texts;
}

export interface GraphIncidentExpectation {
  readonly name: string;
  readonly status?: string;
  readonly classification?: string;
  readonly assignedTo?: string;
  readonly hasTags?: readonly string[];
  readonly commentsSay?: Texts;
}

export interface AlertExpectation {
  readonly name: string;
  /** How many alerts the incident raised. */
  readonly alerts?: Count;
  readonly status?: 'open' | 'acknowledged' | 'closed' | 'noResponse';
  readonly title?: Texts;
  readonly text?: Texts;
  readonly textLacks?: Texts;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly acknowledgedBy?: readonly Person[];
  readonly annotationsSay?: Texts;
  readonly called?: readonly Person[];
}

export interface PlaybookExpectation {
  readonly name: string;
  readonly runs?: Count;
  /** Of every run. */
  readonly status?: 'Succeeded' | 'Failed' | 'Cancelled' | 'Skipped';
  /** State of actions in the last run. */
  readonly actions?: Readonly<Record<string, string>>;
}

export interface RequestsExpectation {
  readonly service: BreakableService;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly count: Count;
}
