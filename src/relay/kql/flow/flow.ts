import type { KqlNode } from '../parser.ts';
import { statementsOf } from '../tree.ts';
import { type ColumnExposures, type Exposure, exposureByName, type Protection, worst } from './exposure.ts';
import type { Scope } from './scope.ts';
import { declareAll, tableOf } from './tables.ts';

/**
 * Follows protected columns through a query: renamed, computed, packed, joined, handed to functions that the query declares.
 * What cannot be followed (saved functions, plugins that mix columns, whole rows in one value) may not be seen at all. The
 * binder says which columns each operator gives and from which expressions.
 */
export function columnExposures(root: KqlNode, protection: Protection): ColumnExposures {
  const scope: Scope = { protection, names: new Map() };
  const statements = statementsOf(root);
  declareAll(statements, scope);
  const { columns, rest } = tableOf(statements.at(-1)?.children[0], scope);
  return { columns: Object.fromEntries(columns), rest };
}

/** What a column of the answer may show; its own name counts whatever it was made from. */
export function exposureInAnswer(column: string, { columns, rest }: ColumnExposures, protection: Protection): Exposure {
  const followed = Object.hasOwn(columns, column) ? (columns[column] ?? 'gone') : rest;
  return worst([followed, exposureByName(column, protection)]);
}
