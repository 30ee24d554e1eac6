import { lowerInvariant, upperInvariant } from '../compare.ts';
import { formatNumber } from '../dotnet/number-format.ts';
import { parseInteger } from '../dotnet/number-parse.ts';
import { toText } from '../text.ts';
import type { WdlValue } from '../values.ts';
import { isInt64 } from '../values.ts';
import { cultureArgument, floatOf, withFormat } from './formats.ts';
import type { FunctionDefinition } from './signature.ts';
import { any, arrayOrText, define, defineVariadic, functionError, number, optional, text, whole } from './signature.ts';
import { concatTexts } from './text-limit.ts';

/** White space as .NET's `Trim` sees it. */
const WHITE_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** From both ends by hand: a pattern for the end would search long runs of spaces again and again. */
function trim(source: string): string {
  let start = 0;
  let end = source.length;
  while (start < end && WHITE_SPACE.test(source.charAt(start))) start += 1;
  while (end > start && WHITE_SPACE.test(source.charAt(end - 1))) end -= 1;
  return source.slice(start, end);
}

function occurrences(haystack: string, needle: string): number[] {
  const positions: number[] = [];
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) positions.push(at);
  return positions;
}

function nthIndexOf(source: string, search: string, n: number): number {
  if (search === '' || n === 0) return -1;
  const positions = occurrences(lowerInvariant(source), lowerInvariant(search));
  return positions.at(n > 0 ? n - 1 : n) ?? -1;
}

/** An empty search text is found one before the end, as the documentation says (.NET Framework's answer). */
function lastIndexOf(source: string, search: string): number {
  if (search === '') return source === '' ? 0 : source.length - 1;
  return lowerInvariant(source).lastIndexOf(lowerInvariant(search));
}

function substring(source: string, start: number, length: number | undefined): string {
  if (start < 0 || start >= source.length) {
    throw functionError(
      'substring',
      `parameter is out of range: 'start index' must be a non-negative integer and less than the length of the string, ` +
        `which is ${source.length}. The provided value is '${start}'`,
    );
  }
  const size = length ?? source.length - start;
  if (size < 0 || start + size > source.length) {
    throw functionError(
      'substring',
      `parameters are out of range: 'start index' and 'length' must be non-negative integers and their sum must be no ` +
        `larger than the length of the string, which is ${source.length}. The provided values are '${start}' and '${size}'`,
      'wdl.argument-value',
      'Use take(…) or slice(…): they accept positions beyond the end.',
    );
  }
  return source.slice(start, start + size);
}

function replace(source: string, search: string, replacement: string): string {
  if (search === '') throw functionError('replace', 'expects the text to be replaced not to be empty');
  const pieces = source.split(search);
  return concatTexts('replace', pieces, replacement);
}

function chunk(collection: readonly WdlValue[] | string, size: number): WdlValue {
  if (size < 1) {
    throw functionError('chunk', `expects chunk size to be a positive integer. The provided value is '${size}'`);
  }
  const pieces: WdlValue[] = [];
  for (let from = 0; from < collection.length; from += size) pieces.push(collection.slice(from, from + size));
  return pieces;
}

/** How a GUID is written; `h` are its 32 hexadecimal digits. */
const GUID_FORMATS: Readonly<Record<string, (h: string) => string>> = {
  N: (h) => h,
  D: hyphenated,
  B: (h) => `{${hyphenated(h)}}`,
  P: (h) => `(${hyphenated(h)})`,
  X: (h) => {
    const bytes = h.slice(16).match(/../g) ?? [];
    const head = [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16)].map((part) => `0x${part}`).join(',');
    return `{${head},{${bytes.map((byte) => `0x${byte}`).join(',')}}}`;
  },
};

function hyphenated(h: string): string {
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join('-');
}

/** 32 hexadecimal digits of a random GUID (version 4). */
function randomGuid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16));
  digits[12] = 4;
  digits[16] = 8 + ((digits[16] ?? 0) % 4);
  return digits.map((digit) => digit.toString(16)).join('');
}

function isIntegerText(value: string): boolean {
  const whole = parseInteger(value);
  return whole !== undefined && isInt64(whole);
}

/** Reference: "String functions". Comparisons ignore case except in `replace`, `split` and `contains`. */
export const stringFunctions: readonly FunctionDefinition[] = [
  define('chunk', [arrayOrText('collection'), whole('length')], ([collection, size]) => chunk(collection, size)),
  defineVariadic('concat', [any('text1')], (values) => concatTexts('concat', values.map(toText))),
  define('endsWith', [text('text'), text('searchText')], ([source, search]) =>
    lowerInvariant(source).endsWith(lowerInvariant(search)),
  ),
  define('formatNumber', [number('number'), text('format'), optional(text('locale'))], ([value, format, locale]) => {
    const culture = cultureArgument('formatNumber', locale);
    return withFormat('formatNumber', format, () => formatNumber(value, format, culture));
  }),
  define('guid', [optional(text('format'))], ([format], context) => {
    const write = GUID_FORMATS[(format ?? 'D').toUpperCase() || 'D'];
    if (write === undefined) {
      throw functionError('guid', `expects its format to be one of 'N', 'D', 'B', 'P' and 'X'. It is '${format}'`);
    }
    return write(randomGuid(() => context.random()));
  }),
  define('indexOf', [text('text'), text('searchText')], ([source, search]) =>
    lowerInvariant(source).indexOf(lowerInvariant(search)),
  ),
  define(
    'isFloat',
    [text('string'), optional(text('locale'))],
    ([value, locale]) => floatOf('isFloat', value, locale) !== undefined,
  ),
  define('isInt', [text('string')], ([value]) => isIntegerText(value)),
  define('lastIndexOf', [text('text'), text('searchText')], ([source, search]) => lastIndexOf(source, search)),
  define('length', [arrayOrText('collection')], ([collection]) => collection.length),
  define('nthIndexOf', [text('text'), text('searchText'), whole('occurrence')], ([source, search, n]) =>
    nthIndexOf(source, search, n),
  ),
  define('replace', [text('text'), text('oldText'), text('newText')], ([source, search, replacement]) =>
    replace(source, search, replacement),
  ),
  define('slice', [text('text'), whole('startIndex'), optional(whole('endIndex'))], ([source, start, end]) =>
    source.slice(start, end),
  ),
  define('split', [text('text'), text('delimiter')], ([source, delimiter]) =>
    delimiter === '' ? [source] : source.split(delimiter),
  ),
  define('startsWith', [text('text'), text('searchText')], ([source, search]) =>
    lowerInvariant(source).startsWith(lowerInvariant(search)),
  ),
  define('substring', [text('text'), whole('startIndex'), optional(whole('length'))], ([source, start, length]) =>
    substring(source, start, length),
  ),
  define('toLower', [text('text')], ([source]) => lowerInvariant(source)),
  define('toUpper', [text('text')], ([source]) => upperInvariant(source)),
  define('trim', [text('text')], ([source]) => trim(source)),
];
