import { identity } from '../../../wdl/compare.ts';
import { isArray, isObject, type WdlValue } from '../../../wdl/values.ts';
import { compareTexts, itemsOf, itemText, type LiquidValue } from '../values.ts';
import { type FilterTable, filter } from './signature.ts';

/** The items of a list, of lists in it, too; any other value is a list of its own. */
function flat(value: LiquidValue): readonly WdlValue[] {
  const flatten = (item: WdlValue): readonly WdlValue[] => (isArray(item) ? item.flatMap(flatten) : [item]);
  return typeof value === 'symbol' ? [] : flatten(value);
}

function member(item: WdlValue, name: string): WdlValue {
  return isObject(item) && Object.hasOwn(item, name) ? (item[name] ?? null) : null;
}

/** In the order of their texts, numbers, too, small and capital letters beside one another (considerations of Microsoft's page). */
function sorted(value: LiquidValue, property: string | null): LiquidValue {
  if (value === null) return null;
  const key = (item: WdlValue) => itemText(property ? member(item, property) : item);
  return [...flat(value)].sort((a, b) => compareTexts(key(a), key(b)));
}

function size(value: LiquidValue): number {
  if (typeof value === 'string') return value.length;
  return (
    itemsOf(value)?.length ??
    (typeof value === 'object' && value !== null && isObject(value) ? Object.keys(value).length : 0)
  );
}

export const collectionFilters: FilterTable = {
  Size: filter(['any'], ([value]) => size(value)),
  First: filter(['list'], ([items]) => items?.[0] ?? null),
  Last: filter(['list'], ([items]) => items?.at(-1) ?? null),
  Join: filter(['list', 'text'], ([items, glue]) => items?.map(itemText).join(glue ?? '') ?? null, ' '),
  Map: filter(['list', 'text'], ([items, name]) => items?.map((item) => member(item, name ?? '')) ?? null),
  Sort: filter(['any', 'text'], ([value, property]) => sorted(value, property), null),
  Uniq: filter(['any'], ([value]) =>
    value === null ? null : [...new Map(flat(value).map((item) => [identity(item), item])).values()],
  ),
  Compact: filter(['any'], ([value]) => (value === null ? null : flat(value).filter((item) => item !== null))),
};
