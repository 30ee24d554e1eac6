import type { KqlColumn, KqlNode } from '../parser.ts';
import { allNodes, argumentsOf, calledName, itemsOf } from '../tree.ts';
import { isOperator, operatorAround, type Query, resultOf } from './query.ts';

/** Stands for columns that are not known: of saved functions, and of plugins that mix columns. */
export const UNKNOWN = '<unknown>';

/** The columns of a tabular expression. */
export interface Table {
  /** Whether these are all the columns. */
  readonly isClosed: boolean;
  readonly columns: readonly KqlColumn[];
  /** Sources of columns that kept their names; empty for tables of the workspace. */
  readonly origins: ReadonlySet<string>;
}

const workspaceTable: Table = { isClosed: false, columns: [], origins: new Set() };
const unknownTable: Table = { isClosed: false, columns: [], origins: new Set([UNKNOWN]) };

/** Operators that return their input columns, some of them, or more. */
const passing = kinds(
  'As Serialize Sort Take Sample Top Filter Extend ProjectAway ProjectRename ProjectReorder ProjectKeep ProjectByNames ' +
    'MvExpand Parse ParseWhere ParseKv Render Consume Scan',
);
/** Operators that return the columns they name and no others, except with `*`. */
const closing = kinds(
  'Project Summarize Distinct Count SampleDistinct TopHitters TopNested MakeSeries Print Range GetSchema ReduceBy',
);
/** Operators that return the columns of several tables. */
const mixing = kinds('Join Lookup Union Search MvApply Partition');
/** Plugins that return their input columns and those of a table. */
export const lookups: ReadonlySet<string> = new Set(['ipv4_lookup', 'ipv6_lookup']);
/** Plugins that name columns after values. */
const openPlugins: ReadonlySet<string> = new Set(['bag_unpack', 'pivot']);

const wrappers =
  /^(Parenthesized|Materialize|ToTable|ToScalar|DataScope|MvApplySubquery)Expression$|^Partition(Subq|Q)uery$/;

function kinds(names: string): ReadonlySet<string> {
  return new Set(names.split(' ').map((name) => `${name}Operator`));
}

export type Tables = ReturnType<typeof tablesOf>;

