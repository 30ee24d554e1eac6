import type { WdlDecimal } from './decimal.ts';
import { isDecimal } from './decimal.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * Values while an expression is evaluated. JSON values stand for themselves; three things JSON text or JavaScript numbers
 * cannot tell apart have a class of their own:
 *
 * - `WdlFloat`: a float whose value happens to be whole. `11.0` is not `11`: `div(11.0, 5)` is 2.2, `div(11, 5)` is 2.
 * - `WdlLong`: an integer beyond 2^53, such as the result of `ticks()`.
 * - `WdlDecimal`: the .NET decimal that `decimal()` makes.
 *
 * A plain number is an integer when it is whole and a float when it is not. Every class has `toJSON`, so that
 * `JSON.stringify` of a value never fails; `toJson` gives the plain JSON value.
 */
export type WdlValue = string | boolean | null | WdlNumber | WdlObject | WdlArray;

export type WdlNumber = number | WdlFloat | WdlLong | WdlDecimal;

export interface WdlObject {
  readonly [name: string]: WdlValue;
}

export type WdlArray = readonly WdlValue[];

/** A float with a whole value (or not a number, or infinite). Make one with `float()`. */
export class WdlFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  toJSON(): number | null {
    return Number.isFinite(this.value) ? this.value : null;
  }
}

/** A 64-bit integer outside the range that a JavaScript number holds exactly. Make one with `integer()`. */
export class WdlLong {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }

  toJSON(): number {
    return Number(this.value);
  }
}

/** Names of types as the service's messages write them. */
export type WdlTypeName = 'Null' | 'String' | 'Boolean' | 'Integer' | 'Float' | 'Array' | 'Object';

export const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Whether an integer is one of the language: 64 bits. */
export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** A float value, whole or not. */
export function float(value: number): WdlNumber {
  return Number.isInteger(value) || !Number.isFinite(value) ? new WdlFloat(value) : value;
}

/** An integer value; the caller has checked that it fits 64 bits. */
export function integer(value: bigint): WdlNumber {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : new WdlLong(value);
}

export function isNumber(value: WdlValue): value is WdlNumber {
  return typeof value === 'number' || value instanceof WdlFloat || value instanceof WdlLong || isDecimal(value);
}

/** Whether a number is an integer to the language: whole, and within 64 bits. */
export function isInteger(value: WdlValue): value is number | WdlLong {
  return (
    (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63) || value instanceof WdlLong
  );
}

export function isArray(value: WdlValue): value is WdlArray {
  return Array.isArray(value);
}

/** A JSON object: not null, not an array, none of the classes above. */
export function isObject(value: WdlValue): value is WdlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value);
}

export function typeName(value: WdlValue): WdlTypeName {
  if (value === null) return 'Null';
  if (typeof value === 'string') return 'String';
  if (typeof value === 'boolean') return 'Boolean';
  if (isArray(value)) return 'Array';
  if (isNumber(value)) return isInteger(value) ? 'Integer' : 'Float';
  return 'Object';
}

/** A number as a JavaScript number; integers beyond 2^53 and decimals lose digits. */
export function toNumber(value: WdlNumber): number {
  return typeof value === 'number' ? value : isDecimal(value) ? value.toNumber() : Number(value.value);
}

/** An integer, or a float without a fraction, as a JavaScript number; `undefined` for anything else. */
export function wholeNumber(value: WdlValue): number | undefined {
  if (!isNumber(value)) return undefined;
  const whole = toNumber(value);
  return Number.isInteger(whole) ? whole : undefined;
}

/** Binary content: `{ "$content-type": …, "$content": base64 }`, perhaps with the parsed parts of a form. */
export interface BinaryContent extends WdlObject {
  readonly '$content-type': string;
  readonly $content: string;
}

const BINARY_MEMBERS = new Set(['$content-type', '$content', '$formdata', '$multipart']);

export function isBinaryContent(value: WdlValue): value is BinaryContent {
  return (
    isObject(value) &&
    typeof value['$content-type'] === 'string' &&
    typeof value['$content'] === 'string' &&
    Object.keys(value).every((name) => BINARY_MEMBERS.has(name))
  );
}

export function binaryContent(base64: string, contentType = 'application/octet-stream'): BinaryContent {
  return { '$content-type': contentType, $content: base64 };
}

/** The plain JSON value: whole floats, long integers and decimals become JSON numbers. */
export function toJson(value: WdlValue): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.every(isPlain) ? (value as readonly Json[]) : value.map(toJson);
  if (isObject(value)) {
    if (Object.values(value).every(isPlain)) return value as JsonObject;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
  }
  return value.toJSON();
}

function isPlain(value: WdlValue): boolean {
  return typeof value !== 'object' || value === null;
}
