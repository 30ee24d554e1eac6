import type { EvaluationContext } from '../context.ts';
import { defaultCulture } from '../dotnet/culture.ts';
import { formatDateTime } from '../dotnet/date-format.ts';
import { parseDateTime } from '../dotnet/date-parse.ts';
import { parseDateTimeExactly } from '../dotnet/date-parse-exact.ts';
import type { DateTime, DateTimeFields, TimeUnit } from '../dotnet/date-time.ts';
import {
  addUnits,
  fieldsOf,
  fromUnixMilliseconds,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TIME_UNITS,
  timeSpanText,
} from '../dotnet/date-time.ts';
import type { TimeZone } from '../dotnet/time-zone.ts';
import { fromUtc, timeZoneNamed, toUtc } from '../dotnet/time-zone.ts';
import type { WdlValue } from '../values.ts';
import { integer } from '../values.ts';
import { cultureArgument, withFormat } from './formats.ts';
import type { FunctionDefinition } from './signature.ts';
import { define, functionError, optional, text, whole } from './signature.ts';

const timestamp = text('timestamp');
const optionalFormat = optional(text('format'));

/** Dates are read as en-US reads them, unless a function takes a locale. */
function readDate(functionName: string, value: string, { now }: Pick<EvaluationContext, 'now'>): DateTime {
  const date = parseDateTime(value, defaultCulture(), now());
  if (date !== undefined) return date;
  throw functionError(
    functionName,
    `was invoked with the date time string '${value}', which is not valid`,
    'wdl.argument-value',
    'The string must match ISO 8601 format, for example 2018-03-15T13:27:36Z. For other forms use parseDateTime(…) with a locale and a format.',
  );
}

function write(functionName: string, date: DateTime | undefined, format: string | undefined): string {
  if (date === undefined) {
    throw functionError(functionName, 'results in a date outside the years 1 to 9999', 'wdl.overflow');
  }
  return withFormat(functionName, format, () => formatDateTime(date, format));
}

function readUnit(functionName: string, name: string): TimeUnit {
  const unit = TIME_UNITS.find((each) => each.toLowerCase() === name.toLowerCase());
  if (unit !== undefined) return unit;
  throw functionError(
    functionName,
    `was invoked with the time unit '${name}', which is not valid`,
    'wdl.argument-value',
    `The unit must be one of ${TIME_UNITS.join(', ')}.`,
  );
}

function readZone(functionName: string, name: string): TimeZone {
  const zone = timeZoneNamed(name);
  if (zone !== undefined) return zone;
  throw functionError(
    functionName,
    `was invoked with the time zone id '${name}', which is not valid`,
    'wdl.argument-value',
    "Use a Windows time zone name, for example 'Pacific Standard Time' or 'W. Europe Standard Time'.",
  );
}

/** UTC ticks of a date whose clock is that of a zone, unless the date says itself that it is UTC. */
function utcTicks(functionName: string, date: DateTime, zone: TimeZone, written: string): bigint {
  if (date.kind !== 'unspecified') return date.ticks;
  const ticks = toUtc(date.ticks, zone);
  if (ticks !== undefined) return ticks;
  throw functionError(
    functionName,
    `was invoked with '${written}', a time that the time zone skips when its clocks are set forward`,
  );
}

function add(name: string, unit: TimeUnit, amount: string): FunctionDefinition {
  return define(name, [timestamp, whole(amount), optionalFormat], ([value, count, format], context) =>
    write(name, addUnits(readDate(name, value, context), count, unit), format),
  );
}

function addInterval(name: string, direction: 1 | -1): FunctionDefinition {
  const parameters = [timestamp, whole('interval'), text('timeUnit'), optionalFormat] as const;
  return define(name, parameters, ([value, interval, unit, format], context) => {
    const date = readDate(name, value, context);
    return write(name, addUnits(date, direction * interval, readUnit(name, unit)), format);
  });
}

function fromNow(name: string, direction: 1 | -1): FunctionDefinition {
  return define(name, [whole('interval'), text('timeUnit'), optionalFormat], ([interval, unit, format], context) => {
    const now = fromUnixMilliseconds(context.now());
    return write(name, addUnits(now, direction * interval, readUnit(name, unit)), format);
  });
}

function field(name: string, read: (fields: DateTimeFields) => number): FunctionDefinition {
  return define(name, [timestamp], ([value], context) => read(fieldsOf(readDate(name, value, context))));
}

