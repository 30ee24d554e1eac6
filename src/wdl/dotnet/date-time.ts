/**
 * .NET's DateTime as the service uses it: a wall clock in ticks of 100 nanoseconds since 0001-01-01, and a kind.
 *
 * - `utc`: the text ended in Z; printed with Z.
 * - `unspecified`: the text named no zone; printed without one.
 * - `local`: the text had an offset. The service's own zone is UTC, so the clock has been set to UTC; printed `+00:00`.
 */
export interface DateTime {
  readonly ticks: bigint;
  readonly kind: DateTimeKind;
}

export type DateTimeKind = 'utc' | 'unspecified' | 'local';

export interface DateTimeFields {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Ticks within the second, 0–9,999,999. */
  readonly fraction: number;
  /** Sunday is 0. */
  readonly dayOfWeek: number;
  /** 1 January is 1. */
  readonly dayOfYear: number;
}

const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 60n * TICKS_PER_SECOND;
export const TICKS_PER_HOUR = 60n * TICKS_PER_MINUTE;
export const TICKS_PER_DAY = 24n * TICKS_PER_HOUR;
const TICKS_PER_MILLISECOND = 10_000n;

/** 1970-01-01T00:00:00Z. */
const UNIX_EPOCH = 621_355_968_000_000_000n;
/** One tick before the year 10000. */
const MAX_TICKS = 3_155_378_975_999_999_999n;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 0001-01-01 to a date. */
function dayNumber(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  return before * 365 + leapDays + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay + day - 1;
}

export interface DateTimeParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly fraction?: number;
}

/** Ticks of a moment; `undefined` when there is no such date or time. */
export function ticksOf(parts: DateTimeParts): bigint | undefined {
  const { year, month, day, hour = 0, minute = 0, second = 0, fraction = 0 } = parts;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = dayNumber(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
  return BigInt(seconds) * TICKS_PER_SECOND + BigInt(fraction);
}

export function fieldsOf({ ticks }: DateTime): DateTimeFields {
  const days = Number(ticks / TICKS_PER_DAY);
  const inDay = ticks % TICKS_PER_DAY;
  const seconds = Number(inDay / TICKS_PER_SECOND);
  const date = dateOfDayNumber(days);
  return {
    ...date,
    hour: Math.floor(seconds / 3_600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    fraction: Number(inDay % TICKS_PER_SECOND),
    // 0001-01-01 was a Monday.
    dayOfWeek: (days + 1) % 7,
    dayOfYear: days - dayNumber(date.year, 1, 1) + 1,
  };
}

/** Civil date of a day number, by eras of 400 years that start on 1 March. */
function dateOfDayNumber(days: number): { year: number; month: number; day: number } {
  const shifted = days + 306;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** `undefined` outside the years 1 to 9999. */
export function dateTime(ticks: bigint, kind: DateTimeKind): DateTime | undefined {
  return ticks < 0n || ticks > MAX_TICKS ? undefined : { ticks, kind };
}

/** A moment given as milliseconds since 1970, as a UTC date and time. */
export function fromUnixMilliseconds(milliseconds: number): DateTime {
  return { ticks: UNIX_EPOCH + BigInt(Math.trunc(milliseconds)) * TICKS_PER_MILLISECOND, kind: 'utc' };
}

/** Milliseconds since 1970 of the wall clock, rounded down. */
export function toUnixMilliseconds(ticks: bigint): number {
  return Number((ticks - UNIX_EPOCH) / TICKS_PER_MILLISECOND);
}

export type TimeUnit = 'Second' | 'Minute' | 'Hour' | 'Day' | 'Week' | 'Month' | 'Year';

const TICKS_OF_UNIT: Readonly<Partial<Record<TimeUnit, bigint>>> = {
  Second: TICKS_PER_SECOND,
  Minute: TICKS_PER_MINUTE,
  Hour: TICKS_PER_HOUR,
  Day: TICKS_PER_DAY,
  Week: 7n * TICKS_PER_DAY,
};

export const TIME_UNITS: readonly TimeUnit[] = ['Second', 'Minute', 'Hour', 'Day', 'Week', 'Month', 'Year'];

/** Adds whole units; months and years keep the day, or take the last day of a shorter month. */
export function addUnits(start: DateTime, count: number, unit: TimeUnit): DateTime | undefined {
  const ticks = TICKS_OF_UNIT[unit];
  if (ticks !== undefined) return dateTime(start.ticks + BigInt(count) * ticks, start.kind);
  const { year, month, day } = fieldsOf(start);
  const months = year * 12 + (month - 1) + count * (unit === 'Year' ? 12 : 1);
  const newYear = Math.floor(months / 12);
  const newMonth = months - newYear * 12 + 1;
  if (newYear < 1 || newYear > 9999) return undefined;
  const date = ticksOf({ year: newYear, month: newMonth, day: Math.min(day, daysInMonth(newYear, newMonth)) });
  return date === undefined ? undefined : { ticks: date + (start.ticks % TICKS_PER_DAY), kind: start.kind };
}

/** `-1.02:03:04.5000000`: a .NET TimeSpan in its constant format. */
export function timeSpanText(ticks: bigint): string {
  const rest = ticks < 0n ? -ticks : ticks;
  const days = rest / TICKS_PER_DAY;
  const two = (value: bigint) => value.toString().padStart(2, '0');
  const clock = [
    two((rest / TICKS_PER_HOUR) % 24n),
    two((rest / TICKS_PER_MINUTE) % 60n),
    two((rest / TICKS_PER_SECOND) % 60n),
  ].join(':');
  const fraction = rest % TICKS_PER_SECOND;
  return [
    ticks < 0n ? '-' : '',
    days > 0n ? `${days}.` : '',
    clock,
    fraction > 0n ? `.${fraction.toString().padStart(7, '0')}` : '',
  ].join('');
}
