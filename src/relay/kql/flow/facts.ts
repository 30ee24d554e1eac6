import { comparisons } from '../allowed.ts';
import type { KqlNode } from '../parser.ts';
import { allNodes, argumentsOf, calledName, declaredName, itemsOf } from '../tree.ts';
import { isOperator, operatorAround, parametersOf, type Query, resultOf } from './query.ts';
import { isPlain, type Reads } from './reads.ts';
import { isMade, lookups, partsOf, pluginCall, pluginOrigin, type Tables } from './tables.ts';

/** How a value gets into another: unchanged, computed, or used as a column name itself or as a key in a value. */
export type Way = 'same' | 'computed' | 'named' | 'keyed';

/** `name = …` anywhere in the query, in any syntax. */
export interface Assignment {
  readonly name: string;
  readonly reads: readonly string[];
  readonly way: Way;
}

/** An expression that decides which rows there are, and so reveals something about the names in it. */
export interface Comparison {
  readonly names: readonly string[];
  readonly way: Way;
}

/**
 * What a query does with names, ignoring order and scope: a column may hold whatever any column with the same name anywhere in
 * the query is made from. This also covers values reached in unexpected ways: views by wildcard, shadowed names, nested
 * subqueries.
 */
export interface Facts {
  readonly assignments: readonly Assignment[];
  readonly comparisons: readonly Comparison[];
  /** Names declared by `let` and by parameters. */
  readonly declared: readonly string[];
}

export function factsOf(query: Query, tables: Tables, reads: Reads): Facts {
  const from = { query, tables, reads };
  return {
    assignments: query.nodes.flatMap((node) => assignmentsAt(node, from)),
    comparisons: query.nodes.flatMap((node) => comparisonsAt(node, from)),
    declared: [...query.meanings.keys()],
  };
}

interface Sources {
  readonly query: Query;
  readonly tables: Tables;
  readonly reads: Reads;
}

function assignmentsAt(node: KqlNode, from: Sources): readonly Assignment[] {
  switch (node.kind) {
    case 'NameDeclaration':
      return declared(node, from);
    case 'ScanAssignment':
      return [assigned(node.children[0]?.name, node, from)];
    case 'FunctionCallExpression':
      return passed(node, from);
    case 'NameReference':
      return unknown(node, from);
    case 'EvaluateOperator':
      return plugged(node, from);
    case 'GetSchemaOperator':
      return namesAsValues(node, from);
    case 'MakeSeriesOperator':
      return [...given(node, from), ...series(node, from)];
    default:
      return isOperator(node) ? [...given(node, from), ...mixed(node, from)] : [];
  }
}

function assigned(name: string | undefined, value: KqlNode, { reads }: Sources): Assignment {
  return { name: name ?? '', reads: reads.reads(value), way: isPlain(value) ? 'same' : 'computed' };
}

/** `x = …`, `(x, y) = …`, `let x = …`. For other declarations of an operator, every name in it counts as a source. */
function declared(declaration: KqlNode, from: Sources): readonly Assignment[] {
  const { name = '' } = declaration;
  for (let around = from.query.parents.get(declaration); around; around = from.query.parents.get(around)) {
    if (constantDeclarations.has(around.kind)) return [];
    if (around.kind === 'LetStatement' || /^(Simple|Compound)NamedExpression$/.test(around.kind)) {
      const value = valueIn(around);
      return value && !from.reads.isTabular(value) ? [assigned(name, value, from)] : [];
    }
    if (isOperator(around)) return [{ name, reads: from.reads.readsWithin(around), way: 'computed' }];
  }
  return [];
}

function valueIn({ kind, children }: KqlNode): KqlNode | undefined {
  const value = children.at(-1);
  if (value?.kind === 'FunctionDeclaration') return resultOf(value);
  // In `x = arg_max(a, b)`, `x` is the largest `a`, and `b` keeps its name.
  return value && kind === 'SimpleNamedExpression' && isExtreme(value) ? argumentsOf(value)[0] : value;
}

/** Declarations without a source of their own: parameters (their arguments count), literal values, tables. */
const constantDeclarations: ReadonlySet<string> = new Set([
  'NamedParameter',
  'FunctionParameter',
  'DataTableExpression',
  'AsOperator',
]);

