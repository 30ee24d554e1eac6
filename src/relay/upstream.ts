import { isCredentialError } from '../azure/credential.ts';
import { UserError } from '../domain/errors.ts';
import { isJsonObject, member, memberAt, textOf } from '../domain/json.ts';
import { remedyOfCredentialError } from './connect/identity-remedy.ts';

/** What a failed call to Sentinel, Log Analytics, Graph, SIGNL4 or a playbook means for the next step. */
export type FailureKind =
  /** Too many calls: wait, then repeat the call. */
  | 'throttled'
  /** Changed concurrently: read again. */
  | 'conflict'
  | 'missing'
  /** Access denied; an administrator can change that. */
  | 'denied'
  /** The request is invalid; repeating it does not help. */
  | 'refused'
  /** No answer in time. */
  | 'late'
  /** Connection broken, server error, or unreadable response. */
  | 'unavailable';

/**
 * A call to another service failed. The message names the service and what happened, and never contains a secret, a URL or a
 * body.
 */
export class UpstreamError extends Error {
  readonly service: string;
  readonly kind: FailureKind;
  readonly status: number | undefined;
  /** Wait requested by the service, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What an operator can do about it; names settings and roles, never their values. */
  readonly remedy: string | undefined;

  constructor(
    service: string,
    kind: FailureKind,
    options: {
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      detail?: string;
      remedy?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    const what = options.detail ?? spokenFailures[kind];
    const status = options.status === undefined ? '' : ` (HTTP ${options.status})`;
    super(`${service} ${what}${status}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UpstreamError';
    this.service = service;
    this.kind = kind;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    // A service that answers 500 was reached.
    const isReached = kind === 'unavailable' && options.status !== undefined;
    this.remedy = options.remedy ?? (isReached ? undefined : remedies[service]?.[kind]);
  }

  /** Whether the same call may succeed later without a change to the request. */
  get isPassing(): boolean {
    return this.kind !== 'refused' && this.kind !== 'missing';
  }
}

const spokenFailures: Readonly<Record<FailureKind, string>> = {
  throttled: 'is busy',
  conflict: 'holds a newer version',
  missing: 'does not know it',
  denied: 'did not allow it',
  refused: 'refused the request',
  late: 'did not answer in time',
  unavailable: 'cannot be reached',
};

const RESPONDER = 'Give the identity of the relay the role Microsoft Sentinel Responder on the workspace.';
const NETWORK = (setting: string) =>
  `Check the network of the relay: name resolution, proxy, firewall, and ${setting} where it is set.`;

/** What an operator can do about failures that do not pass by themselves. */
const remedies: Readonly<Record<string, Partial<Record<FailureKind, string>>>> = {
  Sentinel: { denied: RESPONDER, unavailable: NETWORK('RELAY_RESOURCE_MANAGER_URL') },
  'Log Analytics': { denied: RESPONDER, unavailable: NETWORK('RELAY_LOGS_URL') },
  'Microsoft Graph': {
    denied:
      'Grant the identity of the relay the application permission SecurityIncident.ReadWrite.All, for RELAY_READ_USERS also User.Read.All.',
    unavailable: NETWORK('RELAY_GRAPH_URL'),
  },
  'Advanced hunting': {
    denied: 'Grant the identity of the relay the application permission ThreatHunting.Read.All.',
    unavailable: NETWORK('RELAY_GRAPH_URL'),
  },
  SIGNL4: { denied: 'Check SIGNL4_API_KEY and SIGNL4_TEAM_SECRET.', unavailable: NETWORK('SIGNL4_URL') },
};

export function failureOfStatus(status: number): FailureKind {
  if (status === 408 || status === 504) return 'late';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 401 || status === 403) return 'denied';
  if (status === 404 || status === 410) return 'missing';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'unavailable' : 'refused';
}

/** `RestError.PARSE_ERROR`: there was a response, but it could not be read. */
const UNREADABLE = 'PARSE_ERROR';

/** Converts an error of an SDK or of `fetch`. */
export function upstreamError(service: string, error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (error instanceof UserError) return new UpstreamError(service, 'refused', { detail: `: ${error.message}` });
  const name = error instanceof Error ? error.name : '';
  if (error instanceof Error && isCredentialError(error)) {
    const detail = 'cannot be asked: the relay gets no token from Azure';
    return new UpstreamError(service, 'unavailable', { detail, remedy: remedyOfCredentialError(error), cause: error });
  }
  if (name === 'AbortError' || name === 'TimeoutError') return new UpstreamError(service, 'late', { cause: error });
  if (member(error, 'code') === UNREADABLE) {
    return new UpstreamError(service, 'unavailable', { detail: 'answered with something else', cause: error });
  }
  const status = Number(member(error, 'statusCode') ?? member(error, 'status'));
  if (!Number.isInteger(status) || status < 400) return new UpstreamError(service, 'unavailable', { cause: error });
  const told = member(error, 'retryAfterMs');
  const retryAfterMs = typeof told === 'number' ? told : parseRetryAfter(retryAfterOf(error));
  return new UpstreamError(service, failureOfStatus(status), { status, retryAfterMs, cause: error });
}

function retryAfterOf(error: unknown): string | undefined {
  const headers = memberAt(error, 'response', 'headers');
  const get = isJsonObject(headers) ? Reflect.get(headers, 'get') : undefined;
  const value: unknown = typeof get === 'function' ? Reflect.apply(get, headers, ['retry-after']) : undefined;
  return textOf(value);
}

/** Upper limit for `Retry-After`; longer waits are cut to this. */
const MAX_RETRY_AFTER_MS = 15 * 60_000;

/** `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date that counts from `now`. */
export function parseRetryAfter(value: string | null | undefined, now: number = Date.now()): number | undefined {
  if (!value) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS);
}
