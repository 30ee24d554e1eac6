import { member, textOf } from '../../domain/json.ts';
import type { CallAnswer, CallFailure, CallResult, Calls, OutgoingCall } from '../../engine/calls.ts';
import type { Json } from '../../wdl/types.ts';
import type { Principal } from '../entra/directory.ts';
import { type Handler, parseJson } from '../http.ts';
import type { World } from '../world.ts';

/** How a playbook's connections differ from those that simply work. */
export interface ConnectorChoices {
  /** Delay of the managed connector between reading and writing. Left out: none. */
  readonly latencyMs?: number;
  /** API key that a connection to SIGNL4 holds; undefined: none. Left out: the right one. */
  readonly apiKeyOf?: (connection: string) => string | undefined;
}

/** Answers the calls of a playbook from a world: connectors by the name of their API, HTTP by the address. */
export function worldCalls(
  world: World,
  identity: Principal,
  { latencyMs = 0, apiKeyOf = () => world.signl4.apiKey }: ConnectorChoices = {},
): Calls {
  const sentinel = world.sentinel.connector(identity, latencyMs);
  return (call) => world.clock.track(() => answer(call));

  async function answer(call: OutgoingCall): Promise<CallResult> {
    switch (call.connection?.api) {
      case undefined:
        return call.uri === undefined ? noAddress(call) : send(await httpRequest(call, call.uri), world.fetch);
      case 'azuresentinel':
        return send(connectorRequest(call, 'https://azuresentinel.invalid', {}), sentinel);
      case 'SIGNL4CustomConnector':
        return send(
          connectorRequest(call, 'https://connect.signl4.com/api', keyHeader(call.connection.id)),
          world.fetch,
        );
      default:
        return failure('ConnectionNotFound', `The world has no connector '${call.connection?.api}'.`);
    }
  }

  function keyHeader(connection: string): Record<string, string> {
    const key = apiKeyOf(connection);
    return key === undefined ? {} : { 'x-s4-api-key': key };
  }

  async function httpRequest(call: OutgoingCall, uri: string): Promise<Request> {
    const audience = textOf(member(call.authentication, 'audience'));
    const signsIn = textOf(member(call.authentication, 'type')) === 'ManagedServiceIdentity' && audience !== undefined;
    const token = signsIn ? await world.entra.token(identity, audience) : undefined;
    return new Request(uri, {
      method: call.method,
      headers: { ...jsonHeaders(call), ...(token && { authorization: `Bearer ${token}` }) },
      ...bodyOf(call),
    });
  }
}

function connectorRequest(call: OutgoingCall, base: string, headers: Readonly<Record<string, string>>): Request {
  const url = new URL(base + call.path);
  for (const [name, value] of Object.entries(call.queries)) url.searchParams.set(name, textOf(value) ?? '');
  return new Request(url, { method: call.method, headers: { ...jsonHeaders(call), ...headers }, ...bodyOf(call) });
}

function jsonHeaders({ headers, body }: OutgoingCall): Record<string, string> {
  const given = Object.entries(headers).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  return { ...(body !== undefined && { 'content-type': 'application/json' }), ...Object.fromEntries(given) };
}

function bodyOf({ body, method }: OutgoingCall): { body?: string } {
  if (body === undefined || method === 'GET') return {};
  return { body: typeof body === 'string' ? body : JSON.stringify(body) };
}

async function send(request: Request, handle: Handler): Promise<CallResult> {
  try {
    const response = await handle(request);
    return await callAnswer(response);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const code = textOf(member(cause, 'code'));
    return code === 'ENOTFOUND'
      ? failure('UnresolvableHostName', `The host of ${new URL(request.url).host} could not be resolved.`)
      : failure('BadRequest', `The connection broke: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function callAnswer(response: Response): Promise<CallAnswer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const body = isJson ? (parseJson(text) as Json | undefined) : text;
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers, ...(text !== '' && { body: body ?? text }) };
}

function failure(code: string, message: string): CallFailure {
  return { failure: { code, message } };
}

function noAddress({ action }: OutgoingCall): CallFailure {
  return failure('BadRequest', `The world cannot answer the call of '${action}': it has no address.`);
}
