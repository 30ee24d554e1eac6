import type { Culture } from './culture-data.ts';
import { FormatError } from './number-format.ts';

/** A piece of a .NET date format: a run of one specifier letter, or literal text. */
export type PatternToken = { readonly specifier: string; readonly count: number } | { readonly literal: string };

const SPECIFIERS = 'dfFghHKmMstyz:/';

/** Formats that do not depend on the culture. */
const INVARIANT_PATTERNS: Readonly<Record<string, string>> = {
  o: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  O: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
};

const CULTURE_PATTERNS: Readonly<Record<string, (culture: Culture) => string>> = {
  d: ({ shortDate }) => shortDate,
  D: ({ longDate }) => longDate,
  f: ({ longDate, shortTime }) => `${longDate} ${shortTime}`,
  F: ({ longDate, longTime }) => `${longDate} ${longTime}`,
  g: ({ shortDate, shortTime }) => `${shortDate} ${shortTime}`,
  G: ({ shortDate, longTime }) => `${shortDate} ${longTime}`,
  m: ({ monthDay }) => monthDay,
  M: ({ monthDay }) => monthDay,
  t: ({ shortTime }) => shortTime,
  T: ({ longTime }) => longTime,
  U: ({ longDate, longTime }) => `${longDate} ${longTime}`,
  y: ({ yearMonth }) => yearMonth,
  Y: ({ yearMonth }) => yearMonth,
};

/** `r` writes English names whatever the culture. */
export function isEnglishOnly(format: string): boolean {
  return format === 'r' || format === 'R';
}

/**
 * Pieces of a standard format (one letter) or a custom one. Throws `FormatError` for a format that .NET rejects.
 * Documents: "Standard date and time format strings", "Custom date and time format strings".
 */
export function readPattern(format: string, culture: Culture): PatternToken[] {
  if (format.length !== 1) return tokenize(format);
  const invariant = INVARIANT_PATTERNS[format];
  if (invariant !== undefined) return tokenize(invariant);
  const cultural = Object.hasOwn(CULTURE_PATTERNS, format) ? CULTURE_PATTERNS[format] : undefined;
  if (cultural === undefined) throw new FormatError(`there is no standard date format '${format}'`);
  return tokenize(cultural(culture));
}

function tokenize(pattern: string): PatternToken[] {
  const tokens: PatternToken[] = [];
  let index = 0;
  while (index < pattern.length) {
    const character = pattern.charAt(index);
    if (character === "'" || character === '"') {
      const { literal, end } = readQuoted(pattern, index);
      tokens.push({ literal });
      index = end;
    } else if (character === '\\') {
      if (index + 1 >= pattern.length) throw new FormatError('the format ends in a backslash');
      tokens.push({ literal: pattern.charAt(index + 1) });
      index += 2;
    } else if (character === '%') {
      const next = pattern.charAt(index + 1);
      if (next === '' || next === '%') throw new FormatError("'%' must be followed by a format letter");
      index += 1;
    } else if (SPECIFIERS.includes(character)) {
      const count = runLength(pattern, index);
      if ((character === 'f' || character === 'F') && count > 7) {
        throw new FormatError(`a second has at most seven digits after the point, not ${count}`);
      }
      tokens.push({ specifier: character, count });
      index += count;
    } else {
      tokens.push({ literal: character });
      index += 1;
    }
  }
  return tokens;
}

function runLength(pattern: string, start: number): number {
  let end = start;
  while (pattern[end] === pattern[start]) end += 1;
  return end - start;
}

function readQuoted(pattern: string, start: number): { literal: string; end: number } {
  const quote = pattern.charAt(start);
  let literal = '';
  for (let index = start + 1; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === quote) return { literal, end: index + 1 };
    if (character === '\\') index += 1;
    literal += pattern.charAt(index);
  }
  throw new FormatError(`the quotation mark ${quote} is not closed`);
}
