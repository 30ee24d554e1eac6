import type { KqlNode } from '../../relay/kql/parser.ts';
import type { ColumnType } from '../logs/answers.ts';
import { aggregates } from './aggregates.ts';
import {
  argumentsOf,
  type CurrentRow,
  evaluate,
  itemsOf,
  nowhere,
  partsOf,
  type Scope,
  sourceOf,
} from './expression.ts';
import { compared, type KqlTable, type KqlTableColumn, type KqlValue, keyOf, nothing, typeOf } from './values.ts';

/** An operator behind a pipe. `other` gives a further table, for joins. */
type Operator = (table: KqlTable, node: KqlNode, scope: Scope, other: (node: KqlNode) => KqlTable) => KqlTable;

type Row = readonly KqlValue[];

const rowAt = ({ columns, rows }: KqlTable, index: number): CurrentRow => ({ columns, rows, index });

export const operators: Readonly<Record<string, Operator>> = {
  FilterOperator: (table, node, scope) => {
    const condition = partsOf(node).at(-1);
    if (!condition) return table;
    const rows = table.rows.filter((_, index) => evaluate(condition, rowAt(table, index), scope) === true);
    return { columns: table.columns, rows };
  },
  ExtendOperator: (table, node, scope) => itemsOf(node).reduce((made, item) => extended(made, item, scope), table),
  ProjectOperator: (table, node, scope) => {
    const items = itemsOf(node);
    return chosen(
      items.reduce((made, item) => (item.kind === 'NameReference' ? made : extended(made, item, scope)), table),
      items.map(nameOf),
    );
  },
  DistinctOperator: (table, node) => {
    const kept = chosen(
      table,
      itemsOf(node).map(({ name = '' }) => name),
    );
    return { ...kept, rows: [...new Map(kept.rows.map((row) => [keyOf(row), row])).values()] };
  },
  CountOperator: (table) => ({ columns: [{ name: 'Count', type: 'long' }], rows: [[table.rows.length]] }),
  SortOperator: (table, node, scope) => sorted(table, itemsOf(node), scope),
  TopOperator: (table, node, scope) => {
    const [count, by] = partsOf(node);
    const rows = by ? sorted(table, [by], scope).rows : table.rows;
    return { ...table, rows: rows.slice(0, countIn(count, scope)) };
  },
  TakeOperator: (table, node, scope) => ({ ...table, rows: table.rows.slice(0, countIn(partsOf(node)[0], scope)) }),
  MvExpandOperator: (table, node, scope) => itemsOf(node).reduce((made, item) => expanded(made, item, scope), table),
  SummarizeOperator: summarized,
  JoinOperator: joined,
};

function countIn(node: KqlNode | undefined, scope: Scope): number {
  return node ? Number(evaluate(node, nowhere, scope)) : 0;
}

function nameOf(item: KqlNode): string {
  return (item.kind === 'SimpleNamedExpression' ? item.children[0]?.name : item.name) ?? sourceOf(item);
}

function expressionOf(item: KqlNode): KqlNode {
  return item.kind === 'SimpleNamedExpression' ? (partsOf(item)[1] ?? item) : item;
}

const GIVES_TEXT: ReadonlySet<string> = new Set(['tostring', 'strcat', 'extract']);

/** The type that an expression has without a row. */
function statedType(expression: KqlNode | undefined, table: KqlTable): ColumnType | undefined {
  if (expression === undefined) return undefined;
  if (expression.kind === 'StringLiteralExpression') return 'string';
  if (expression.kind === 'NameReference') return table.columns.find(({ name }) => name === expression.name)?.type;
  const called = expression.kind === 'FunctionCallExpression' ? (expression.children[0]?.name ?? '') : '';
  if (called === 'take_any' || called === 'coalesce') return statedType(argumentsOf(expression)[0], table);
  return GIVES_TEXT.has(called) ? 'string' : undefined;
}

/** A column with these values in its place, or behind the others. */
function withColumn(table: KqlTable, name: string, values: readonly KqlValue[], stated?: ColumnType): KqlTable {
  const at = table.columns.findIndex((column) => column.name === name);
  const type = values.map(typeOf).find((one) => one !== undefined) ?? stated ?? 'dynamic';
  const column: KqlTableColumn = { name, type };
  return at < 0
    ? { columns: [...table.columns, column], rows: table.rows.map((row, index) => [...row, values[index] ?? null]) }
    : {
        columns: table.columns.with(at, column),
        rows: table.rows.map((row, index) => row.with(at, values[index] ?? null)),
      };
}

function extended(table: KqlTable, item: KqlNode, scope: Scope): KqlTable {
  const expression = expressionOf(item);
  const values = table.rows.map((_, index) => evaluate(expression, rowAt(table, index), scope));
  return withColumn(table, nameOf(item), values, statedType(expression, table));
}

