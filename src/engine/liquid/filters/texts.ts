import { cultureNamed, defaultCulture } from '../../../wdl/dotnet/culture.ts';
import { formatDateTime } from '../../../wdl/dotnet/date-format.ts';
import { parseDateTime } from '../../../wdl/dotnet/date-parse.ts';
import { fromUnixMilliseconds } from '../../../wdl/dotnet/date-time.ts';
import { FormatError, formatNumber } from '../../../wdl/dotnet/number-format.ts';
import { percentDecode } from '../../../wdl/functions/uri-text.ts';
import { htmlText } from '../../html-text.ts';
import { decimal, itemText, LiquidError, type LiquidValue } from '../values.ts';
import { type FilterTable, filter } from './signature.ts';

/** A filter of a text alone, which leaves null as it is. */
function ofText(change: (text: string) => string) {
  return filter(['text'], ([text]) => (text === null ? null : change(text)));
}

/** The same with a second text; one that is null is an empty one. */
function withText(change: (text: string, other: string) => LiquidValue) {
  return filter(['text', 'text'], ([text, other]) => (text === null ? null : change(text, other ?? '')));
}

function slice(text: string, start: number, length: number): string | null {
  if (start > text.length) return null;
  const from = start < 0 ? start + text.length : start;
  return from < 0 ? text.slice(0, Math.max(0, length + from)) : text.slice(from, from + length);
}

/** Words with a capital; words that are all capitals stay. */
function titleCase(text: string): string {
  return text.replace(/\p{L}[\p{L}\p{N}'’]*/gu, (word) =>
    word === word.toUpperCase() ? word : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase(),
  );
}

function truncate(text: string, length: number, end: string): string {
  if (text === '') return text;
  if (length < 0) return end;
  return text.length > length ? text.slice(0, Math.max(0, length - end.length)) + end : text;
}

function truncateWords(text: string, count: number, end: string): string {
  if (text === '') return text;
  if (count <= 0) return end;
  const words = text.split(' ');
  return words.length > count ? words.slice(0, count).join(' ') + end : text;
}

/** Every separator stands between two parts that have something in them. */
function split(text: string, separator: string): LiquidValue {
  if (text.trim() === '' || separator === '') return [text];
  return text.split(separator).filter((part) => part !== '');
}

function urlEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replace(/['~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The pattern of a Replace, which is a regular expression of .NET (considerations of Microsoft's page). */
function pattern(written: string): RegExp {
  try {
    return new RegExp(written, 'g');
  } catch (error) {
    const isCut = /(^|[^\\])(\\\\)*\\$/.test(written);
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : String(error);
    throw new LiquidError(`parsing "${written}" - ${isCut ? 'Illegal \\ at end of pattern' : why}.`);
  }
}

/** `$0` and `${name}` of .NET as JavaScript writes them. */
function replacement(written: string): string {
  return written.replace(/\$(\$|0(?!\d)|\{(\w+)\})/g, (_, what: string, name?: string) => {
    if (what === '$') return '$$';
    return name === undefined ? '$&' : /^\d+$/.test(name) ? `$${name}` : `$<${name}>`;
  });
}

function replaceFirst(text: string, wanted: string, by: string): string {
  if (wanted === '') return text;
  const [first] = text.matchAll(pattern(wanted));
  return first ? text.slice(0, first.index) + by + text.slice(first.index + first[0].length) : text;
}

/** A date by a .NET format; what is no date stays as it is. */
function date(value: LiquidValue, format: string | null, now: number): LiquidValue {
  if (value === null) return null;
  const text = itemText(value);
  const isNow = /^(?:now|today)$/i.test(text);
  const instant = isNow ? fromUnixMilliseconds(now) : parseDateTime(text, defaultCulture(), now);
  if (instant === undefined) return text;
  if ((format ?? '').trim() === '') return isNow ? formatDateTime(instant, 'G') : text;
  try {
    return formatDateTime(instant, format ?? '');
  } catch (error) {
    if (error instanceof FormatError) throw new LiquidError('Input string was not in a correct format.');
    throw error;
  }
}

/** An amount of money as a culture writes it; en-US where none is named. */
function currency(value: LiquidValue, name: string | null): string {
  const text = itemText(value);
  const culture = name === null || name.trim() === '' ? defaultCulture() : cultureNamed(name);
  if (culture === undefined) throw new LiquidError('Culture is not supported.');
  try {
    return formatNumber(decimal(text), 'C', culture);
  } catch (error) {
    if (error instanceof LiquidError) return text;
    throw error;
  }
}

export const textFilters: FilterTable = {
  Slice: filter(
    ['text', 'integer', 'integer'],
    ([text, start, length]) => (text === null ? null : slice(text, start, length)),
    1,
  ),
  Downcase: ofText((text) => text.toLowerCase()),
  Upcase: ofText((text) => text.toUpperCase()),
  UrlEncode: ofText(urlEncode),
  UrlDecode: ofText(percentDecode),
  Capitalize: ofText(titleCase),
  Escape: ofText(htmlText),
  H: ofText(htmlText),
  Truncate: filter(
    ['text', 'integer', 'text'],
    ([text, length, end]) => (text === null ? null : truncate(text, length, end ?? '')),
    50,
    '...',
  ),
  TruncateWords: filter(
    ['text', 'integer', 'text'],
    ([text, count, end]) => (text === null ? null : truncateWords(text, count, end ?? '')),
    15,
    '...',
  ),
  Split: filter(['text', 'text'], ([text, separator]) => (text === null ? [null] : split(text, separator ?? ''))),
  StripHtml: ofText((text) => text.replace(/<.*?>/g, '')),
  Strip: ofText((text) => text.trim()),
  Lstrip: ofText((text) => text.trimStart()),
  Rstrip: ofText((text) => text.trimEnd()),
  StripNewlines: ofText((text) => text.replace(/\r?\n/g, '')),
  NewlineToBr: ofText((text) => text.replace(/(\r?\n)/g, '<br />$1')),
  Replace: filter(
    ['text', 'text', 'text'],
    ([text, wanted, by]) =>
      text === null || text === '' || !wanted ? text : text.replace(pattern(wanted), replacement(by ?? '')),
    '',
  ),
  ReplaceFirst: filter(
    ['text', 'text', 'text'],
    ([text, wanted, by]) => (text === null ? null : replaceFirst(text, wanted ?? '', by ?? '')),
    '',
  ),
  Remove: withText((text, other) => (other === '' ? text : text.replaceAll(other, ''))),
  RemoveFirst: withText((text, other) => replaceFirst(text, other, '')),
  Append: withText((text, other) => text + other),
  Prepend: withText((text, other) => other + text),
  Date: filter(['any', 'text'], ([value, format], now) => date(value, format, now)),
  Currency: filter(['any', 'text'], ([value, culture]) => currency(value, culture), null),
  Default: filter(['text', 'text'], ([text, other]) => (text === null || text.trim() === '' ? other : text)),
};
