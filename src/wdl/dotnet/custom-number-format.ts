import { isDecimal } from '../decimal.ts';
import type { WdlNumber } from '../values.ts';
import { isInteger, toNumber } from '../values.ts';
import type { NumberCulture } from './culture-data.ts';
import type { Digits } from './digits.ts';
import {
  exactDigits,
  fifteenDigits,
  groupDigits,
  roundDigits,
  shiftPoint,
  significantDigits,
  splitDigits,
} from './digits.ts';

/** Pieces of one section of a custom format. */
type Piece =
  | { readonly kind: 'digit'; readonly zero: boolean }
  | { readonly kind: 'point' }
  | { readonly kind: 'comma' }
  /** `shift`: the power of ten that a percent or per mille sign multiplies with. */
  | { readonly kind: 'text'; readonly text: string; readonly shift: number }
  | { readonly kind: 'exponent'; readonly letter: string; readonly plus: boolean; readonly digits: number };

interface Section {
  readonly pieces: readonly Piece[];
  /** Digit placeholders before the point. */
  readonly wholePlaceholders: number;
  readonly fractionPlaceholders: number;
  /** Fewest digits before and after the point. */
  readonly minimumWhole: number;
  readonly minimumFraction: number;
  readonly grouped: boolean;
  /** Power of ten the value is multiplied with: 2 for `%`, 3 for `‰`, -3 for each scaling comma. */
  readonly shift: number;
  readonly scientific: boolean;
}

/**
 * A number by a custom numeric format: `0 # . , % ‰ E+0 \x 'text'` and up to three sections for positive, negative and
 * zero values.
 */
export function formatCustomNumber(value: WdlNumber, format: string, culture: NumberCulture): string {
  const texts = splitSections(format);
  const digits = isDecimal(value) || isInteger(value) ? exactDigits(value) : fifteenDigits(toNumber(value));
  const positive = readSection(texts[0] ?? '');
  const negativeText = texts[1];
  const chosen = digits.negative && negativeText ? readSection(negativeText) : positive;
  const ownSign = digits.negative && chosen === positive;
  if (!roundsToZero(digits, chosen)) return (ownSign ? '-' : '') + render(digits, chosen, culture);
  const zeroText = texts[2];
  return render({ ...digits, negative: false }, zeroText ? readSection(zeroText) : positive, culture);
}

/** Splits at semicolons outside quotation marks and escapes. */
function splitSections(format: string): string[] {
  const sections: string[] = [''];
  const token = /\\[\s\S]?|'[^']*'?|"[^"]*"?|[\s\S]/g;
  for (const [piece] of format.matchAll(token)) {
    if (piece === ';') sections.push('');
    else sections[sections.length - 1] += piece;
  }
  return sections;
}

const SECTION_TOKEN = /\\([\s\S]?)|'([^']*)'?|"([^"]*)"?|([eE][-+]?0+)|([\s\S])/g;

function readSection(text: string): Section {
  const pieces = [...text.matchAll(SECTION_TOKEN)].map(readPiece);
  const point = pieces.findIndex(({ kind }) => kind === 'point');
  const whole = point < 0 ? pieces : pieces.slice(0, point);
  const fractionDigits = (point < 0 ? [] : pieces.slice(point)).filter(isDigit);
  const wholeDigits = whole.filter(isDigit);
  const firstZero = wholeDigits.findIndex(({ zero }) => zero);
  const { grouped, scalingCommas } = readCommas(whole);
  const signs = pieces.reduce((sum, piece) => sum + (piece.kind === 'text' ? piece.shift : 0), 0);
  return {
    pieces,
    wholePlaceholders: wholeDigits.length,
    fractionPlaceholders: fractionDigits.length,
    minimumWhole: firstZero < 0 ? 0 : wholeDigits.length - firstZero,
    minimumFraction: fractionDigits.findLastIndex(({ zero }) => zero) + 1,
    grouped,
    shift: signs - 3 * scalingCommas,
    scientific: pieces.some(({ kind }) => kind === 'exponent'),
  };
}

const SIGN_SHIFTS: Readonly<Record<string, number>> = { '%': 2, '‰': 3 };