/** Arguments of a call of the query's own function: any parameter may get any of them. */
function passed(call: KqlNode, from: Sources): readonly Assignment[] {
  const functions = from.query.meanings.get(calledName(call)) ?? [];
  const given = argumentsOf(call);
  return functions.flatMap(parametersOf).flatMap((name) => given.map((argument) => assigned(name, argument, from)));
}

/** A column that the query did not create may be any column of a saved function, or one created by a plugin. */
function unknown(reference: KqlNode, { query, tables }: Sources): readonly Assignment[] {
  const { name = '', symbol } = reference;
  const operator = operatorAround(reference, query);
  if (!operator || (symbol && symbol.kind !== 'Column')) return [];
  const around = [tables.inputOf(operator), ...partsOf(operator).map(tables.tableOf)];
  return around
    .filter(({ origins, columns }) => origins.size > 0 && !columns.some((each) => each.name === name && isMade(each)))
    .map(({ origins }) => ({ name, reads: [...origins], way: 'same' }));
}

/** Columns that an operator returns according to the binder: renamed, computed, or named by KQL. */
function given(operator: KqlNode, from: Sources): readonly Assignment[] {
  const isWithin = ({ start, end }: KqlNode) => start >= operator.start && end <= operator.end;
  return (operator.columns ?? []).flatMap(({ name, source, originals }): readonly Assignment[] => {
    const others = originals.filter((original) => original !== name);
    const renamed: Assignment[] = others.length > 0 ? [{ name, reads: others, way: 'same' }] : [];
    if (typeof source !== 'object' || !isWithin(source) || /Declaration$/.test(source.kind)) return renamed;
    return [...renamed, assigned(name, callAround(source, from.query), from)];
  });
}

/** `getschema` turns column names into values; names that were made from values are values again. */
function namesAsValues(operator: KqlNode, { tables }: Sources): readonly Assignment[] {
  return [{ name: 'ColumnName', reads: [...tables.inputOf(operator).origins], way: 'same' }];
}

/** Bounds, step and defaults of `make-series` are part of each series, but not of the columns it groups by. */
function series(operator: KqlNode, { reads }: Sources): readonly Assignment[] {
  const parts = allNodes(operator).filter(({ kind }) =>
    /^(MakeSeries(FromToStep|InRange)|DefaultExpression)Clause$/.test(kind),
  );
  const groups = operator.children.filter(({ kind }) => kind === 'MakeSeriesByClause').flatMap(allNodes);
  const made = (operator.columns ?? []).filter((column) => !groups.some(({ name }) => name === column.name));
  const values = parts.flatMap(reads.readsWithin);
  return made.map(({ name }): Assignment => ({ name, reads: values, way: 'computed' }));
}

/**
 * For a function that returns several columns (`series_fit_line(x)`, `percentilesw(x, weight, 5, 95)`), the binder only names the
 * first argument as their source, but all of them count. For `arg_max(a, b)` it is right: `b` keeps its name.
 */
function callAround(source: KqlNode, { parents }: Query): KqlNode {
  let outermost = source;
  for (let around = parents.get(source); around && !isOperator(around); around = parents.get(around)) {
    if (around.kind !== 'FunctionCallExpression') continue;
    if (isExtreme(around)) break;
    outermost = around;
  }
  return outermost;
}

/** For tables whose columns are not known, any name next to or below the operator may be one of them. */
function mixed(operator: KqlNode, { tables }: Sources): readonly Assignment[] {
  if (!/^(Union|Join|Lookup|Search)Operator$/.test(operator.kind)) return [];
  const parts = [tables.inputOf(operator), ...partsOf(operator).map(tables.tableOf)];
  const names = new Set([...parts, tables.tableOf(operator)].flatMap(({ columns }) => columns.map(({ name }) => name)));
  return parts.flatMap(({ columns, origins }) => {
    const made = new Set(columns.filter(isMade).map(({ name }) => name));
    const open = origins.size > 0 ? [...names].filter((name) => !made.has(name)) : [];
    return open.map((name): Assignment => ({ name, reads: [...origins], way: 'same' }));
  });
}

