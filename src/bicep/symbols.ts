import { type ArmExpression, isArmExpression, parseArmExpression } from '../arm-expressions/syntax.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { isJsonObject, textOf } from '../domain/json.ts';
import { sameFunctions } from './expression.ts';

/*
 * Bicep names resources of a template by symbols, where JSON names them by their type and the expression of their name.
 */

/** A resource by what it is called: two are the same where both texts are. */
export interface Address {
  readonly type: string;
  /** Literal characters as they are, everything else as its expression in braces. */
  readonly name: string;
}

/** What an expression's text is made of, whichever way it is put together. */
function canonical(expression: ArmExpression, variables: JsonObject): string {
  const inlined = withoutVariables(expression, variables);
  if (inlined.kind === 'literal') return String(inlined.value);
  if (inlined.kind === 'call' && inlined.name === 'concat')
    return inlined.args.map((one) => canonical(one, variables)).join('');
  return `{${JSON.stringify(inlined)}}`;
}

/** `variables('x')` as its value, where that is a text. */
function withoutVariables(expression: ArmExpression, variables: JsonObject): ArmExpression {
  if (expression.kind !== 'call' || expression.name !== 'variables') return expression;
  const [arg] = expression.args;
  const value = arg?.kind === 'literal' ? variables[String(arg.value)] : undefined;
  return typeof value === 'string' ? withoutVariables(asExpression(value), variables) : expression;
}

/** The parent of a resource whose name is written as `concat(…, '/own')`, where `own` is, and the address of the parent. */
export function parentOf(
  { type, name }: JsonObject,
  variables: JsonObject,
): { readonly own: string; readonly address: Address } | undefined {
  const expression = asExpression(textOf(name) ?? '');
  const parentType = (textOf(type) ?? '').replace(/\/[^/]+$/, '');
  if (expression.kind !== 'call' || expression.name !== 'concat' || !parentType.includes('/')) return undefined;
  const last = expression.args.at(-1);
  const own = last?.kind === 'literal' ? /^\/([^/]+)$/.exec(String(last.value))?.[1] : undefined;
  if (own === undefined) return undefined;
  const above = expression.args.slice(0, -1).map((one) => canonical(one, variables));
  return { own, address: { type: parentType, name: above.join('') } };
}

function asExpression(text: string): ArmExpression {
  return isArmExpression(text) ? parseArmExpression(text) : { kind: 'literal', value: text };
}

/** Of a resource that the template declares. */
export function addressOf(resource: JsonObject, variables: JsonObject): Address {
  const name = asExpression(textOf(resource['name']) ?? '');
  return { type: textOf(resource['type']) ?? '', name: canonical(name, variables) };
}

/** Of an id, `resourceId(…)` or a type and a name in one text; undefined for what is neither. */
export function addressOfId(text: string, variables: JsonObject): Address | undefined {
  const expression = withoutVariables(asExpression(text), variables);
  if (expression.kind === 'call' && /^(extension)?resourceId$/i.test(expression.name)) {
    const at = expression.args.findIndex((arg) => arg.kind === 'literal' && /^[\w.]+\/\w/.test(String(arg.value)));
    const [type, ...names] = at < 0 ? [] : expression.args.slice(at);
    if (type?.kind !== 'literal') return undefined;
    return { type: String(type.value), name: names.map((one) => canonical(one, variables)).join('/') };
  }
  const [, type, name] = /^([\w.]+\/\w+)\/(.+)$/s.exec(canonical(expression, variables)) ?? [];
  return type === undefined || name === undefined ? undefined : { type, name };
}

export function isSame(one: Address, other: Address): boolean {
  return one.type.toLowerCase() === other.type.toLowerCase() && one.name === other.name;
}

/**
 * A symbol that says what the resource is, unlike those in `taken`, and put there: `vault`, or `connection_SIGNL4ConnectionName` where
 * there are several.
 */
export function newSymbol({ type, name }: Address, taken: Set<string>): string {
  const last = type.split('/').at(-1) ?? type;
  const base = last.replace(/ies$/, 'y').replace(/(?<![su])s$/, '');
  const written = name.replaceAll(/\{.*?\}(?=[^{}]*$|[^{}]*\{)/gs, '');
  const label = [written, namedIn(name)].map((text) => (text.match(/[A-Za-z]\w*/g) ?? []).join('_')).find(Boolean);
  const candidates = [base, ...(label ? [`${base}_${label}`] : [])];
  const numbered = Array.from({ length: 100 }, (_, index) => `${base}_${index + 2}`);
  const symbol = [...candidates, ...numbered].find((one) => !taken.has(one.toLowerCase()));
  if (symbol === undefined) throw new Error(`too many resources of type ${type}`);
  taken.add(symbol.toLowerCase());
  return symbol;
}

/** The parameter or variable that a canonical name ends in. */
function namedIn(name: string): string {
  return /.*"value":"(\w+)"/s.exec(name)?.[1] ?? '';
}

/** Names of parameters and variables in one name space: a variable that is called like a parameter gets another name. */
export function identifiers(template: JsonObject): {
  readonly parameters: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  readonly taken: Set<string>;
} {
  const keys = (member: Json | undefined) => (isJsonObject(member) ? Object.keys(member) : []);
  const parameters = new Map(keys(template['parameters']).map((name) => [name, name]));
  const taken = new Set([...parameters.keys(), ...sameFunctions].map((name) => name.toLowerCase()));
  const variables = new Map(
    keys(template['variables']).map((name) => {
      const free = taken.has(name.toLowerCase()) ? `${name}Value` : name;
      taken.add(free.toLowerCase());
      return [name, free];
    }),
  );
  return { parameters, variables, taken };
}
