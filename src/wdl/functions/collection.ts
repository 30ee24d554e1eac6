import { compareNumbers, compareOrdinal, deepEquals, identity } from '../compare.ts';
import { findKey } from '../context.ts';
import { toText } from '../text.ts';
import type { WdlArray, WdlObject, WdlValue } from '../values.ts';
import { isArray, isNumber, isObject, typeName } from '../values.ts';
import type { FunctionDefinition, Parameter } from './signature.ts';
import { any, array, arrayOrText, define, defineVariadic, functionError, optional, text, whole } from './signature.ts';
import { concatTexts } from './text-limit.ts';

type Collection = string | WdlArray | WdlObject;

function collection(name: string, expects: string): Parameter<Collection> {
  const read = (value: WdlValue) =>
    typeof value === 'string' || isArray(value) || isObject(value) ? value : undefined;
  return { name, expects, optional: false, read };
}

/** Null counts as empty, as in the service; the documentation is silent. */
function maybeCollection(name: string): Parameter<Collection | 'null'> {
  const inner = collection(name, 'an object, an array or a string');
  return { ...inner, read: (value) => (value === null ? '' : inner.read(value)) };
}

/** The documentation calls all three forms case-sensitive. */
function contains(within: Collection, value: WdlValue): boolean {
  if (typeof within === 'string') return within.includes(toText(value));
  if (isArray(within)) return within.some((item) => deepEquals(item, value));
  return Object.hasOwn(within, toText(value));
}

function itemAt(source: string | WdlArray, index: 0 | -1): WdlValue {
  return typeof source === 'string' ? (source.at(index) ?? '') : (source.at(index) ?? null);
}

function checkCount(functionName: string, count: number): void {
  if (count >= 0) return;
  throw functionError(
    functionName,
    `parameters are out of range: 'count' must be a positive integer. The provided value is '${count}'`,
  );
}

/** Either all arrays or all objects. */
function arraysOrObjects(name: string): Parameter<WdlArray | WdlObject> {
  const read = (value: WdlValue) => (isArray(value) || isObject(value) ? value : undefined);
  return { name, expects: 'an array or an object', optional: false, read };
}

function sameKind(functionName: string, values: readonly (WdlArray | WdlObject)[]) {
  const arrays = values.filter(isArray);
  if (arrays.length === values.length) return { arrays };
  const objects = values.filter(isObject);
  if (objects.length === values.length) return { objects };
  throw functionError(
    functionName,
    "expects parameters of same type, but found 'Array' and 'Object'",
    'wdl.argument-type',
    'Pass arrays only, or objects only.',
  );
}

/** The first of all equal items, in their order. */
function distinct(items: readonly WdlValue[]): WdlValue[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = identity(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function union(values: readonly (WdlArray | WdlObject)[]): WdlValue {
  const { arrays, objects } = sameKind('union', values);
  if (arrays) return distinct(arrays.flat());
  return Object.fromEntries(objects.flatMap((each) => Object.entries(each)));
}

function intersection(values: readonly (WdlArray | WdlObject)[]): WdlValue {
  const { arrays, objects } = sameKind('intersection', values);
  if (arrays) {
    const [first = [], ...others] = arrays;
    const known = others.map((other) => new Set(other.map(identity)));
    return distinct(first).filter((item) => known.every((identities) => identities.has(identity(item))));
  }
  const [first = {}, ...others] = objects;
  // The function page lets the last value win; runs keep only members that are equal everywhere (ScoreUnder/IllogicApps).
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) =>
      others.every((other) => Object.hasOwn(other, name) && deepEquals(other[name] ?? null, value)),
    ),
  );
}

function sort(items: WdlArray, key: string | undefined): WdlValue {
  const keyed = items.map((item) => ({ item, sortKey: key === undefined ? item : memberOf(item, key) }));
  return keyed.sort((a, b) => compareForSort(a.sortKey, b.sortKey)).map(({ item }) => item);
}

function memberOf(item: WdlValue, key: string): WdlValue {
  if (!isObject(item)) {
    throw functionError(
      'sort',
      `expects all items to be objects when it sorts by the property '${key}'. One is of type '${typeName(item)}'`,
      'wdl.argument-type',
    );
  }
  const found = findKey(item, key);
  return found === undefined ? null : (item[found] ?? null);
}

/** Nothing comes before something; texts are compared by character code. */
function compareForSort(a: WdlValue, b: WdlValue): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareOrdinal(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  throw functionError(
    'sort',
    `expects values that can be compared: integers, floats, strings or booleans of one kind. ` +
      `Found '${typeName(a)}' and '${typeName(b)}'`,
    'wdl.argument-type',
  );
}

/** Reference: "Collection functions". */
export const collectionFunctions: readonly FunctionDefinition[] = [
  define(
    'contains',
    [collection('collection', 'a dictionary (object), an array or a string'), any('value')],
    ([within, value]) => contains(within, value),
  ),
  define('empty', [maybeCollection('collection')], ([value]) =>
    typeof value === 'string' || isArray(value) ? value.length === 0 : Object.keys(value).length === 0,
  ),
  define('first', [arrayOrText('collection')], ([source]) => itemAt(source, 0)),
  defineVariadic('intersection', [arraysOrObjects('collection1'), arraysOrObjects('collection2')], intersection),
  define('join', [array('collection'), text('delimiter')], ([items, delimiter]) =>
    concatTexts('join', items.map(toText), delimiter),
  ),
  define('last', [arrayOrText('collection')], ([source]) => itemAt(source, -1)),
  define('reverse', [array('collection')], ([items]) => [...items].reverse()),
  define('skip', [arrayOrText('collection'), whole('count')], ([source, count]) => {
    checkCount('skip', count);
    return source.slice(count);
  }),
  define('sort', [array('collection'), optional(text('sortBy'))], ([items, key]) => sort(items, key)),
  define('take', [arrayOrText('collection'), whole('count')], ([source, count]) => {
    checkCount('take', count);
    return source.slice(0, count);
  }),
  defineVariadic('union', [arraysOrObjects('collection1'), arraysOrObjects('collection2')], union),
];