function chosen(table: KqlTable, names: readonly string[]): KqlTable {
  const places = names.map((name) => {
    const place = table.columns.findIndex((column) => column.name === name);
    if (place < 0) throw new Error(`no column is called ${name}`);
    return place;
  });
  return {
    columns: places.flatMap((place) => table.columns[place] ?? []),
    rows: table.rows.map((row) => places.map((place) => row[place] ?? null)),
  };
}

/** Descending where nothing is said; nothing comes last then, and first where it is ascending. */
function sorted(table: KqlTable, keys: readonly KqlNode[], scope: Scope): KqlTable {
  const orders = keys.map((key) => {
    const [expression = key, clause] = key.kind === 'OrderedExpression' ? partsOf(key) : [key];
    const isAscending = clause !== undefined && /^asc/i.test(sourceOf(clause));
    return { sign: isAscending ? 1 : -1, expression };
  });
  const cells = table.rows.map((_, index) =>
    orders.map(({ expression }) => evaluate(expression, rowAt(table, index), scope)),
  );
  const order = (a: number, b: number): number => {
    for (const [at, { sign }] of orders.entries()) {
      const [left = null, right = null] = [cells[a]?.[at], cells[b]?.[at]];
      const difference = left === null || right === null ? Number(right === null) - Number(left === null) : undefined;
      const result = sign * (difference ?? compared(left, right) ?? 0);
      if (result !== 0) return result;
    }
    return a - b;
  };
  const indexes = table.rows.map((_, index) => index).sort(order);
  return { columns: table.columns, rows: indexes.map((index) => table.rows[index] ?? []) };
}

/** One row for each item of a list; a bag or a single value stays, and a row without anything stays with nothing. */
function expanded(table: KqlTable, item: KqlNode, scope: Scope): KqlTable {
  const named = item.kind === 'MvExpandExpression' ? (partsOf(item)[0] ?? item) : item;
  const made = extended(table, named, scope);
  const at = made.columns.findIndex((column) => column.name === nameOf(named));
  const rows = made.rows.flatMap((row) => {
    const list = row[at];
    if (!Array.isArray(list)) return [row];
    return list.length === 0 ? [row.with(at, null)] : list.map((one: KqlValue) => row.with(at, one));
  });
  return { columns: made.columns.with(at, { name: nameOf(named), type: 'dynamic' }), rows };
}

function summarized(table: KqlTable, node: KqlNode, scope: Scope): KqlTable {
  const by = node.children.find(({ kind }) => kind === 'SummarizeByClause');
  const keys = by ? itemsOf(by) : [];
  const cells = table.rows.map((_, index) =>
    keys.map((key) => evaluate(expressionOf(key), rowAt(table, index), scope)),
  );
  const groups = new Map<string, { readonly key: Row; readonly indexes: number[] }>();
  if (keys.length === 0) groups.set('', { key: [], indexes: table.rows.map((_, index) => index) });
  else
    for (const [index, key] of cells.entries()) {
      const id = keyOf(key);
      const group = groups.get(id) ?? { key, indexes: [] };
      group.indexes.push(index);
      groups.set(id, group);
    }
  const wanted = itemsOf({ ...node, children: node.children.filter((child) => child.kind === 'List') });
  const parts = wanted.map((item) => aggregateOf(item, table, scope));
  const names = [...keys.map(keyName), ...parts.flatMap(({ names: own }) => own)];
  const rows = [...groups.values()].map(({ key, indexes }) => [
    ...key,
    ...parts.flatMap(({ values }) => values(indexes)),
  ]);
  const stated = [...keys, ...wanted].map((item) => [nameOf(item), statedType(expressionOf(item), table)] as const);
  return typed(names, rows, table, new Map(stated));
}

function keyName(key: KqlNode): string {
  if (key.kind !== 'FunctionCallExpression') return nameOf(key);
  return argumentsOf(key)[0]?.name ?? nameOf(key);
}

interface AggregatePart {
  readonly names: readonly string[];
  readonly values: (indexes: readonly number[]) => Row;
}

/** An aggregate, or an expression of aggregates; `arg_max` and `arg_min` give several columns. */
function aggregateOf(item: KqlNode, table: KqlTable, scope: Scope): AggregatePart {
  const expression = expressionOf(item);
  const called = expression.kind === 'FunctionCallExpression' ? expression.children[0]?.name : undefined;
  if (called === 'arg_max' || called === 'arg_min') return extremeRow(called, expression, table, scope);
  const name = item.kind === 'SimpleNamedExpression' ? nameOf(item) : defaultName(expression);
  return {
    names: [name],
    values: (indexes) => [aggregated(expression, indexes, table, scope)],
  };
}

