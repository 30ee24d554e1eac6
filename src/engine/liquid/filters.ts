import { collectionFilters } from './filters/collections.ts';
import { numberFilters } from './filters/numbers.ts';
import type { FilterTable } from './filters/signature.ts';
import { textFilters } from './filters/texts.ts';
import type { Scope } from './scope.ts';
import type { LiquidValue } from './values.ts';

/**
 * The filters of DotLiquid under their C# names, which is how Logic Apps know them ("Transform JSON and XML using Liquid templates
 * as maps", considerations: sentence casing).
 */
const FILTERS: FilterTable = { ...textFilters, ...collectionFilters, ...numberFilters };

/**
 * The value behind a filter. A filter that there is not, which is one with a small first letter, too, changes nothing: the
 * scope remembers it.
 * @throws LiquidError for arguments that it cannot take
 */
export function filtered(name: string, value: LiquidValue, args: readonly LiquidValue[], scope: Scope): LiquidValue {
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (filter) return filter([value, ...args], scope.now, name);
  scope.unknownFilters.add(name);
  return value;
}

/** The name under which there is a filter that was written in another way: `upcase`, `divided_by`. */
export function filterMeant(name: string): string | undefined {
  const plain = name.replaceAll('_', '').toLowerCase();
  return Object.keys(FILTERS).find((known) => known.toLowerCase() === plain);
}
