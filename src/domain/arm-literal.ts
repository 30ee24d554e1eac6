import { isJsonObject, type Json } from './json.ts';

/** Escapes a string in brackets so that ARM does not evaluate it: doubles the first bracket. */
export function armLiteral(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? `[${text}` : text;
}

/** The same for all strings in a value. ARM also evaluates strings in lists and objects, and names of members. */
export function armLiteralValue(value: Json): Json {
  if (typeof value === 'string') return armLiteral(value);
  if (Array.isArray(value)) return value.map(armLiteralValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [armLiteral(key), armLiteralValue(member)]));
}

/** Undoes `armLiteral`: `[[text]` becomes `[text]`. Expressions are unchanged. */
export function unescapeArm(text: string): string {
  return text.startsWith('[[') && text.endsWith(']') ? text.slice(1) : text;
}

/** The same for all strings in a value, and names of members. */
export function unescapeArmValue(value: Json): Json {
  if (typeof value === 'string') return unescapeArm(value);
  if (Array.isArray(value)) return value.map(unescapeArmValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [unescapeArm(key), unescapeArmValue(member)]));
}
