import type { Culture, NumberCulture } from './culture-data.ts';
import { currencyOfRegion } from './currencies.ts';
import { WINDOWS_CULTURES, WINDOWS_CURRENCY_PATTERNS } from './windows-cultures.ts';

const cultures = new Map<string, Culture | undefined>();

/**
 * The culture of a name such as `fr-FR` (case does not matter); `undefined` when there is no such culture. Data comes
 * from ICU, corrected where Windows, on which the service runs, is known to differ.
 */
export function cultureNamed(name: string): Culture | undefined {
  const key = name.toLowerCase();
  if (!cultures.has(key)) cultures.set(key, isCultureName(name) ? buildCulture(name) : undefined);
  return cultures.get(key);
}

export function defaultCulture(): Culture {
  const culture = cultureNamed('en-US');
  if (culture === undefined) throw new Error('This Node.js has no locale data for en-US.');
  return culture;
}

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

function isCultureName(name: string): boolean {
  const region = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-([a-z]{2}))?$/i.exec(name)?.[1]?.toUpperCase();
  if (!/^[a-z]{2,3}(?:-[a-z]{4})?(?:-[a-z]{2})?$/i.test(name)) return false;
  if (region !== undefined && (region === 'ZZ' || regionNames.of(region) === undefined)) return false;
  return Intl.DateTimeFormat.supportedLocalesOf(name).length > 0;
}

/** Gregorian dates in Latin digits, at a moment whose day, month and hour show whether they are padded. */
const PROBE = Date.UTC(2018, 2, 5, 13, 7, 9);

function buildCulture(name: string): Culture {
  const formatter = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(name, { ...options, timeZone: 'UTC', calendar: 'gregory', numberingSystem: 'latn' });
  const pattern = (options: Intl.DateTimeFormatOptions) => patternOf(formatter(options).formatToParts(PROBE));
  const monthNames = (options: Intl.DateTimeFormatOptions) =>
    Array.from({ length: 12 }, (_, month) => partOf(formatter(options), Date.UTC(2018, month, 5), 'month'));
  const dayNames = (style: 'long' | 'short') =>
    Array.from({ length: 7 }, (_, day) => partOf(formatter({ weekday: style }), Date.UTC(2018, 3, 1 + day), 'weekday'));
  const dayPeriod = (hour: number) =>
    partOf(formatter({ hour: 'numeric', hour12: true }), Date.UTC(2018, 0, 1, hour), 'dayPeriod');
  const shortDate = pattern({ dateStyle: 'short' });
  const derived: Culture = {
    name,
    months: monthNames({ month: 'long' }),
    genitiveMonths: monthNames({ month: 'long', day: 'numeric' }),
    abbreviatedMonths: monthNames({ month: 'short', day: 'numeric' }),
    days: dayNames('long'),
    abbreviatedDays: dayNames('short'),
    am: dayPeriod(9),
    pm: dayPeriod(15),
    dateSeparator: /[dMy]([^dMy'])/.exec(shortDate)?.[1] ?? '/',
    timeSeparator: /[Hh]([^Hhm'])/.exec(pattern({ timeStyle: 'short' }))?.[1] ?? ':',
    shortDate,
    longDate: pattern({ dateStyle: 'full' }),
    shortTime: pattern({ timeStyle: 'short' }),
    longTime: pattern({ timeStyle: 'medium' }),
    monthDay: pattern({ month: 'long', day: 'numeric' }),
    yearMonth: pattern({ month: 'long', year: 'numeric' }),
    numbers: buildNumbers(name),
  };
  return { ...derived, ...WINDOWS_CULTURES[name.toLowerCase()] };
}

function partOf(formatter: Intl.DateTimeFormat, moment: number, type: Intl.DateTimeFormatPartTypes): string {
  return formatter.formatToParts(moment).find((part) => part.type === type)?.value ?? '';
}

const PATTERN_LETTERS: Partial<Record<Intl.DateTimeFormatPartTypes, (value: string) => string>> = {
  day: (value) => (value.startsWith('0') ? 'dd' : 'd'),
  month: (value) => (/^\d+$/.test(value) ? (value.startsWith('0') ? 'MM' : 'M') : 'MMMM'),
  year: () => 'yyyy',
  weekday: () => 'dddd',
  hour: (value) => (value === '13' ? 'HH' : value.startsWith('0') ? 'hh' : 'h'),
  minute: () => 'mm',
  second: () => 'ss',
  dayPeriod: () => 'tt',
};

function patternOf(parts: readonly Intl.DateTimeFormatPart[]): string {
  return parts.map(({ type, value }) => PATTERN_LETTERS[type]?.(value) ?? quoteLetters(value)).join('');
}

/** Literal text in a date pattern: letters are quoted, direction marks dropped, fancy spaces made plain. */
function quoteLetters(literal: string): string {
  const plain = literal.replace(/[\u200e\u200f]/g, '').replace(/[\u00a0\u202f]/g, ' ');
  return plain.replace(/\p{L}+\.?/gu, (letters) => `'${letters}'`);
}

function buildNumbers(name: string): NumberCulture {
  const parts = new Intl.NumberFormat(name, { numberingSystem: 'latn', useGrouping: 'always' }).formatToParts(
    12_345_678.5,
  );
  const part = (type: Intl.NumberFormatPartTypes) => parts.find((each) => each.type === type)?.value;
  const groups = parts.filter((each) => each.type === 'integer').map((each) => each.value.length);
  const region = new Intl.Locale(name).maximize().region ?? '';
  return {
    decimalSeparator: part('decimal') ?? '.',
    groupSeparator: plainSpace(part('group') ?? ','),
    groupSizes: [groups.at(-1) ?? 3, groups.at(-2) ?? 3],
    ...currencyFormat(name, region),
    percentPattern: amountPattern(
      new Intl.NumberFormat(name, { style: 'percent', numberingSystem: 'latn' }).formatToParts(1),
    ),
  };
}

function currencyFormat(name: string, region: string): Pick<NumberCulture, 'currencyDecimals' | 'currencyPattern'> {
  const currency = currencyOfRegion(region);
  if (currency === undefined) return { currencyDecimals: 2, currencyPattern: '¤n' };
  const formatter = new Intl.NumberFormat(name, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    numberingSystem: 'latn',
  });
  return {
    currencyDecimals: formatter.resolvedOptions().maximumFractionDigits ?? 2,
    currencyPattern: WINDOWS_CURRENCY_PATTERNS[name.toLowerCase()] ?? amountPattern(formatter.formatToParts(1)),
  };
}

function amountPattern(parts: readonly Intl.NumberFormatPart[]): string {
  const amount = new Set<string>(['integer', 'decimal', 'fraction', 'group']);
  let pattern = '';
  for (const { type, value } of parts) {
    if (amount.has(type)) pattern += pattern.includes('n') ? '' : 'n';
    else if (type === 'currency') pattern += value;
    else pattern += plainSpace(value.replace(/[\u200e\u200f\u061c]/g, ''));
  }
  return pattern;
}

/** ICU groups with a narrow no-break space where Windows has a no-break space. */
function plainSpace(text: string): string {
  return text.replaceAll('\u202f', '\u00a0');
}
