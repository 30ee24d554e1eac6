import type { Culture } from './culture-data.ts';
import type { DateTime, DateTimeKind } from './date-time.ts';
import { dateTime, fieldsOf, fromUnixMilliseconds, TICKS_PER_MINUTE, ticksOf } from './date-time.ts';

/** What has been read so far; what stays open takes the place of today. */
export interface ReadDate {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  /** Ticks within the second. */
  fraction?: number;
  afternoon?: boolean;
  /** Offset from UTC in minutes, or `Z`. */
  zone?: number | 'Z';
}

const ISO =
  /^(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,16}))?)?)?\s*(Z|[-+]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Reads a date and time as .NET's `DateTime.Parse` does: ISO 8601, or day, month and year in the order and with the names
 * of the culture. `now` (milliseconds since 1970) fills in a date that names no year. `undefined`: not a date.
 */
export function parseDateTime(text: string, culture: Culture, now: number): DateTime | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 200) return undefined;
  const iso = ISO.exec(trimmed);
  if (iso) return complete(readIso(iso), now);
  const read = readCultureDate(trimmed, culture);
  return read === undefined ? undefined : complete(read, now);
}

function readIso([, year, month, day, hour, minute, second, fraction, zone]: RegExpExecArray): ReadDate {
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day ?? 1),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    fraction: fractionTicks(fraction),
    ...(zone === undefined ? {} : { zone: zoneOffset(zone) }),
  };
}

/** Digits after the point of a second, as ticks; digits beyond the seventh are dropped. */
export function fractionTicks(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.slice(0, 7).padEnd(7, '0'));
}

/** `Z`, `+02:00`, `+0200`, `+02`, `+2`. */
export function zoneOffset(text: string): number | 'Z' {
  const match = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (!match) return 'Z';
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}

/** The moment that was read, set to UTC if it named an offset. `undefined`: no such date or time. */
export function complete(read: ReadDate, now: number): DateTime | undefined {
  const today = fieldsOf(fromUnixMilliseconds(now));
  const dateGiven = read.year !== undefined || read.month !== undefined || read.day !== undefined;
  const hour = read.hour ?? 0;
  if (read.afternoon !== undefined && (hour < 1 || hour > 12)) return undefined;
  const ticks = ticksOf({
    year: read.year ?? today.year,
    month: read.month ?? (dateGiven ? 1 : today.month),
    day: read.day ?? (dateGiven ? 1 : today.day),
    hour: read.afternoon === undefined ? hour : (hour % 12) + (read.afternoon ? 12 : 0),
    minute: read.minute ?? 0,
    second: read.second ?? 0,
    fraction: read.fraction ?? 0,
  });
  if (ticks === undefined) return undefined;
  if (read.zone === undefined) return dateTime(ticks, 'unspecified');
  const kind: DateTimeKind = read.zone === 'Z' ? 'utc' : 'local';
  const offset = read.zone === 'Z' ? 0 : read.zone;
  if (Math.abs(offset) > 14 * 60) return undefined;
  return dateTime(ticks - BigInt(offset) * TICKS_PER_MINUTE, kind);
}

/** Two-digit years run from 1950 to 2049. */
export function fullYear(digits: string): number {
  const year = Number(digits);
  return digits.length > 2 ? year : year < 50 ? 2000 + year : 1900 + year;
}

const CLOCK = /(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,16}))?)?/;
const ZONE = /\s*(?:(Z|GMT|UTC)|([-+]\d{1,2}:?\d{2}))$/i;
/** What may be between the parts of a date. */
const BETWEEN = /^[\s,./\-年月日년월일]*$/u;

function readCultureDate(text: string, culture: Culture): ReadDate | undefined {
  const read: ReadDate = {};
  let rest = takeClock(text, culture, read);
  rest = takeNames(rest, culture, read);
  const numbers = rest.match(/\d+/g) ?? [];
  if (!BETWEEN.test(rest.replace(/\d+/g, ' ')) || numbers.some((digits) => digits.length > 4)) return undefined;
  if (numbers.length === 0) return read.month === undefined && read.hour === undefined ? undefined : read;
  return assignNumbers(numbers, culture, read) ? read : undefined;
}

