/**
 * Types of a Consumption workflow definition, as Microsoft.Logic/workflows stores it under `properties.definition`.
 * Sources: "Schema reference guide for the Workflow Definition Language in Azure Logic Apps" and "Schema reference guide
 * for trigger and action types"; JSON Schema 2016-06-01 of Microsoft.Logic.
 *
 * An `Expression` is a string that the runtime evaluates (`@…` or `@{…}`); wherever the service accepts an expression in
 * place of a number or a boolean, the type says so.
 */
import type { Json, JsonObject } from './json.ts';

export type { Json, JsonArray, JsonObject, JsonPrimitive } from './json.ts';
export { isJsonObject } from './json.ts';

export const WORKFLOW_SCHEMA =
  'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#';

/** Text that the runtime evaluates: `@expression`, or text around `@{expression}`. */
export type Expression = string;

/** ISO 8601 duration: `PT30S`, `P1D`. */
export type Duration = string;

/** `properties.definition` of a workflow resource. */
export interface WorkflowDefinition {
  readonly $schema: string;
  readonly contentVersion: string;
  readonly parameters?: Readonly<Record<string, WorkflowParameter>>;
  readonly staticResults?: Readonly<Record<string, StaticResult>>;
  readonly triggers: Readonly<Record<string, Trigger>>;
  readonly actions: Actions;
  readonly outputs?: Readonly<Record<string, WorkflowOutput>>;
  readonly description?: string;
  readonly metadata?: JsonObject;
}

/** Actions by name. The order of the members is the order in which the designer lists siblings. */
export type Actions = Readonly<Record<string, Action>>;

export type ParameterType = 'String' | 'SecureString' | 'Int' | 'Float' | 'Bool' | 'Array' | 'Object' | 'SecureObject';

/** Declared parameter. `defaultValue` left out: the resource must give a value in `properties.parameters`. */
export interface WorkflowParameter {
  readonly type: ParameterType | Lowercase<ParameterType>;
  readonly defaultValue?: Json;
  readonly allowedValues?: readonly Json[];
  readonly metadata?: { readonly description?: string; readonly [name: string]: Json | undefined };
}

/** Output of the whole run: the last value of the expression. */
export interface WorkflowOutput {
  readonly type: ParameterType | Lowercase<ParameterType>;
  readonly value: Json;
  readonly description?: string;
}

/** Mocked outcome of an action, chosen with `runtimeConfiguration.staticResult`. */
export interface StaticResult {
  readonly status: ActionStatus;
  readonly code?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly outputs?: Json;
}

/** End states of an action; `runAfter` lists the ones that let the next action start. */
export type RunAfterStatus = 'Succeeded' | 'Failed' | 'Skipped' | 'TimedOut';

export type ActionStatus = RunAfterStatus | 'Running' | 'Waiting' | 'Cancelled' | 'Aborted';

/** Predecessor name -> states. Left out or empty: the action starts with its scope. */
export type RunAfter = Readonly<Record<string, readonly (RunAfterStatus | Uppercase<RunAfterStatus>)[]>>;

// ---- settings shared by triggers and actions ---------------------------------------------------------------------

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

