/*
 * Columns that KQL names after others: `a1` if a join finds the name twice, `a_string` if a union finds two types, `any_a` and
 * `max_b_a` for aggregates of `*`. The binder knows all other names.
 */

const types = 'bool|boolean|datetime|decimal|double|dynamic|guid|int|long|real|string|timespan|unknown';
const endings = [/\d$/, new RegExp(`_(?:${types})$`)];
const beginning = /^(?:any|max|min)_/;

/** Names of the columns that this column may be a copy of. */
export function originalsOf(name: string): readonly string[] {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const shorter = endings.map((ending) => next?.replace(ending, '') ?? '');
    const parts = beginning.test(next) ? [...next.matchAll(/_/g)].map(({ index }) => next?.slice(index + 1) ?? '') : [];
    for (const original of [...shorter, ...parts]) {
      if (original === '' || original === name || found.has(original)) continue;
      found.add(original);
      open.push(original);
    }
  }
  return [...found];
}
