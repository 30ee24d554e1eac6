import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  decompressResponsePolicy,
  defaultRetryPolicy,
  type HttpClient,
  type HttpMethods,
  type PipelineResponse,
  proxyPolicy,
  RestError,
  setClientRequestIdPolicy,
  userAgentPolicy,
} from '@azure/core-rest-pipeline';
import { checkedEndpoint, isLoopback } from '../domain/endpoint.ts';
import { isJsonObject, type Json, type JsonObject, memberAt, parseJson, textOf } from '../domain/json.ts';
import { localTokenPolicy } from './local-token.ts';

export interface RestOptions {
  /** Name of the service in messages: `Sentinel`, `Microsoft Graph`. */
  readonly service: string;
  /** `https://management.azure.com`; plain http only for this machine. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** Left out: `<endpoint>/.default`. */
  readonly scope?: string;
  /** Left out: Node's own. */
  readonly httpClient?: HttpClient;
  /** Retries after 408, 429 (respecting Retry-After), 5xx and broken connections. Default: 3. */
  readonly maxRetries?: number;
  /** Delay before the first retry in milliseconds, doubled for each further one. Default: 1000. */
  readonly retryDelayMs?: number;
}

interface RestRequest {
  readonly method: HttpMethods;
  /** Path below the endpoint, or a full address (a `nextLink`) on the same host. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** A body that is not JSON, instead of `body`. */
  readonly content?: { readonly type: string; readonly bytes: Uint8Array };
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Timeout of each attempt in milliseconds. Default: 60 seconds. */
  readonly timeoutMs?: number;
  /** For lists: the reference documents a bare array, although Azure returns an object with one, as everywhere else. */
  readonly mayBeBare?: true;
}

interface RestAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  /** Null where the answer has no body. */
  readonly body: Json;
}

/** Calls an Azure service with one identity. Redirects are not followed, because the token is for this host. */
export interface RestClient {
  /** @throws RestError for statuses from 300 and responses that are not JSON; AbortError on abort or timeout */
  send(request: RestRequest): Promise<RestAnswer>;
  /**
   * The items of a list, page by page (`value`, `nextLink` or `@odata.nextLink`). @throws RestError if a page is not a list or
   * repeats an earlier one
   */
  list(request: RestRequest): AsyncIterable<Json>;
  /** The whole of such a list. */
  all(request: RestRequest): Promise<readonly Json[]>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const USER_AGENT = 'signl4-sentinel';

export function createRestClient(options: RestOptions): RestClient {
  const endpoint = checkedEndpoint(options.endpoint);
  const isLocal = isLoopback(new URL(endpoint).hostname);
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const pipeline = pipelineFor(options, endpoint, isLocal);

  async function send(request: RestRequest): Promise<RestAnswer> {
    const response = await pipeline.sendRequest(
      httpClient,
      createPipelineRequest({
        url: addressOf(endpoint, request),
        method: request.method,
        headers: createHttpHeaders({
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(request.content ? { 'content-type': request.content.type } : {}),
          ...request.headers,
        }),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        ...(request.content ? { body: request.content.bytes } : {}),
        ...(request.signal ? { abortSignal: request.signal } : {}),
        timeout: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        allowInsecureConnection: isLocal,
      }),
    );
    if (response.status >= 300) throw failure(options.service, response);
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      body: parseBody(options.service, response),
    };
  }

  async function* list(request: RestRequest): AsyncIterable<Json> {
    const read = new Set<string>();
    let next: RestRequest | undefined = request;
    while (next) {
      if (read.has(next.path)) throw new RestError(`${options.service}: the pages of a list lead in a circle`);
      read.add(next.path);
      const { body }: RestAnswer = await send(next);
      const isBare = request.mayBeBare && Array.isArray(body);
      yield* isBare ? (body as readonly Json[]) : itemsOf(options.service, body, 'value');
      next = nextPage(request, body);
    }
  }

  async function all(request: RestRequest): Promise<readonly Json[]> {
    const items: Json[] = [];
    for await (const item of list(request)) items.push(item);
    return items;
  }

  return { send, list, all };
}

function pipelineFor(
  { credential, scope, maxRetries = 3, retryDelayMs = 1000 }: RestOptions,
  endpoint: string,
  isLocal: boolean,
) {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: USER_AGENT }));
  pipeline.addPolicy(setClientRequestIdPolicy());
  pipeline.addPolicy(defaultRetryPolicy({ maxRetries, retryDelayInMs: retryDelayMs }), { phase: 'Retry' });
  pipeline.addPolicy(
    isLocal
      ? localTokenPolicy(credential, scope ?? `${endpoint}/.default`)
      : bearerTokenAuthenticationPolicy({ credential, scopes: scope ?? `${endpoint}/.default` }),
    { afterPhase: 'Retry' },
  );
  return pipeline;
}

function addressOf(endpoint: string, { path, query = {} }: RestRequest): string {
  const url = new URL(path.startsWith('https:') || path.startsWith('http:') ? path : `${endpoint}${path}`);
  // A page link comes from a response: the token must not follow it to another host.
  if (url.origin !== new URL(endpoint).origin) throw new RestError(`the service points to another host, ${url.host}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

function nextPage({ headers, signal, timeoutMs }: RestRequest, body: Json): RestRequest | undefined {
  const link = textOf(memberAt(body, 'nextLink')) ?? textOf(memberAt(body, '@odata.nextLink'));
  if (!link) return undefined;
  return {
    method: 'GET',
    path: link,
    signal,
    ...(headers ? { headers } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function parseBody(service: string, response: PipelineResponse): Json {
  const text = response.bodyAsText ?? '';
  if (text.trim() === '') return null;
  try {
    return parseJson(text) as Json;
  } catch {
    throw new RestError(`${service}: the answer is not JSON`, { code: RestError.PARSE_ERROR, response });
  }
}

/**
 * A member of a response that must be a list. @throws RestError for anything else, including an empty response, which is not an
 * empty list
 */
export function itemsOf(service: string, body: Json, member: string): readonly Json[] {
  const items = memberAt(body, member);
  if (!Array.isArray(items)) throw unexpected(service);
  return items as readonly Json[];
}

/** A response that must be a resource with this member. @throws RestError for anything else */
export function resourceOf(service: string, body: Json, member: string): JsonObject {
  if (!isJsonObject(body) || body[member] === undefined || body[member] === null) throw unexpected(service);
  return body;
}

/** Proxies, captive portals and failing services answer 200 with other content or none. */
function unexpected(service: string): RestError {
  return new RestError(`${service}: the answer is not what was asked for`, { code: RestError.PARSE_ERROR });
}

/** ARM, Graph and Log Analytics have code and message in `error`. The request, which contains the token, is left out. */
function failure(service: string, response: PipelineResponse): RestError {
  const error = errorOf(response);
  const code = textOf(memberAt(error, 'code')) ?? `HTTP ${response.status}`;
  const message = textOf(memberAt(error, 'message')) ?? 'the service gave no reason';
  return new RestError(`${service}: ${code}: ${message}`, { code, statusCode: response.status, response });
}

function errorOf(response: PipelineResponse): JsonObject {
  try {
    const body: unknown = JSON.parse(response.bodyAsText ?? '');
    const error = memberAt(body, 'error');
    return isJsonObject(error) ? error : isJsonObject(body) ? body : {};
  } catch {
    return {};
  }
}
