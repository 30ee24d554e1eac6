import { defaultCulture } from './culture.ts';
import type { Culture } from './culture-data.ts';
import type { ReadDate } from './date-parse.ts';
import { complete, foldName, fractionTicks, fullYear, zoneOffset } from './date-parse.ts';
import { isEnglishOnly, readPattern } from './date-pattern.ts';
import type { DateTime } from './date-time.ts';

/**
 * Reads text that must match a .NET date format to the letter (`DateTime.ParseExact`). `now` fills in a date that names
 * no year. `undefined`: the text does not match. Throws `FormatError` for a format that .NET rejects.
 */
export function parseDateTimeExactly(
  text: string,
  format: string,
  culture: Culture,
  now: number,
): DateTime | undefined {
  const names = isEnglishOnly(format) ? defaultCulture() : culture;
  const read: ReadDate = isEnglishOnly(format) || format === 'u' ? { zone: 'Z' } : {};
  let rest = text.trim();
  for (const token of readPattern(format, names)) {
    const taken =
      'literal' in token
        ? takeLiteral(rest, token.literal)
        : takeSpecifier(rest, token.specifier, token.count, names, read);
    if (taken === undefined) return undefined;
    rest = rest.slice(taken);
  }
  return rest === '' ? complete(read, now) : undefined;
}

function takeLiteral(rest: string, literal: string): number | undefined {
  return rest.startsWith(literal) ? literal.length : undefined;
}

/** Reads one specifier into `read`; returns how many characters it took. */
type Take = (rest: string, count: number, culture: Culture, read: ReadDate) => number | undefined;

function takeSpecifier(rest: string, specifier: string, count: number, culture: Culture, read: ReadDate) {
  return TAKE[specifier]?.(rest, count, culture, read);
}

const TAKE: Readonly<Record<string, Take>> = {
  d: (rest, count, culture, read) =>
    count > 2
      ? takeName(rest, [culture.days, culture.abbreviatedDays])?.length
      : takeDigits(rest, count, (day) => {
          read.day = day;
        }),
  M: (rest, count, culture, read) => {
    if (count <= 2) {
      return takeDigits(rest, count, (month) => {
        read.month = month;
      });
    }
    const name = takeName(rest, [culture.months, culture.genitiveMonths, culture.abbreviatedMonths]);
    if (name !== undefined) read.month = name.index + 1;
    return name?.length;
  },
  y: (rest, count, _culture, read) => {
    const digits = (count <= 2 ? /^\d{1,2}/ : new RegExp(`^\\d{${Math.min(count, 5)}}`)).exec(rest)?.[0];
    if (digits === undefined || (count === 2 && digits.length !== 2)) return undefined;
    read.year = count <= 2 ? fullYear(digits) : Number(digits);
    return digits.length;
  },
  H: (rest, count, _culture, read) =>
    takeDigits(rest, count, (hour) => {
      read.hour = hour;
    }),
  h: (rest, count, _culture, read) =>
    takeDigits(rest, count, (hour) => {
      read.hour = hour;
    }),
  m: (rest, count, _culture, read) =>
    takeDigits(rest, count, (minute) => {
      read.minute = minute;
    }),
  s: (rest, count, _culture, read) =>
    takeDigits(rest, count, (second) => {
      read.second = second;
    }),
  f: (rest, count, _culture, read) => takeFraction(rest, new RegExp(`^\\d{${count}}`), read),
  F: (rest, count, _culture, read) => takeFraction(rest, new RegExp(`^\\d{0,${count}}`), read),
  t: (rest, _count, culture, read) => {
    const name = takeName(rest, [
      [culture.am, culture.pm],
      ['AM', 'PM'],
      [culture.am.slice(0, 1), culture.pm.slice(0, 1)],
    ]);
    if (name !== undefined) read.afternoon = name.index === 1;
    return name?.length;
  },
  K: (rest, _count, _culture, read) => takeZone(rest, /^(?:Z|[-+]\d{2}:?\d{2})?/i, read),
  z: (rest, count, _culture, read) => takeZone(rest, count < 3 ? /^[-+]\d{1,2}/ : /^[-+]\d{1,2}:?\d{2}/, read),
  g: (rest) => /^(?:A\.D\.|AD)/.exec(rest)?.[0].length,
  ':': (rest, _count, culture) => takeLiteral(rest, culture.timeSeparator),
  '/': (rest, _count, culture) => takeLiteral(rest, culture.dateSeparator),
};

/** One digit stands for one or two, two for exactly two. */
function takeDigits(rest: string, count: number, assign: (value: number) => void): number | undefined {
  const digits = (count === 1 ? /^\d{1,2}/ : /^\d{2}/).exec(rest)?.[0];
  if (digits === undefined) return undefined;
  assign(Number(digits));
  return digits.length;
}

function takeFraction(rest: string, pattern: RegExp, read: ReadDate): number | undefined {
  const digits = pattern.exec(rest)?.[0];
  if (digits === undefined) return undefined;
  read.fraction = fractionTicks(digits);
  return digits.length;
}

function takeZone(rest: string, pattern: RegExp, read: ReadDate): number | undefined {
  const zone = pattern.exec(rest)?.[0];
  if (zone === undefined) return undefined;
  if (zone !== '') read.zone = zoneOffset(zone);
  return zone.length;
}

/** The longest name that the text starts with; the dot of an abbreviation may be missing. */
function takeName(rest: string, lists: readonly (readonly string[])[]): { index: number; length: number } | undefined {
  const start = rest.toLowerCase();
  let longest: { index: number; length: number } | undefined;
  for (const list of lists) {
    list.forEach((name, index) => {
      const folded = foldName(name);
      if (folded === '' || !start.startsWith(folded)) return;
      const dotted = name.endsWith('.') && start[folded.length] === '.';
      const length = folded.length + (dotted ? 1 : 0);
      if (longest === undefined || length > longest.length) longest = { index, length };
    });
  }
  return longest;
}
