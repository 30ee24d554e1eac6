import type { Edit, Place } from '../../config/patches.ts';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';
import { canonicalText, isSame } from './canonical.ts';
import { renameAction } from './rename.ts';

/** The edits that turn one definition into another; both in the form of `cleanDefinition`. */
export function compareDefinitions(before: JsonObject, after: JsonObject): readonly Edit[] {
  const { renames, definition } = findRenames(before, after);
  return [...renames, ...differences(definition, after, [])];
}

/** References are part of the content, so one rename may hide another: repeats until no more are found. */
function findRenames(before: JsonObject, after: JsonObject): { renames: readonly Edit[]; definition: JsonObject } {
  const renames: Edit[] = [];
  let definition = before;
  for (;;) {
    const found = renameIn(definition['actions'], after['actions'], ['actions']);
    if (!found) return { renames, definition };
    renames.push(found);
    definition = renameAction(definition, found.at.at(-1) ?? '', found.to);
  }
}

type Rename = Extract<Edit, { kind: 'rename' }>;

function renameIn(before: Json | undefined, after: Json | undefined, at: Place): Rename | undefined {
  if (!isJsonObject(before) || !isJsonObject(after)) return undefined;
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name));
  for (const [name, action] of Object.entries(before)) {
    if (Object.hasOwn(after, name)) continue;
    const to = added.find((candidate) => isSameAction(action, after[candidate], name, candidate));
    if (to) return { kind: 'rename', at: [...at, name], to };
  }
  for (const [name, action] of Object.entries(before)) {
    for (const branch of branchesOf(action)) {
      const place = [...at, name, ...branch];
      const found = renameIn(valueAt(action, branch), valueAt(after[name], branch), place);
      if (found) return found;
    }
  }
  return undefined;
}

/** The same but for the name, and for what it runs after, which may have been renamed too. */
function isSameAction(before: Json | undefined, after: Json | undefined, name: string, to: string): boolean {
  if (!isJsonObject(before) || !isJsonObject(after)) return false;
  const { actions } = renameAction({ actions: { [name]: before } }, name, to);
  const renamed = isJsonObject(actions) ? actions[to] : undefined;
  return canonicalText(withoutOrder(renamed)) === canonicalText(withoutOrder(after));
}

function withoutOrder(action: Json | undefined): Json | undefined {
  if (!isJsonObject(action)) return action;
  const { runAfter: _, ...rest } = action;
  return rest;
}

/** Where inside an action other actions are. */
function branchesOf(action: Json | undefined): readonly Place[] {
  if (!isJsonObject(action)) return [];
  const cases = isJsonObject(action['cases']) ? Object.keys(action['cases']) : [];
  return [['actions'], ['else', 'actions'], ['default', 'actions'], ...cases.map((name) => ['cases', name, 'actions'])];
}

export function valueAt(value: Json | undefined, place: Place): Json | undefined {
  return place.reduce<Json | undefined>(
    (at, key) => (isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    value,
  );
}

function differences(before: Json, after: Json, at: Place): readonly Edit[] {
  if (isSame(before, after)) return [];
  if (!isJsonObject(before) || !isJsonObject(after) || isWhole(before, after, at))
    return [{ kind: 'change', at, was: before, now: after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name): readonly Edit[] => {
    const place = [...at, name];
    const [was, now] = [valueAt(before, [name]), valueAt(after, [name])];
    if (was === undefined) return now === undefined ? [] : [{ kind: 'add', at: place, value: now }];
    return now === undefined ? [{ kind: 'remove', at: place }] : differences(was, now, place);
  });
}

/** Compared as a whole: an action whose type changed is another action; `runAfter` and defaults of parameters are one value. */
function isWhole(before: JsonObject, after: JsonObject, at: Place): boolean {
  if (at.at(-1) === 'runAfter' || (at[0] === 'parameters' && at[2] === 'defaultValue')) return true;
  return at.length > 1 && typeof before['type'] === 'string' && before['type'] !== after['type'] && 'inputs' in before;
}
