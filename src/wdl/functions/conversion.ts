import { bigintOf } from '../compare.ts';
import { decimalOfInteger, isDecimal, parseDecimal } from '../decimal.ts';
import { cultureNamed } from '../dotnet/culture.ts';
import { invariantNumber, parseInteger } from '../dotnet/number-parse.ts';
import { JsonTextError, parseJsonText } from '../json-text.ts';
import { numberText } from '../number-text.ts';
import { decodeBase64, encodeBase64, isBase64, toText } from '../text.ts';
import type { BinaryContent, WdlNumber, WdlValue } from '../values.ts';
import {
  binaryContent,
  float,
  INT64_MAX,
  INT64_MIN,
  integer,
  isBinaryContent,
  isInteger,
  isNumber,
  toNumber,
} from '../values.ts';
import { cultureArgument } from './formats.ts';
import type { FunctionDefinition, Parameter } from './signature.ts';
import { any, conversionError, define, defineVariadic, functionError, optional, text } from './signature.ts';
import { concatTexts } from './text-limit.ts';
import { percentDecode, percentEncode } from './uri-text.ts';

function textOrBinary(name: string): Parameter<string | BinaryContent> {
  const read = (value: WdlValue) => (typeof value === 'string' || isBinaryContent(value) ? value : undefined);
  return { name, expects: 'a string', optional: false, read };
}

function base64Bytes(functionName: string, base64: string): string {
  if (isBase64(base64)) return base64.replace(/\s+/g, '');
  throw conversionError(functionName, 'The value cannot be decoded from base64 representation');
}

function bool(value: WdlValue): boolean {
  if (typeof value === 'boolean') return value;
  if (isNumber(value)) return toNumber(value) !== 0;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'true' || word === 'false') return word === 'true';
  throw conversionError('bool');
}

/** Texts of whole numbers, and numbers without a fraction; `int('1.5')` and `int(1.5)` fail in the service. */
function int(value: WdlValue): WdlNumber {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isNumber(value)) {
    if (isInteger(value)) return value;
    const whole = toNumber(value);
    if (Number.isInteger(whole) && Math.abs(whole) < 2 ** 63) return integer(BigInt(whole));
  }
  const parsed = typeof value === 'string' ? parseInteger(value) : undefined;
  if (parsed !== undefined && parsed >= INT64_MIN && parsed <= INT64_MAX) return integer(parsed);
  throw conversionError('int');
}

function toFloat(value: WdlValue, locale: string | undefined): WdlNumber {
  const culture = cultureArgument('float', locale);
  if (isNumber(value)) return float(toNumber(value));
  const invariant = typeof value === 'string' ? invariantNumber(value, culture.numbers) : undefined;
  if (invariant === undefined) throw conversionError('float');
  return float(Number(invariant));
}

function toDecimal(value: WdlValue): WdlNumber {
  if (isDecimal(value)) return value;
  if (isInteger(value)) return decimalOfInteger(bigintOf(value));
  const source = isNumber(value) ? numberText(value) : value;
  const numbers = cultureNamed('en-US')?.numbers;
  const invariant = typeof source === 'string' && numbers ? invariantNumber(source, numbers) : undefined;
  const decimal = invariant === undefined ? undefined : parseDecimal(invariant);
  if (decimal === undefined) throw conversionError('decimal');
  return decimal;
}

interface DataUri {
  readonly contentType: string;
  readonly base64: string;
}

/** RFC 2397; without a media type it is plain US-ASCII text. */
function readDataUri(functionName: string, uri: string): DataUri {
  const match = /^data:([^,]*?)(;base64)?,([\s\S]*)$/i.exec(uri);
  if (!match) {
    throw functionError(
      functionName,
      `expects its parameter to be formatted as a valid data URI. The provided value '${uri.slice(0, 100)}' was not formatted correctly`,
      'wdl.argument-value',
      'A data URI looks like data:text/plain;charset=utf-8;base64,aGVsbG8=',
    );
  }
  const [, contentType = '', marked, content = ''] = match;
  const base64 = marked
    ? base64Bytes(functionName, percentDecodeKeepingPlus(content))
    : encodeBase64(percentDecode(content));
  return { contentType: contentType || 'text/plain;charset=US-ASCII', base64 };
}

/** Plus is a digit of base64. */
function percentDecodeKeepingPlus(content: string): string {
  return content.includes('%') ? percentDecode(content.replaceAll('+', '%2B')) : content;
}

/** Text comes back as text and JSON as its value, by the media type; everything else as binary content. */
function decodeDataUri(uri: string): WdlValue {
  const { contentType, base64 } = readDataUri('decodeDataUri', uri);
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType.startsWith('text/')) return decodeBase64(base64);
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json')) return binaryContent(base64, contentType);
  try {
    return parseJsonText(decodeBase64(base64));
  } catch (error) {
    if (error instanceof JsonTextError) return decodeBase64(base64);
    throw error;
  }
}

function base64ToString(name: string): FunctionDefinition {
  return define(name, [text('value')], ([value]) => decodeBase64(base64Bytes(name, value)));
}

function uriComponent(name: string): FunctionDefinition {
  return defineVariadic(name, [any('value')], (values) => percentEncode(concatTexts(name, values.map(toText))));
}

function uriComponentToString(name: string): FunctionDefinition {
  return define(name, [text('value')], ([value]) => percentDecode(value));
}

/** Reference: "Conversion functions"; `json` and `xml` are in json-xml.ts. */
export const conversionFunctions: readonly FunctionDefinition[] = [
  define('array', [any('value')], ([value]) => [value]),
  define('base64', [textOrBinary('value')], ([value]) =>
    typeof value === 'string' ? encodeBase64(value) : value.$content,
  ),
  define('base64ToBinary', [text('value')], ([value]) => binaryContent(base64Bytes('base64ToBinary', value))),
  base64ToString('base64ToString'),
  define('binary', [any('value')], ([value]) => {
    if (value === null) throw conversionError('binary');
    return binaryContent(isBinaryContent(value) ? value.$content : encodeBase64(toText(value)));
  }),
  define('bool', [any('value')], ([value]) => bool(value)),
  defineVariadic('createArray', [any('object1')], (values) => [...values]),
  define('dataUri', [textOrBinary('value')], ([value]) =>
    typeof value === 'string'
      ? `data:text/plain;charset=utf-8;base64,${encodeBase64(value)}`
      : `data:${value['$content-type']};base64,${value.$content}`,
  ),
  define('dataUriToBinary', [text('value')], ([value]) => {
    const { contentType, base64 } = readDataUri('dataUriToBinary', value);
    return binaryContent(base64, contentType);
  }),
  define('dataUriToString', [text('value')], ([value]) => decodeBase64(readDataUri('dataUriToString', value).base64)),
  define('decimal', [any('value')], ([value]) => toDecimal(value)),
  base64ToString('decodeBase64'),
  define('decodeDataUri', [text('value')], ([value]) => decodeDataUri(value)),
  uriComponentToString('decodeUriComponent'),
  uriComponent('encodeUriComponent'),
  define('float', [any('value'), optional(text('locale'))], ([value, locale]) => toFloat(value, locale)),
  define('int', [any('value')], ([value]) => int(value)),
  define('string', [any('value')], ([value]) => toText(value)),
  uriComponent('uriComponent'),
  define('uriComponentToBinary', [text('value')], ([value]) => binaryContent(encodeBase64(percentDecode(value)))),
  uriComponentToString('uriComponentToString'),
];
