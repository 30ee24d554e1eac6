/* How much of a value may be shown. A value computed from several gets the strictest exposure of them. */

/** From least to most strict: unchanged; `ab…yz`; only that there is a value; not even that. */
const exposures = ['shown', 'masked', 'hidden', 'gone'] as const;
export type Exposure = (typeof exposures)[number];

export function worst(found: Iterable<Exposure>): Exposure {
  let rank = 0;
  for (const exposure of found) rank = Math.max(rank, exposures.indexOf(exposure));
  return exposures[rank] ?? 'gone';
}

/** For parts of a masked value, or values computed from it: two letters from each of many parts would reveal it. */
export function computed(exposure: Exposure): Exposure {
  return exposure === 'masked' ? 'hidden' : exposure;
}

/** Columns that may not be shown, or only in part, by name as in the config. */
export interface Protection {
  readonly denyColumns: readonly string[];
  readonly maskColumns: readonly string[];
}

export function protectsNothing({ denyColumns, maskColumns }: Protection): boolean {
  return denyColumns.length === 0 && maskColumns.length === 0;
}

/**
 * Exposure of a column by its name. KQL renames some columns itself: `Name1` (join), `Name_string` (union of two types),
 * `max_TimeGenerated_Name`, `list_Name`, `Name_dynamic1`.
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

/** Exposures of a result's columns. A column without an entry is judged by its name, and at least as strictly as `rest`. */
export interface ColumnExposures {
  readonly columns: Readonly<Record<string, Exposure>>;
  readonly rest: Exposure;
}
