import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  parseDecimal,
  remainderOfDecimals,
  type WdlDecimal,
} from '../../src/wdl/decimal.ts';

function decimal(text: string): WdlDecimal {
  const value = parseDecimal(text);
  if (value === undefined) throw new Error(`${text} is not a decimal`);
  return value;
}

describe('decimals', () => {
  it.each([
    ['1.50', '1.50'],
    ['-.5', '-0.5'],
    ['1e3', '1000'],
    ['125e-4', '0.0125'],
    ['0.12345678901234567890123456785', '0.1234567890123456789012345678'],
    ['79228162514264337593543950335', '79228162514264337593543950335'],
  ])('%s is kept as %s', (text, kept) => {
    expect(decimal(text).toString()).toBe(kept);
  });

  it.each(['', '.', 'abc', '1.2.3', '--1'])('%j is none', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  it('keep their digits in arithmetic', () => {
    expect(addDecimals(decimal('0.1'), decimal('0.20')).toString()).toBe('0.30');
    expect(multiplyDecimals(decimal('1.10'), decimal('1.1')).toString()).toBe('1.210');
    expect(divideDecimals(decimal('2'), decimal('3')).toString()).toBe('0.6666666666666666666666666667');
    expect(divideDecimals(decimal('1.00'), decimal('4')).toString()).toBe('0.25');
    expect(remainderOfDecimals(decimal('-5.5'), decimal('2')).toString()).toBe('-1.5');
    expect(compareDecimals(decimal('1.0'), decimal('1.00'))).toBe(0);
  });

  it('fail beyond 96 bits', () => {
    const largest = decimal('79228162514264337593543950335');
    expect(() => addDecimals(largest, decimal('1'))).toThrow('too large or too small for a decimal');
    expect(() => parseDecimal('1e200')).toThrow('too large or too small');
  });
});
