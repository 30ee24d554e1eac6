import type { Json, JsonObject } from '../wdl/types.ts';
import type { WdlValue } from '../wdl/values.ts';

/** Which kind of operation makes the call. */
type CallKind =
  | 'Http'
  | 'HttpWebhook'
  | 'ApiConnection'
  | 'ApiConnectionWebhook'
  | 'ApiManagement'
  | 'Workflow'
  | 'Function'
  | 'IntegrationAccount';

/** The API connection that a connector call goes through. */
export interface CallConnection {
  /** Key in `$connections`: `azuresentinel`. */
  readonly key: string;
  /** Resource id of the connection. */
  readonly id: string;
  /** Last part of the API's id: `azuresentinel`, or the name of a custom connector. */
  readonly api: string;
}

/** A call that leaves the workflow: what the action asked for, its expressions evaluated. */
export interface OutgoingCall {
  readonly kind: CallKind;
  /** Name of the action, or of the trigger that polls. */
  readonly action: string;
  /** Upper case. */
  readonly method: string;
  /**
   * Where to: of connector calls the operation's path (`/entities/ip`), of HTTP calls the path of the URI, of workflows
   * `<resource id>/triggers/<name>/run`, of functions the resource id, of an integration account the name of the map.
   */
  readonly path: string;
  /** HTTP calls: the URI, queries appended. */
  readonly uri?: string;
  readonly connection?: CallConnection;
  readonly queries: JsonObject;
  readonly headers: JsonObject;
  readonly body?: Json;
  /** As written, secrets included: the answering side may have to check it. */
  readonly authentication?: Json;
  /** Of what an integration account does: what the action lacks here. Worded to follow "needs". */
  readonly needs?: string;
  /** 0 for the first try. */
  readonly retry: number;
}

/** The answer to a call, or why there is none. */
export type CallResult = CallAnswer | CallFailure;

export interface CallAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: WdlValue;
  /** How long the answer took. */
  readonly durationMs?: number;
  /**
   * Webhook actions: what calls back, and how long after the subscription. Left out: this answer's own body, at once. Null:
   * nobody ever calls back.
   */
  readonly callback?: { readonly body?: WdlValue; readonly headers?: JsonObject; readonly afterMs?: number } | null;
}

export interface CallFailure {
  readonly failure: {
    /** As the action's code: `UnresolvableHostName`, `RequestTimeout`, … */
    readonly code: string;
    readonly message: string;
    /** Whether the retry policy applies. Left out: it does, as for every failure of the network. */
    readonly isRetryable?: boolean;
  };
  readonly durationMs?: number;
}

/** Answers the calls of a run: mocks, a stub world, or the real thing. A rejection ends the run as a defect of this port. */
export type Calls = (call: OutgoingCall) => CallResult | Promise<CallResult>;

export function isFailure(result: CallResult): result is CallFailure {
  return 'failure' in result;
}

/** The host cannot be reached, as the service words it. */
export function unreachable(host: string): CallFailure {
  return {
    failure: {
      code: 'UnresolvableHostName',
      message: `The provided host name '${host}' could not be resolved.`,
    },
  };
}

/** No answer in time. */
export const requestTimeout: CallFailure = {
  failure: { code: 'RequestTimeout', message: 'Http request failed: the timeout was reached.' },
};
