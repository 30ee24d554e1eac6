import { MAX_TEXT_CHARACTERS } from '../limits.ts';
import { functionError } from './signature.ts';

/** Texts joined without anything between them, within the limit for results. */
export function concatTexts(functionName: string, texts: readonly string[], separator = ''): string {
  const separators = separator.length * Math.max(texts.length - 1, 0);
  checkTextLength(
    functionName,
    texts.reduce((sum, each) => sum + each.length, separators),
  );
  return texts.join(separator);
}

/** Throws `WdlError` (`wdl.limit`) for a string beyond the limit for results. */
export function checkTextLength(functionName: string, length: number): void {
  if (length <= MAX_TEXT_CHARACTERS) return;
  throw functionError(
    functionName,
    `makes a string of ${length} characters. The limit is ${MAX_TEXT_CHARACTERS}`,
    'wdl.limit',
  );
}