/** Columns that a plugin creates, from its arguments or from whole rows. */
function plugged(operator: KqlNode, { tables, reads }: Sources): readonly Assignment[] {
  const call = pluginCall(operator);
  if (!call || lookups.has(call.symbol?.name ?? '')) return [];
  const name = pluginOrigin(operator);
  const given = argumentsOf(call);
  // From the third argument on, arguments name columns that are kept.
  if (call.symbol?.name === 'pivot') return [{ name, reads: given.slice(0, 2).flatMap(reads.reads), way: 'named' }];
  const options = given.slice(1);
  const isBag = call.symbol?.name === 'bag_unpack' && options.every(keepsNames);
  const stay = options.some(replacesColumns) ? [] : tables.inputOf(operator).columns.map((column) => column.name);
  const made = (operator.columns ?? []).filter((column) => !stay.includes(column.name));
  return [
    {
      name,
      reads: [...given.flatMap(reads.reads), ...(isBag ? [] : reads.rowOf(operator))],
      way: isBag ? 'keyed' : 'computed',
    },
    ...made.map((column): Assignment => ({ name: column.name, reads: [name], way: 'same' })),
  ];
}

/** Whether `bag_unpack` creates recognisable names, which is not so with a computed prefix. */
function keepsNames(option: KqlNode): boolean {
  return /^(columnsConflict|ignoredProperties)$/.test(declaredName(option)) || Boolean(option.value?.endsWith('_'));
}

function replacesColumns(option: KqlNode): boolean {
  return declaredName(option) === 'columnsConflict' && option.children.at(-1)?.value !== 'keep_source';
}

function comparisonsAt(node: KqlNode, { reads }: Sources): readonly Comparison[] {
  const conditions = conditionsAt(node).map((each): Comparison => ({ names: reads.reads(each), way: 'computed' }));
  // Both sides of a join have this column.
  const keys = keysAt(node).map((key): Comparison => ({ names: [key, key], way: 'same' }));
  const compared: Comparison[] = comparisons.includes(node.kind)
    ? [{ names: reads.reads(node), way: isPlainEquality(node) ? 'same' : 'computed' }]
    : [];
  const ranges = isLookup(node) ? [argumentsOf(node).slice(1).flatMap(reads.reads)] : [];
  return [...compared, ...conditions, ...keys, ...ranges.map((names): Comparison => ({ names, way: 'computed' }))];
}

function isPlainEquality({ kind, children }: KqlNode): boolean {
  return /^Equal(Tilde)?Expression$/.test(kind) && children.filter(isExpression).every(isPlain);
}

/** Conditions and sort keys for rows. Terms joined by `and` or `or` are listed one by one. */
function conditionsAt(node: KqlNode): readonly KqlNode[] {
  switch (node.kind) {
    case 'FilterOperator':
    case 'JoinWhereClause':
    case 'SortOperator':
    case 'TopOperator':
    case 'ScanStep':
      return expressionsIn(node).flatMap(pieces);
    case 'FunctionCallExpression':
      return isExtreme(node) ? argumentsOf(node).slice(0, 1) : [];
    default:
      return [];
  }
}

function pieces(condition: KqlNode): readonly KqlNode[] {
  const { kind, symbol } = condition;
  if (/^(And|Or|Parenthesized)Expression$/.test(kind)) return expressionsIn(condition).flatMap(pieces);
  return symbol?.name === 'not' ? argumentsOf(condition).flatMap(pieces) : [condition];
}

/** `arg_max(a, b)`, `argmin(a, b)` */
function isExtreme({ symbol }: KqlNode): boolean {
  return /^arg_?(max|min)$/.test(symbol?.name ?? '');
}

function isLookup(call: KqlNode): boolean {
  return call.symbol?.origin === 'plugin' && lookups.has(call.symbol.name);
}

function keysAt(node: KqlNode): readonly string[] {
  if (node.kind !== 'JoinOnClause') return [];
  return expressionsIn(node).flatMap(({ kind, name }) =>
    kind === 'NameReference' && name !== undefined ? [name] : [],
  );
}

function expressionsIn({ children }: KqlNode): readonly KqlNode[] {
  return children.flatMap((child) => (child.kind === 'List' ? itemsOf(child) : child)).filter(isExpression);
}

function isExpression({ kind }: KqlNode): boolean {
  return /(Expression|NameReference)$/.test(kind);
}
