import type { KqlColumn, KqlNode } from '../parser.ts';
import { allNodes, argumentsOf, itemsOf } from '../tree.ts';
import { computed, type Exposure, worst } from './exposure.ts';
import type { Scope } from './scope.ts';
import { exposureOf, merged, sourceTable, type Table, unknownTable, wholeRow } from './table.ts';
import { tableOf } from './tables.ts';
import { exposureOfValue } from './values.ts';

/** An operator behind a pipe, or one that begins a query. */
type Rule = (operator: KqlNode, input: Table, scope: Scope) => Table;

/** The operators, by the parser's names. What is not here is followed as a whole: `coarse`. */
const rules: Readonly<Record<string, Rule>> = {
  // The rows, or some of them, as they are.
  ...every('As Serialize Sort Take Sample Top Render Consume ProjectAway ProjectReorder', (operator, input, scope) =>
    described(operator, input, scope, { closes: false }),
  ),
  Filter: compared,
  // More columns beside those that were there.
  ...every('Extend ProjectRename MvExpand', (operator, input, scope) =>
    described(operator, input, scope, { closes: false }),
  ),
  ...every('Parse ParseWhere', (operator, input, scope) =>
    described(operator, input, scope, { closes: false, computes: true }),
  ),
  // Only the columns that are named.
  ...every(
    'Project Summarize Distinct MakeSeries Count SampleDistinct TopHitters ProjectKeep ProjectByNames',
    (operator, input, scope) => described(operator, input, scope, { closes: !hasStar(operator) }),
  ),
  GetSchema: () => ({ columns: new Map(), rest: 'shown', isOpen: false }),
  ...every('Print', (operator, _, scope) => described(operator, closed, scope, { closes: true })),
  ...every('Join Lookup', joined),
  ...every('Union Search', united),
  Find: () => unknownTable,
  Evaluate: evaluated,
  Invoke: invoked,
};

function every(kinds: string, rule: Rule): Readonly<Record<string, Rule>> {
  return Object.fromEntries(kinds.split(' ').map((kind) => [kind, rule]));
}

const closed: Table = { columns: new Map(), rest: 'shown', isOpen: false };

/** What an operator makes of the rows it gets. `input` is undefined where it begins the query. */
export function afterOperator(operator: KqlNode, input: Table | undefined, scope: Scope): Table {
  const rule = rules[operator.kind.replace(/Operator$/, '')] ?? coarse;
  // One that gives no table gives nothing that could be followed.
  if (!operator.columns) return unknownTable;
  return rule(operator, input ?? closed, scope);
}

/** The columns that the binder says the operator gives: named in it, computed in it, or as they came. */
function described(
  operator: KqlNode,
  input: Table,
  scope: Scope,
  { closes, computes = false }: { readonly closes: boolean; readonly computes?: boolean },
): Table {
  const named = namedIn(operator, input, scope);
  // Some the binder does not list: `x = take_any(*)`.
  const own = new Map<string, Exposure>(named);
  for (const column of operator.columns ?? []) {
    const exposure = named.get(column.name) ?? exposureOfColumn(column, operator, input, scope);
    own.set(column.name, computes && isWithin(column.source, operator) ? computed(exposure) : exposure);
  }
  return closes
    ? { columns: own, rest: 'shown', isOpen: false }
    : { ...input, columns: new Map([...input.columns, ...own]) };
}

/** `x = …` and `(x, y) = …`, in order: one may name what an earlier one made. */
function namedIn(operator: KqlNode, input: Table, scope: Scope): ReadonlyMap<string, Exposure> {
  const named = new Map<string, Exposure>();
  for (const node of allNodes(operator)) {
    if (node.kind !== 'SimpleNamedExpression' && node.kind !== 'CompoundNamedExpression') continue;
    const value = node.children.at(-1);
    if (!value) continue;
    const row =
      named.size === 0
        ? input
        : merged([input, { ...input, columns: new Map([...input.columns, ...named]) }], scope.protection);
    const exposure = exposureOfValue(value, row, scope);
    for (const { kind, name } of node.children.slice(0, -1).flatMap(allNodes)) {
      if (kind === 'NameDeclaration' && name !== undefined)
        named.set(name, worst([named.get(name) ?? 'shown', exposure]));
    }
  }
  return named;
}

function exposureOfColumn(column: KqlColumn, operator: KqlNode, input: Table, scope: Scope): Exposure {
  const { name, source, originals } = column;
  const asItCame = (from: string) => exposureOf(input, from, scope.protection);
  if (originals.length > 0) {
    // The binder names the first of all renamings, and `x1` for the second `x` of a join: all that are known count.
    const known = [name, name.replace(/\d+$/, '')].filter((each) => input.columns.has(each));
    return worst([...originals, ...known].map(asItCame));
  }
  if (source === undefined || input.columns.has(name)) {
    return isWithin(source, operator)
      ? worst([asItCame(name), ofSource(source, operator, input, scope)])
      : asItCame(name);
  }
  // Made somewhere that was not followed.
  return isWithin(source, operator) ? ofSource(source, operator, input, scope) : worst(['hidden', asItCame(name)]);
}

