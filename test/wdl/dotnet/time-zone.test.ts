import { describe, expect, it } from 'vitest';
import { formatDateTime } from '../../../src/wdl/dotnet/date-format.ts';
import { ticksOf } from '../../../src/wdl/dotnet/date-time.ts';
import { fromUtc, timeZoneNamed, toUtc } from '../../../src/wdl/dotnet/time-zone.ts';
import { WINDOWS_ZONES } from '../../../src/wdl/dotnet/windows-zones.ts';

function ticks(year: number, month: number, day: number, hour: number, minute = 0): bigint {
  return ticksOf({ year, month, day, hour, minute }) ?? -1n;
}

describe('time zones', () => {
  it.each(Object.entries(WINDOWS_ZONES))('%s is %s, which this Node.js knows', (name) => {
    const zone = timeZoneNamed(name);
    expect(zone).toBeDefined();
    const noon = ticks(2024, 7, 1, 12);
    const offset = zone?.offsetAt(noon) ?? 0n;
    expect(toUtc(noon + offset, zone as NonNullable<typeof zone>)).toBe(noon);
  });

  it.each(['W. Europe Standard Time', 'w europe standard time', 'W.EUROPE STANDARD TIME', 'Europe/Berlin'])(
    'takes %s',
    (name) => {
      const zone = timeZoneNamed(name);
      expect(zone && formatDateTime(fromUtc(ticks(2018, 7, 1, 8), zone) ?? { ticks: 0n, kind: 'utc' }, 's')).toBe(
        '2018-07-01T10:00:00',
      );
    },
  );

  it.each(['', 'Mars Standard Time', 'Europe', 'No/Where', 'PST', '+02:00'])('does not take %j', (name) => {
    expect(timeZoneNamed(name)).toBeUndefined();
  });

  it('reads a time that occurs twice as standard time, and none that is skipped', () => {
    const eastern = timeZoneNamed('Eastern Standard Time') as NonNullable<ReturnType<typeof timeZoneNamed>>;
    expect(toUtc(ticks(2018, 11, 4, 1, 30), eastern)).toBe(ticks(2018, 11, 4, 6, 30));
    expect(toUtc(ticks(2018, 3, 11, 2, 30), eastern)).toBeUndefined();
    expect(toUtc(ticks(2018, 3, 11, 3, 30), eastern)).toBe(ticks(2018, 3, 11, 7, 30));
  });
});
