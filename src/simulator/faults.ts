import type { Clock } from './clock.ts';
import { type Handler, pathPattern, type ServiceName } from './http.ts';

/** What can go wrong with a request. */
export type Fault =
  /** An answer instead of the service's own, e.g. 503 or 429 with `Retry-After`. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The service answers, but late. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** No answer until the caller gives up. */
  | { readonly kind: 'hang' }
  /** The connection breaks. */
  | { readonly kind: 'reset' }
  /** The service's answer, cut in the middle. */
  | { readonly kind: 'truncated' }
  /** A web page with status 200, as proxies and captive portals send it. */
  | { readonly kind: 'html' }
  /** A JSON answer of this many bytes. */
  | { readonly kind: 'huge'; readonly bytes: number };

export interface FaultRule {
  readonly service?: ServiceName;
  readonly method?: string;
  /** Path without query; `*` stands for anything. */
  readonly path?: string;
  /** Text in the decoded query. */
  readonly query?: string;
  readonly fault: Fault;
  /** How often it strikes; left out: until it is removed. */
  readonly times?: number;
  /** Fitting requests that pass before it strikes. */
  readonly skip?: number;
  /** The service does its work and only the response is affected, which makes retries dangerous. */
  readonly afterWork?: boolean;
}

/** `fetch` rejects with a TypeError whose cause tells the code. */
export class ConnectionReset extends TypeError {
  constructor() {
    super('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
    this.name = 'TypeError';
  }
}

/** The active faults of a world; the first matching one applies. */
export class Faults {
  readonly #rules: { rule: FaultRule; seen: number; struck: number }[] = [];

  /** Puts a rule in force; the result takes it back. */
  add(rule: FaultRule): () => void {
    const entry = { rule, seen: 0, struck: 0 };
    this.#rules.push(entry);
    return () => {
      const index = this.#rules.indexOf(entry);
      if (index >= 0) this.#rules.splice(index, 1);
    };
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The fault for this request, which is counted. */
  take(service: ServiceName, request: Request): FaultRule | undefined {
    const { pathname: path, search } = new URL(request.url);
    for (const entry of this.#rules) {
      const { rule } = entry;
      const fits =
        (rule.service === undefined || rule.service === service) &&
        (rule.method === undefined || rule.method === request.method) &&
        (rule.path === undefined || pathPattern(rule.path).test(path)) &&
        (rule.query === undefined || decodeURIComponent(search).includes(rule.query));
      if (!fits || entry.struck >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
      if (entry.seen++ < (rule.skip ?? 0)) continue;
      entry.struck++;
      return rule;
    }
    return undefined;
  }
}

/** Answers a struck request. Waits on the world's clock. */
export async function applyFault(rule: FaultRule, request: Request, handle: Handler, clock: Clock): Promise<Response> {
  const { fault } = rule;
  const needsAnswer = fault.kind === 'latency' || fault.kind === 'truncated' || rule.afterWork === true;
  if (fault.kind === 'latency') await clock.sleep(fault.ms, request.signal);
  const answer = needsAnswer ? await handle(request) : new Response(null);
  return strike(fault, answer, request, clock);
}

async function strike(fault: Fault, answer: Response, request: Request, clock: Clock): Promise<Response> {
  switch (fault.kind) {
    case 'latency':
      return answer;
    case 'status':
      return statusAnswer(fault);
    case 'hang':
      await clock.sleep(LONGEST_HANG, request.signal);
      throw new ConnectionReset();
    case 'reset':
      throw new ConnectionReset();
    case 'truncated': {
      const text = await answer.text();
      return new Response(text.slice(0, text.length / 2), {
        status: answer.status,
        headers: { 'content-type': 'application/json' },
      });
    }
    case 'html':
      return new Response('<!doctype html><title>Sign in to continue</title><h1>Sign in</h1>', {
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
    case 'huge':
      return new Response(hugeJson(fault.bytes), {
        headers: { 'content-type': 'application/json', 'x-simulator-stream': 'huge' },
      });
  }
}

/** Longer than any client waits; Azure's load balancers drop idle connections earlier. */
const LONGEST_HANG = 24 * 3_600_000;

function statusAnswer({ status, body, headers }: Extract<Fault, { kind: 'status' }>): Response {
  const content = body ?? { error: { code: String(status), message: `simulated failure ${status}` } };
  return status === 204 || status === 304
    ? new Response(null, { status, ...(headers && { headers }) })
    : Response.json(content, { status, ...(headers && { headers }) });
}

/** `{"value":["xxxx…"]}`, made while it is read: no memory is held for it. */
function hugeJson(bytes: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const chunk = encoder.encode('x'.repeat(65_536));
  let left = Math.max(0, bytes - 14);
  let opened = false;
  return new ReadableStream({
    pull(controller) {
      if (!opened) {
        opened = true;
        controller.enqueue(encoder.encode('{"value":["'));
      } else if (left > 0) {
        controller.enqueue(chunk.subarray(0, Math.min(left, chunk.length)));
        left -= chunk.length;
      } else {
        controller.enqueue(encoder.encode('"]}'));
        controller.close();
      }
    },
  });
}