/** A column may come from a declaration that does not say what of (`parse-kv`): then from anything the operator names. */
function ofSource(source: KqlNode, operator: KqlNode, input: Table, scope: Scope): Exposure {
  return source.kind === 'NameDeclaration' || source.kind === 'NameAndTypeDeclaration'
    ? computed(exposureOfValue(operator, input, scope))
    : exposureOfValue(source, input, scope);
}

function isWithin(source: KqlColumn['source'], operator: KqlNode): source is KqlNode {
  return typeof source === 'object' && source.start >= operator.start && source.end <= operator.end;
}

function hasStar(operator: KqlNode): boolean {
  return allNodes(operator).some(({ kind, text }) => kind === 'StarExpression' || text === '*');
}

/** What equals a protected value says it as well: `where Other == Secret`, `where Other in (T | project Secret)`. */
function compared(operator: KqlNode, input: Table, scope: Scope): Table {
  const raised = new Map(input.columns);
  for (const node of allNodes(operator)) {
    if (!/^(Equal|EqualTilde|In|InCs|HasAny|HasAll|Has|Contains|StartsWith|EndsWith|Between)/.test(node.kind)) continue;
    const columns = node.children.filter(({ kind }) => kind === 'NameReference' || kind === 'PathExpression');
    const others = node.children.filter((child) => !columns.includes(child) || columns.length > 1);
    const exposure = worst(others.map((other) => computed(exposureOfValue(other, input, scope))));
    if (exposure === 'shown') continue;
    for (const { name } of columns.flatMap(allNodes)) {
      if (name !== undefined) raised.set(name, worst([exposure, exposureOf(input, name, scope.protection)]));
    }
  }
  return { ...input, columns: raised };
}

function joined(operator: KqlNode, left: Table, scope: Scope): Table {
  const right = tableOf(expressionIn(operator), scope);
  const both = merged([left, right], scope.protection);
  const keys = operator.children.filter(({ kind }) => /^Join(On|Where)Clause$/.test(kind)).flatMap(allNodes);
  const names = keys.flatMap(({ kind, name }) => (kind === 'NameReference' && name !== undefined ? [name] : []));
  const exposure = worst(names.map((name) => computed(exposureOf(both, name, scope.protection))));
  const columns = new Map(described(operator, both, scope, { closes: false }).columns);
  if (exposure !== 'shown')
    for (const name of names) columns.set(name, worst([exposure, columns.get(name) ?? 'shown']));
  return { ...both, columns };
}

function united(operator: KqlNode, input: Table, scope: Scope): Table {
  const tables = operator.children.filter(({ kind }) => kind === 'List' || kind === 'FindInClause').flatMap(listed);
  const parts = tables.filter(({ kind }) => kind !== 'NamedParameter').map((table) => tableOf(table, scope));
  const all = merged([...(input === closed ? [] : [input]), ...parts], scope.protection);
  const whole = parts.length === 0 && input === closed ? sourceTable : all;
  return described(operator, whole, scope, { closes: false });
}

function listed(node: KqlNode): readonly KqlNode[] {
  return node.kind === 'List' ? itemsOf(node) : node.children.filter(({ kind }) => kind === 'List').flatMap(itemsOf);
}

/** Plugins that add columns, or make columns of one bag; all others mix everything they get. */
const openPlugins: ReadonlySet<string> = new Set(['bag_unpack', 'pivot', 'ipv4_lookup', 'ipv6_lookup']);

function evaluated(operator: KqlNode, input: Table, scope: Scope): Table {
  const call = operator.children.find(({ kind }) => kind === 'FunctionCallExpression');
  const plugin = call?.symbol?.name ?? '';
  if (!call || !openPlugins.has(plugin)) return { ...unknownTable, columns: wholeColumns(operator, input) };
  const values = argumentsOf(call);
  const isLookup = plugin.endsWith('_lookup');
  const table = isLookup && values[0] ? merged([input, tableOf(values[0], scope)], scope.protection) : input;
  const exposure = worst(values.slice(isLookup ? 1 : 0).map((value) => computed(exposureOfValue(value, input, scope))));
  // The names of the columns are values of the first argument.
  const names: Exposure = plugin === 'pivot' && exposure !== 'shown' ? 'gone' : exposure;
  return { ...described(operator, table, scope, { closes: false }), rest: worst([table.rest, names]), isOpen: true };
}

function wholeColumns(operator: KqlNode, input: Table): ReadonlyMap<string, Exposure> {
  return new Map((operator.columns ?? []).map(({ name }) => [name, worst(['hidden', wholeRow(input)])]));
}

function invoked(operator: KqlNode, input: Table, scope: Scope): Table {
  const call = operator.children.find(({ kind }) => kind === 'FunctionCallExpression');
  return call ? tableOf(call, scope, input) : unknownTable;
}

/** Subqueries, scans, graphs and what is new: as bad as the worst of everything they name, for every column they give. */
function coarse(operator: KqlNode, input: Table, scope: Scope): Table {
  const inside = computed(exposureOfValue(operator, input, scope));
  const table = described(operator, input, scope, { closes: false });
  const columns = new Map([...table.columns].map(([name, exposure]) => [name, worst([exposure, inside])]));
  return { columns, rest: worst([table.rest, inside]), isOpen: true };
}

function expressionIn(operator: KqlNode): KqlNode | undefined {
  return operator.children.find(({ kind, columns }) => columns !== undefined && !kind.endsWith('Token'));
}
