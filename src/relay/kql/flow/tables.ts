import type { KqlNode } from '../parser.ts';
import { allNodes, argumentsOf, calledName, declaredName, itemsOf } from '../tree.ts';
import type { Exposure } from './exposure.ts';
import { afterOperator } from './operators.ts';
import { innerScope, type Scope } from './scope.ts';
import { sourceTable, type Table, unknownTable } from './table.ts';
import { exposureOfValue } from './values.ts';

const noRow: Table = { columns: new Map(), rest: 'shown', isOpen: false };

/** Expressions that only wrap a table. */
const wrappers = /^(Parenthesized|Materialize|ToTable|DataScope)Expression$/;

/** What the columns of a tabular expression may show. `invokedOn`: the table that a function gets as its first argument. */
export function tableOf(expression: KqlNode | undefined, scope: Scope, invokedOn?: Table): Table {
  if (!expression) return unknownTable;
  const { kind, children } = expression;
  if (kind === 'PipeExpression') return alongPipes(expression, scope);
  if (wrappers.test(kind))
    return tableOf(
      children.find(({ columns }) => columns !== undefined),
      scope,
    );
  if (kind === 'NameReference') return tableNamed(expression.name ?? '', scope);
  if (kind === 'FunctionCallExpression') return tableOfCall(expression, scope, invokedOn);
  // `workspace("Partner").T`, `$left.T`
  if (kind === 'PathExpression') return sourceTable;
  if (kind === 'DataTableExpression') return { columns: new Map(), rest: 'shown', isOpen: false };
  return kind.endsWith('Operator') ? afterOperator(expression, undefined, scope) : unknownTable;
}

/** From left to right, without recursion: a query is a chain of hundreds of operators at times. */
function alongPipes(expression: KqlNode, scope: Scope): Table {
  const operators: KqlNode[] = [];
  let left = expression;
  while (left.kind === 'PipeExpression') {
    const operator = left.children.at(-1);
    if (operator) operators.push(operator);
    const [before] = left.children;
    if (!before) return unknownTable;
    left = before;
  }
  const isOperator = left.kind.endsWith('Operator');
  const first = isOperator ? afterOperator(left, undefined, scope) : tableOf(left, scope);
  return operators.reduceRight((table, operator) => {
    const after = afterOperator(operator, table, scope);
    if (operator.kind === 'AsOperator') scope.names.set(declaredName(operator), { table: after });
    return after;
  }, first);
}

/** A name without brackets: of `let`, else of a table of the workspace. */
function tableNamed(name: string, scope: Scope): Table {
  const bound = scope.names.get(name);
  if (!bound) return sourceTable;
  if ('table' in bound) return bound.table;
  return 'body' in bound ? tableOfBody(bound.body, innerScope(bound.scope)) : unknownTable;
}

function tableOfCall(call: KqlNode, scope: Scope, invokedOn: Table | undefined): Table {
  const given = argumentsOf(call);
  if (call.symbol?.name === 'table' && call.symbol.origin === 'built-in') {
    // A name that is computed may be that of a function.
    return given[0]?.value === undefined ? unknownTable : sourceTable;
  }
  if (call.symbol?.name === 'materialize') return tableOf(given[0], scope);
  const declared = scope.names.get(calledName(call));
  if (!declared || !('body' in declared)) return unknownTable;
  const inner = innerScope(declared.scope);
  const offset = invokedOn ? 1 : 0;
  declared.parameters.forEach((parameter, index) => {
    const argument = given[index - offset];
    if (index === 0 && invokedOn) inner.names.set(parameter, { table: invokedOn });
    else if (argument) bind(parameter, argument, scope, inner);
    else inner.names.set(parameter, { value: 'shown' });
  });
  return tableOfBody(declared.body, inner);
}

function tableOfBody(body: KqlNode, scope: Scope): Table {
  const statements = body.children.filter(({ kind }) => kind === 'List').flatMap(itemsOf);
  declareAll(statements, scope);
  return tableOf(
    body.children.find(({ columns }) => columns !== undefined),
    scope,
  );
}

/** Takes the `let` statements and the query parameters into the scope. */
export function declareAll(statements: readonly KqlNode[], scope: Scope): void {
  for (const statement of statements) {
    if (statement.kind === 'LetStatement') {
      const value = statement.children.at(-1);
      if (value) bind(declaredName(statement), value, scope, scope);
    }
  }
}

function bind(name: string, value: KqlNode, scope: Scope, into: Scope): void {
  if (value.kind === 'FunctionDeclaration') {
    const body = value.children.find(({ kind }) => kind === 'FunctionBody');
    if (body) into.names.set(name, { body, parameters: parameterNames(value), scope: innerScope(scope) });
    return;
  }
  const isTable = value.columns !== undefined || value.kind === 'MaterializeExpression';
  into.names.set(name, isTable ? { table: tableOf(value, scope) } : { value: exposureAlone(value, scope) });
}

function exposureAlone(value: KqlNode, scope: Scope): Exposure {
  return exposureOfValue(value, noRow, scope);
}

function parameterNames(declaration: KqlNode): readonly string[] {
  const list = declaration.children.find(({ kind }) => kind === 'FunctionParameters');
  const parameters = list ? allNodes(list).filter(({ kind }) => kind === 'FunctionParameter') : [];
  return parameters.map((parameter) => allNodes(parameter).find(({ kind }) => kind === 'NameDeclaration')?.name ?? '');
}