export interface RecurrenceSchedule {
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

export type WeekDay = 'Sunday' | 'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday';

export type SecuredProperty = 'inputs' | 'outputs';

export interface SecureData {
  readonly properties: readonly SecuredProperty[];
}

/** `runs`: parallel runs or iterations (1–50 for Foreach); `maximumWaitingRuns`: queue of a trigger (1–100). */
export interface Concurrency {
  readonly runs?: number;
  readonly repetitions?: number;
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

export interface PaginationPolicy {
  readonly minimumItemCount: number;
}

export interface ContentTransfer {
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
export interface ConnectionHost {
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

// ---- triggers -------------------------------------------------------------------------------------------------------

export type Trigger =
  | RequestTrigger
  | ApiConnectionTrigger
  | ApiConnectionWebhookTrigger
  | HttpTrigger
  | HttpWebhookTrigger
  | RecurrenceTrigger
  | SlidingWindowTrigger
  | BatchTrigger;

export type TriggerType = Trigger['type'];

interface TriggerBase {
  readonly description?: string;
  /** All must be true; a false one skips the trigger, which costs no run. */
  readonly conditions?: readonly { readonly expression: Expression; readonly dependsOn?: string }[];
  /** Expression that yields an array: one run per item. */
  readonly splitOn?: Expression;
  readonly splitOnConfiguration?: { readonly correlation?: { readonly clientTrackingId: Expression } };
  readonly correlation?: { readonly clientTrackingId: Expression };
  readonly trackedProperties?: JsonObject;
  readonly operationOptions?: OperationOptions;
  readonly runtimeConfiguration?: TriggerRuntimeConfiguration;
  readonly metadata?: JsonObject;
}

export interface RequestTrigger extends TriggerBase {
  readonly type: 'Request';
  readonly kind?: RequestKind | Lowercase<RequestKind>;
  readonly inputs?: { readonly schema?: Json; readonly method?: string; readonly relativePath?: string };
}

/** `Http`: called over HTTP. The others belong to Azure portal integrations. */
export type RequestKind =
  | 'Http'
  | 'Button'
  | 'Alert'
  | 'EventGrid'
  | 'Geofence'
  | 'ApiConnection'
  | 'PowerApp'
  | 'SecurityCenterAlert'
  | 'AzureMonitorAlert';

export interface ApiConnectionTrigger extends TriggerBase {
  readonly type: 'ApiConnection';
  readonly inputs: ApiConnectionInputs;
  readonly recurrence?: Recurrence;
}

export interface ApiConnectionWebhookTrigger extends TriggerBase {
  readonly type: 'ApiConnectionWebhook';
  readonly inputs: ApiConnectionWebhookInputs;
}

export interface HttpTrigger extends TriggerBase {
  readonly type: 'Http';
  readonly inputs: HttpInputs;
  readonly recurrence: Recurrence;
}

export interface HttpWebhookTrigger extends TriggerBase {
  readonly type: 'HttpWebhook';
  readonly inputs: HttpWebhookInputs;
}

export interface RecurrenceTrigger extends TriggerBase {
  readonly type: 'Recurrence';
  readonly recurrence: Recurrence;
}

export interface SlidingWindowTrigger extends TriggerBase {
  readonly type: 'SlidingWindow';
  readonly recurrence: Recurrence;
  readonly inputs?: { readonly delay?: Duration };
}

export interface BatchTrigger extends TriggerBase {
  readonly type: 'Batch';
  readonly inputs: Json;
}

// ---- actions --------------------------------------------------------------------------------------------------------

export type Action =
  | ComposeAction
  | InitializeVariableAction
  | SetVariableAction
  | IncrementVariableAction
  | DecrementVariableAction
  | AppendToArrayVariableAction
  | AppendToStringVariableAction
  | ParseJsonAction
  | SelectAction
  | QueryAction
  | JoinAction
  | TableAction
  | ExpressionAction
  | HttpAction
  | ApiConnectionAction
  | ApiConnectionWebhookAction
  | HttpWebhookAction
  | ApiManagementAction
  | WorkflowAction
  | FunctionAction
  | JavaScriptCodeAction
  | WaitAction
  | ResponseAction
  | TerminateAction
  | ContainerAction;

/** Actions that hold other actions. */
export type ContainerAction = ScopeAction | IfAction | SwitchAction | ForeachAction | UntilAction;

export type ActionType = Action['type'];

interface ActionBase {
  /** Left out or `{}`: starts with the enclosing scope. */
  readonly runAfter?: RunAfter;
  readonly description?: string;
  readonly trackedProperties?: JsonObject;
  readonly limit?: { readonly timeout?: Duration | Expression; readonly count?: number | Expression };
  readonly operationOptions?: OperationOptions;
  readonly runtimeConfiguration?: ActionRuntimeConfiguration;
  readonly correlation?: { readonly clientTrackingId: Expression };
  readonly metadata?: JsonObject;
}

export interface ComposeAction extends ActionBase {
  readonly type: 'Compose';
  readonly inputs: Json;
}

/** Names as the designer writes them: `string`, `integer`, `float`, `boolean`, `array`, `object`. */
export type VariableType = 'string' | 'integer' | 'float' | 'boolean' | 'array' | 'object';

/** Only at the top level of a workflow, never in a scope or a loop. */
export interface InitializeVariableAction extends ActionBase {
  readonly type: 'InitializeVariable';
  readonly inputs: {
    readonly variables: readonly {
      readonly name: string;
      readonly type: VariableType | Capitalize<VariableType>;
      readonly value?: Json;
    }[];
  };
}

export interface SetVariableAction extends ActionBase {
  readonly type: 'SetVariable';
  readonly inputs: { readonly name: string; readonly value: Json };
}

/** `value` left out: 1. */
export interface IncrementVariableAction extends ActionBase {
  readonly type: 'IncrementVariable';
  readonly inputs: { readonly name: string; readonly value?: number | Expression };
}

/** `value` left out: 1. */
export interface DecrementVariableAction extends ActionBase {
  readonly type: 'DecrementVariable';
  readonly inputs: { readonly name: string; readonly value?: number | Expression };
}

export interface AppendToArrayVariableAction extends ActionBase {
  readonly type: 'AppendToArrayVariable';
  readonly inputs: { readonly name: string; readonly value: Json };
}

export interface AppendToStringVariableAction extends ActionBase {
  readonly type: 'AppendToStringVariable';
  readonly inputs: { readonly name: string; readonly value: Json };
}

export interface ParseJsonAction extends ActionBase {
  readonly type: 'ParseJson';
  readonly inputs: { readonly content: Json; readonly schema: Json };
}

/** `from`: array or an expression for one; `select`: evaluated per item, `item()` is the item. */
export interface SelectAction extends ActionBase {
  readonly type: 'Select';
  readonly inputs: { readonly from: Json; readonly select: Json };
}

/** "Filter array" in the designer. */
export interface QueryAction extends ActionBase {
  readonly type: 'Query';
  readonly inputs: { readonly from: Json; readonly where: Json };
}

export interface JoinAction extends ActionBase {
  readonly type: 'Join';
  readonly inputs: { readonly from: Json; readonly joinWith: string };
}

/** `columns` left out: one column per property of the first item. */
export interface TableAction extends ActionBase {
  readonly type: 'Table';
  readonly inputs: {
    readonly from: Json;
    readonly format: 'CSV' | 'HTML' | Expression;
    readonly columns?: readonly { readonly header?: Json; readonly value: Json }[];
  };
}

/** Date, time and text operations of the designer ("Current time", "Convert time zone", …); `kind` names the operation. */
export interface ExpressionAction extends ActionBase {
  readonly type: 'Expression';
  readonly kind: 'CurrentTime' | 'ConvertTimeZone' | 'AddToTime' | 'SubtractFromTime' | 'GetFutureTime' | 'GetPastTime';
  readonly inputs?: Json;
}

export interface HttpAction extends ActionBase {
  readonly type: 'Http';
  readonly inputs: HttpInputs;
}

export interface ApiConnectionAction extends ActionBase {
  readonly type: 'ApiConnection';
  readonly inputs: ApiConnectionInputs;
}

/** A connector call that waits for a callback, for example "Send approval email". */
export interface ApiConnectionWebhookAction extends ActionBase {
  readonly type: 'ApiConnectionWebhook';
  readonly inputs: ApiConnectionWebhookInputs;
}

export interface HttpWebhookAction extends ActionBase {
  readonly type: 'HttpWebhook';
  readonly inputs: HttpWebhookInputs;
}

export interface ApiManagementAction extends ActionBase {
  readonly type: 'ApiManagement';
  readonly inputs: {
    readonly api: { readonly id: string };
    readonly method: string;
    readonly pathTemplate?: { readonly template: string; readonly parameters?: JsonObject };
    readonly headers?: Json;
    readonly queries?: Json;
    readonly body?: Json;
    readonly subscriptionKey?: string;
    readonly authentication?: Json;
    readonly retryPolicy?: RetryPolicy | Expression;
  };
}

/** Calls another workflow in the same subscription. */
export interface WorkflowAction extends ActionBase {
  readonly type: 'Workflow';
  readonly inputs: {
    readonly host: { readonly workflow: { readonly id: string }; readonly triggerName: string };
    readonly headers?: Json;
    readonly queries?: Json;
    readonly body?: Json;
    readonly retryPolicy?: RetryPolicy | Expression;
  };
}

/** Calls a function of an Azure function app. */
export interface FunctionAction extends ActionBase {
  readonly type: 'Function';
  readonly inputs: {
    readonly function: { readonly id: string };
    readonly method?: string;
    readonly headers?: Json;
    readonly queries?: Json;
    readonly body?: Json;
    readonly authentication?: Json;
    readonly retryPolicy?: RetryPolicy | Expression;
  };
}

/** Inline JavaScript: needs an integration account. */
export interface JavaScriptCodeAction extends ActionBase {
  readonly type: 'JavaScriptCode';
  readonly inputs: { readonly code: string; readonly explicitDependencies?: Json };
}

export type WaitUnit = 'Second' | 'Minute' | 'Hour' | 'Day' | 'Week' | 'Month';

export interface WaitAction extends ActionBase {
  readonly type: 'Wait';
  readonly inputs:
    | { readonly interval: { readonly count: number | Expression; readonly unit: WaitUnit } }
    | { readonly until: { readonly timestamp: string } };
}

/** Only in workflows with a Request trigger, and never in a Foreach or Until. */
export interface ResponseAction extends ActionBase {
  readonly type: 'Response';
  readonly kind?: 'Http' | 'http';
  readonly inputs: {
    readonly statusCode: number | Expression;
    readonly headers?: Json;
    readonly body?: Json;
    readonly schema?: Json;
  };
}

/** Ends the run at once. `runError` is for `Failed` only. */
export interface TerminateAction extends ActionBase {
  readonly type: 'Terminate';
  readonly inputs: {
    readonly runStatus: 'Succeeded' | 'Failed' | 'Cancelled';
    readonly runError?: { readonly code?: string; readonly message?: string };
  };
}

export interface ScopeAction extends ActionBase {
  readonly type: 'Scope';
  readonly actions: Actions;
}

export interface IfAction extends ActionBase {
  readonly type: 'If';
  readonly expression: ConditionExpression;
  readonly actions: Actions;
  readonly else?: { readonly actions: Actions };
}

/** An expression as text, or the designer's tree of operators. */
export type ConditionExpression = Expression | ConditionTree;

/** A condition as the designer stores it: operator -> operands. */
export type ConditionTree =
  | { readonly and: readonly ConditionTree[] }
  | { readonly or: readonly ConditionTree[] }
  | { readonly not: ConditionTree }
  | { readonly [Operator in ComparisonOperator]?: readonly [Json, Json] };

export type ComparisonOperator =
  | 'equals'
  | 'greater'
  | 'greaterOrEquals'
  | 'less'
  | 'lessOrEquals'
  | 'contains'
  | 'startsWith'
  | 'endsWith';

export interface SwitchAction extends ActionBase {
  readonly type: 'Switch';
  readonly expression: Json;
  readonly cases: Readonly<Record<string, { readonly case: string | number; readonly actions: Actions }>>;
  readonly default?: { readonly actions: Actions };
}

/** `foreach`: an array or an expression for one. Iterations run 20 at a time unless concurrency says otherwise. */
export interface ForeachAction extends ActionBase {
  readonly type: 'Foreach';
  readonly foreach: Json;
  readonly actions: Actions;
}

/** Repeats until `expression` is true, at most `limit.count` (default 60) times or `limit.timeout` (default PT1H). */
export interface UntilAction extends ActionBase {
  readonly type: 'Until';
  readonly expression: ConditionExpression;
  readonly actions: Actions;
}
