/**
 * Percent-encoding as .NET's `Uri.EscapeDataString` does it: everything but letters, digits and `- . _ ~`. Half a
 * surrogate pair becomes U+FFFD.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-decoding of a part of a URL; a string with a sequence that is not UTF-8, or none at all, stays as it is. */
export function decodedOrAsWritten(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Percent-decoding as the service does it: `+` is a space, sequences are UTF-8, and what is not a sequence stays as it is.
 */
export function percentDecode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (sequences) => Buffer.from(sequences.replaceAll('%', ''), 'hex').toString('utf8'));
}
