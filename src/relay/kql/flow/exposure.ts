/*
 * How much of a value may be seen. The worst of what a value was made from decides.
 */

/** In order: as it is; `ab…yz`; nothing but that there is something; not even that. */
const exposures = ['shown', 'masked', 'hidden', 'gone'] as const;
export type Exposure = (typeof exposures)[number];

export function worst(found: Iterable<Exposure>): Exposure {
  let rank = 0;
  for (const exposure of found) rank = Math.max(rank, exposures.indexOf(exposure));
  return exposures[rank] ?? 'gone';
}

/** A part of a masked value, or something computed from it: two letters of many such parts would give the value away. */
export function computed(exposure: Exposure): Exposure {
  return exposure === 'masked' ? 'hidden' : exposure;
}

/** Columns that nobody may see, or only in part, by the names that the config gives them. */
export interface Protection {
  readonly denyColumns: readonly string[];
  readonly maskColumns: readonly string[];
}

export function protectsNothing({ denyColumns, maskColumns }: Protection): boolean {
  return denyColumns.length === 0 && maskColumns.length === 0;
}

/**
 * What a column may show that is called so. The language itself gives some columns other names: `Name1` (join),
 * `Name_string` (union of two types), `max_TimeGenerated_Name`, `list_Name`, `Name_dynamic1`.
 */
export function exposureByName(name: string, { denyColumns, maskColumns }: Protection): Exposure {
  if (denyColumns.some((denied) => isVariantOf(name, denied))) return 'gone';
  return maskColumns.some((masked) => isVariantOf(name, masked)) ? 'masked' : 'shown';
}

function isVariantOf(name: string, original: string): boolean {
  const [given, wanted] = [name.toLowerCase(), original.toLowerCase()];
  const at = given.lastIndexOf(wanted);
  if (at < 0) return false;
  const [before, after] = [given.slice(0, at), given.slice(at + wanted.length)];
  return (before === '' || before.endsWith('_')) && /^(_[a-z]+)?\d*$/.test(after);
}

/** What the columns of a result may show. Whatever is not named is judged by its name, and at least as `rest`. */
export interface ColumnExposures {
  readonly columns: Readonly<Record<string, Exposure>>;
  readonly rest: Exposure;
}
