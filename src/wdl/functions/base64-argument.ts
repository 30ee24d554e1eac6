import { isBase64 } from '../text.ts';
import { conversionError } from './signature.ts';

/** Base64 that can be decoded, as it was written, white space included. Throws `WdlError` (`wdl.argument-value`) for other text. */
export function checkedBase64(functionName: string, base64: string): string {
  if (isBase64(base64)) return base64;
  throw conversionError(functionName, 'The value cannot be decoded from base64 representation');
}

/** The same without white space. */
export function compactBase64(functionName: string, base64: string): string {
  return checkedBase64(functionName, base64).replace(/\s+/g, '');
}
