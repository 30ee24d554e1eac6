/** Actions of a Consumption workflow, by `type`. */
import type { Json, JsonObject } from '../json.ts';
import type { ActionBase } from './action-base.ts';
import type {
  ApiConnectionInputs,
  ApiConnectionWebhookInputs,
  Expression,
  HttpInputs,
  HttpWebhookInputs,
  RetryPolicy,
} from './settings.ts';

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
  | SendToBatchAction
  | FunctionAction
  | JavaScriptCodeAction
  | LiquidAction
  | XsltAction
  | WaitAction
  | ResponseAction
  | TerminateAction
  | ContainerAction;

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

interface HttpAction extends ActionBase {
  readonly type: 'Http';
  readonly inputs: HttpInputs;
}

interface ApiConnectionAction extends ActionBase {
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

/** Hands one message to the Batch trigger of another workflow. */
export interface SendToBatchAction extends ActionBase {
  readonly type: 'SendToBatch';
  readonly inputs: {
    readonly host: { readonly workflow: { readonly id: string }; readonly triggerName: string };
    readonly batchName: string;
    readonly content: Json;
    readonly messageId?: string;
    readonly partitionName?: string;
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

/** A map in the integration account of the workflow. */
interface IntegrationAccountMap {
  readonly map: { readonly name: string };
}

/** Transforms JSON or XML with a Liquid template. */
export interface LiquidAction extends ActionBase {
  readonly type: 'Liquid';
  readonly kind: 'JsonToJson' | 'JsonToText' | 'XmlToJson' | 'XmlToText';
  readonly inputs: { readonly content: Json; readonly integrationAccount: IntegrationAccountMap };
}

/** Transforms XML with a stylesheet. `transformOptions` is a list like `DisableByteOrderMark, GenerateTextOutput`. */
export interface XsltAction extends ActionBase {
  readonly type: 'Xslt';
  readonly inputs: {
    readonly content: Json;
    readonly integrationAccount: IntegrationAccountMap;
    readonly xsltParameters?: JsonObject;
    readonly transformOptions?: string;
  };
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

/** Actions by name. The order of the members is the order in which the designer lists siblings. */
export type Actions = Readonly<Record<string, Action>>;

/** Actions that hold other actions. */
export type ContainerAction = ScopeAction | IfAction | SwitchAction | ForeachAction | UntilAction;

interface ScopeAction extends ActionBase {
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
type ConditionExpression = Expression | ConditionTree;

/** A condition as the designer stores it: operator -> operands. */
export type ConditionTree =
  | { readonly and: readonly ConditionTree[] }
  | { readonly or: readonly ConditionTree[] }
  | { readonly not: ConditionTree }
  | { readonly [Operator in ComparisonOperator]?: readonly [Json, Json] };

type ComparisonOperator =
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
