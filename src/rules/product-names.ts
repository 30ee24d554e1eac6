import { defenderForCloudPlans, productNames } from '../domain/products.ts';
import type { FriendlyNames } from './choices.ts';

/** Look-ups of friendly names: keys in lower case. Built once per config. */
export interface NameTables {
  readonly products: Readonly<Record<string, string>>;
  readonly companies: Readonly<Record<string, string>>;
  readonly entities: Readonly<Record<string, string>>;
  /** The keys of `products` as Sentinel or the user spells them. */
  readonly spellings: readonly string[];
}

/** The known product names with the user's own on top; companies and entities as configured. */
export function nameTables(names: FriendlyNames): NameTables {
  return {
    products: { ...lowerKeys(productNames), ...lowerKeys(names.products) },
    companies: lowerKeys(names.companies),
    entities: lowerKeys(names.entities),
    spellings: [...Object.keys(productNames), ...Object.keys(names.products)],
  };
}

function lowerKeys(table: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([key, name]) => [key.toLowerCase(), name]));
}

/** The friendly name, or the name itself where the table has none. */
export function friendly(table: Readonly<Record<string, string>>, name: string): string {
  const key = name.toLowerCase();
  return Object.hasOwn(table, key) ? (table[key] ?? name) : name;
}

/**
 * Every spelling in lower case that a product name from a filter stands for: itself, its friendly name, and all that Sentinel
 * calls by the same friendly name. `Microsoft Defender for Endpoint` gives `mdatp`, `wdatp`, … as well, and `Microsoft Defender for
 * Cloud` its plans.
 */
export function productAliases(products: readonly string[], names: NameTables): readonly string[] {
  const aliases = products.flatMap((product) => {
    const name = friendly(names.products, product).toLowerCase();
    const raw = Object.entries(names.products).flatMap(([key, value]) => (value.toLowerCase() === name ? [key] : []));
    return [product.toLowerCase(), name, ...raw, ...plansOf([product, name]).map((plan) => plan.toLowerCase())];
  });
  return [...new Set(aliases)];
}

/** The plans of a product, under which its alerts may come; `called`: its names. */
export function plansOf(called: readonly string[]): readonly string[] {
  const isDefenderForCloud = called.some((name) => friendly(lowerKeys(productNames), name).toLowerCase() === CLOUD);
  return isDefenderForCloud ? defenderForCloudPlans : [];
}

const CLOUD = 'microsoft defender for cloud';
