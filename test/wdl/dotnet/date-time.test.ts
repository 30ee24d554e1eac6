import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cultureNamed } from '../../../src/wdl/dotnet/culture.ts';
import { formatDateTime } from '../../../src/wdl/dotnet/date-format.ts';
import { parseDateTime } from '../../../src/wdl/dotnet/date-parse.ts';
import { parseDateTimeExactly } from '../../../src/wdl/dotnet/date-parse-exact.ts';
import { addUnits, dateTime, fieldsOf, ticksOf, timeSpanText } from '../../../src/wdl/dotnet/date-time.ts';
import { propertySeed } from '../../support/seed.ts';
import { NOW } from '../support.ts';

const moments = fc.bigInt({ min: 0n, max: 3_155_378_975_999_999_999n });
const culture = (name: string) => {
  const found = cultureNamed(name);
  if (found === undefined) throw new Error(`no culture ${name}`);
  return found;
};

describe('ticks and fields', () => {
  it('agree with each other for every moment', () => {
    fc.assert(
      fc.property(moments, (ticks) => {
        expect(ticksOf(fieldsOf({ ticks, kind: 'utc' }))).toBe(ticks);
      }),
      { seed: propertySeed('date formats', 21), numRuns: 2_000 },
    );
  });

  it('agree with the calendar of JavaScript', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(-62_135_596_800_000), max: new Date(253_402_300_799_000) }),
        (date) => {
          const fields = fieldsOf({ ticks: 621_355_968_000_000_000n + BigInt(date.getTime()) * 10_000n, kind: 'utc' });
          expect([fields.year, fields.month, fields.day, fields.hour, fields.dayOfWeek]).toEqual([
            date.getUTCFullYear(),
            date.getUTCMonth() + 1,
            date.getUTCDate(),
            date.getUTCHours(),
            date.getUTCDay(),
          ]);
        },
      ),
      { seed: propertySeed('date formats', 22), numRuns: 2_000 },
    );
  });

  it('end with the year 9999', () => {
    expect(dateTime(3_155_378_976_000_000_000n, 'utc')).toBeUndefined();
    expect(addUnits({ ticks: 0n, kind: 'utc' }, -1, 'Second')).toBeUndefined();
    expect(addUnits({ ticks: 0n, kind: 'utc' }, 9_999, 'Year')).toBeUndefined();
  });
});

describe('reading what was written', () => {
  it('gives the same moment for the round-trip format', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom('utc' as const, 'unspecified' as const), (ticks, kind) => {
        const text = formatDateTime({ ticks, kind });
        expect(parseDateTime(text, culture('en-US'), NOW)).toEqual({ ticks, kind });
        expect(parseDateTimeExactly(text, 'o', culture('en-US'), NOW)).toEqual({ ticks, kind });
      }),
      { seed: propertySeed('date formats', 23), numRuns: 1_000 },
    );
  });

  it.each(['en-US', 'en-GB', 'de-DE', 'fr-FR', 'es-ES', 'it-IT', 'nl-NL', 'sv-SE', 'pl-PL', 'pt-BR', 'da-DK', 'ja-JP'])(
    'gives the same day for the dates of %s, short and long',
    (name) => {
      for (const month of [1, 2, 3, 5, 8, 9, 10, 12]) {
        const ticks = ticksOf({ year: 2018, month, day: 13 }) ?? 0n;
        const date = { ticks, kind: 'unspecified' as const };
        for (const format of ['d', 'D', 'dddd d MMMM yyyy', 'd. MMM yyyy']) {
          const text = formatDateTime(date, format, culture(name));
          if (name !== 'ja-JP' || format.length === 1)
            expect(parseDateTime(text, culture(name), NOW), text).toEqual(date);
          expect(parseDateTimeExactly(text, format, culture(name), NOW), text).toEqual(date);
        }
      }
    },
  );

  it.each([
    ['3/15', '2026-03-15T00:00:00'],
    ['March 2018', '2018-03-01T00:00:00'],
    ['2018-03', '2018-03-01T00:00:00'],
    ['15 Mar 49', '2049-03-15T00:00:00'],
    ['15 Mar 50', '1950-03-15T00:00:00'],
    ['12/25/1999 12:00 AM', '1999-12-25T00:00:00'],
    ['Sat, 25 Dec 1999 23:59:59 GMT', '1999-12-25T23:59:59'],
    ['2018-03-15 01:02:03.5', '2018-03-15T01:02:03'],
    ['2018-3-5', '2018-03-05T00:00:00'],
    ['10:45', '2026-01-15T10:45:00'],
  ])('takes %s for %s', (text, expected) => {
    const date = parseDateTime(text, culture('en-US'), NOW);
    expect(date && formatDateTime(date, 's')).toBe(expected);
  });

  it.each([
    '',
    'hello',
    '2018',
    '13/13/2018',
    '2018-02-30',
    '2018-03-15T25:00:00',
    '1st of May 2018',
    '1/2/3/4',
    '2018-03-15T10:00:00+15:00',
  ])('does not take %j', (text) => {
    expect(parseDateTime(text, culture('en-US'), NOW)).toBeUndefined();
  });
});

describe('a time span', () => {
  it.each([
    [0n, '00:00:00'],
    [-1n, '-00:00:00.0000001'],
    [36_000_000_000n, '01:00:00'],
    [-864_000_000_001n, '-1.00:00:00.0000001'],
  ])('of %d ticks reads %s', (ticks, text) => {
    expect(timeSpanText(ticks)).toBe(text);
  });
});
