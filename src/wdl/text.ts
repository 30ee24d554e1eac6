import { WdlError } from './errors.ts';
import { jsonText } from './json-text.ts';
import { numberText } from './number-text.ts';
import type { BinaryContent, WdlValue } from './values.ts';
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
  if (isBinaryContent(value)) return contentText(value);
  return jsonText(value);
}

/**
 * The text of content in the charset that its type names, UTF-8 where it names none. Throws `WdlError` for a type with a
 * parameter that has no value, for an unknown charset and for content that is not base64, as the service does.
 */
function contentText(content: BinaryContent): string {
  const [, ...parameters] = content['$content-type'].split(';').map((part) => part.trim());
  const odd = parameters.find((parameter) => !parameter.includes('='));
  if (odd !== undefined) throw contentError(`its type has the parameter '${odd}' without a value`);
  if (!isBase64(content.$content)) throw contentError('it is not valid base64');
  const bytes = Buffer.from(content.$content, 'base64');
  const charset = parameters
    .map((parameter) => /^charset=(.*)$/is.exec(parameter)?.[1])
    .find((one) => one !== undefined);
  return textOfBytes(bytes, charset);
}

function contentError(why: string): WdlError {
  return new WdlError('wdl.argument-value', `The content cannot be read as text: ${why}.`);
}

/** Bytes as text; bytes that the charset does not know become U+FFFD. */
function textOfBytes(bytes: Buffer, charset = 'utf-8'): string {
  const label = charset.replace(/^"(.*)"$/, '$1');
  if (/^utf-?8$/i.test(label)) return bytes.toString('utf8');
  try {
    return new TextDecoder(label, { ignoreBOM: true }).decode(bytes);
  } catch {
    throw contentError(`the charset '${label}' is not known`);
  }
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
