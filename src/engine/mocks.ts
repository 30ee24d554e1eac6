import { UserError } from '../domain/errors.ts';
import { unknownNameRemedy } from '../domain/text.ts';
import { decodedOrAsWritten } from '../wdl/functions/uri-text.ts';
import { isJsonObject, type Json, type JsonObject } from '../wdl/types.ts';
import { isArray, isObject, type WdlValue } from '../wdl/values.ts';
import {
  type CallAnswer,
  type CallResult,
  type Calls,
  type OutgoingCall,
  requestTimeout,
  unreachable,
} from './calls.ts';

/** The response to matching calls. Has a `path`, an `action`, or both. */
export interface Mock {
  /** Name of the action or polling trigger, as in the code view or the designer. Default: any. */
  readonly action?: string;
  /** Default: any. */
  readonly method?: string;
  /**
   * Path of a connector operation (optionally with its connection: `azuresentinel:/entities/ip`), path or full address of an HTTP
   * call, id of a workflow or function. A trailing `*` matches any rest. If it contains `?`, queries are compared as well.
   * Default: any.
   */
  readonly path?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: WdlValue;
  /** How often it may be used. Default: once while later mocks of its group are left, otherwise any number of times. */
  readonly times?: number;
  readonly delaySeconds?: number;
  /** Instead of a response. */
  readonly failure?: 'timeout' | 'unreachable';
  /** Webhook actions: the callback; null: there is none. Default: the body, at once. */
  readonly callback?: {
    readonly body?: WdlValue;
    readonly headers?: JsonObject;
    readonly delaySeconds?: number;
  } | null;
}

export interface MockedCalls {
  readonly calls: Calls;
  /** Calls without a matching mock. */
  readonly unmatched: readonly OutgoingCall[];
}

/**
 * Answers calls from a list. The first matching mock decides on the group: mocks with the same method and path are used one after
 * the other, and the last one repeats. Later mocks that are at least as specific are used once the group is exhausted. Mocks that
 * name the action take precedence. A call without a match fails and is added to `unmatched`.
 */
export function mockCalls(mocks: readonly Mock[]): MockedCalls {
  const uses = mocks.map(() => 0);
  const unmatched: OutgoingCall[] = [];
  const choose = (call: OutgoingCall): Mock | undefined => {
    const all = mocks.flatMap((mock, index) => (matches(mock, call) ? [{ mock, index }] : []));
    const named = all.filter(({ mock }) => mock.action !== undefined);
    const matching = named.length > 0 ? named : all;
    const fresh = (one: { mock: Mock; index: number }) => (uses[one.index] ?? 0) < (one.mock.times ?? 1);
    const repeats = ({ mock }: { mock: Mock }) => mock.times === undefined;
    const [first] = matching;
    if (!first) return undefined;
    const isLikeFirst = ({ mock }: { mock: Mock }) => groupOf(mock) === groupOf(first.mock);
    const chosen =
      matching.find((one) => isLikeFirst(one) && fresh(one)) ??
      matching.find((one) => fresh(one) && exactness(one.mock) >= exactness(first.mock)) ??
      matching.findLast((one) => isLikeFirst(one) && repeats(one)) ??
      matching.find((one) => fresh(one) || repeats(one));
    if (chosen) uses[chosen.index] = (uses[chosen.index] ?? 0) + 1;
    return chosen?.mock;
  };
  return {
    unmatched,
    calls: (call) => {
      const mock = choose(call);
      if (mock) return answerOf(mock, call);
      unmatched.push(call);
      return { failure: { code: 'NoMock', message: noMockMessage(call), isRetryable: false } };
    },
  };
}

/** Why a call was not answered. */
export function noMockMessage({ action, method, path, uri, needs }: OutgoingCall): string {
  if (needs !== undefined) return `'${action}' needs ${needs}.`;
  return `No mock answers ${method} ${uri ?? path}, which '${action}' calls.`;
}

function answerOf(mock: Mock, call: OutgoingCall): CallResult {
  const durationMs = (mock.delaySeconds ?? 0) * 1_000;
  if (mock.failure === 'timeout') return { ...requestTimeout, durationMs };
  if (mock.failure === 'unreachable') return { ...unreachable(hostOf(call)), durationMs };
  const { callback } = mock;
  const answer: CallAnswer = {
    status: mock.status ?? 200,
    durationMs,
    ...(mock.headers && { headers: mock.headers }),
    ...(mock.body !== undefined && { body: mock.body }),
  };
  if (callback === undefined) return answer;
  if (callback === null) return { ...answer, callback };
  const { delaySeconds, ...rest } = callback;
  return { ...answer, callback: { ...rest, afterMs: (delaySeconds ?? 0) * 1_000 } };
}

function hostOf({ uri, connection, path }: OutgoingCall): string {
  return uri !== undefined && URL.canParse(uri) ? new URL(uri).host : (connection?.api ?? path);
}

function groupOf({ action, method, path }: Mock): string {
  return `${action === undefined ? '*' : actionId(action)} ${(method ?? '*').toUpperCase()} ${path ?? '*'}`;
}

