import { computed, type Exposure, exposureByName, type Protection, worst } from './exposure.ts';
import type { Assignment, Comparison, Facts, Way } from './facts.ts';
import { memberParts, ROW } from './reads.ts';
import { UNKNOWN } from './tables.ts';
import { originalsOf } from './variants.ts';

type Step = (exposure: Exposure) => Exposure;

const same: Step = (exposure) => exposure;
/** A value that may not be shown may not be shown as a column name either. */
const named: Step = (exposure) => (exposure === 'shown' ? 'shown' : 'gone');
/** A masked column stays masked, whatever it is compared with. */
const unlessHidden: Step = (exposure) => (exposure === 'hidden' ? 'shown' : exposure);

/** Exposures of names, and of comparisons with them, after all have been propagated. */
export interface Spread {
  readonly exposureOf: (name: string) => Exposure;
  readonly toldOf: (name: string) => Exposure;
}

/**
 * Protection propagates to everything made from a protected value and, if rows depend on a comparison, to everything it is
 * compared with, and from there back to what that was made from. `unknown`: exposure of columns that are not known.
 */
export function spread(facts: Facts, protection: Protection, unknown: Exposure): Spread {
  // In a bag made from a whole row, the keys are its column names.
  const ways: Readonly<Record<Way, Step>> = { same, computed, named, keyed: unknown === 'shown' ? named : computed };
  const graph = new Graph();
  const copies = copiesIn(facts);
  const constants = constantsOf(facts, protection);
  for (const { name, reads, way } of [...facts.assignments, ...copies]) {
    for (const read of reads) {
      graph.flow(held(read), held(name), ways[way]);
      graph.flow(told(name), told(read));
    }
  }
  [...facts.comparisons, ...hiddenComparisons(facts, copies)]
    .filter(({ names }) => names.filter((name) => !constants.has(name)).length > 1)
    .forEach(({ names, way }, index) => {
      for (const name of names) {
        if (!constants.has(name)) graph.flow(held(name), `comparison ${index}`, ways[way]);
        graph.flow(`comparison ${index}`, told(name));
      }
    });
  const made = new Set(facts.assignments.map(({ name }) => name));
  for (const name of namesIn(facts)) {
    const own = exposureByName(name, protection);
    graph.flow(told(name), held(name), own === 'masked' ? unlessHidden : same);
    const [bag, ...members] = memberParts(name);
    if (bag === undefined || members.length === 0) continue;
    for (const part of [bag, ...members]) graph.flow(held(part), held(name));
    // In a bag stored in the workspace, a key named like a protected column reveals that key and not the whole bag.
    if (!made.has(bag) && members.some((member) => exposureByName(member, protection) !== 'shown')) continue;
    for (const part of [bag, ...members]) graph.flow(told(name), told(part));
  }
  for (const name of namesIn(facts)) graph.raise(held(name), exposureByName(name, protection));
  for (const name of [ROW, UNKNOWN]) graph.raise(held(name), unknown);
  return {
    exposureOf: (name) => worst([name, ...originalsOf(name)].map((each) => graph.at(held(each)))),
    toldOf: (name) => graph.at(told(name)),
  };
}

/** Exposure of the value itself, and of comparisons with it. */
const held = (name: string) => `held ${name}`;
const told = (name: string) => `told ${name}`;

/** Graph whose nodes only ever get stricter and pass their exposure on. */
class Graph {
  readonly #flows = new Map<string, { readonly to: string; readonly as: Step }[]>();
  readonly #exposures = new Map<string, Exposure>();

  flow(from: string, to: string, as = same): void {
    const flows = this.#flows.get(from);
    if (flows) flows.push({ to, as });
    else this.#flows.set(from, [{ to, as }]);
  }

  at(node: string): Exposure {
    return this.#exposures.get(node) ?? 'shown';
  }

  raise(start: string, exposure: Exposure): void {
    const open = [{ node: start, exposure }];
    for (let next = open.pop(); next; next = open.pop()) {
      const before = this.at(next.node);
      const after = worst([before, next.exposure]);
      if (after === before) continue;
      this.#exposures.set(next.node, after);
      for (const { to, as } of this.#flows.get(next.node) ?? []) open.push({ node: to, exposure: as(after) });
    }
  }
}

export function namesIn({ assignments, comparisons }: Facts): ReadonlySet<string> {
  const assigned = assignments.flatMap(({ name, reads }) => [name, ...reads]);
  const names = [...assigned, ...comparisons.flatMap((comparison) => comparison.names)];
  return new Set(names.flatMap((name) => [name, ...memberParts(name)]));
}

/** Columns that may be copies of others, by the names that KQL gives them. */
function copiesIn(facts: Facts): readonly Assignment[] {
  const names = namesIn(facts);
  return [...names].flatMap((name): readonly Assignment[] => {
    const reads = originalsOf(name).filter((original) => names.has(original));
    return reads.length > 0 ? [{ name, reads, way: 'same' }] : [];
  });
}

/** `let` names and parameters that only hold values written in the query. */
function constantsOf({ declared, assignments }: Facts, protection: Protection): ReadonlySet<string> {
  const constants = new Set(declared.filter((name) => exposureByName(name, protection) === 'shown'));
  const readers = Map.groupBy(
    assignments.flatMap(({ name, reads }) => reads.map((read) => ({ name, read }))),
    ({ read }) => read,
  );
  const open = [...readers.keys()].filter((name) => !constants.has(name));
  for (let read = open.pop(); read !== undefined; read = open.pop()) {
    for (const { name } of readers.get(read) ?? []) if (constants.delete(name)) open.push(name);
  }
  return constants;
}

/** A column that rows depend on may be the result of a comparison: `extend e = strcmp(a, b) | where e == 0`. */
function hiddenComparisons({ assignments, comparisons }: Facts, copies: readonly Assignment[]): readonly Comparison[] {
  const made = Map.groupBy([...assignments, ...copies], ({ name }) => name);
  const decisive = new Set(comparisons.flatMap(({ names }) => names));
  // A Set also iterates over items that are added during the loop.
  for (const name of decisive) {
    for (const { reads } of made.get(name) ?? []) for (const read of reads) decisive.add(read);
  }
  return assignments
    .filter(({ name }) => decisive.has(name))
    .map(({ reads }): Comparison => ({ names: reads, way: 'computed' }));
}
