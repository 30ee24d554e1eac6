import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';

/** One place where what is deployed differs from what would be generated. */
export interface Change {
  /** Keys from the root of the definition: `['actions', 'Get incident', 'inputs', 'method']`. */
  readonly path: readonly string[];
  /** Undefined: only the deployed one has it. */
  readonly generated: Json | undefined;
  /** Undefined: only the generated one has it. */
  readonly deployed: Json | undefined;
}

/** Differences between two workflow definitions that mean something; what designer and service add by themselves does not count. */
export function compareDefinitions(generated: JsonObject, deployed: JsonObject): readonly Change[] {
  return compare(normal(generated), normal(deployed), []);
}

function compare(generated: Json | undefined, deployed: Json | undefined, path: readonly string[]): readonly Change[] {
  if (isJsonObject(generated) && isJsonObject(deployed)) {
    const keys = new Set([...Object.keys(generated), ...Object.keys(deployed)]);
    return [...keys].flatMap((key) => compare(own(generated, key), own(deployed, key), [...path, key]));
  }
  return JSON.stringify(generated) === JSON.stringify(deployed) ? [] : [{ path, generated, deployed }];
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Members that designer and service write without meaning: ids of operations, computed schedules. */
const noise: ReadonlySet<string> = new Set([
  'metadata',
  'evaluatedRecurrence',
  'contentVersion',
  '$schema',
  'staticResults',
]);
/** Members that mean the same empty and absent. */
const emptyIsAbsent: ReadonlySet<string> = new Set(['runAfter', 'outputs', 'conditions', 'description', 'actions']);

/** The same definition without noise and with sorted lists where order means nothing. */
function normal(value: Json): Json {
  if (Array.isArray(value)) return value.map(normal);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]) => {
    if (noise.has(key) || (emptyIsAbsent.has(key) && isEmpty(member))) return [];
    return [[key, key === 'runAfter' ? sortedStates(member) : normal(member)] as const];
  });
  return Object.fromEntries(members);
}

function isEmpty(value: Json): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** `runAfter` names states in any order and casing: `["Failed", "TimedOut"]`. */
function sortedStates(runAfter: Json): Json {
  if (!isJsonObject(runAfter)) return runAfter;
  return Object.fromEntries(
    Object.entries(runAfter).map(([action, states]) => [
      action,
      Array.isArray(states) ? states.map((state) => String(state).toUpperCase()).sort() : states,
    ]),
  );
}
