import type { ArmExpression } from '../arm-expressions/syntax.ts';
import { escapedText, memberAccess, objectKey, textLiteral } from './text.ts';

/** What names of a template are called in its module. */
export interface Names {
  readonly parameters: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  /** The loop that the expression is in. */
  readonly index?: string;
}

/** Functions that Bicep has under the same name and with the same arguments. */
export const sameFunctions: ReadonlySet<string> = new Set([
  ...['contains', 'deployment', 'empty', 'environment', 'first', 'guid', 'json', 'last', 'length', 'reference'],
  ...['replace', 'resourceGroup', 'resourceId', 'split', 'string', 'subscription', 'subscriptionResourceId'],
  ...['tenant', 'toLower', 'toUpper', 'union', 'uniqueString', 'extensionResourceId', 'uriComponent'],
  ...['range', 'substring'],
]);

const operators: Readonly<Record<string, string>> = {
  ...{ equals: '==', less: '<', lessOrEquals: '<=', greater: '>', greaterOrEquals: '>=' },
  ...{ and: '&&', or: '||', add: '+', sub: '-', mul: '*', div: '/', mod: '%', coalesce: '??' },
};

const literals: Readonly<Record<string, string>> = { true: 'true', false: 'false', null: 'null' };

/**
 * An expression of an ARM template as Bicep writes it.
 * @throws Error for a function that no template of ours has; test/bicep looks at all of them
 */
export function bicepExpression(expression: ArmExpression, names: Names): string {
  const print = (one: ArmExpression) => bicepExpression(one, names);
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'number' ? String(expression.value) : textLiteral(expression.value);
    case 'member':
      return print(expression.of) + memberAccess(expression.name, expression.optional);
    case 'index': {
      const { of, index, optional } = expression;
      if (index.kind === 'literal' && typeof index.value === 'string')
        return print(of) + memberAccess(index.value, optional);
      return `${print(of)}[${optional ? '?' : ''}${print(index)}]`;
    }
    case 'call':
      return bicepCall(expression.name, expression.args, names);
  }
}

function bicepCall(name: string, args: readonly ArmExpression[], names: Names): string {
  const printed = () => args.map((one) => bicepExpression(one, names));
  const operator = operators[name];
  if (operator) return `(${printed().join(` ${operator} `)})`;
  if (name in literals && args.length === 0) return literals[name] ?? name;
  if (sameFunctions.has(name)) return `${name}(${printed().join(', ')})`;
  switch (name) {
    case 'parameters':
      return declared(names.parameters, args, name);
    case 'variables':
      return declared(names.variables, args, name);
    case 'copyIndex':
      if (names.index === undefined || args.length > 0) throw new Error('copyIndex() needs a loop without a name');
      return names.index;
    case 'not':
      return `!${printed().join('')}`;
    case 'if': {
      const [condition, one, other] = printed();
      return `(${condition} ? ${one} : ${other})`;
    }
    case 'concat':
      return args.some(isText) ? interpolated(args, names) : `concat(${printed().join(', ')})`;
    case 'createArray':
      return `[${printed().join(', ')}]`;
    case 'createObject':
      return objectOf(args, names);
    default:
      throw new Error(`${name}() has no form in Bicep here`);
  }
}

function declared(known: ReadonlyMap<string, string>, [arg]: readonly ArmExpression[], kind: string): string {
  const name = arg?.kind === 'literal' ? known.get(String(arg.value)) : undefined;
  if (name === undefined) throw new Error(`${kind}(${arg?.kind === 'literal' ? arg.value : '…'}) is not declared`);
  return name;
}

function isText(expression: ArmExpression): boolean {
  return expression.kind === 'literal' && typeof expression.value === 'string';
}

/** `'a-${b}'` of `concat('a-', b)`. Literals that follow each other are one text: `$` and `{` may meet there. */
function interpolated(args: readonly ArmExpression[], names: Names): string {
  const parts: string[] = [];
  let literal = '';
  for (const one of args) {
    if (one.kind === 'literal') {
      literal += String(one.value);
      continue;
    }
    parts.push(escapedText(literal), `\${${bicepExpression(one, names)}}`);
    literal = '';
  }
  return `'${[...parts, escapedText(literal)].join('')}'`;
}

function objectOf(args: readonly ArmExpression[], names: Names): string {
  const members = Array.from({ length: args.length / 2 }, (_, index) => {
    const [key, value] = [args[index * 2], args[index * 2 + 1]];
    if (key?.kind !== 'literal' || !value) throw new Error('createObject() needs literal keys here');
    return `${objectKey(String(key.value))}: ${bicepExpression(value, names)}`;
  });
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
