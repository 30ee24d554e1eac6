import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../src/solution/json-tree.ts';
import { dotnetReplace, escapeDataString, throughPowerShell } from '../../src/solution/powershell.ts';

describe('a string on its way through PowerShell', () => {
  it.each([
    ['2025-05-04T00:00:00.000Z', '2025-05-04T00:00:00Z'],
    ['2024-02-29T08:00:00.120Z', '2024-02-29T08:00:00.12Z'],
    ['2024-02-29T08:00:00', '2024-02-29T08:00:00'],
    ['2024-02-29T08:00:00+02:00', '2024-02-29T06:00:00+00:00'],
    ['2024-02-29', '2024-02-29'],
    ['2023-02-29T08:00:00Z', '2023-02-29T08:00:00Z'],
    ['2024-02-29T08:00:00.12345678Z', '2024-02-29T08:00:00.12345678Z'],
    ['on 2025-05-04T00:00:00.000Z', 'on 2025-05-04T00:00:00.000Z'],
  ])('%s leaves as %s', (text, left) => {
    expect(throughPowerShell(text)).toBe(left);
  });
});

describe('a number on its way through PowerShell', () => {
  it.each([
    ['1', '1'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['1.50', '1.5'],
    ['2e3', '2000.0'],
    ['1e20', '1E+20'],
    ['0.00001', '1E-05'],
  ])('%s leaves as %s', (lexeme, left) => {
    expect(throughPowerShell(new JsonNumber(lexeme))).toEqual(new JsonNumber(left));
  });
});

describe('dotnetReplace', () => {
  it('replaces every match whatever its casing', () => {
    expect(dotnetReplace('{{A}} and {{a}}', '{{a}}', 'x')).toBe('x and x');
  });

  it('gives `$` sequences the meaning they have in .NET', () => {
    expect(dotnetReplace('costs {{X}}', '{{X}}', '$5 or $$5 or $&')).toBe('costs $5 or $5 or {{X}}');
  });
});

it('escapes a solution name for the link to its release notes', () => {
  expect(escapeDataString("Contoso (EU)'s")).toBe('Contoso%20%28EU%29%27s');
});