/** What is known about the tables of a query; the rest is {@link UNKNOWN}. */
export function tablesOf(query: Query) {
  const known = new Map<KqlNode, Table>();

  function tableOf(node: KqlNode): Table {
    const before = known.get(node);
    if (before) return before;
    // In `let T = T | take 5`, the inner `T` is a table.
    known.set(node, workspaceTable);
    const found = looked(node);
    known.set(node, found);
    return found;
  }

  function looked(node: KqlNode): Table {
    const { kind, children } = node;
    if (isOperator(node)) return afterOperator(node);
    if (kind === 'PipeExpression') return of(children.at(-1));
    if (kind === 'FunctionDeclaration') return of(resultOf(node));
    if (wrappers.test(kind)) return of(children.find((child) => !/(Token|Keyword|List)$/.test(child.kind)));
    if (kind === 'DataTableExpression') return { isClosed: true, columns: node.columns ?? [], origins: new Set() };
    if (kind === 'NameReference') return named(node);
    // `workspace("Partner").T`
    if (kind === 'PathExpression') return children.at(-1)?.kind === 'NameReference' ? workspaceTable : unknownTable;
    if (kind !== 'FunctionCallExpression') return unknownTable;
    if (node.symbol?.origin === 'built-in') {
      return node.symbol.name === 'table' && isWritten(argumentsOf(node)[0]) ? anyOfQuery() : unknownTable;
    }
    return together(node, (query.meanings.get(calledName(node)) ?? [undefined]).map(of));
  }

  /** A computed name may be that of a saved function. */
  function isWritten(name: KqlNode | undefined): boolean {
    const meanings = query.meanings.get(name?.name ?? '') ?? [];
    return name?.value !== undefined || (meanings.length > 0 && meanings.every(({ value }) => value !== undefined));
  }

  function of(node: KqlNode | undefined): Table {
    return node ? tableOf(node) : unknownTable;
  }

  function named(node: KqlNode): Table {
    const name = node.name ?? '';
    if (name.includes('*')) return anyOfQuery();
    const meanings = query.meanings.get(name);
    if (meanings) return together(node, meanings.map(tableOf));
    return node.symbol?.kind === 'Parameter' ? unknownTable : workspaceTable;
  }

  /** Any table of the workspace or view of the query. */
  function anyOfQuery(): Table {
    const views = [...query.meanings.values()].flat().filter(({ kind }) => kind === 'FunctionDeclaration');
    const origins = views.flatMap((view) => [...tableOf(view).origins]);
    return { isClosed: false, columns: [], origins: new Set(origins) };
  }

  function together(node: KqlNode, tables: readonly Table[]): Table {
    return {
      isClosed: tables.every(({ isClosed }) => isClosed),
      columns: node.columns ?? tables.flatMap(({ columns }) => columns),
      origins: new Set(tables.flatMap(({ origins }) => [...origins])),
    };
  }

  function afterOperator(operator: KqlNode): Table {
    const { kind, columns } = operator;
    if (!columns) return unknownTable;
    const input = inputOf(operator);
    if (kind === 'InvokeOperator') return of(pluginCall(operator));
    if (kind === 'EvaluateOperator') return evaluated(operator, columns, input);
    if (closing.has(kind) && !hasStar(operator)) return { isClosed: true, columns, origins: new Set() };
    if (closing.has(kind) || passing.has(kind)) return { ...input, columns };
    if (!mixing.has(kind)) return unknownTable;
    const parts = partsOf(operator).map(tableOf);
    const begins = ['UnionOperator', 'SearchOperator'].includes(kind) && !query.inputs.has(operator);
    if (begins && parts.length === 0) return anyOfQuery();
    return together(operator, begins ? parts : [input, ...parts]);
  }

  function evaluated(operator: KqlNode, columns: readonly KqlColumn[], input: Table): Table {
    const call = pluginCall(operator);
    const plugin = call?.symbol?.name ?? '';
    if (call && lookups.has(plugin)) return together(operator, [input, of(argumentsOf(call)[0])]);
    const origins = new Set([...(openPlugins.has(plugin) ? input.origins : []), pluginOrigin(operator)]);
    return { isClosed: false, columns, origins };
  }

  /** Input of an operator: from its pipe or, at the start of a per-row subquery, the input of the operator around it. */
  function inputOf(operator: KqlNode): Table {
    const left = query.inputs.get(operator);
    if (left) return tableOf(left);
    const around = operatorAround(operator, query);
    return around && /^(MvApply|Partition)/.test(around.kind)
      ? { ...inputOf(around), isClosed: false }
      : workspaceTable;
  }

  return { tableOf, inputOf, of };
}

/** Whether the query created the column under this name. */
export function isMade({ name, source, originals }: KqlColumn): boolean {
  return source !== undefined || originals.some((original) => original !== name);
}

/** The tables that an operator adds to its input. */
export function partsOf(operator: KqlNode): readonly KqlNode[] {
  switch (operator.kind) {
    case 'JoinOperator':
    case 'LookupOperator':
      return operator.children.filter(({ kind }) => /(Expression|Reference|Operator)$/.test(kind));
    case 'UnionOperator':
      return listed(operator).filter(({ kind }) => kind !== 'NamedParameter');
    case 'SearchOperator':
      return operator.children.filter(({ kind }) => kind === 'FindInClause').flatMap(listed);
    case 'MvApplyOperator':
    case 'PartitionOperator':
      return operator.children.filter(({ kind }) => /(Subquery(Expression)?|PartitionQuery)$/.test(kind));
    default:
      return [];
  }
}

function hasStar(operator: KqlNode): boolean {
  return allNodes(operator).some(({ kind, text }) => kind === 'StarExpression' || text === '*');
}

function listed(node: KqlNode): readonly KqlNode[] {
  return node.children.filter(({ kind }) => kind === 'List').flatMap(itemsOf);
}

export function pluginCall(operator: KqlNode): KqlNode | undefined {
  return operator.children.find(({ kind }) => kind === 'FunctionCallExpression');
}

/** Stands for the columns that this plugin call creates. */
export function pluginOrigin({ start }: KqlNode): string {
  return `<plugin at ${start}>`;
}
