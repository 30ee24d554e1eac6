import { isJsonObject, type Json } from './json.ts';

/** A string that ARM must not take for an expression: in brackets, so the first one is doubled. */
export function armLiteral(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? `[${text}` : text;
}

/** The same for every text inside a value. ARM evaluates texts in lists and objects too, and the names of members. */
export function armLiteralValue(value: Json): Json {
  if (typeof value === 'string') return armLiteral(value);
  if (Array.isArray(value)) return value.map(armLiteralValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [armLiteral(key), armLiteralValue(member)]));
}

/** What ARM makes of `armLiteral`: the text as people type it. An expression stays as it is. */
export function unescapeArm(text: string): string {
  return text.startsWith('[[') && text.endsWith(']') ? text.slice(1) : text;
}

/** The same for every text inside a value, and for the names of members. */
export function unescapeArmValue(value: Json): Json {
  if (typeof value === 'string') return unescapeArm(value);
  if (Array.isArray(value)) return value.map(unescapeArmValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [unescapeArm(key), unescapeArmValue(member)]));
}
