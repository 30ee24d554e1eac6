import { changedList, changedMap, isList, isMap, JsonNumber, type JsonTree } from './json-tree.ts';

/**
 * What a value becomes by passing PowerShell's ConvertFrom-Json and ConvertTo-Json, which the packaging tool does to
 * every file: ISO date-times are dates on the way (`.000Z` leaves as `Z`), fractions are doubles (`1.50` leaves as `1.5`).
 */
export function throughPowerShell(tree: JsonTree): JsonTree {
  if (typeof tree === 'string') return normaliseDate(tree);
  if (tree instanceof JsonNumber) {
    const lexeme = normaliseNumber(tree.lexeme);
    return lexeme === tree.lexeme ? tree : new JsonNumber(lexeme);
  }
  if (isList(tree)) return changedList(tree, throughPowerShell);
  return isMap(tree) ? changedMap(tree, throughPowerShell) : tree;
}

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?([Zz]|[+-]\d{2}:?\d{2})?$/;

/** A date-time with an offset leaves in the local time of the machine; the form of a machine on UTC is written here. */
function normaliseDate(text: string): string {
  const parts = DATE_TIME.exec(text);
  if (!parts) return text;
  const [, year, month, day, hour, minute, second, fraction = '', zone = ''] = parts;
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(instant.getTime()) || instant.getUTCDate() !== Number(day)) return text;
  const trimmed = fraction.replace(/0+$/, '');
  const suffix = trimmed && `.${trimmed}`;
  if (!/[+-]/.test(zone)) return `${year}-${month}-${day}T${hour}:${minute}:${second}${suffix}${zone.toUpperCase()}`;
  const utc = new Date(instant.getTime() - offsetMinutes(zone) * 60_000);
  return `${utc.toISOString().slice(0, 19)}${suffix}+00:00`;
}

function offsetMinutes(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

function normaliseNumber(lexeme: string): string {
  if (!/[.eE]/.test(lexeme)) return lexeme === '-0' ? '0' : lexeme;
  const value = Number(lexeme);
  if (!Number.isFinite(value)) return lexeme;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return exponentForm(value);
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function exponentForm(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits}E${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

/**
 * PowerShell's `-replace` with a literal pattern: every match, whatever its casing, and `$` sequences in the replacement
 * keep their meaning (a description with `$&` is altered by the tool; see the known quirks).
 */
export function dotnetReplace(text: string, literal: string, replacement: string): string {
  const pattern = new RegExp(literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  return text.replace(pattern, (match: string, offset: number) =>
    replacement.replace(/\$(?:\$|&|`|'|_|\+|0|\{0\})/g, (sequence) => expand(sequence, match, offset, text)),
  );
}

function expand(sequence: string, match: string, offset: number, text: string): string {
  if (sequence === '$$') return '$';
  if (sequence === '$`') return text.slice(0, offset);
  if (sequence === "$'") return text.slice(offset + match.length);
  if (sequence === '$_') return text;
  return match;
}

/** `[Uri]::EscapeDataString`: everything but letters, digits and `-_.~`. */
export function escapeDataString(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