function readPiece([, escaped, single, double, exponent, character = '']: RegExpMatchArray): Piece {
  const literal = escaped ?? single ?? double;
  if (literal !== undefined) return { kind: 'text', text: literal, shift: 0 };
  if (exponent !== undefined) {
    const digits = exponent.replace(/[^0]/g, '').length;
    return { kind: 'exponent', letter: exponent.charAt(0), plus: exponent.charAt(1) === '+', digits };
  }
  if (character === '0' || character === '#') return { kind: 'digit', zero: character === '0' };
  if (character === '.') return { kind: 'point' };
  if (character === ',') return { kind: 'comma' };
  return { kind: 'text', text: character, shift: SIGN_SHIFTS[character] ?? 0 };
}

function isDigit(piece: Piece): piece is Extract<Piece, { kind: 'digit' }> {
  return piece.kind === 'digit';
}

/** A comma between digits groups them by thousands; commas right before the point scale by a thousand each. */
function readCommas(whole: readonly Piece[]): { grouped: boolean; scalingCommas: number } {
  const first = whole.findIndex(isDigit);
  const last = whole.findLastIndex(isDigit);
  const isComma = ({ kind }: Piece) => kind === 'comma';
  if (first < 0) return { grouped: false, scalingCommas: 0 };
  return { grouped: whole.slice(first, last).some(isComma), scalingCommas: whole.slice(last).filter(isComma).length };
}

function roundsToZero(digits: Digits, section: Section): boolean {
  if (digits.unscaled === 0n) return true;
  if (section.scientific) return false;
  return roundDigits(shiftPoint(digits, section.shift), section.fractionPlaceholders, 'away').unscaled === 0n;
}

function render(digits: Digits, section: Section, culture: NumberCulture): string {
  const { whole, fraction, exponent } = layOut(shiftPoint(digits, section.shift), section);
  const padded = whole.padStart(section.minimumWhole, '0');
  const grouped = section.grouped && !section.scientific ? groupDigits(padded, culture) : padded;
  const shownFraction = fraction.replace(/0+$/, '').padEnd(section.minimumFraction, '0');
  const wholePieces = distribute(grouped, padded.length, section.wholePlaceholders, culture.groupSeparator);
  let wholeIndex = 0;
  let fractionIndex = 0;
  let afterPoint = false;
  let result = '';
  for (const piece of section.pieces) {
    if (piece.kind === 'text') result += piece.text;
    else if (piece.kind === 'exponent') result += exponentText(exponent, piece.letter, piece.plus, piece.digits);
    else if (piece.kind === 'point') {
      if (!afterPoint && shownFraction) result += culture.decimalSeparator;
      afterPoint = true;
    } else if (piece.kind === 'comma') continue;
    else if (afterPoint) result += shownFraction[fractionIndex++] ?? '';
    else result += wholePieces[wholeIndex++] ?? '';
  }
  return result;
}

/** Digits before and after the point as a section shows them; in scientific sections, scaled to its placeholders. */
function layOut(digits: Digits, section: Section): { whole: string; fraction: string; exponent: number } {
  if (!section.scientific) {
    return { ...splitDigits(roundDigits(digits, section.fractionPlaceholders, 'away')), exponent: 0 };
  }
  const count = Math.max(section.wholePlaceholders + section.fractionPlaceholders, 1);
  const { digits: significant, exponent } = significantDigits(digits, count, 'away');
  return {
    whole: significant.slice(0, section.wholePlaceholders),
    fraction: significant.slice(section.wholePlaceholders),
    exponent: digits.unscaled === 0n ? 0 : exponent - section.wholePlaceholders + 1,
  };
}

/**
 * Spreads digits over placeholders from the right, so that literals between them stay in place (`000-00`); the first
 * placeholder takes what is left over.
 */
function distribute(grouped: string, digitCount: number, placeholders: number, separator: string): string[] {
  const pieces = Array.from({ length: placeholders }, () => '');
  let rest = grouped;
  for (let index = placeholders - 1; index > 0 && rest !== ''; index -= 1) {
    let from = rest.length - 1;
    if (rest.endsWith(separator) && separator !== '' && digitCount > 0) from -= separator.length;
    pieces[index] = rest.slice(from);
    rest = rest.slice(0, from);
  }
  if (placeholders > 0) pieces[0] = rest;
  return pieces;
}

function exponentText(exponent: number, letter: string, plus: boolean, digits: number): string {
  const sign = exponent < 0 ? '-' : plus ? '+' : '';
  return `${letter}${sign}${String(Math.abs(exponent)).padStart(digits, '0')}`;
}
