import { computed, type Exposure, exposureByName, type Protection, worst } from './exposure.ts';

/** A table in the middle of a query: what its columns may show. */
export interface Table {
  readonly columns: ReadonlyMap<string, Exposure>;
  /** What columns that are not named above may show at most, besides what their names say. */
  readonly rest: Exposure;
  /** Whether there may be such columns. */
  readonly isOpen: boolean;
}

/** A table of the workspace: all its columns have their own names. */
export const sourceTable: Table = { columns: new Map(), rest: 'shown', isOpen: true };

/** Columns whose origin nobody knows: of a saved function, for one. */
export const unknownTable: Table = { columns: new Map(), rest: 'hidden', isOpen: true };

export function exposureOf(table: Table, column: string, protection: Protection): Exposure {
  return table.columns.get(column) ?? worst([table.rest, exposureByName(column, protection)]);
}

/** A whole row in one value, `pack_all()`: as bad as the worst column that may be in it. */
export function wholeRow(table: Table): Exposure {
  return worst([...[...table.columns.values()].map(computed), table.isOpen ? 'hidden' : 'shown']);
}

/** Rows of several tables, side by side or one below the other. */
export function merged(tables: readonly Table[], protection: Protection): Table {
  const names = new Set(tables.flatMap(({ columns }) => [...columns.keys()]));
  return {
    columns: new Map(
      [...names].map((name) => [name, worst(tables.map((table) => exposureOf(table, name, protection)))]),
    ),
    rest: worst(tables.map(({ rest }) => rest)),
    isOpen: tables.some(({ isOpen }) => isOpen),
  };
}
