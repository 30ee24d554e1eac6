import type { KqlNode } from '../parser.ts';
import { argumentsOf, calledName } from '../tree.ts';
import { isOperator, operatorAround, type Query, resultOf } from './query.ts';
import { isMade, type Table, type Tables, UNKNOWN } from './tables.ts';

/** Stands for all columns of a table that may have columns the query does not name. */
export const ROW = '<row>';

/** Functions whose result shows the value as it is. */
const keepers: ReadonlySet<string> = new Set(['tostring', 'tolower', 'toupper', 'trim', 'any', 'take_any']);
/** Functions that read the whole row. */
const rowFunctions: ReadonlySet<string> = new Set(['pack_all', 'column_names_of']);
/** Functions that read a column by a name that may be computed. */
const byNameFunctions: ReadonlySet<string> = new Set(['column_ifexists', 'columnifexists']);

/** Functions that read a column or property by name. */
const selectors: ReadonlySet<string> = new Set([...byNameFunctions, 'extract_json', 'extractjson']);

export type Reads = ReturnType<typeof readsOf>;

/** Names that expressions are made from: columns, `let` names and parameters, once per occurrence. */
export function readsOf(query: Query, tables: Tables) {
  /** Every name in the expression. A table counts for its columns, whatever selected its rows. */
  function reads(expression: KqlNode): readonly string[] {
    return isTabular(expression) ? everythingOf(tables.tableOf(expression)) : readsWithin(expression);
  }

  /** The same for an operator: what it reads, not what it returns. */
  function readsWithin(node: KqlNode): readonly string[] {
    return isMember(node) ? readsOfMember(node) : [...readsAt(node), ...node.children.flatMap(reads)];
  }

  /** `bag.a.b` and `bag["a"]` count as one name, together with the value they are part of. */
  function readsOfMember({ children }: KqlNode): readonly string[] {
    const [bag, ...members] = children.map(reads).filter((found) => found.length > 0);
    return bag?.length === 1 && children.every(isFixed)
      ? [memberName([...bag, ...members.flat()])]
      : children.flatMap(reads);
  }

  function readsAt(node: KqlNode): readonly string[] {
    switch (node.kind) {
      case 'NameReference':
        return readsOfName(node);
      case 'StarExpression':
        // In a pattern of `parse`, `*` matches any text.
        return /^Parse/.test(operatorAround(node, query)?.kind ?? '') ? [] : rowAt(node);
      case 'PackExpression':
        return rowAt(node);
      case 'FunctionCallExpression':
        return readsOfCall(node);
      case 'StringLiteralExpression':
      case 'CompoundStringLiteralExpression':
        return isSelector(node) ? [nameIn(node.value ?? '')] : [];
      default:
        return [];
    }
  }

  function readsOfName(node: KqlNode): readonly string[] {
    const name = node.name ?? '';
    const parent = query.parents.get(node);
    if (parent?.kind === 'FunctionCallExpression') return query.meanings.has(name) ? [name] : [];
    // `$left.Name`, the state of a step of `scan`
    if (node.type === 'Tuple' && parent?.kind === 'PathExpression') return [];
    return mayBeTable(node) ? [name, UNKNOWN] : [name];
  }

  /**
   * Whether a name may refer to a table: in `let x = T`, or as the only item in `x in (T)`, unless the query created a column of
   * that name.
   */
  function mayBeTable(node: KqlNode): boolean {
    const operator = operatorAround(node, query);
    if (!operator) return !node.symbol && !query.meanings.has(node.name ?? '');
    if (node.symbol?.kind !== 'Column' || !isAloneInList(node)) return false;
    return !tables.inputOf(operator).columns.some((column) => column.name === node.name && isMade(column));
  }

  function isAloneInList(node: KqlNode): boolean {
    let around = query.parents.get(node);
    while (around && listParts.has(around.kind)) {
      if (around.kind === 'List' && around.children.length > 1) return false;
      around = query.parents.get(around);
    }
    const isList = /^(Not)?In(Cs)?Expression$|^Has(Any|All)Expression$/.test(around?.kind ?? '');
    return isList && around?.children[0] !== node;
  }

  function readsOfCall(call: KqlNode): readonly string[] {
    const name = calledName(call);
    if (query.meanings.has(name)) return [];
    // It is not known what a saved function of the workspace reads.
    if (!call.symbol || call.symbol.origin === 'other') return [UNKNOWN];
    const isComputed = byNameFunctions.has(name) && argumentsOf(call)[0]?.value === undefined;
    return isComputed || rowFunctions.has(name) ? rowAt(call) : [];
  }

  function rowAt(node: KqlNode): readonly string[] {
    const operator = operatorAround(node, query);
    return operator ? rowOf(operator) : [ROW];
  }

  /** All columns of the rows that an operator gets or creates. */
  function rowOf(operator: KqlNode): readonly string[] {
    const row = tables.inputOf(operator);
    return everythingOf({ ...row, columns: [...row.columns, ...(operator.columns ?? [])] });
  }

  /** Whether an expression is used as a table. */
  function isTabular(node: KqlNode): boolean {
    const parent = query.parents.get(node);
    if (parent?.kind === 'FunctionCallExpression' && parent.children[0] === node) return false;
    if (/^To(Scalar|Table)Expression$/.test(parent?.kind ?? '')) return /(Reference|Expression)$/.test(node.kind);
    if (givesTable(node)) return true;
    if (node.kind !== 'NameReference' && node.kind !== 'FunctionCallExpression') return false;
    if (node.symbol?.kind === 'Column') return false;
    const name = node.name ?? calledName(node);
    return (query.meanings.get(name) ?? []).some((each) => givesTable(each) || givesTable(resultOf(each)));
  }

  /**
   * Whether a literal selects a column or property: `bag["Name"]`, `column_ifexists("Name", "")`, `extract_json("$.Name", bag)`.
   * Not literals that values are compared with.
   */
  function isSelector(literal: KqlNode): boolean {
    const around = query.parents.get(literal);
    if (around?.kind === 'BracketedExpression') return true;
    const call = around?.kind === 'SeparatedElement' ? expressionAround(around, query) : undefined;
    return selectors.has(call?.symbol?.name ?? '');
  }

  return { reads, readsWithin, rowOf, isTabular };
}

