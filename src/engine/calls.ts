import type { Json, JsonObject } from '../wdl/types.ts';
import type { WdlValue } from '../wdl/values.ts';

/** Kind of operation that makes the call. */
type CallKind =
  | 'Http'
  | 'HttpWebhook'
  | 'ApiConnection'
  | 'ApiConnectionWebhook'
  | 'ApiManagement'
  | 'Workflow'
  | 'Function'
  | 'IntegrationAccount';

/** API connection used by a connector call. */
export interface CallConnection {
  /** Key in `$connections`: `azuresentinel`. */
  readonly key: string;
  /** Resource id of the connection. */
  readonly id: string;
  /** Last part of the API's id: `azuresentinel`, or the name of a custom connector. */
  readonly api: string;
}

/** A call to something outside the workflow, with expressions evaluated. */
export interface OutgoingCall {
  readonly kind: CallKind;
  /** Name of the action, or of the trigger that polls. */
  readonly action: string;
  /** Upper case. */
  readonly method: string;
  /**
   * Target of the call. Connector calls: the operation's path (`/entities/ip`); HTTP: the path of the URI; workflows: `<resource
   * id>/triggers/<name>/run`; functions: the resource id; integration accounts: the name of the map.
   */
  readonly path: string;
  /** HTTP calls: the URI with queries. */
  readonly uri?: string;
  readonly connection?: CallConnection;
  readonly queries: JsonObject;
  readonly headers: JsonObject;
  readonly body?: Json;
  /** Unchanged, secrets included, because the receiver may check it. */
  readonly authentication?: Json;
  /** Integration accounts: what the action requires and is missing here, worded to follow "needs". */
  readonly needs?: string;
  /** 0 for the first attempt. */
  readonly retry: number;
}

/** The response to a call, or why there is none. */
export type CallResult = CallAnswer | CallFailure;

export interface CallAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: WdlValue;
  /** How long the response took. */
  readonly durationMs?: number;
  /**
   * Webhook actions: the callback, and its delay after the subscription. Default: this response's body, at once. Null: there is
   * no callback.
   */
  readonly callback?: { readonly body?: WdlValue; readonly headers?: JsonObject; readonly afterMs?: number } | null;
}

export interface CallFailure {
  readonly failure: {
    /** Code of the action: `UnresolvableHostName`, `RequestTimeout`, … */
    readonly code: string;
    readonly message: string;
    /** Whether the retry policy applies. Default: yes, as for all network failures. */
    readonly isRetryable?: boolean;
  };
  readonly durationMs?: number;
}

/** Answers the calls of a run: mocks, the simulator, or real services. A rejection aborts the run as a bug in this function. */
export type Calls = (call: OutgoingCall) => CallResult | Promise<CallResult>;

export function isFailure(result: CallResult): result is CallFailure {
  return 'failure' in result;
}

/** The host cannot be reached, in the service's words. */
export function unreachable(host: string): CallFailure {
  return {
    failure: {
      code: 'UnresolvableHostName',
      message: `The provided host name '${host}' could not be resolved.`,
    },
  };
}

/** There was no response in time. */
export const requestTimeout: CallFailure = {
  failure: { code: 'RequestTimeout', message: 'Http request failed: the timeout was reached.' },
};
