/*
 * Columns that the language names after others without asking the query: `a1` where a join finds two, `a_string` where a union
 * finds two types, `any_a` and `max_b_a` where an aggregate is asked for `*`. All other names are known to the binder.
 */

const types = 'bool|boolean|datetime|decimal|double|dynamic|guid|int|long|real|string|timespan|unknown';
const endings = [/\d$/, new RegExp(`_(?:${types})$`)];
const beginning = /^(?:any|max|min)_/;

/** The names of columns that a column of this name may be a copy of. */
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
