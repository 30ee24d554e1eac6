import { describe, expect, it } from 'vitest';
import { cultureNamed } from '../../../src/wdl/dotnet/culture.ts';

describe('cultures', () => {
  it.each([
    ['en-US', 'M/d/yyyy', 'dddd, MMMM d, yyyy', 'h:mm tt', '.', ',', '$n'],
    ['en-GB', 'dd/MM/yyyy', 'dd MMMM yyyy', 'HH:mm', '.', ',', '£n'],
    ['de-DE', 'dd.MM.yyyy', 'dddd, d. MMMM yyyy', 'HH:mm', ',', '.', 'n\u00a0€'],
    ['fr-FR', 'dd/MM/yyyy', 'dddd d MMMM yyyy', 'HH:mm', ',', '\u00a0', 'n\u00a0€'],
    ['es-ES', 'dd/MM/yyyy', "dddd, d 'de' MMMM 'de' yyyy", 'H:mm', ',', '.', 'n\u00a0€'],
    ['is-IS', 'd.M.yyyy', 'dddd, d. MMMM yyyy', 'HH:mm', ',', '.', 'n kr'],
    ['ja-JP', 'yyyy/MM/dd', "yyyy'年'M'月'd'日'", 'H:mm', '.', ',', '¥n'],
  ])(
    '%s has the patterns of Windows',
    (name, shortDate, longDate, shortTime, decimalSeparator, groupSeparator, currencyPattern) => {
      expect(cultureNamed(name)).toMatchObject({
        shortDate,
        longDate,
        shortTime,
        numbers: { decimalSeparator, groupSeparator, currencyPattern },
      });
    },
  );

  it('knows names of months that change beside a day', () => {
    const polish = cultureNamed('pl-PL');
    expect([polish?.months[2], polish?.genitiveMonths[2]]).toEqual(['marzec', 'marca']);
  });

  it('ignores the case of names and takes names without a region', () => {
    expect(cultureNamed('FR-fr')?.months[0]).toBe('janvier');
    expect(cultureNamed('fr')?.numbers.currencyPattern).toBe('n\u00a0€');
  });

  it.each(['', 'xx', 'xx-XX', 'en-ZZ', 'en_US', 'english', 'en-US-x', '12'])('does not know %j', (name) => {
    expect(cultureNamed(name)).toBeUndefined();
  });
});
