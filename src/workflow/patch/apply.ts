import { diff3Merge } from 'node-diff3';
import { type Edit, formatPlace, type PatchEntry, type Place } from '../../config/patches.ts';
import { UserError, type Where } from '../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';
import { nearest } from '../../domain/text.ts';
import { canonicalText, cleanAt, isSame } from './canonical.ts';
import { valueAt } from './compare.ts';
import { renameAction } from './rename.ts';

export interface Applied {
  readonly definition: JsonObject;
  /** Entries that are no longer needed, because the generated playbook has the same change. */
  readonly superfluous: readonly PatchEntry[];
}

/** Applies edits to a definition, renames first. @throws UserError for the first one that does not fit, naming file and line. */
export function applyEdits(definition: JsonObject, entries: readonly PatchEntry[]): Applied {
  const superfluous: PatchEntry[] = [];
  let edited = definition;
  const renames = entries.filter(({ edit }) => edit.kind === 'rename');
  for (const entry of [...renames, ...entries.filter((one) => !renames.includes(one))]) {
    const next = applied(edited, entry);
    if (next === edited) superfluous.push(entry);
    edited = next;
  }
  return { definition: edited, superfluous };
}

/** Unchanged if the definition already has the edit. */
function applied(definition: JsonObject, { edit, where }: PatchEntry): JsonObject {
  const current = valueAt(definition, edit.at);
  switch (edit.kind) {
    case 'rename': {
      const name = edit.at.at(-1) ?? '';
      const renamedTo = valueAt(definition, [...edit.at.slice(0, -1), edit.to]);
      if (current === undefined && renamedTo !== undefined) return definition;
      if (current === undefined) throw noPlace(definition, edit.at, where);
      if (renamedTo !== undefined) throw conflict(where, edit.at, `there is another action ${edit.to} now`);
      return renameAction(definition, name, edit.to);
    }
    case 'add': {
      if (current !== undefined && isSame(cleanAt(edit.at, current), cleanAt(edit.at, edit.value))) return definition;
      if (current !== undefined && !isHollow(current))
        throw conflict(where, edit.at, `the generated playbook has it now, as ${shown(current)}`);
      return withValue(definition, edit.at, edit.value, where);
    }
    case 'remove':
      if (current === undefined) throw noPlace(definition, edit.at, where);
      return withValue(definition, edit.at, undefined, where);
    case 'change': {
      if (current === undefined) throw noPlace(definition, edit.at, where);
      if (isSame(cleanAt(edit.at, current), cleanAt(edit.at, edit.now))) return definition;
      return withValue(definition, edit.at, merged(current, edit, where), where);
    }
  }
}

/** Applies a change to the present value. Lists are merged if both sides changed different items. */
function merged(current: Json, { at, was, now }: Extract<Edit, { kind: 'change' }>, where: Where): Json {
  if (isSame(cleanAt(at, current), cleanAt(at, was)) || isDeploymentExpression(current)) return now;
  if (Array.isArray(current) && Array.isArray(was) && Array.isArray(now)) {
    const list = mergedList(current, was, now);
    if (list) return list;
  }
  const remedy = 'Decide: set "was" to the new value to keep your edit, or delete the entry.';
  throw conflict(
    where,
    at,
    `the generated playbook changed here as well: it was ${shown(was)}, is ${shown(current)}, your edit makes it ${shown(now)}`,
    remedy,
  );
}

function mergedList(current: readonly Json[], was: readonly Json[], now: readonly Json[]): Json | undefined {
  const values = new Map([...was, ...current, ...now].map((item) => [canonicalText(item), item] as const));
  const regions = diff3Merge(current.map(canonicalText), was.map(canonicalText), now.map(canonicalText), {
    excludeFalseConflicts: true,
  });
  if (regions.some(({ conflict: both }) => both)) return undefined;
  return regions.flatMap(({ ok = [] }) => ok.map((text) => values.get(text) ?? null));
}

/** Values that only the deployment knows: of derived parameters and connections. */
function isDeploymentExpression(value: Json): boolean {
  return typeof value === 'string' && value.startsWith('[') && value.endsWith(']') && !value.startsWith('[[');
}

/** Replaces the value at a place, keeping the order of members; undefined removes the member. */
function withValue(
  holder: Json | undefined,
  place: Place,
  value: Json | undefined,
  where: Where,
  done: Place = [],
): JsonObject {
  const [key = '', ...rest] = place;
  if (!isJsonObject(holder))
    throw conflict(where, [...done, ...place], `the generated playbook has no ${formatPlace(done)}`);
  const { [key]: current, ...others } = holder;
  const next = rest.length === 0 ? value : withValue(current, rest, value, where, [...done, key]);
  return next === undefined ? others : { ...holder, [key]: next };
}

/** Nothing but empty containers: `{ "actions": {} }`. */
function isHollow(value: Json): boolean {
  return isJsonObject(value) && Object.values(value).every(isHollow);
}

function noPlace(definition: JsonObject, at: Place, where: Where): UserError {
  const depth = at.findIndex((_, index) => valueAt(definition, at.slice(0, index + 1)) === undefined);
  const holder = valueAt(definition, at.slice(0, depth));
  const names = isJsonObject(holder) ? Object.keys(holder) : [];
  const guess = nearest(at[depth] ?? '', names);
  return conflict(
    where,
    at,
    `the generated playbook has no ${formatPlace(at.slice(0, depth + 1))}${guess ? `; is it ${guess} now?` : ''}`,
  );
}

function conflict(where: Where, at: Place, message: string, remedy?: string): UserError {
  return new UserError('patch.conflict', message, {
    where: { ...where, path: formatPlace(at) },
    remedy: remedy ?? 'Adapt the entry to the playbook as it is generated now, or delete it.',
  });
}

const SHOWN = 80;

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