const listParts: ReadonlySet<string> = new Set(
  'List ExpressionList SeparatedElement ParenthesizedExpression'.split(' '),
);

function givesTable(node: KqlNode | undefined): boolean {
  if (!node) return false;
  return node.type === 'Table' || isOperator(node) || /^(Pipe|DataTable|Materialize)Expression$/.test(node.kind);
}

/** The expression (call, comparison, …) around the lists that contain a node. */
function expressionAround(node: KqlNode, { parents }: Query): KqlNode | undefined {
  let around = parents.get(node);
  while (around && listParts.has(around.kind)) around = parents.get(around);
  return around;
}

const SEPARATOR = ' / ';

function memberName(names: readonly string[]): string {
  return names.join(SEPARATOR);
}

/** The value that a member is part of, and the member's name. */
export function memberParts(name: string): readonly string[] {
  return name.split(SEPARATOR);
}

function isMember({ kind }: KqlNode): boolean {
  return kind === 'PathExpression' || kind === 'ElementExpression';
}

/** Not if the member's name is computed. */
function isFixed({ kind, children }: KqlNode): boolean {
  return (
    kind !== 'BracketedExpression' ||
    children.every((child) => !/(Expression|Reference)$/.test(child.kind) || /Literal/.test(child.kind))
  );
}

function everythingOf({ isClosed, columns }: Table): readonly string[] {
  return isClosed ? columns.map(({ name }) => name) : [ROW];
}

/** The last member of a JSON path; other strings unchanged. */
function nameIn(text: string): string {
  return (text.startsWith('$') ? text.match(/\w+/g)?.at(-1) : undefined) ?? text;
}

/** Whether an expression is only the value itself, possibly within constant text. */
export function isPlain(expression: KqlNode): boolean {
  let node = expression;
  for (;;) {
    const [only, ...others] = insides(node);
    if (!only || others.length > 0) return node.kind === 'NameReference' || node.kind === 'PathExpression';
    node = only;
  }
}

/** The inner expressions of brackets, names, and functions that keep the value. */
function insides(node: KqlNode): readonly KqlNode[] {
  switch (node.kind) {
    case 'ParenthesizedExpression':
    case 'OrderedExpression':
      return node.children.filter(({ children }) => children.length > 0).slice(0, 1);
    case 'SimpleNamedExpression':
      return node.children.slice(-1);
    case 'FunctionCallExpression':
      return keepers.has(node.symbol?.name ?? '') ? argumentsOf(node) : [];
    default:
      return [];
  }
}
