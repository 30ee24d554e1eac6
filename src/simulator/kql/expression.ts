import type { KqlNode } from '../../relay/kql/parser.ts';
import { calculated, comparisons, listTests, memberOf, momentOf, parsedJson, scalars, spanOf } from './functions.ts';
import type { KqlTable, KqlTableColumn, KqlValue } from './values.ts';
import { nothing, Span } from './values.ts';

/** What a name may stand for outside of a row: a value, a table. */
export interface Scope {
  readonly now: number;
  readonly values: ReadonlyMap<string, KqlValue>;
  readonly tables: ReadonlyMap<string, KqlTable>;
}

/** A row, among the rows of its table: `prev` looks at the one before. */
export interface CurrentRow {
  readonly columns: readonly KqlTableColumn[];
  readonly rows: readonly (readonly KqlValue[])[];
  readonly index: number;
}

/** The nodes of a list within an operator or a call, without the punctuation. */
export function itemsOf(node: KqlNode): readonly KqlNode[] {
  const isFilled = ({ kind, children }: KqlNode) => kind === 'List' && children.length > 0;
  const list = node.kind === 'List' ? node : node.children.find(isFilled);
  return (list?.children ?? []).map((item) => (item.kind === 'SeparatedElement' ? (item.children[0] ?? item) : item));
}

export function argumentsOf(call: KqlNode): readonly KqlNode[] {
  return itemsOf(call.children.find(({ kind }) => kind === 'ExpressionList') ?? call);
}

/** The nodes that are not tokens. */
export function partsOf(node: KqlNode): readonly KqlNode[] {
  return node.children.filter(({ kind, children }) => children.length > 0 || !/Token$|Keyword$|^List$/.test(kind));
}

/** Text of a node, white space and comments left out. */
export function sourceOf(node: KqlNode): string {
  return node.children.length === 0 ? node.text : node.children.map(sourceOf).join('');
}

/** The value of an expression for one row. @throws Error for what the simulator does not evaluate */
export function evaluate(node: KqlNode, current: CurrentRow, scope: Scope): KqlValue {
  const value = (one: KqlNode | undefined) => (one === undefined ? null : evaluate(one, current, scope));
  const [first, second] = partsOf(node);
  const compare = comparisons[node.kind];
  if (compare) return compare(value(first), value(second));
  const test = listTests[node.kind];
  if (test && second)
    return test(
      value(first),
      itemsOf(second).flatMap((item) => listed(value(item))),
    );
  switch (node.kind) {
    case 'ParenthesizedExpression':
      return value(first);
    case 'NameReference':
      return named(node.name ?? '', current, scope);
    case 'PathExpression':
      return memberOf(value(first), second?.name ?? null);
    case 'ElementExpression':
      return memberOf(value(first), value(second && partsOf(second)[0]));
    case 'AndExpression':
      return both(value(first), () => value(second));
    case 'OrExpression':
      return either(value(first), () => value(second));
    case 'BetweenExpression': {
      const [from, to] = second ? partsOf(second) : [];
      return between(value(first), value(from), value(to));
    }
    case 'UnaryMinusExpression':
      return negative(value(first));
    case 'FunctionCallExpression':
      return called(node, current, scope);
    default:
      return /(?:Add|Subtract|Multiply|Divide|Modulo)Expression$/.test(node.kind)
        ? calculated(node.kind, value(first), value(second))
        : literal(node);
  }
}

function listed(value: KqlValue): readonly KqlValue[] {
  return Array.isArray(value) ? (value as readonly KqlValue[]) : [value];
}

function between(value: KqlValue, from: KqlValue, to: KqlValue): KqlValue {
  const low = comparisons['GreaterThanOrEqualExpression']?.(value, from) ?? null;
  const high = comparisons['LessThanOrEqualExpression']?.(value, to) ?? null;
  return both(low, () => high);
}

function both(left: KqlValue, right: () => KqlValue): KqlValue {
  if (left === false) return false;
  const other = right();
  return other === false ? false : left === null || other === null ? null : true;
}

function either(left: KqlValue, right: () => KqlValue): KqlValue {
  if (left === true) return true;
  const other = right();
  return other === true ? true : left === null || other === null ? null : false;
}

function negative(value: KqlValue): KqlValue {
  if (value instanceof Span) return new Span(-value.ms);
  return typeof value === 'number' ? -value : null;
}

function named(name: string, { columns, rows, index }: CurrentRow, { values }: Scope): KqlValue {
  const column = columns.findIndex((one) => one.name === name);
  if (column >= 0) return rows[index]?.[column] ?? nothing(columns[column]?.type);
  const value = values.get(name);
  if (value !== undefined) return value;
  throw new Error(`no column and no value is called ${name}; there are ${columns.map((one) => one.name).join(', ')}`);
}

function called(node: KqlNode, current: CurrentRow, scope: Scope): KqlValue {
  const name = node.children[0]?.name ?? '';
  const args = argumentsOf(node);
  const value = (index: number) => {
    const arg = args[index];
    return arg === undefined ? null : evaluate(arg, current, scope);
  };
  switch (name) {
    case 'iff':
    case 'iif':
      return value(0) === true ? value(1) : value(2);
    case 'case': {
      for (let index = 0; index + 1 < args.length; index += 2) if (value(index) === true) return value(index + 1);
      return value(args.length - 1);
    }
    case 'not': {
      const inner = value(0);
      return typeof inner === 'boolean' ? !inner : null;
    }
    case 'row_number':
      return current.index + 1;
    case 'row_cumsum':
      return summedSoFar(args, current, scope);
    case 'prev': {
      const index = current.index - Number(value(1) ?? 1);
      return index < 0 ? value(2) : evaluate(args[0] ?? node, { ...current, index }, scope);
    }
    case 'column_ifexists': {
      const column = value(0);
      return current.columns.some((one) => one.name === column) ? named(String(column), current, scope) : value(1);
    }
    default: {
      const scalar = scalars[name];
      if (!scalar) throw new Error(`the simulator does not know the function ${name}`);
      return scalar(
        args.map((arg) => evaluate(arg, current, scope)),
        scope.now,
      );
    }
  }
}

/** The sum of the first argument from the last row where the second holds, or from the first row, to this one. */
function summedSoFar([term, restart]: readonly KqlNode[], current: CurrentRow, scope: Scope): number {
  let sum = 0;
  for (let index = current.index; index >= 0; index--) {
    const row = { ...current, index };
    sum += Number(term ? evaluate(term, row, scope) : 0);
    if (restart && evaluate(restart, row, scope) === true) break;
  }
  return sum;
}

function literal(node: KqlNode): KqlValue {
  const source = sourceOf(node);
  const inner = /^\w+\((.*)\)$/s.exec(source)?.[1] ?? source;
  switch (node.kind) {
    case 'StringLiteralExpression':
    case 'CompoundStringLiteralExpression':
      return node.value ?? '';
    case 'BooleanLiteralExpression':
      return source.toLowerCase() === 'true';
    case 'LongLiteralExpression':
    case 'IntLiteralExpression':
    case 'RealLiteralExpression':
      return inner === 'null' ? null : Number(inner);
    case 'TimespanLiteralExpression':
      return inner === 'null' ? null : (spanOf(inner) ?? null);
    case 'DateTimeLiteralExpression':
      return inner === 'null' ? null : momentOf(inner);
    case 'DynamicExpression':
      return parsedJson(node.value ?? 'null');
    default:
      throw new Error(`the simulator does not evaluate ${node.kind}: ${source}`);
  }
}

/** For expressions outside of any table. */
export const nowhere: CurrentRow = { columns: [], rows: [[]], index: 0 };
