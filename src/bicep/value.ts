import { isArmExpression, parseArmExpression } from '../arm-expressions/syntax.ts';
import { unescapeArm } from '../domain/arm-literal.ts';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { bicepExpression, type Names } from './expression.ts';
import { objectKey, textLiteral } from './text.ts';

/** A value of a template, expressions in it included. `indent`: of the line that it begins in. */
export function bicepValue(value: Json, names: Names, indent = ''): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : `json('${value}')`;
  if (typeof value === 'string')
    return isArmExpression(value) ? bicepExpression(parseArmExpression(value), names) : textLiteral(unescapeArm(value));
  const inner = `${indent}  `;
  if (!isJsonObject(value)) {
    const items = (value as readonly Json[]).map((item) => `${inner}${bicepValue(item, names, inner)}\n`);
    return items.length === 0 ? '[]' : `[\n${items.join('')}${indent}]`;
  }
  const lines = memberLines(value, names, inner);
  return lines.length === 0 ? '{}' : `{\n${lines.map((line) => `${line}\n`).join('')}${indent}}`;
}

/** `key: value` for each member. @throws Error for a key that is an expression */
export function memberLines(value: JsonObject, names: Names, indent: string): readonly string[] {
  return Object.entries(value).map(([key, member]) => {
    if (isArmExpression(key)) throw new Error(`the key ${key} is an expression`);
    return `${indent}${objectKey(unescapeArm(key))}: ${bicepValue(member, names, indent)}`;
  });
}
