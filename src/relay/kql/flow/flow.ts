import type { KqlNode } from '../parser.ts';
import { statementsOf } from '../tree.ts';
import { type ColumnExposures, type Exposure, exposureByName, type Protection, worst } from './exposure.ts';
import { factsOf } from './facts.ts';
import { indexed } from './query.ts';
import { ROW, readsOf } from './reads.ts';
import { namesIn, spread } from './spread.ts';
import { isMade, tablesOf } from './tables.ts';
import { originalsOf } from './variants.ts';

/**
 * Follows protected columns through a query by name, without regard to order (see `facts.ts`). Anything not provably made from
 * other columns is not shown: columns of saved functions, of plugins that mix columns, and whole rows in one value.
 */
export function columnExposures(root: KqlNode, protection: Protection): ColumnExposures {
  const query = indexed(root);
  const tables = tablesOf(query);
  const facts = factsOf(query, tables, readsOf(query, tables));
  const known = spread(facts, protection, 'shown');
  const all = spread(facts, protection, 'hidden');
  const exposureOf = (name: string) => worst([known.exposureOf(name), all.exposureOf(name)]);
  // If a whole row is compared with a protected value, any column may equal it.
  const everywhere = known.toldOf(ROW);

  const expression = statementsOf(root).at(-1)?.children[0];
  const { isClosed, columns, origins } = tables.of(expression);
  const rest = worst([everywhere, isClosed ? 'hidden' : 'shown', ...[...origins].map(exposureOf)]);
  const made = new Set(columns.filter((column) => isClosed || isMade(column)).map(({ name }) => name));
  const names = new Set([...columns.map(({ name }) => name), ...namesIn(facts)]);
  const exposureInAnswer = (name: string) => worst([exposureOf(name), made.has(name) ? everywhere : rest]);
  return { columns: Object.fromEntries([...names].map((name) => [name, exposureInAnswer(name)])), rest };
}

/**
 * Exposure of a column in the result. Its own name counts whatever it was made from, and so does the name it may be a copy of.
 */
export function exposureInAnswer(column: string, { columns, rest }: ColumnExposures, protection: Protection): Exposure {
  const known = (name: string) => (Object.hasOwn(columns, name) ? columns[name] : undefined);
  const copied = originalsOf(column).map((original) => known(original) ?? 'shown');
  return worst([known(column) ?? worst([rest, ...copied]), exposureByName(column, protection)]);
}
