import type { KqlNode } from '../parser.ts';
import { argumentsOf, calledName } from '../tree.ts';
import { isOperator, operatorAround, type Query, resultOf } from './query.ts';
import { isMade, type Table, type Tables, UNKNOWN } from './tables.ts';

/** Stands for all columns of a table that may have others than the query names. */
export const ROW = '<row>';

/** Functions that give back what they get, for a person's eye. */
const keepers: ReadonlySet<string> = new Set(['tostring', 'tolower', 'toupper', 'trim', 'any', 'take_any']);
/** Functions that read the whole row. */
const rowFunctions: ReadonlySet<string> = new Set(['pack_all', 'column_names_of']);
/** Functions that read a column by a name that may be computed. */
const byNameFunctions: ReadonlySet<string> = new Set(['column_ifexists', 'columnifexists']);

/** Functions that read a column or a property by a name. */
const selectors: ReadonlySet<string> = new Set([...byNameFunctions, 'extract_json', 'extractjson']);

export type Reads = ReturnType<typeof readsOf>;

/** What expressions are made from: names of columns, of `let` and of parameters; as often as they occur. */
export function readsOf(query: Query, tables: Tables) {
  /** Every name that occurs in it. A table in it counts for its columns, whatever decided which rows it has. */
  function reads(expression: KqlNode): readonly string[] {
    return isTabular(expression) ? everythingOf(tables.tableOf(expression)) : readsWithin(expression);
  }

  /** The same of an operator: what it reads, not what it gives. */
  function readsWithin(node: KqlNode): readonly string[] {
    return isMember(node) ? readsOfMember(node) : [...readsAt(node), ...node.children.flatMap(reads)];
  }

  /** `bag.a.b` and `bag["a"]` are one name, with what it is a part of. */
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
        // In the pattern of `parse` it stands for any text.
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

  /** In `let x = T`, and, where the query did not make such a column, alone in a list, `x in (T)`, a name may be that of a table. */
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
    // What a function of the workspace reads, nobody here knows.
    if (!call.symbol || call.symbol.origin === 'other') return [UNKNOWN];
    const isComputed = byNameFunctions.has(name) && argumentsOf(call)[0]?.value === undefined;
    return isComputed || rowFunctions.has(name) ? rowAt(call) : [];
  }

  function rowAt(node: KqlNode): readonly string[] {
    const operator = operatorAround(node, query);
    return operator ? rowOf(operator) : [ROW];
  }

  /** All columns of the rows that an operator gets or makes. */
  function rowOf(operator: KqlNode): readonly string[] {
    const row = tables.inputOf(operator);
    return everythingOf({ ...row, columns: [...row.columns, ...(operator.columns ?? [])] });
  }

  /** Where an expression has a table. */
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

  /** `bag["Name"]`, `column_ifexists("Name", "")`, `extract_json("$.Name", bag)`: not the texts that values are compared with. */
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

/** Around the lists that contain a node: the call, the comparison, … */
function expressionAround(node: KqlNode, { parents }: Query): KqlNode | undefined {
  let around = parents.get(node);
  while (around && listParts.has(around.kind)) around = parents.get(around);
  return around;
}

const SEPARATOR = ' / ';

function memberName(names: readonly string[]): string {
  return names.join(SEPARATOR);
}

/** What a member is a part of, and what it is called. */
export function memberParts(name: string): readonly string[] {
  return name.split(SEPARATOR);
}

function isMember({ kind }: KqlNode): boolean {
  return kind === 'PathExpression' || kind === 'ElementExpression';
}

/** Not a member whose name is computed. */
function isFixed({ kind, children }: KqlNode): boolean {
  return (
    kind !== 'BracketedExpression' ||
    children.every((child) => !/(Expression|Reference)$/.test(child.kind) || /Literal/.test(child.kind))
  );
}

function everythingOf({ isClosed, columns }: Table): readonly string[] {
  return isClosed ? columns.map(({ name }) => name) : [ROW];
}

/** The last member of a JSON path, else the text itself. */
function nameIn(text: string): string {
  return (text.startsWith('$') ? text.match(/\w+/g)?.at(-1) : undefined) ?? text;
}

/** Whether an expression only names a value, or puts it into words that stay the same. */
export function isPlain(expression: KqlNode): boolean {
  let node = expression;
  for (;;) {
    const [only, ...others] = insides(node);
    if (!only || others.length > 0) return node.kind === 'NameReference' || node.kind === 'PathExpression';
    node = only;
  }
}

/** What is in brackets, behind a name, or in a function that keeps the value. */
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
