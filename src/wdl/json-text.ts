import { WdlError } from './errors.ts';
import { MAX_JSON_NESTING } from './limits.ts';
import { jsonNumberText } from './number-text.ts';
import type { WdlValue } from './values.ts';
import { float, integer, isArray, isInt64, isNumber } from './values.ts';

/**
 * Compact JSON text of a value, as the service writes objects and arrays where text is wanted. Whole floats, long
 * integers and decimals keep their digits.
 */
export function jsonText(value: WdlValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (isNumber(value)) return jsonNumberText(value);
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`);
  return `{${members.join(',')}}`;
}

/** A number whose digits or kind `JSON.parse` would lose: `1.0`, `1e3`, 16 digits and more. */
const EXACT_NUMBER = /\d(?:\.\d+|[eE][+-]?\d)|\d{16}/;

/** Why JSON text could not be read; worded for the middle of a sentence. */
export class JsonTextError extends Error {}

/**
 * Reads JSON text. Unlike `JSON.parse`, `2.0` stays a float and integers keep all their digits.
 * Throws `JsonTextError` for text that is not JSON, `WdlError` (`wdl.limit`) for nesting beyond 512.
 */
export function parseJsonText(text: string): WdlValue {
  checkNesting(text);
  try {
    return EXACT_NUMBER.test(text) ? parseExactly(text) : (JSON.parse(text) as WdlValue);
  } catch (cause) {
    throw new JsonTextError(cause instanceof Error ? cause.message : String(cause));
  }
}

type SourceReviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

function parseExactly(text: string): WdlValue {
  const keepNumbers: SourceReviver = (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined ? jsonNumber(context.source) : value;
  return JSON.parse(text, keepNumbers as (this: unknown, key: string, value: unknown) => unknown) as WdlValue;
}

/** The value of a number as JSON writes it. Integers beyond 64 bits become floats. */
export function jsonNumber(source: string): WdlValue {
  if (/[.eE]/.test(source)) return float(Number(source));
  const whole = BigInt(source);
  return isInt64(whole) ? integer(whole) : float(Number(source));
}

function checkNesting(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b || character === 0x7b) {
      depth += 1;
      if (depth > MAX_JSON_NESTING) throw nestingError();
    } else if (character === 0x5d || character === 0x7d) depth -= 1;
  }
}

export function nestingError(): WdlError {
  return new WdlError(
    'wdl.limit',
    `The value nests more than ${MAX_JSON_NESTING} arrays and objects inside one another.`,
    {
      remedy: 'Flatten the value, or take the part you need before you pass it on.',
    },
  );
}
