import type { KqlNode } from '../parser.ts';
import { argumentsOf, calledName } from '../tree.ts';
import { computed, type Exposure, exposureByName, worst } from './exposure.ts';
import type { Scope } from './scope.ts';
import { exposureOf, type Table, wholeRow } from './table.ts';

/** Functions that give back what they get, for a person's eye. */
const keepers: ReadonlySet<string> = new Set(['tostring', 'tolower', 'toupper', 'trim', 'any', 'take_any']);
/** Functions that read the whole row. */
const rowFunctions: ReadonlySet<string> = new Set(['pack_all', 'column_names_of']);
/** Functions that read a column by a name that may be computed. */
const byNameFunctions: ReadonlySet<string> = new Set(['column_ifexists', 'columnifexists']);

/**
 * What the value of an expression may show: the worst of everything that is named in it, subqueries included. One that only
 * names a column, or puts it into words that stay the same, shows as much as the column; all others show it computed.
 */
export function exposureOfValue(expression: KqlNode, row: Table, scope: Scope): Exposure {
  const inner = unwrapped(expression);
  const isPlain = inner.kind === 'NameReference' || inner.kind === 'PathExpression';
  const found = everythingIn(inner, row, scope);
  return isPlain ? found : computed(found);
}

/** Through brackets, names and functions that keep the value. */
function unwrapped(expression: KqlNode): KqlNode {
  let node = expression;
  for (;;) {
    const [only, ...others] = insides(node);
    if (!only || others.length > 0) return node;
    node = only;
  }
}

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

function everythingIn(root: KqlNode, row: Table, scope: Scope): Exposure {
  const found: Exposure[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    found.push(exposureAt(node, row, scope));
    open.push(...node.children);
  }
  return worst(found);
}

function exposureAt(node: KqlNode, row: Table, scope: Scope): Exposure {
  const { protection } = scope;
  switch (node.kind) {
    case 'NameReference':
      return exposureOfName(node, row, scope);
    case 'StarExpression':
      return wholeRow(row);
    case 'StringLiteralExpression':
    case 'CompoundStringLiteralExpression':
      // `bag["Name"]`, `column_ifexists("Name", "")`
      return computed(exposureByName(node.value ?? '', protection));
    case 'FunctionCallExpression':
      return exposureOfCall(node, row, scope);
    default:
      return 'shown';
  }
}

function exposureOfName(node: KqlNode, row: Table, scope: Scope): Exposure {
  const name = node.name ?? '';
  const bound = node.symbol?.kind === 'Column' ? undefined : scope.names.get(name);
  if (!bound) return exposureOf(row, name, scope.protection);
  if ('value' in bound) return bound.value;
  return 'table' in bound ? wholeResult(bound.table) : everythingIn(bound.body, row, bound.scope);
}

function exposureOfCall(call: KqlNode, row: Table, scope: Scope): Exposure {
  const name = calledName(call);
  if (call.symbol && call.symbol.origin !== 'other') {
    if (rowFunctions.has(name)) return wholeRow(row);
    const [column] = argumentsOf(call);
    return byNameFunctions.has(name) && column?.value === undefined ? wholeRow(row) : 'shown';
  }
  const declared = scope.names.get(name);
  // What a function of the workspace reads, nobody here knows.
  if (!declared || !('body' in declared)) return 'hidden';
  return everythingIn(declared.body, row, declared.scope);
}

/** A table where a value is wanted: any of its columns may be meant. */
function wholeResult({ columns, rest }: Table): Exposure {
  return computed(worst([...columns.values(), rest]));
}
