import {
  type ArmObject,
  type ArmValue,
  argumentError,
  armMember,
  isArmObject,
  Placeholder,
  sameArmValue,
  textOfArm,
  typeNameOf,
} from '../value.ts';
import { ANY_NUMBER, type ArmFunctions, arrayArg, fn, isArray, numberArg, objectArg, textArg } from './signature.ts';

/** Array and object functions ("Array functions for ARM templates", "Object functions for ARM templates"). */
export const collectionFunctions: ArmFunctions = {
  array: fn(1, 1, ([value = null]) => (isArray(value) ? value : [value])),
  concat: fn(0, ANY_NUMBER, (args) =>
    args.length > 0 && args.every(isArray) ? args.flat() : args.map(textOfArm).join(''),
  ),
  contains: fn(2, 2, ([container = null, wanted = null], _, name) => {
    if (isArray(container)) return container.some((item) => sameArmValue(item, wanted));
    if (typeof container === 'string') return container.includes(textOfArm(wanted));
    if (container instanceof Placeholder) return false;
    if (isArmObject(container)) return armMember(container, textOfArm(wanted)) !== undefined;
    throw argumentError(name, `expects a string, an array or an object, not ${typeNameOf(container)}`);
  }),
  createarray: fn(0, ANY_NUMBER, (args) => args),
  createobject: fn(0, ANY_NUMBER, (args, _, name) => {
    if (args.length % 2 !== 0) throw argumentError(name, 'expects pairs of key and value');
    const pairs = Array.from({ length: args.length / 2 }, (__, pair) => [
      textArg(args, pair * 2, name),
      args[pair * 2 + 1] ?? null,
    ]);
    return Object.fromEntries(pairs) as ArmObject;
  }),
  empty: fn(1, 1, ([value = null]) => (typeof value === 'string' ? value === '' : sizeOf(value) === 0)),
  first: fn(1, 1, (args, _, name) => endOf(args[0], 0, name)),
  last: fn(1, 1, (args, _, name) => endOf(args[0], -1, name)),
  flatten: fn(1, 1, (args, _, name) => arrayArg(args, 0, name).flatMap((item) => (isArray(item) ? item : [item]))),
  indexfromend: fn(2, 2, (args, _, name) => {
    const items = arrayArg(args, 0, name);
    const item = items.at(-numberArg(args, 1, name));
    if (item === undefined) throw argumentError(name, `has no item ${args[1]} from the end of ${items.length}`);
    return item;
  }),
  tryindexfromend: fn(2, 2, (args, _, name) => arrayArg(args, 0, name).at(-numberArg(args, 1, name)) ?? null),
  indexof: fn(2, 2, ([container = null, wanted = null]) =>
    isArray(container)
      ? container.findIndex((item) => sameArmValue(item, wanted))
      : textOfArm(container).toLowerCase().indexOf(textOfArm(wanted).toLowerCase()),
  ),
  lastindexof: fn(2, 2, ([container = null, wanted = null]) =>
    isArray(container)
      ? container.findLastIndex((item) => sameArmValue(item, wanted))
      : textOfArm(container).toLowerCase().lastIndexOf(textOfArm(wanted).toLowerCase()),
  ),
  intersection: fn(2, ANY_NUMBER, (args, _, name) => {
    if (args.every(isArray)) {
      const [head = [], ...rest] = args;
      return head.filter((item) => rest.every((other) => other.some((candidate) => sameArmValue(candidate, item))));
    }
    const [head = {}, ...rest] = args.map((__, index) => objectArg(args, index, name));
    return Object.fromEntries(
      Object.entries(head).filter(([key, item]) => rest.every((other) => sameArmValue(other[key] ?? null, item))),
    );
  }),
  items: fn(1, 1, (args, _, name) =>
    Object.entries(objectArg(args, 0, name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ({ key, value })),
  ),
  join: fn(2, 2, (args, _, name) =>
    arrayArg(args, 0, name)
      .map(textOfArm)
      .join(textArg(args, 1, name)),
  ),
  length: fn(1, 1, ([value = null]) => (typeof value === 'string' ? value.length : sizeOf(value))),
  objectkeys: fn(1, 1, (args, _, name) => Object.keys(objectArg(args, 0, name))),
  range: fn(2, 2, (args, _, name) => {
    const start = numberArg(args, 0, name);
    return Array.from({ length: numberArg(args, 1, name) }, (__, index) => start + index);
  }),
  shallowmerge: fn(1, 1, (args, _, name) => Object.assign({}, ...arrayArg(args, 0, name)) as ArmObject),
  skip: fn(2, 2, (args, _, name) => {
    const [value = null] = args;
    const count = Math.max(0, numberArg(args, 1, name));
    return isArray(value) ? value.slice(count) : textOfArm(value).slice(count);
  }),
  take: fn(2, 2, (args, _, name) => {
    const [value = null] = args;
    const count = Math.max(0, numberArg(args, 1, name));
    return isArray(value) ? value.slice(0, count) : textOfArm(value).slice(0, count);
  }),
  tryget: fn(2, ANY_NUMBER, ([value = null, ...path]) =>
    path.reduce<ArmValue>((current, key) => {
      if (isArray(current) && typeof key === 'number') return current[key] ?? null;
      return armMember(current, textOfArm(key)) ?? null;
    }, value),
  ),
  union: fn(2, ANY_NUMBER, (args, _, name) => {
    if (args.every(isArray)) return distinct(args.flat());
    return args.map((__, index) => objectArg(args, index, name)).reduce(mergeDeep);
  }),
};

function sizeOf(value: ArmValue): number {
  if (isArray(value)) return value.length;
  return isArmObject(value) ? Object.keys(value).length : 0;
}

function endOf(value: ArmValue | undefined, at: 0 | -1, name: string): ArmValue {
  if (typeof value === 'string') return value.at(at) ?? '';
  if (isArray(value)) return value.at(at) ?? null;
  throw argumentError(name, `expects a string or an array, not ${typeNameOf(value)}`);
}

function distinct(items: readonly ArmValue[]): ArmValue[] {
  return items.filter((item, index) => items.findIndex((other) => sameArmValue(other, item)) === index);
}

/** Members of both that are objects are merged in turn; otherwise the later value wins. */
function mergeDeep(a: ArmObject, b: ArmObject): ArmObject {
  const merged: Record<string, ArmValue> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = merged[key];
    merged[key] = before !== undefined && isArmObject(before) && isArmObject(value) ? mergeDeep(before, value) : value;
  }
  return merged;
}
