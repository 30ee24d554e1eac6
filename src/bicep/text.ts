/** A text as a literal of Bicep, on one line. */
export function textLiteral(text: string): string {
  return `'${escapedText(text)}'`;
}

/** The text between the quotes, also beside `${…}`. */
export function escapedText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('${', '\\${')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** A key of an object: bare where Bicep takes it so. */
export function objectKey(key: string): string {
  return IDENTIFIER.test(key) ? key : textLiteral(key);
}

/** `name` after its owner: `.name`, or `['na-me']`. */
export function memberAccess(name: string, isOptional: boolean): string {
  if (IDENTIFIER.test(name)) return `${isOptional ? '.?' : '.'}${name}`;
  return `[${isOptional ? '?' : ''}${textLiteral(name)}]`;
}