function defaultName(expression: KqlNode): string {
  const called = expression.children[0]?.name ?? '';
  const [first] = argumentsOf(expression);
  return `${called}_${first?.name ?? ''}`;
}

/** Replaces each aggregate by its value, and evaluates what is around it. */
function aggregated(node: KqlNode, indexes: readonly number[], table: KqlTable, scope: Scope): KqlValue {
  const aggregate = node.kind === 'FunctionCallExpression' ? aggregates[node.children[0]?.name ?? ''] : undefined;
  if (aggregate) {
    const args = argumentsOf(node);
    return aggregate(indexes.map((index) => args.map((arg) => evaluate(arg, rowAt(table, index), scope))));
  }
  const inner = new Map<string, KqlValue>();
  const replaced = (one: KqlNode): KqlNode => {
    if (one.kind === 'FunctionCallExpression' && aggregates[one.children[0]?.name ?? '']) {
      const name = `$${inner.size}`;
      inner.set(name, aggregated(one, indexes, table, scope));
      return { ...one, kind: 'NameReference', name, children: [] };
    }
    return { ...one, children: one.children.map(replaced) };
  };
  const outer = replaced(node);
  return evaluate(outer, nowhere, { ...scope, values: new Map([...scope.values, ...inner]) });
}

function extremeRow(called: string, expression: KqlNode, table: KqlTable, scope: Scope): AggregatePart {
  const [by, ...rest] = argumentsOf(expression);
  if (!by) throw new Error(`${called} without an argument`);
  const wanted = [by, ...rest];
  const sign = called === 'arg_max' ? 1 : -1;
  return {
    names: wanted.map(nameOf),
    values: (indexes) => {
      let best: number | undefined;
      let most: KqlValue = null;
      for (const index of indexes) {
        const value = evaluate(by, rowAt(table, index), scope);
        if (value === null || (most !== null && sign * (compared(value, most) ?? 0) <= 0)) continue;
        best = index;
        most = value;
      }
      const place = best ?? indexes[0] ?? 0;
      return wanted.map((arg) => evaluate(arg, rowAt(table, place), scope));
    },
  };
}

/** Columns of names that occur twice are kept once, the first; their types are those of the table they come from, or of their values. */
function typed(
  names: readonly string[],
  rows: readonly Row[],
  from: KqlTable,
  stated: ReadonlyMap<string, ColumnType | undefined>,
): KqlTable {
  const places = names.flatMap((name, at) => (names.indexOf(name) === at ? [at] : []));
  const columns = places.map((at) => {
    const name = names[at] ?? '';
    const known = from.columns.find((column) => column.name === name)?.type ?? stated.get(name);
    const inRows = rows.map((row) => typeOf(row[at] ?? null)).find((one) => one !== undefined);
    return { name, type: known ?? inRows ?? 'dynamic' };
  });
  return { columns, rows: rows.map((row) => places.map((at) => row[at] ?? null)) };
}

/** On columns of one name. Columns of the right whose name is taken get a 1 behind it. */
function joined(left: KqlTable, node: KqlNode, _: Scope, other: (node: KqlNode) => KqlTable): KqlTable {
  const parts = partsOf(node);
  const clause = parts.find(({ kind }) => kind === 'JoinOnClause');
  const source = parts.find(({ kind }) => kind === 'ParenthesizedExpression' || kind === 'NameReference');
  const named = parts.find(({ kind }) => kind === 'List');
  if (!clause || !source) throw new Error('a join needs a table and a condition');
  const kind = /kind=(\w+)/.exec(named ? sourceOf(named) : '')?.[1] ?? 'innerunique';
  const right = other(source);
  const keys = itemsOf(clause);
  if (keys.some(({ kind }) => kind !== 'NameReference')) throw new Error('the simulator joins on columns of one name');
  const placesOf = (table: KqlTable) => keys.map((key) => table.columns.findIndex(({ name }) => name === key.name));
  const [leftPlaces, rightPlaces] = [placesOf(left), placesOf(right)];
  const keyIn = (row: Row, places: readonly number[]) => keyOf(places.map((place) => row[place] ?? null));
  const found = Map.groupBy(right.rows, (row) => keyIn(row, rightPlaces));
  if (kind === 'leftanti') return { ...left, rows: left.rows.filter((row) => !found.has(keyIn(row, leftPlaces))) };
  const taken = new Set(left.columns.map(({ name }) => name));
  const columns = [
    ...left.columns,
    ...right.columns.map(({ name, type }) => ({ name: taken.has(name) ? `${name}1` : name, type })),
  ];
  const none = right.columns.map(({ type }) => nothing(type));
  const rows = left.rows.flatMap((row) => {
    const matches = found.get(keyIn(row, leftPlaces)) ?? (kind === 'leftouter' ? [none] : []);
    return matches.map((match) => [...row, ...match]);
  });
  return { columns, rows };
}
