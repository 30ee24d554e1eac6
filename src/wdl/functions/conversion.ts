import { bigintOf } from '../compare.ts';
import { isJsonType, mediaType } from '../content/body.ts';
import { decimalOfInteger, isDecimal, parseDecimal } from '../decimal.ts';
import { defaultCulture } from '../dotnet/culture.ts';
import { invariantNumber } from '../dotnet/number-parse.ts';
import { JsonTextError, parseJsonText } from '../json-text.ts';
import { numberText } from '../number-text.ts';
import { decodeBase64, encodeBase64, toText } from '../text.ts';
import type { WdlNumber, WdlValue } from '../values.ts';
import { binaryContent, float, INT64_MIN, integer, isBinaryContent, isInteger, isNumber, toNumber } from '../values.ts';
import { checkedBase64, compactBase64 } from './base64-argument.ts';
import { dataUriText, readBinaryDataUri, readDataUri } from './data-uri.ts';
import { floatOf } from './formats.ts';
import type { FunctionDefinition } from './signature.ts';
import { any, conversionError, define, defineVariadic, optional, text, textOrContent } from './signature.ts';
import { concatTexts } from './text-limit.ts';
import { percentDecode, percentEncode } from './uri-text.ts';

function bool(value: WdlValue): boolean {
  if (typeof value === 'boolean') return value;
  if (isNumber(value)) return toNumber(value) !== 0;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'true' || word === 'false') return word === 'true';
  throw conversionError('bool');
}

/**
 * Numbers without a fraction, and texts of them. The service reads a string as a float first, so that `'1.0'`, `'1,000'` and
 * `'1e3'` are integers, digits beyond the 16th are rounded, and `'nan'` is the least integer there is. Source: the cases of
 * ScoreUnder/IllogicApps, measured on the Logic Apps host.
 */
function int(value: WdlValue): WdlNumber {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isNumber(value) && isInteger(value)) return value;
  const number = isNumber(value) ? toNumber(value) : typeof value === 'string' ? floatOfText(value) : undefined;
  if (number === undefined) throw conversionError('int');
  if (Number.isNaN(number) && typeof value === 'string') return integer(INT64_MIN);
  if (!Number.isInteger(number) || number < -(2 ** 63) || number >= 2 ** 63) throw conversionError('int');
  return integer(BigInt(number));
}

/** A float as `int` reads it: group separators and an exponent, but no sign behind the digits. */
function floatOfText(text: string): number | undefined {
  if (/^\s*[-+]?nan\s*$/i.test(text)) return Number.NaN;
  const invariant = /[-+]\s*$/.test(text) ? undefined : invariantNumber(text, defaultCulture().numbers);
  return invariant === undefined ? undefined : Number(invariant);
}

function toFloat(value: WdlValue, locale: string | undefined): WdlNumber {
  if (isNumber(value)) return float(toNumber(value));
  const number = typeof value === 'string' ? floatOf('float', value, locale) : undefined;
  if (number === undefined) throw conversionError('float');
  return float(number);
}

/** A string has digits, group separators and one sign, but no exponent (.NET's `NumberStyles.Number`). */
function toDecimal(value: WdlValue): WdlNumber {
  if (isDecimal(value)) return value;
  if (isInteger(value)) return decimalOfInteger(bigintOf(value));
  const source = isNumber(value)
    ? numberText(value)
    : typeof value === 'string' && !/e/i.test(value)
      ? value
      : undefined;
  const invariant = source === undefined ? undefined : invariantNumber(source, defaultCulture().numbers);
  const decimal = invariant === undefined ? undefined : parseDecimal(invariant);
  if (decimal === undefined) throw conversionError('decimal');
  return decimal;
}

/** Texts are plain text, content keeps its type, everything else is JSON, written as `string` writes it. */
function dataUri(value: WdlValue): string {
  if (value === null) throw conversionError('dataUri');
  if (typeof value === 'string') return `data:text/plain;charset=utf-8;base64,${encodeBase64(value)}`;
  if (isBinaryContent(value)) return `data:${value['$content-type']};base64,${value.$content}`;
  return `data:application/json;charset=utf-8;base64,${encodeBase64(toText(value))}`;
}

/** Text comes back as text and JSON as its value, by the media type; everything else as binary content. */
function decodeDataUri(uri: string): WdlValue {
  const { contentType, base64: written } = readDataUri('decodeDataUri', uri);
  const base64 = compactBase64('decodeDataUri', written);
  const media = mediaType(contentType);
  if (media.startsWith('text/')) return decodeBase64(base64);
  if (!isJsonType(media)) return binaryContent(base64, contentType);
  try {
    return parseJsonText(decodeBase64(base64));
  } catch (error) {
    if (error instanceof JsonTextError) return decodeBase64(base64);
    throw error;
  }
}

function base64ToString(name: string): FunctionDefinition {
  return define(name, [text('value')], ([value]) => decodeBase64(checkedBase64(name, value)));
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
  define('base64', [textOrContent('value')], ([value]) =>
    typeof value === 'string' ? encodeBase64(value) : value.$content,
  ),
  define('base64ToBinary', [text('value')], ([value]) => binaryContent(checkedBase64('base64ToBinary', value))),
  base64ToString('base64ToString'),
  define('binary', [any('value')], ([value]) => {
    if (value === null) throw conversionError('binary');
    return binaryContent(isBinaryContent(value) ? value.$content : encodeBase64(toText(value)));
  }),
  define('bool', [any('value')], ([value]) => bool(value)),
  defineVariadic('createArray', [any('object1')], (values) => [...values]),
  define('dataUri', [any('value')], ([value]) => dataUri(value)),
  define('dataUriToBinary', [text('value')], ([value]) => {
    const { contentType, base64 } = readBinaryDataUri('dataUriToBinary', value);
    return binaryContent(base64, contentType);
  }),
  define('dataUriToString', [text('value')], ([value]) => dataUriText('dataUriToString', value)),
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