function startOf(name: string, ticksInto: (date: DateTime) => bigint): FunctionDefinition {
  return define(name, [timestamp, optionalFormat], ([value, format], context) => {
    const date = readDate(name, value, context);
    return write(name, { ...date, ticks: date.ticks - ticksInto(date) }, format);
  });
}

function convertToUtc(
  value: string,
  zoneName: string,
  format: string | undefined,
  context: EvaluationContext,
): WdlValue {
  const name = 'convertToUtc';
  const date = readDate(name, value, context);
  const zone = readZone(name, zoneName);
  if (date.kind === 'utc' && !zone.isUtc) {
    throw functionError(
      name,
      `expects its second parameter to be a time zone matching the time zone indicated by the timestamp. ` +
        `The provided value '${zoneName}' does not match`,
      'wdl.argument-value',
      'The timestamp ends in Z: it is in UTC already.',
    );
  }
  return write(name, { ticks: utcTicks(name, date, zone, value), kind: 'utc' }, format);
}

function parse(value: string, locale: string | undefined, format: string | undefined, context: EvaluationContext) {
  const name = 'parseDateTime';
  const culture = cultureArgument(name, locale);
  const date =
    format === undefined
      ? parseDateTime(value, culture, context.now())
      : withFormat(name, format, () => parseDateTimeExactly(value, format, culture, context.now()));
  if (date !== undefined) return write(name, date, undefined);
  throw functionError(
    name,
    `was invoked with the date time string '${value}', which is not valid for the locale '${culture.name}'` +
      (format === undefined ? '' : ` and the format '${format}'`),
  );
}

/** Reference: "Date and time functions". */
export const dateTimeFunctions: readonly FunctionDefinition[] = [
  add('addDays', 'Day', 'days'),
  add('addHours', 'Hour', 'hours'),
  add('addMinutes', 'Minute', 'minutes'),
  add('addSeconds', 'Second', 'seconds'),
  addInterval('addToTime', 1),
  define(
    'convertFromUtc',
    [timestamp, text('destinationTimeZone'), optionalFormat],
    ([value, destination, format], context) => {
      const date = readDate('convertFromUtc', value, context);
      return write('convertFromUtc', fromUtc(date.ticks, readZone('convertFromUtc', destination)), format);
    },
  ),
  define(
    'convertTimeZone',
    [timestamp, text('sourceTimeZone'), text('destinationTimeZone'), optionalFormat],
    ([value, source, destination, format], context) => {
      const date = readDate('convertTimeZone', value, context);
      const ticks = utcTicks('convertTimeZone', date, readZone('convertTimeZone', source), value);
      return write('convertTimeZone', fromUtc(ticks, readZone('convertTimeZone', destination)), format);
    },
  ),
  define('convertToUtc', [timestamp, text('sourceTimeZone'), optionalFormat], ([value, source, format], context) =>
    convertToUtc(value, source, format, context),
  ),
  define('dateDifference', [text('startDate'), text('endDate')], ([start, end], context) =>
    timeSpanText(readDate('dateDifference', end, context).ticks - readDate('dateDifference', start, context).ticks),
  ),
  field('dayOfMonth', ({ day }) => day),
  field('dayOfWeek', ({ dayOfWeek }) => dayOfWeek),
  field('dayOfYear', ({ dayOfYear }) => dayOfYear),
  define(
    'formatDateTime',
    [timestamp, optionalFormat, optional(text('locale'))],
    ([value, format, locale], context) => {
      const culture = cultureArgument('formatDateTime', locale);
      const date = readDate('formatDateTime', value, context);
      return withFormat('formatDateTime', format, () => formatDateTime(date, format, culture));
    },
  ),
  fromNow('getFutureTime', 1),
  fromNow('getPastTime', -1),
  define('parseDateTime', [timestamp, optional(text('locale')), optionalFormat], ([value, locale, format], context) =>
    parse(value, locale, format, context),
  ),
  startOf('startOfDay', ({ ticks }) => ticks % TICKS_PER_DAY),
  startOf('startOfHour', ({ ticks }) => ticks % TICKS_PER_HOUR),
  startOf('startOfMonth', (date) => (date.ticks % TICKS_PER_DAY) + BigInt(fieldsOf(date).day - 1) * TICKS_PER_DAY),
  addInterval('subtractFromTime', -1),
  define('ticks', [timestamp], ([value], context) => integer(readDate('ticks', value, context).ticks)),
  define('utcNow', [optionalFormat], ([format], context) =>
    write('utcNow', fromUnixMilliseconds(context.now()), format),
  ),
];
