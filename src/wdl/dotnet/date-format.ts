import { defaultCulture } from './culture.ts';
import type { Culture } from './culture-data.ts';
import type { PatternToken } from './date-pattern.ts';
import { isEnglishOnly, readPattern } from './date-pattern.ts';
import type { DateTime, DateTimeFields, DateTimeKind } from './date-time.ts';
import { fieldsOf } from './date-time.ts';

/** What a specifier may need beside its own length. */
interface Rendering {
  readonly fields: DateTimeFields;
  readonly kind: DateTimeKind;
  readonly culture: Culture;
  /** There is a day number in the same format: month names take their genitive. */
  readonly besideDay: boolean;
}

/**
 * Date and time by a .NET format; the default is `o`, the round-trip form with seven decimals.
 * Throws `FormatError` for a format that .NET rejects.
 */
export function formatDateTime(value: DateTime, format = 'o', culture: Culture = defaultCulture()): string {
  const names = isEnglishOnly(format) ? defaultCulture() : culture;
  const tokens = readPattern(format === '' ? 'o' : format, names);
  const rendering: Rendering = {
    fields: fieldsOf(value),
    kind: value.kind,
    culture: names,
    besideDay: tokens.some((token) => 'specifier' in token && token.specifier === 'd' && token.count <= 2),
  };
  let result = '';
  for (const token of tokens) result = append(result, token, rendering);
  return result;
}

function append(before: string, token: PatternToken, rendering: Rendering): string {
  if ('literal' in token) return before + token.literal;
  if (token.specifier === 'F') {
    const digits = fractionDigits(rendering.fields, token.count).replace(/0+$/, '');
    // An empty fraction takes the point before it away.
    return digits === '' ? before.replace(/\.$/, '') : before + digits;
  }
  return before + (SPECIFIER_TEXT[token.specifier]?.(rendering, token.count) ?? '');
}

type SpecifierText = (rendering: Rendering, count: number) => string;

const SPECIFIER_TEXT: Readonly<Record<string, SpecifierText>> = {
  d: ({ fields, culture }, count) => {
    if (count <= 2) return pad(fields.day, count);
    return (count === 3 ? culture.abbreviatedDays : culture.days)[fields.dayOfWeek] ?? '';
  },
  f: ({ fields }, count) => fractionDigits(fields, count),
  g: () => 'A.D.',
  h: ({ fields }, count) => pad(fields.hour % 12 || 12, Math.min(count, 2)),
  H: ({ fields }, count) => pad(fields.hour, Math.min(count, 2)),
  K: ({ kind }, count) => ZONE_MARK[kind].repeat(count),
  m: ({ fields }, count) => pad(fields.minute, Math.min(count, 2)),
  M: ({ fields, culture, besideDay }, count) => {
    if (count <= 2) return pad(fields.month, count);
    const names = count === 3 ? culture.abbreviatedMonths : besideDay ? culture.genitiveMonths : culture.months;
    return names[fields.month - 1] ?? '';
  },
  s: ({ fields }, count) => pad(fields.second, Math.min(count, 2)),
  t: ({ fields, culture }, count) => {
    const designator = fields.hour < 12 ? culture.am : culture.pm;
    return count === 1 ? designator.slice(0, 1) : designator;
  },
  y: ({ fields }, count) => (count <= 2 ? pad(fields.year % 100, count) : pad(fields.year, count)),
  // Every clock has been set to UTC by the time it is printed.
  z: (_rendering, count) => (count === 1 ? '+0' : count === 2 ? '+00' : '+00:00'),
  ':': ({ culture }) => culture.timeSeparator,
  '/': ({ culture }) => culture.dateSeparator,
};

const ZONE_MARK: Readonly<Record<DateTimeKind, string>> = { utc: 'Z', unspecified: '', local: '+00:00' };

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function fractionDigits({ fraction }: DateTimeFields, count: number): string {
  return pad(fraction, 7).slice(0, count);
}
