import { cultureNamed, defaultCulture } from '../dotnet/culture.ts';
import type { Culture } from '../dotnet/culture-data.ts';
import { FormatError } from '../dotnet/number-format.ts';
import { invariantNumber } from '../dotnet/number-parse.ts';
import { functionError } from './signature.ts';

/** The culture of an optional locale argument; a locale that does not exist is an error. */
export function cultureArgument(functionName: string, locale: string | undefined): Culture {
  if (locale === undefined) return defaultCulture();
  const culture = cultureNamed(locale);
  if (culture !== undefined) return culture;
  throw functionError(
    functionName,
    `was invoked with the locale '${locale}', which is not valid`,
    'wdl.argument-value',
    "Write a language and a region, for example 'en-US' or 'de-DE'.",
  );
}

/** Turns a `FormatError` into the error of a function. */
export function withFormat<T>(functionName: string, format: string | undefined, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw functionError(functionName, `was invoked with the format '${format}', which is not valid: ${error.message}`);
  }
}

/**
 * A float in a culture, as .NET reads it: digits with group separators, one sign, an exponent; `NaN` everywhere. `Infinity` is
 * a word of the invariant culture alone, which an empty locale names; `isFloat` takes it without a locale too, `float` does not
 * (measured on the Logic Apps host by ScoreUnder/IllogicApps).
 */
export function floatOf(
  functionName: 'float' | 'isFloat',
  text: string,
  locale: string | undefined,
): number | undefined {
  const isInvariant = locale === '' || (locale === undefined && functionName === 'isFloat');
  const culture = locale === '' ? defaultCulture() : cultureArgument(functionName, locale);
  const word = text.trim().toLowerCase();
  if (/^[-+]?nan$/.test(word)) return Number.NaN;
  if (isInvariant && /^[-+]?infinity$/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  const invariant = invariantNumber(text, culture.numbers);
  return invariant === undefined ? undefined : Number(invariant);
}
