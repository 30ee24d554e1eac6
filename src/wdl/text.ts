import { jsonText } from './json-text.ts';
import { numberText } from './number-text.ts';
import type { WdlValue } from './values.ts';
import { isBinaryContent, isNumber } from './values.ts';

/**
 * A value where text is wanted (`string`, `concat`, `join`, `@{…}`): null is empty text, booleans are `True` and
 * `False`, numbers as .NET writes them, binary content its UTF-8 text, objects and arrays compact JSON.
 */
export function toText(value: WdlValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isNumber(value)) return numberText(value);
  if (isBinaryContent(value)) return decodeBase64(value.$content);
  return jsonText(value);
}

/** UTF-8 text of base64; bytes that are not UTF-8 become U+FFFD. */
export function decodeBase64(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

export function encodeBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** Whether text is what .NET decodes: whole groups of four characters, white space ignored, padding only at the end. */
export function isBase64(text: string): boolean {
  const compact = text.replace(/\s+/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}
