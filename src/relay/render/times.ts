const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `10 Jan 08:31` (UTC); empty for an invalid time. */
export function dayAndTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${clock(time)}`;
}

/** `08:31` */
function clock(time: string): string {
  return new Date(time).toISOString().slice(11, 16);
}

/** `since 10 Jan 08:31 UTC`, `…, last 08:36`. The day of the last time is added if it differs. Empty without times. */
export function since(times: readonly string[]): string {
  const known = times
    .filter((time) => !Number.isNaN(Date.parse(time)))
    .toSorted((a, b) => Date.parse(a) - Date.parse(b));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return '';
  const [from, to] = [dayAndTime(first), dayAndTime(last)];
  if (from === to) return `since ${from} UTC`;
  return `since ${from} UTC, last ${from.slice(0, -5) === to.slice(0, -5) ? clock(last) : to}`;
}

/** A time as in rows: `08:31:02`, with its day if that differs from `day` (`2026-01-10`). */
export function timeOfDay(time: string, day: string): string {
  const [date, clockTime] = time.split(' ');
  if (date === day) return clockTime ?? '';
  return `${dayAndTime(`${date}T${clockTime}Z`).slice(0, -5)}${clockTime}`;
}

/** The day of the first time, `2026-01-10`; empty without times. */
export function firstDay(times: readonly string[]): string {
  const known = times.map((time) => Date.parse(time)).filter((time) => !Number.isNaN(time));
  return known.length > 0 ? new Date(Math.min(...known)).toISOString().slice(0, 10) : '';
}
