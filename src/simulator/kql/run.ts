import type { KqlNode, KqlParser } from '../../relay/kql/parser.ts';
import type { ColumnType } from '../logs/answers.ts';
import { evaluate, itemsOf, nowhere, partsOf, type Scope } from './expression.ts';
import { operators } from './operators.ts';
import { type KqlTable, type KqlValue, nothing } from './values.ts';

/** Names to tables; a name that is not there is a table that the workspace has never had a row of. */
export type Tables = ReadonlyMap<string, KqlTable>;

/** A query that was read once, to run on tables as they are at a time; `now` in ms. */
export type PreparedQuery = (tables: Tables, now: number) => KqlTable;

/**
 * Reads a query, to run on tables in memory. It knows the part of the language that our own workbook and rules are written in, with its rules for what is
 * missing: comparisons with nothing are neither true nor false, a string is never null. Percentiles are exact where the service estimates.
 * @throws Error where it is not a query; the prepared one, for a table that is not there outside of `union isfuzzy=true`, and for what it does not know
 */
export function preparedKql(parse: KqlParser, query: string): PreparedQuery {
  const parsed = parse(query);
  if (parsed.kind !== 'Query' || parsed.syntaxError !== undefined) {
    throw new Error(`no query: ${parsed.syntaxError ?? parsed.kind}`);
  }
  const statements = itemsOf(parsed.root);
  return (tables, now) => runStatements(statements, tables, now);
}

/** `preparedKql`, run at once. */
export function runKql(parse: KqlParser, query: string, tables: Tables, now: number): KqlTable {
  return preparedKql(parse, query)(tables, now);
}

function runStatements(statements: readonly KqlNode[], tables: Tables, now: number): KqlTable {
  const values = new Map<string, KqlValue>();
  const known = new Map(tables);
  const scope: Scope = { now, values, tables: known };
  let result: KqlTable | undefined;
  for (const statement of statements) {
    if (statement.kind === 'LetStatement') {
      const [name, bound] = partsOf(statement);
      if (name?.name === undefined || bound === undefined) throw new Error('a let without a name');
      if (givesTable(bound, known)) known.set(name.name, tableOf(bound, scope));
      else values.set(name.name, evaluate(bound, nowhere, scope));
    } else result = tableOf(partsOf(statement)[0] ?? statement, scope);
  }
  if (result === undefined) throw new Error('the query gives no table');
  return result;
}

function givesTable(node: KqlNode, tables: Tables): boolean {
  const inner = unwrapped(node);
  if (inner.kind === 'NameReference') return tables.has(inner.name ?? '');
  return ['PipeExpression', 'UnionOperator', 'DataTableExpression'].includes(inner.kind);
}

/** Without brackets. */
function unwrapped(node: KqlNode): KqlNode {
  return node.kind === 'ParenthesizedExpression' ? unwrapped(partsOf(node)[0] ?? node) : node;
}

/** The table that an expression gives. */
function tableOf(node: KqlNode, scope: Scope): KqlTable {
  const inner = unwrapped(node);
  switch (inner.kind) {
    case 'NameReference': {
      const table = scope.tables.get(inner.name ?? '');
      if (table) return table;
      throw new MissingTable(inner.name ?? '');
    }
    case 'PipeExpression': {
      const [source, operator] = partsOf(inner);
      if (source === undefined || operator === undefined) throw new Error('a pipe without an operator');
      const run = operators[operator.kind];
      if (!run) throw new Error(`the simulator does not know ${operator.kind}`);
      return run(tableOf(source, scope), operator, scope, (other) => tableOf(other, scope));
    }
    case 'UnionOperator':
      return union(inner, scope);
    case 'DataTableExpression':
      return datatable(inner, scope);
    default:
      throw new Error(`the simulator does not know ${inner.kind} as a table`);
  }
}

class MissingTable extends Error {
  constructor(name: string) {
    super(`no table is called ${name}`);
  }
}

function union(node: KqlNode, scope: Scope): KqlTable {
  const lists = node.children.filter(({ kind }) => kind === 'List');
  const isFuzzy = lists.some((list) => list.children.some((one) => /isfuzzy/i.test(one.children[0]?.name ?? '')));
  const sources = lists.flatMap((list) => itemsOf(list)).filter(({ kind }) => kind !== 'NamedParameter');
  const tables = sources.flatMap((source) => {
    try {
      return [tableOf(source, scope)];
    } catch (error) {
      if (isFuzzy && error instanceof MissingTable) return [];
      throw error;
    }
  });
  const columns = [
    ...new Map(tables.flatMap((table) => table.columns.map((column) => [column.name, column] as const))).values(),
  ];
  const rows = tables.flatMap((table) => {
    const places = columns.map(({ name }) => table.columns.findIndex((column) => column.name === name));
    return table.rows.map((row) => columns.map(({ type }, index) => row[places[index] ?? -1] ?? nothing(type)));
  });
  return { columns, rows };
}

function datatable(node: KqlNode, scope: Scope): KqlTable {
  const schema = node.children.find(({ kind }) => kind === 'RowSchema');
  const columns = (schema ? itemsOf(schema) : []).map((column) => {
    const [name, type] = partsOf(column);
    return { name: name?.name ?? '', type: wordIn(type) as ColumnType };
  });
  const cells = itemsOf({ ...node, children: node.children.filter(({ kind }) => kind === 'List') }).map((cell) =>
    evaluate(cell, nowhere, scope),
  );
  const rows: KqlValue[][] = [];
  for (let from = 0; from < cells.length; from += columns.length) rows.push(cells.slice(from, from + columns.length));
  return { columns, rows };
}

function wordIn(node: KqlNode | undefined): string {
  if (node === undefined) return 'dynamic';
  return node.text || wordIn(node.children[0]);
}
