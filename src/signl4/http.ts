import { checkedEndpoint } from '../domain/endpoint.ts';
import { type Json, parseJson } from '../domain/json.ts';
import { errorOfAnswer, Signl4Error } from './error.ts';

export interface Signl4Options {
  /** Left out: `https://connect.signl4.com`. */
  readonly endpoint?: string;
  /** `X-S4-Api-Key`; sending events works without one. */
  readonly apiKey?: string | undefined;
  /** The team that events go to. */
  readonly teamSecret?: string | undefined;
  /** Left out: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Waits between attempts; rejects if the signal aborts. Default: a timer. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Random number from 0 to 1, to spread the retries of many callers. Default: `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds since 1970. Left out: `Date.now`. */
  readonly now?: () => number;
  /** Retries after 429, 5xx and broken connections. Default: 3. */
  readonly maxRetries?: number;
  /** Timeout of each attempt in milliseconds. Default: 20 seconds. */
  readonly timeoutMs?: number;
}

interface Signl4Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v2/`, encoded. */
  readonly path: string;
  readonly body?: Json;
  readonly signal?: AbortSignal | undefined;
  /**
   * Called before a retry if the previous attempt may have succeeded (no response, or 5xx): returns its result if it did.
   * `leftMs` is the rest of `withinMs`. Default: retries are harmless.
   */
  readonly findOutcome?: (leftMs: number) => Promise<Json | undefined>;
  /** Whether a 2xx response confirms success; otherwise it counts as no response. Default: yes. */
  readonly isConfirmed?: (status: number, answer: Json) => boolean;
  /** Repetitions of this request. Left out: as many as of all others. */
  readonly retries?: number;
  /**
   * Time limit for everything in milliseconds. The last attempt ends by then, and no wait takes more than a third of the rest, so
   * that a long Retry-After does not prevent the next attempt. Default: only the signal and `maxRetries` limit it.
   */
  readonly withinMs?: number | undefined;
}

/** @throws Signl4Error for statuses from 300, unreadable and missing responses; the signal's reason if it aborts */
export type Signl4Send = (request: Signl4Request) => Promise<Json>;

const DEFAULT_ENDPOINT = 'https://connect.signl4.com';
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const HIDDEN = '***';
/** Minimum time for another attempt. */
const SHORTEST_ATTEMPT_MS = 250;
const LONGEST_WAIT_SHARE = 1 / 3;
/** Code used by Azure's libraries for a response that could not be read. */
export const UNREADABLE = 'PARSE_ERROR';

/** HTTP layer below the client: authentication, timeouts, retries, errors. */
export function createSend(options: Signl4Options): Signl4Send {
  const endpoint = checkedEndpoint(options.endpoint ?? DEFAULT_ENDPOINT);
  const { fetch = globalThis.fetch, wait = sleep, random = Math.random } = options;
  const { maxRetries = 3, timeoutMs = 20_000 } = options;
  const hide = hider([options.teamSecret, options.apiKey]);

  async function attempt({ method, path, body, isConfirmed }: Signl4Request, signal: AbortSignal): Promise<Json> {
    const response = await fetch(`${endpoint}/api/v2/${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.apiKey ? { 'x-s4-api-key': options.apiKey } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // Key and secret must not be sent to another host.
      redirect: 'error',
      signal,
    });
    const text = await response.text();
    const answer = parse(text);
    if (response.status >= 300) throw errorOfAnswer(response, answer, hide);
    if (answer === undefined && text.trim() !== '')
      throw new Signl4Error(`SIGNL4: the answer is not JSON (HTTP ${response.status})`, { code: UNREADABLE });
    if (isConfirmed?.(response.status, answer ?? null) === false)
      throw new Signl4Error(`SIGNL4: the answer confirms nothing (HTTP ${response.status})`, { code: UNREADABLE });
    return answer ?? null;
  }

  return async (request) => {
    const outer = request.signal ?? new AbortController().signal;
    const ends = performance.now() + (request.withinMs ?? Number.POSITIVE_INFINITY);
    const leftMs = () => Math.max(0, ends - performance.now());
    for (let repetition = 0; ; repetition++) {
      try {
        const forThisOne = AbortSignal.timeout(Math.ceil(Math.min(timeoutMs, leftMs())));
        return await attempt(request, AbortSignal.any([outer, forThisOne]));
      } catch (caught) {
        outer.throwIfAborted();
        const error = asSignl4Error(caught, hide);
        const isTimeUp = leftMs() < SHORTEST_ATTEMPT_MS;
        if (repetition >= (request.retries ?? maxRetries) || isTimeUp || !isPassing(error)) throw error;
        await wait(Math.min(delayFor(error, repetition, random), leftMs() * LONGEST_WAIT_SHARE), outer);
        const outcome = isUncertain(error) ? await request.findOutcome?.(leftMs()) : undefined;
        if (outcome !== undefined) return outcome;
      }
    }
  };
}

/** Whether a retry may help: too many calls, server errors, no response. */
function isPassing({ statusCode }: Signl4Error): boolean {
  return statusCode === undefined || statusCode === 408 || statusCode === 429 || statusCode >= 500;
}

/** SIGNL4 may have succeeded without saying so. 429 and 503 mean that it did not. */
function isUncertain({ statusCode }: Signl4Error): boolean {
  return statusCode !== 429 && statusCode !== 503;
}

/** As long as SIGNL4 asks, otherwise doubling from half a second; half of the delay is random. */
function delayFor({ retryAfterMs }: Signl4Error, repetition: number, random: () => number): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, LONGEST_DELAY_MS);
  const most = Math.min(FIRST_DELAY_MS * 2 ** repetition, LONGEST_DELAY_MS);
  return Math.round(most / 2 + (random() * most) / 2);
}

function asSignl4Error(error: unknown, hide: (text: string) => string): Signl4Error {
  if (error instanceof Signl4Error) return error;
  const isLate = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  if (isLate) return new Signl4Error('SIGNL4 did not answer in time');
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return new Signl4Error(hide(`SIGNL4 cannot be reached: ${reason}`));
}

function parse(text: string): Json | undefined {
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}

function hider(secrets: readonly (string | undefined)[]): (text: string) => string {
  const known = secrets.flatMap((secret) => (secret ? [secret, encodeURIComponent(secret)] : []));
  return (text) => known.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
