import { parseJson, pathPattern, type ServiceName } from './http.ts';

/** One request to a service of the world, and what came of it. */
export interface LoggedRequest {
  readonly order: number;
  readonly service: ServiceName;
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Parsed where it is JSON. */
  readonly body: unknown;
  /** Undefined while under way, and for good where the connection broke. */
  status?: number;
  response?: unknown;
  /** Why there is no answer. */
  failure?: string;
  endedAt?: number;
}

/** Longer bodies are kept cut: the log must not hold 50 MB answers. */
const MOST_CHARACTERS = 200_000;

/** Every request of one world in the order of arrival. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  readonly #listeners = new Set<(entry: LoggedRequest) => void>();

  /** Requests whose method, service and path (`*` matches anything, without query) fit. */
  find(wanted: { service?: ServiceName; method?: string; path?: string }): readonly LoggedRequest[] {
    const path = wanted.path === undefined ? undefined : pathPattern(wanted.path);
    return this.entries.filter(
      (entry) =>
        (wanted.service === undefined || entry.service === wanted.service) &&
        (wanted.method === undefined || entry.method === wanted.method) &&
        (path === undefined || path.test(entry.path.split('?')[0] ?? '')),
    );
  }

  /** Calls `listener` when a request has ended; the result stops it. */
  onEnd(listener: (entry: LoggedRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async open(service: ServiceName, request: Request, at: number): Promise<LoggedRequest> {
    const { pathname, search } = new URL(request.url);
    const body = request.body === null ? undefined : readable(await request.clone().text());
    const entry = { order: this.entries.length, service, at, method: request.method, path: pathname + search, body };
    this.entries.push(entry);
    return entry;
  }

  async close(entry: LoggedRequest, response: Response, at: number): Promise<void> {
    const length = Number(response.headers.get('content-length') ?? 0);
    const isText = /json|text|xml/.test(response.headers.get('content-type') ?? '');
    const isEndless = response.headers.has('x-simulator-stream');
    entry.status = response.status;
    entry.response =
      isText && length < MOST_CHARACTERS && !isEndless ? readable(await response.clone().text()) : undefined;
    this.#end(entry, at);
  }

  fail(entry: LoggedRequest, error: unknown, at: number): void {
    entry.failure = error instanceof Error ? error.message : String(error);
    this.#end(entry, at);
  }

  #end(entry: LoggedRequest, at: number): void {
    entry.endedAt = at;
    for (const listener of this.#listeners) listener(entry);
  }
}

function readable(text: string): unknown {
  if (text === '') return undefined;
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : (parseJson(text) ?? text);
}
