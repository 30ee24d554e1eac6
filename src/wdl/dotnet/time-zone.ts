import { IANAZone } from 'luxon';
import type { DateTime } from './date-time.ts';
import { dateTime, TICKS_PER_DAY, TICKS_PER_MINUTE, toUnixMilliseconds } from './date-time.ts';
import { WINDOWS_ZONES } from './windows-zones.ts';

/** A time zone: how far its clock is ahead of UTC at a moment. */
export interface TimeZone {
  readonly isUtc: boolean;
  /** Ticks to add to UTC at a moment given in UTC ticks. */
  offsetAt(utcTicks: bigint): bigint;
}

const UTC: TimeZone = { isUtc: true, offsetAt: () => 0n };

/** The documentation writes zones without punctuation now and then: `W Europe Standard Time`. */
function foldZoneName(name: string): string {
  return name.toLowerCase().replace(/[\s.()]+/g, '');
}

const zoneOfFoldedName = new Map(Object.entries(WINDOWS_ZONES).map(([name, iana]) => [foldZoneName(name), iana]));

/** A zone by its Windows name, or by its IANA name, which current versions of .NET take too. */
export function timeZoneNamed(name: string): TimeZone | undefined {
  const iana = zoneOfFoldedName.get(foldZoneName(name)) ?? (/^[A-Za-z]+\/|^GMT$/i.test(name) ? name : undefined);
  if (iana === undefined || !IANAZone.isValidZone(iana)) return undefined;
  if (/^(?:etc\/)?(?:utc|gmt)$/i.test(iana)) return UTC;
  const zone = IANAZone.create(iana);
  return {
    isUtc: false,
    offsetAt: (utcTicks) => BigInt(Math.round(zone.offset(toUnixMilliseconds(utcTicks)))) * TICKS_PER_MINUTE,
  };
}

/** The clock of a zone at a moment; its kind is `utc` in UTC and `unspecified` elsewhere. `undefined`: out of range. */
export function fromUtc(utcTicks: bigint, zone: TimeZone): DateTime | undefined {
  return dateTime(utcTicks + zone.offsetAt(utcTicks), zone.isUtc ? 'utc' : 'unspecified');
}

/**
 * UTC ticks of a clock reading in a zone. A reading that occurs twice when clocks are set back counts as standard time;
 * `undefined` for one that is skipped when they are set forward.
 */
export function toUtc(wallTicks: bigint, zone: TimeZone): bigint | undefined {
  const offsets = [zone.offsetAt(wallTicks - TICKS_PER_DAY), zone.offsetAt(wallTicks + TICKS_PER_DAY)];
  const moments = offsets.map((offset) => wallTicks - offset);
  const [first, second] = moments.filter((moment) => moment + zone.offsetAt(moment) === wallTicks);
  return first !== undefined && second !== undefined && second > first ? second : first;
}
