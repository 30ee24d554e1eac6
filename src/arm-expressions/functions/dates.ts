import { DateTime, Duration } from 'luxon';
import { formatDateTime } from '../../wdl/dotnet/date-format.ts';
import { fromUnixMilliseconds } from '../../wdl/dotnet/date-time.ts';
import { argumentError } from '../value.ts';
import { type ArmFunctions, fn, numberArg, textArg } from './signature.ts';

/** "Date functions for ARM templates". Formats are those of .NET. */
export const dateFunctions: ArmFunctions = {
  utcnow: fn(0, 1, (args, { deployment: { time } }, name) =>
    formatted(time, args.length === 0 ? BASIC : textArg(args, 0, name)),
  ),
  datetimeadd: fn(2, 3, (args, _, name) => {
    const base = textArg(args, 0, name);
    const text = textArg(args, 1, name);
    const duration = Duration.fromISO(text);
    if (!duration.isValid) throw argumentError(name, `expects a duration such as P1D or -PT1H, not '${text}'`);
    const format = args.length > 2 ? textArg(args, 2, name) : formatOf(base);
    return formatted(DateTime.fromMillis(timeOf(base, name), { zone: 'utc' }).plus(duration).toMillis(), format);
  }),
  datetimefromepoch: fn(1, 1, (args, _, name) => formatted(numberArg(args, 0, name) * 1_000, EXTENDED)),
  datetimetoepoch: fn(1, 1, (args, _, name) => Math.floor(timeOf(textArg(args, 0, name), name) / 1_000)),
};

const BASIC = "yyyyMMdd'T'HHmmss'Z'";
const EXTENDED = "yyyy-MM-dd'T'HH:mm:ss'Z'";

function formatted(milliseconds: number, format: string): string {
  return formatDateTime(fromUnixMilliseconds(milliseconds), format);
}

/** The result of `dateTimeAdd` is written as its first argument is. */
function formatOf(base: string): string {
  if (/^\d{8}T/.test(base)) return BASIC;
  return base.includes(' ') ? 'u' : EXTENDED;
}

/** Milliseconds since 1970 of an ISO 8601 time, basic or extended, or of what `utcNow('u')` gives. */
function timeOf(text: string, name: string): number {
  const time = DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' });
  if (!time.isValid) throw argumentError(name, `expects a time in ISO 8601, not '${text}'`);
  return time.toMillis();
}
