/** ISO 8601 durations as definitions write them (`PT30S`, `P1DT12H`), and the units of Wait. Milliseconds throughout. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const DURATION =
  /^P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** Years and months are taken as 365 and 30 days. */
const PARTS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND];

/** Milliseconds of an ISO 8601 duration; undefined if the string is not one. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  if (!match || !/\d/.test(text) || text.trim().endsWith('T')) return undefined;
  return PARTS.reduce((sum, milliseconds, index) => sum + Number(match[index + 1] ?? 0) * milliseconds, 0);
}

const UNITS = new Map([
  ['second', SECOND],
  ['minute', MINUTE],
  ['hour', HOUR],
  ['day', DAY],
  ['week', 7 * DAY],
]);

/** The time `count` units after `start`, with calendar months. Undefined for an unknown unit. */
export function addInterval(start: number, count: number, unit: string): number | undefined {
  const milliseconds = UNITS.get(unit.toLowerCase());
  if (milliseconds !== undefined) return start + count * milliseconds;
  if (unit.toLowerCase() !== 'month') return undefined;
  const date = new Date(start);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, lastDay));
}
