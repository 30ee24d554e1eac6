import { defenderForCloudPlans, productNames } from '../domain/products.ts';
import type { FriendlyNames } from './choices.ts';

/** Lookup tables of friendly names, keyed in lower case. Built once per config. */
export interface NameTables {
  readonly products: Readonly<Record<string, string>>;
  readonly companies: Readonly<Record<string, string>>;
  readonly entities: Readonly<Record<string, string>>;
  /** Keys of `products` as spelled by Sentinel or the user. */
  readonly spellings: readonly string[];
}

/** The known product names, overridden by the user's; companies and entities as configured. */
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

/** The friendly name, or the name itself if there is none. */
export function friendly(table: Readonly<Record<string, string>>, name: string): string {
  const key = name.toLowerCase();
  return Object.hasOwn(table, key) ? (table[key] ?? name) : name;
}

/**
 * All spellings, in lower case, that a product name in a filter stands for: itself, its friendly name, and all Sentinel names
 * with the same friendly name. `Microsoft Defender for Endpoint` also gives `mdatp`, `wdatp`, …, and `Microsoft Defender for
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

/** Plans of a product, whose names its alerts may have; `called`: names of the product. */
export function plansOf(called: readonly string[]): readonly string[] {
  const isDefenderForCloud = called.some((name) => friendly(lowerKeys(productNames), name).toLowerCase() === CLOUD);
  return isDefenderForCloud ? defenderForCloudPlans : [];
}

const CLOUD = 'microsoft defender for cloud';
