import { changedList, changedMap, isList, isMap, type JsonMap, type JsonTree, sameName } from './json-tree.ts';
import { type StandIn, standIn, type Variables } from './variables.ts';

/** Whether a member named `actions` or `inputs` was met on the way down, or before this one among its siblings. */
interface Seen {
  readonly actions: boolean;
  readonly inputs: boolean;
}

/**
 * First pass over a resource: members that are `{}` go, `[]` and null become references to stand-ins, because the ARM
 * template tests refuse blanks. Below `actions`, an `inputs` (and a `value` in it) that is blank keeps its meaning by a
 * stand-in, and a null elsewhere in `inputs` stays.
 */
export function prune(resource: JsonMap, outer: Variables): JsonMap {
  return pruneMap(resource, { actions: false, inputs: false }, outer);
}

function pruneMap(object: JsonMap, seenAbove: Seen, outer: Variables): JsonMap {
  let seen = seenAbove;
  return changedMap(object, (value, name) => {
    if (sameName(name, 'actions')) seen = { ...seen, actions: true };
    if (sameName(name, 'inputs')) seen = { ...seen, inputs: true };
    return pruneMember(name, value, seen, outer);
  });
}

function pruneMember(name: string, value: JsonTree, seen: Seen, outer: Variables): JsonTree | undefined {
  const blank = blankKind(value);
  if (blank) return blankMember(name, blank, seen, outer);
  if (isList(value)) return changedList(value, (item) => pruneItem(item, seen, outer));
  if (!isMap(value)) return value;
  const left = pruneMap(value, seen, outer);
  return left.size === 0 ? undefined : left;
}

function blankMember(name: string, blank: Blank, seen: Seen, outer: Variables): JsonTree | undefined {
  const isInput = seen.actions && (sameName(name, 'inputs') || (seen.inputs && sameName(name, 'value')));
  if (isInput || blank === 'TemplateEmptyArray') return standIn(outer, blank);
  if (blank === 'TemplateNullVariable') return seen.actions && seen.inputs ? null : standIn(outer, 'blanks');
  return sameName(name, 'dataSources') ? standIn(outer, blank) : undefined;
}

function pruneItem(item: JsonTree, seen: Seen, outer: Variables): JsonTree {
  if (isMap(item)) return pruneMap(item, seen, outer);
  return isList(item) ? changedList(item, (inner) => pruneItem(inner, seen, outer)) : item;
}

type Blank = Exclude<StandIn, 'blanks'>;

function blankKind(value: JsonTree): Blank | undefined {
  if (value === null) return 'TemplateNullVariable';
  if (isList(value)) return value.length === 0 ? 'TemplateEmptyArray' : undefined;
  return isMap(value) && value.size === 0 ? 'TemplateEmptyObject' : undefined;
}

/** Third pass: members that are "" become a reference to `blanks`. Items of arrays stay. */
export function replaceEmptyTexts(object: JsonMap, outer: Variables): JsonMap {
  return changedMap(object, (value) => replaceEmptyText(value, outer));
}

function replaceEmptyText(value: JsonTree, outer: Variables): JsonTree {
  if (value === '') return standIn(outer, 'blanks');
  if (isMap(value)) return replaceEmptyTexts(value, outer);
  return isList(value) ? changedList(value, (item) => (isMap(item) ? replaceEmptyTexts(item, outer) : item)) : value;
}
