import type { NumberCulture } from './culture-data.ts';

/** Ours: no number of the language needs more characters, and longer text is not worth searching. */
const LONGEST_NUMBER = 1_000;

/**
 * The invariant spelling (`-1234.5e3`) of text that .NET reads as a number in a culture: white space around it, one
 * sign in front or behind, group separators anywhere between the digits of the whole part, an exponent. `undefined` for
 * text that is not a number. Document: "Parsing numeric strings in .NET", `NumberStyles.Number` with `AllowExponent`.
 */
export function invariantNumber(text: string, culture: NumberCulture): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_NUMBER) return undefined;
  const group = groupPattern(culture.groupSeparator);
  const decimal = escapePattern(culture.decimalSeparator);
  const pattern = new RegExp(
    `^([-+]?)\\s*(\\d(?:\\d|${group})*)?(?:${decimal}(\\d*))?([eE][-+]?\\d{1,5})?\\s*([-+]?)$`,
  );
  const match = pattern.exec(trimmed);
  if (!match) return undefined;
  const [, leading = '', whole = '', fraction = '', exponent = '', trailing = ''] = match;
  if ((whole === '' && fraction === '') || (leading !== '' && trailing !== '')) return undefined;
  const sign = leading === '-' || trailing === '-' ? '-' : '';
  return `${sign}${whole.replace(/\D/g, '') || '0'}${fraction ? `.${fraction}` : ''}${exponent}`;
}

/** A no-break space that separates groups may be typed as a plain space. */
function groupPattern(separator: string): string {
  return /^\s$/.test(separator) ? '[ \\u00a0\\u202f]' : escapePattern(separator);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Reads an integer as .NET does: white space around it and a sign, nothing else. */
export function parseInteger(text: string): bigint | undefined {
  const match = text.length > LONGEST_NUMBER ? null : /^\s*([-+]?)(\d+)\s*$/.exec(text);
  if (!match) return undefined;
  const digits = BigInt(match[2] ?? '0');
  return match[1] === '-' ? -digits : digits;
}
