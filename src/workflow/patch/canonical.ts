import type { Place } from '../../config/patches.ts';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';
import { parseTemplate } from '../../wdl/parse.ts';
import { printTemplate } from '../../wdl/print.ts';

/*
 * Normal form for workflow definitions that mean the same. Designer and service add members, reorder members and format
 * expressions differently, none of which is an edit. Contents of inputs are data and left unchanged.
 */

/** Equality that ignores the order of members and the spacing of expressions. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalText(a) === canonicalText(b);
}

export function canonicalText(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(ordered(value));
}

function ordered(value: Json): Json {
  if (typeof value === 'string') return spaced(value);
  if (Array.isArray(value)) return value.map(ordered);
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, ordered(value[name] ?? null)]));
}

/** An expression with the designer's spacing; other strings are unchanged. */
function spaced(text: string): string {
  if (!text.includes('@')) return text;
  try {
    return printTemplate(parseTemplate(text));
  } catch {
    return text;
  }
}

/** What is at a place of a definition, in the form that `cleanDefinition` gives it. */
export function cleanAt(place: Place, value: Json): Json {
  const [holder, key] = [place.at(-2), place.at(-1)];
  if (key === 'runAfter') return cleanRunAfter(value) ?? {};
  if (!isJsonObject(value)) return value;
  if (holder === 'actions') return cleanAction(value);
  if (place.length === 2 && holder === 'triggers') return cleanTrigger(value);
  if (place.length === 2 && holder === 'parameters') return cleanParameter(value);
  return value;
}

/** A definition without additions of designer and service; `connections` are the values of `$connections`. */
export function cleanDefinition(definition: JsonObject, connections: Json | undefined): JsonObject {
  const { parameters, triggers, actions, outputs, metadata, staticResults } = definition;
  const { $connections: _, ...declared } = isJsonObject(parameters) ? parameters : {};
  return withoutEmpty({
    parameters: mapped(declared, cleanParameter),
    triggers: mapped(triggers, cleanTrigger),
    actions: cleanActions(actions),
    outputs,
    metadata,
    staticResults,
    connections: mapped(connections, cleanConnection),
  });
}

function cleanActions(actions: Json | undefined): JsonObject {
  return mapped(actions, cleanAction);
}

function cleanAction(action: JsonObject): JsonObject {
  const { actions, else: otherwise, default: fallback, cases, runAfter, metadata, description, ...rest } = action;
  return withoutEmpty({
    ...rest,
    description: description === '' ? undefined : description,
    metadata: withoutOperationId(metadata),
    actions: actions && cleanActions(actions),
    else: cleanBranch(otherwise),
    default: cleanBranch(fallback),
    cases: cases && mapped(cases, (one) => cleanBranch(one) ?? {}),
    runAfter: cleanRunAfter(runAfter),
  });
}

function cleanBranch(branch: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(branch)) return undefined;
  return withoutEmpty({ ...branch, actions: cleanActions(branch['actions']) });
}

function cleanTrigger(trigger: JsonObject): JsonObject {
  const { evaluatedRecurrence: _, metadata, description, conditions, ...rest } = trigger;
  return withoutEmpty({
    ...rest,
    description: description === '' ? undefined : description,
    metadata: withoutOperationId(metadata),
    conditions: Array.isArray(conditions) && conditions.length === 0 ? undefined : conditions,
  });
}

function cleanParameter({ metadata: _, description: __, ...declaration }: JsonObject): JsonObject {
  const type = String(declaration['type'] ?? '');
  const found = parameterTypes.find((known) => known.toLowerCase() === type.toLowerCase());
  return { ...declaration, type: found ?? type };
}

const parameterTypes = ['String', 'SecureString', 'Int', 'Float', 'Bool', 'Array', 'Object', 'SecureObject'];

/** Azure changes the case of ids. */
function cleanConnection(connection: JsonObject): JsonObject {
  const { connectionId, id, ...rest } = connection;
  return { ...rest, ...(connectionId && { connectionId: lower(connectionId) }), ...(id && { id: lower(id) }) };
}

const lower = (value: Json): Json => (typeof value === 'string' ? value.toLowerCase() : value);

/** The designer gives each operation an id of its own. */
function withoutOperationId(metadata: Json | undefined): Json | undefined {
  if (!isJsonObject(metadata)) return metadata;
  const { operationMetadataId: _, ...rest } = metadata;
  return rest;
}

/** Ignores order and case of statuses: `["FAILED", "TimedOut"]`. */
function cleanRunAfter(runAfter: Json | undefined): Json | undefined {
  if (!isJsonObject(runAfter)) return runAfter;
  return Object.fromEntries(
    Object.entries(runAfter).map(([action, states]) => [
      action,
      Array.isArray(states) ? states.map((state) => stateNamed(String(state))).sort() : states,
    ]),
  );
}

const states = ['Succeeded', 'Failed', 'Skipped', 'TimedOut'];

function stateNamed(text: string): string {
  return states.find((state) => state.toLowerCase() === text.toLowerCase()) ?? text;
}

function mapped(members: Json | undefined, clean: (member: JsonObject) => JsonObject): JsonObject {
  if (!isJsonObject(members)) return {};
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, isJsonObject(member) ? clean(member) : member]),
  );
}

/** Members whose empty value means the same as their absence. */
const emptyIsAbsent = new Set([
  ...['parameters', 'triggers', 'actions', 'outputs', 'metadata', 'staticResults', 'connections'],
  ...['else', 'default', 'runAfter'],
]);

function withoutEmpty(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept = Object.entries(members).filter(
    (entry): entry is [string, Json] =>
      entry[1] !== undefined && !(emptyIsAbsent.has(entry[0]) && isJsonObject(entry[1]) && isEmpty(entry[1])),
  );
  return Object.fromEntries(kept);
}

const isEmpty = (object: JsonObject): boolean => Object.keys(object).length === 0;
