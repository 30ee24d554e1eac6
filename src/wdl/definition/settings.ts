/** Settings shared by triggers and actions. */
import type { Json } from '../json.ts';

/** Text that the runtime evaluates: `@expression`, or text around `@{expression}`. */
export type Expression = string;

/** ISO 8601 duration: `PT30S`, `P1D`. */
export type Duration = string;

/** End states of an action; `runAfter` lists the ones that let the next action start. */
export type RunAfterStatus = 'Succeeded' | 'Failed' | 'Skipped' | 'TimedOut';

export type ActionStatus = RunAfterStatus | 'Running' | 'Waiting' | 'Cancelled' | 'Aborted';

/** Predecessor name -> states. Left out or empty: the action starts with its scope. */
export type RunAfter = Readonly<Record<string, readonly (RunAfterStatus | Uppercase<RunAfterStatus>)[]>>;

/** `interval` is an ISO 8601 duration. Left out altogether: exponential, 4 tries, for 408, 429 and 5xx. */
export type RetryPolicy =
  | { readonly type: 'none' }
  | { readonly type: 'fixed'; readonly count: number | Expression; readonly interval: Duration | Expression }
  | {
      readonly type: 'exponential';
      readonly count: number | Expression;
      readonly interval: Duration | Expression;
      readonly minimumInterval?: Duration;
      readonly maximumInterval?: Duration;
    };

export interface Recurrence {
  readonly frequency: 'Second' | 'Minute' | 'Hour' | 'Day' | 'Week' | 'Month';
  readonly interval: number | Expression;
  readonly startTime?: string;
  readonly endTime?: string;
  /** Windows time-zone name, for example `W. Europe Standard Time`. Left out: UTC. */
  readonly timeZone?: string;
  readonly schedule?: RecurrenceSchedule;
}

interface RecurrenceSchedule {
  readonly minutes?: readonly number[];
  readonly hours?: readonly (number | string)[];
  readonly weekDays?: readonly WeekDay[];
  readonly monthDays?: readonly number[];
  readonly monthlyOccurrences?: readonly {
    readonly day: WeekDay;
    readonly dayOfWeek?: WeekDay;
    readonly occurrence: number;
  }[];
}

type WeekDay = 'Sunday' | 'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday';

export type SecuredProperty = 'inputs' | 'outputs';

export interface SecureData {
  readonly properties: readonly SecuredProperty[];
}

/** `runs`: parallel runs or iterations (1–50 for Foreach); `maximumWaitingRuns`: queue of a trigger (1–100). */
interface Concurrency {
  readonly runs?: number;
  readonly repetitions?: number | Expression;
  readonly maximumWaitingRuns?: number;
}

export interface TriggerRuntimeConfiguration {
  readonly concurrency?: Concurrency;
  readonly secureData?: SecureData;
  readonly contentTransfer?: ContentTransfer;
  readonly paginationPolicy?: PaginationPolicy;
}

export interface ActionRuntimeConfiguration {
  readonly concurrency?: Concurrency;
  readonly secureData?: SecureData;
  readonly staticResult?: { readonly name: string; readonly staticResultOptions: 'Enabled' | 'Disabled' };
  readonly paginationPolicy?: PaginationPolicy;
  readonly contentTransfer?: ContentTransfer;
  readonly requestOptions?: { readonly asyncPattern?: 'Disabled' };
}

interface PaginationPolicy {
  readonly minimumItemCount: number;
}

interface ContentTransfer {
  readonly transferMode: 'Chunked';
  readonly uploadChunkSize?: number;
  readonly downloadChunkSize?: number;
}

/** Comma-separated in the definition: `Asynchronous`, `DisableAsyncPattern`, `IncludeAuthorizationHeadersInOutputs`, … */
export type OperationOptions = string;

/** How an HTTP call proves who it is. `identity` names a user-assigned identity; left out: the system-assigned one. */
export type Authentication =
  | { readonly type: 'None' }
  | { readonly type: 'Basic'; readonly username: string; readonly password: string }
  | { readonly type: 'ClientCertificate'; readonly pfx: string; readonly password?: string }
  | {
      readonly type: 'ActiveDirectoryOAuth';
      readonly authority?: string;
      readonly tenant: string;
      readonly audience: string;
      readonly clientId: string;
      readonly credentialType?: 'Secret' | 'Certificate';
      readonly secret?: string;
      readonly pfx?: string;
      readonly password?: string;
    }
  | { readonly type: 'ManagedServiceIdentity'; readonly identity?: string; readonly audience?: string }
  | { readonly type: 'Raw'; readonly value: string };

/** Inputs of every HTTP-like operation. `method` and `uri` may be expressions. */
export interface HttpInputs {
  readonly method: string;
  readonly uri: string;
  readonly headers?: Json;
  readonly queries?: Json;
  readonly body?: Json;
  readonly cookie?: string;
  readonly authentication?: Authentication | Expression;
  readonly retryPolicy?: RetryPolicy | Expression;
}

/** Reference to an API connection: `@parameters('$connections')['azuresentinel']['connectionId']`. */
interface ConnectionHost {
  readonly connection: { readonly name: Expression };
  readonly api?: { readonly runtimeUrl: string };
}

/** Inputs of a managed or custom connector operation; `path` is the operation's path with the arguments filled in. */
export interface ApiConnectionInputs {
  readonly host: ConnectionHost;
  readonly method: string;
  readonly path: string;
  readonly headers?: Json;
  readonly queries?: Json;
  readonly body?: Json;
  readonly authentication?: Json;
  readonly retryPolicy?: RetryPolicy | Expression;
}

/** Inputs of a connector trigger that subscribes with a POST to `path`. */
export interface ApiConnectionWebhookInputs {
  readonly host: ConnectionHost;
  readonly path: string;
  readonly body?: Json;
  readonly headers?: Json;
  readonly queries?: Json;
  readonly authentication?: Json;
  readonly retryPolicy?: RetryPolicy | Expression;
}

export interface HttpWebhookInputs {
  readonly subscribe: HttpInputs;
  readonly unsubscribe?: HttpInputs;
}