function takeClock(text: string, culture: Culture, read: ReadDate): string {
  let rest = text;
  const zone = CLOCK.test(text) ? ZONE.exec(rest) : null;
  if (zone) {
    read.zone = zone[2] === undefined ? 'Z' : zoneOffset(zone[2]);
    rest = rest.slice(0, zone.index);
  }
  const clock = CLOCK.exec(rest);
  if (clock) {
    read.hour = Number(clock[1]);
    read.minute = Number(clock[2]);
    read.second = Number(clock[3] ?? 0);
    read.fraction = fractionTicks(clock[4]);
    rest = `${rest.slice(0, clock.index).replace(/T$/, '')} ${rest.slice(clock.index + clock[0].length)}`;
  }
  for (const [names, afternoon] of [
    [[culture.am, 'AM'], false],
    [[culture.pm, 'PM'], true],
  ] as const) {
    const designator = wordPattern(names).exec(rest);
    if (!designator || read.hour === undefined) continue;
    read.afternoon = afternoon;
    rest = rest.replace(designator[0], ' ');
  }
  return rest;
}

function takeNames(text: string, culture: Culture, read: ReadDate): string {
  let rest = text;
  const monthLists = [culture.genitiveMonths, culture.months, culture.abbreviatedMonths];
  const month = wordPattern(monthLists.flat()).exec(rest);
  if (month) {
    const index = monthIndex(month[0], monthLists);
    if (index !== undefined) {
      read.month = index + 1;
      rest = rest.replace(month[0], ' ');
    }
  }
  for (const words of [culture.days, culture.abbreviatedDays, patternWords(culture)]) {
    if (words.length > 0) rest = rest.replace(new RegExp(wordPattern(words), 'giu'), ' ');
  }
  return rest;
}

function monthIndex(name: string, lists: readonly (readonly string[])[]): number | undefined {
  const wanted = foldName(name);
  for (const list of lists) {
    const index = list.findIndex((each) => foldName(each) === wanted);
    if (index >= 0) return index;
  }
  return undefined;
}

/** Names are compared without case and without the dot of an abbreviation. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Literal words in the culture's own date patterns: the `de` in `5 de marzo de 2018`. */
function patternWords({ longDate, monthDay, yearMonth }: Culture): string[] {
  const quoted = [longDate, monthDay, yearMonth].flatMap((pattern) => pattern.match(/'([^']+)'/g) ?? []);
  return quoted
    .map((word) => word.replaceAll("'", '').trim())
    .filter((word) => /^\p{L}/u.test(word) && !/[年月日년월일]/u.test(word));
}

/** Any of the words, longest first, as a whole word; a trailing dot may be left out. */
function wordPattern(words: readonly string[]): RegExp {
  // Japanese and its neighbours number their months: those names are read as numbers.
  const names = words.filter((word) => word !== '' && !/\d/.test(word)).map((word) => word.replace(/\.$/, ''));
  if (names.length === 0) return /(?!)/;
  const alternatives = [...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<!\\p{L})(?:${alternatives.join('|')})\\.?(?!\\p{L})`, 'iu');
}

/** Gives numbers their meaning: a long first number is the year, otherwise the culture's short date says the order. */
function assignNumbers(numbers: readonly string[], culture: Culture, read: ReadDate): boolean {
  const [first = '', second = '', third = ''] = numbers;
  if (read.month !== undefined) return assignBesideMonth(numbers, read);
  const dayFirst = culture.shortDate.indexOf('d') < culture.shortDate.indexOf('M');
  const monthAndDay = (one: string, two: string) => {
    [read.month, read.day] = dayFirst ? [Number(two), Number(one)] : [Number(one), Number(two)];
  };
  if (numbers.length === 3) {
    const yearFirst = first.length > 2 || (third.length <= 2 && culture.shortDate.startsWith('y'));
    read.year = fullYear(yearFirst ? first : third);
    if (yearFirst) [read.month, read.day] = [Number(second), Number(third)];
    else monthAndDay(first, second);
    return true;
  }
  if (numbers.length !== 2) return false;
  if (first.length > 2) [read.year, read.month] = [Number(first), Number(second)];
  else if (second.length > 2) [read.month, read.year] = [Number(first), Number(second)];
  else monthAndDay(first, second);
  return true;
}

function assignBesideMonth(numbers: readonly string[], read: ReadDate): boolean {
  const [first = '', second] = numbers;
  const isYear = (digits: string) => digits.length > 2 || Number(digits) > 31;
  if (numbers.length > 2) return false;
  if (second === undefined) {
    if (isYear(first)) read.year = fullYear(first);
    else read.day = Number(first);
  } else if (isYear(first)) [read.year, read.day] = [fullYear(first), Number(second)];
  else [read.day, read.year] = [Number(first), fullYear(second)];
  return true;
}
