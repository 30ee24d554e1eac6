import { isJsonObject, type Json, type JsonObject } from '../../../src/wdl/types.ts';
import { isExpression } from './pieces.ts';

/*
 * Settings of an action or trigger. The designer keeps those that the operation offers, and refuses some values. Facts:
 * Azure/LogicAppsUX, libs/designer/src/lib/core/actions/bjsworkflow/{settings,serializer}.ts and ui/settings.
 */

/** What an operation offers; the manifests and, for connectors, `settings.ts` say so. */
export interface Offer {
  readonly secure?: readonly ('inputs' | 'outputs')[];
  readonly retryPolicy?: true;
  readonly timeout?: true;
  readonly paging?: true;
  readonly concurrency?: 'repetitions' | 'runs';
  readonly trackedProperties?: true;
  readonly options?: readonly string[];
}

export interface SavedSettings {
  /** `limit`, `operationOptions`, … in the designer's order. */
  readonly members: JsonObject;
  readonly retryPolicy: Json | undefined;
  readonly complaints: readonly string[];
}

export function savedSettings(node: JsonObject, offer: Offer): SavedSettings {
  const timeout = offer.timeout ? at(node, 'limit', 'timeout') : undefined;
  const retryPolicy = offer.retryPolicy ? at(node, 'inputs', 'retryPolicy') : undefined;
  const runtimeConfiguration = {
    ...(offer.paging && kept('paginationPolicy', at(node, 'runtimeConfiguration', 'paginationPolicy'))),
    ...kept('concurrency', savedConcurrency(node, offer)),
    ...kept('secureData', at(node, 'runtimeConfiguration', 'secureData')),
  };
  return {
    members: {
      ...kept('conditions', node['conditions']),
      ...(timeout !== undefined && { limit: { timeout } }),
      ...kept('operationOptions', node['operationOptions']),
      ...(Object.keys(runtimeConfiguration).length > 0 && { runtimeConfiguration }),
      ...(offer.trackedProperties && kept('trackedProperties', node['trackedProperties'])),
    },
    retryPolicy: isJsonObject(retryPolicy) && retryPolicy['type'] !== 'default' ? retryPolicy : undefined,
    complaints: [...notOffered(node, offer), ...refusedRetry(retryPolicy), ...refusedTimeout(timeout)],
  };
}

/** Only a number of the kind that belongs to triggers or to actions. */
function savedConcurrency(node: JsonObject, { concurrency }: Offer): Json | undefined {
  const value = concurrency && at(node, 'runtimeConfiguration', 'concurrency', concurrency);
  return concurrency && typeof value === 'number' ? { [concurrency]: value } : undefined;
}

function notOffered(node: JsonObject, offer: Offer): readonly string[] {
  const secured = at(node, 'runtimeConfiguration', 'secureData', 'properties') ?? [];
  const options = String(node['operationOptions'] ?? '').split(/, */);
  return [
    ...(Array.isArray(secured) ? secured : [])
      .filter((property) => !offer.secure?.includes(property))
      .map((property) => `offers no secure ${property}`),
    ...(offer.retryPolicy || at(node, 'inputs', 'retryPolicy') === undefined ? [] : ['offers no retry policy']),
    ...(offer.trackedProperties || node['trackedProperties'] === undefined ? [] : ['offers no tracked properties']),
    ...options.filter((name) => name && !offer.options?.includes(name)).map((name) => `offers no option ${name}`),
  ];
}

const RETRIES = { least: 1, most: 90 } as const;
const DURATION = /^P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d+[HMS])(\d+H)?(\d+M)?(\d+S)?)?$/;

function refusedRetry(policy: Json | undefined): readonly string[] {
  if (policy === undefined) return [];
  if (!isJsonObject(policy)) return ['cannot show a retry policy that is an expression'];
  const { type, count, interval, minimumInterval, maximumInterval } = policy;
  if (type === 'none') return [];
  if (type !== 'fixed' && type !== 'exponential') return [`does not know the retry policy ${JSON.stringify(type)}`];
  const tries = isExpression(String(count)) ? RETRIES.least : Number(count);
  const durations = [interval ?? '', minimumInterval, maximumInterval].filter((duration) => duration !== undefined);
  return [
    ...(tries >= RETRIES.least && tries <= RETRIES.most ? [] : ['refuses the retry count']),
    ...durations.filter((duration) => !isDuration(duration)).map((it) => `refuses the interval ${JSON.stringify(it)}`),
  ];
}

function refusedTimeout(timeout: Json | undefined): readonly string[] {
  return timeout === undefined || isDuration(timeout) ? [] : [`refuses the timeout ${JSON.stringify(timeout)}`];
}

function isDuration(value: Json): boolean {
  return typeof value === 'string' && (isExpression(value) || DURATION.test(value));
}

function kept(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

/** The value at a path; undefined where there is none. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((parent, name) => (isJsonObject(parent) ? parent[name] : undefined), value);
}
