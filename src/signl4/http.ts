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
  /** Waits between attempts; rejects when the signal aborts. Left out: a timer. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1, spreads repetitions of many callers. Left out: `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds since 1970. Left out: `Date.now`. */
  readonly now?: () => number;
  /** Repetitions after 429, 5xx and broken connections. Left out: 3. */
  readonly maxRetries?: number;
  /** Milliseconds for each attempt. Left out: 20 seconds. */
  readonly timeoutMs?: number;
}

interface Signl4Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v2/`, encoded. */
  readonly path: string;
  readonly body?: Json;
  readonly signal?: AbortSignal | undefined;
  /**
   * Called before a repetition whose predecessor may have been worked on all the same (no answer, or 5xx): gives the
   * outcome if it was. `leftMs` is what is left of `withinMs`. Left out: repeating does no harm.
   */
  readonly findOutcome?: (leftMs: number) => Promise<Json | undefined>;
  /** Whether a 2xx answer says that it was done; what does not counts as no answer. Left out: each does. */
  readonly isConfirmed?: (status: number, answer: Json) => boolean;
  /** Repetitions of this request. Left out: as many as of all others. */
  readonly retries?: number;
  /**
   * Milliseconds for everything: the last attempt ends by then, and no wait takes more than a third of what is left, so that
   * a long Retry-After does not keep the next attempt from coming. Left out: only the signal and `maxRetries` end it.
   */
  readonly withinMs?: number | undefined;
}

/** @throws Signl4Error for statuses from 300, unreadable answers and no answer; the signal's reason when it aborts. */
export type Signl4Send = (request: Signl4Request) => Promise<Json>;

const DEFAULT_ENDPOINT = 'https://connect.signl4.com';
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const HIDDEN = '***';
/** Less time is not worth another attempt. */
const SHORTEST_ATTEMPT_MS = 250;
const LONGEST_WAIT_SHARE = 1 / 3;
/** As Azure's libraries call it: there was an answer, but not the one that was asked for. */
export const UNREADABLE = 'PARSE_ERROR';

/** The transport below the client: authentication, timeouts, repetitions, errors. */
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
      // Another host must not see key and secret.
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

/** Worth another attempt: too many calls, trouble on their side, no answer. */
function isPassing({ statusCode }: Signl4Error): boolean {
  return statusCode === undefined || statusCode === 408 || statusCode === 429 || statusCode >= 500;
}

/** SIGNL4 may have done it although it did not say so. 429 and 503 say that it did not. */
function isUncertain({ statusCode }: Signl4Error): boolean {
  return statusCode !== 429 && statusCode !== 503;
}

/** As long as SIGNL4 asks, else doubling from half a second; half of it by chance. */
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
