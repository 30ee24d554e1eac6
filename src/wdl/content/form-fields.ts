import { decodedOrAsWritten } from '../functions/uri-text.ts';

/**
 * Fields of `application/x-www-form-urlencoded` text, in order, as the service lists them: a field without `=` has an empty
 * value, an empty one an empty name. Characters that cannot be decoded stay as they are.
 */
export function formFields(text: string): (readonly [string, string])[] {
  if (text === '') return [];
  return text.split('&').map((field) => {
    const equals = field.indexOf('=');
    return equals < 0
      ? ([decoded(field), ''] as const)
      : ([decoded(field.slice(0, equals)), decoded(field.slice(equals + 1))] as const);
  });
}

function decoded(text: string): string {
  return decodedOrAsWritten(text.replaceAll('+', ' '));
}