/** An exact path beats one with `*`, and a longer one with `*` beats a shorter one. */
function exactness({ path = '*' }: Mock): number {
  return path.endsWith('*') ? path.length : Number.POSITIVE_INFINITY;
}

/** The designer shows spaces for underscores. */
function actionId(name: string): string {
  return name.toLowerCase().replaceAll(' ', '_');
}

function matches({ action, method, path }: Mock, call: OutgoingCall): boolean {
  if (action !== undefined && actionId(action) !== actionId(call.action)) return false;
  if (method !== undefined && method !== '*' && method.toUpperCase() !== call.method) return false;
  if (path === undefined) return true;
  const wanted = path.toLowerCase();
  const prefix = wanted.endsWith('*') ? wanted.slice(0, -1) : undefined;
  return addresses(call, wanted.includes('?')).some((address) => {
    const found = address.toLowerCase();
    return prefix === undefined ? found === wanted : found.startsWith(prefix);
  });
}

/** All ways to write a call's target: path, full address, address without scheme, each percent-encoded or not. */
function addresses({ path, uri, queries, connection }: OutgoingCall, withQueries: boolean): string[] {
  const search = new URLSearchParams(Object.entries(queries).map(([name, value]) => [name, String(value)])).toString();
  const ownSearch = uri !== undefined && URL.canParse(uri) ? new URL(uri).search : search && `?${search}`;
  const whole = uri?.replace(/[?#].*$/s, '');
  const plain = [
    path,
    ...(whole === undefined ? [] : [whole, whole.replace(/^https?:\/\//i, '')]),
    ...(connection ? [`${connection.key}:${path}`] : []),
  ];
  const all = withQueries ? plain.map((address) => `${address}${ownSearch}`) : plain;
  return all.flatMap((address) => [address, decodedOrAsWritten(address)]);
}

const MEMBERS: readonly (keyof Mock)[] = [
  'action',
  'method',
  'path',
  'status',
  'headers',
  'body',
  'times',
  'delaySeconds',
  'failure',
  'callback',
];
const CALLBACK_MEMBERS = ['body', 'headers', 'delaySeconds'];

/** Example of a list of mocks, as a remedy. */
export const mocksRemedy = 'Write [{"method": "GET", "path": "/entities/ip", "status": 200, "body": {…}}].';

/**
 * Reads a list of mocks from JSON. `exact` is the same JSON with numbers as WDL reads them, used for bodies.
 * @throws UserError `usage.mocks` naming the invalid entry or its unknown member
 */
export function readMocks(json: Json, file: string, exact: WdlValue = json): Mock[] {
  if (!Array.isArray(json)) throw mockError(file, '', 'The mocks are not a list.');
  return (json as readonly Json[]).map((entry, index) => {
    const where = `[${index}]`;
    if (!isJsonObject(entry)) throw mockError(file, where, 'A mock is an object.');
    checkMembers(file, where, entry, MEMBERS);
    const { action, method, path, status, failure, callback } = entry;
    if (callback !== undefined && isJsonObject(callback)) {
      checkMembers(file, `${where}.callback`, callback, CALLBACK_MEMBERS);
    }
    if (path === undefined && action === undefined) {
      throw mockError(file, where, 'A mock needs a "path" or an "action".');
    }
    if (path !== undefined && (typeof path !== 'string' || path === '')) {
      throw mockError(file, where, '"path" is a string, not empty.');
    }
    if (action !== undefined && (typeof action !== 'string' || action === '')) {
      throw mockError(file, where, '"action" is the name of an action.');
    }
    if (method !== undefined && typeof method !== 'string') throw mockError(file, where, '"method" is a string.');
    if (status !== undefined && !(typeof status === 'number' && Number.isInteger(status))) {
      throw mockError(file, where, '"status" is a whole number.');
    }
    if (failure !== undefined && failure !== 'timeout' && failure !== 'unreachable') {
      throw mockError(file, where, '"failure" is "timeout" or "unreachable".');
    }
    return withBodies(entry as unknown as Mock, isArray(exact) ? exact[index] : undefined);
  });
}

function withBodies(mock: Mock, exact: WdlValue | undefined): Mock {
  const { callback } = mock;
  const inner = memberOf(exact, 'callback');
  return {
    ...mock,
    ...(mock.body !== undefined && { body: memberOf(exact, 'body') ?? null }),
    ...(callback?.body !== undefined && { callback: { ...callback, body: memberOf(inner, 'body') ?? null } }),
  };
}

function memberOf(value: WdlValue | undefined, name: string): WdlValue | undefined {
  return value !== undefined && isObject(value) ? value[name] : undefined;
}

/** Rejects unknown members: a typo would otherwise make the mock match other calls. */
function checkMembers(file: string, where: string, entry: JsonObject, members: readonly string[]): void {
  const stranger = Object.keys(entry).find((name) => !members.includes(name));
  if (stranger === undefined) return;
  throw mockError(file, where, `A mock has no "${stranger}" here.`, unknownNameRemedy(stranger, members));
}

function mockError(file: string, path: string, message: string, remedy = mocksRemedy): UserError {
  return new UserError('usage.mocks', message, { where: { file, ...(path && { path }) }, remedy });
}
