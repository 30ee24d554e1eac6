/**
 * The toolkit reads strings with regular expressions rather than a parser. To give the same results, these functions follow it: a
 * call only counts after `[`, `(` or a comma, and an expression is a bracket, a name without blanks, balanced parentheses,
 * members and the closing bracket, anywhere in a string.
 */

/** End of the parentheses that open at `start`; undefined if they are not closed. */
function closingOf(text: string, start: number): number | undefined {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '(') depth++;
    else if (text[index] === ')' && --depth === 0) return index;
  }
  return undefined;
}

const AFTER_CALL = /^(?:\[\d+\])?(?:\.[^.[\]\s]+(?:\[\d+\])?)*\]/;

/** Whether the toolkit would find an expression in a string. */
export function hasExpression(text: string): boolean {
  for (let start = text.indexOf('['); start >= 0; start = text.indexOf('[', start + 1)) {
    for (let paren = start + 1; paren < text.length && !/\s/.test(text[paren] ?? ''); paren++) {
      if (text[paren] !== '(' || paren === start + 1) continue;
      const end = closingOf(text, paren);
      if (end !== undefined && AFTER_CALL.test(text.slice(end + 1))) return true;
    }
  }
  return false;
}

/** Calls of the named functions in a string. */
export function callsIn(text: string, names: readonly string[]): { readonly name: string; readonly index: number }[] {
  if (!text.includes('(')) return [];
  const form = new RegExp(`(?<=[[(,]\\s*)(${names.join('|')})\\s*(?=\\()`, 'gi');
  return [...text.matchAll(form)]
    .filter(({ 0: whole, index }) => closingOf(text, index + whole.length) !== undefined)
    .map(({ 1: name = '', index }) => ({ name, index }));
}

/** A string as written in JSON, without its quotation marks. */
export function asWritten(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON escapes
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * Whether the nearest of `marks` to the left of an offset is in the same string; otherwise the toolkit sees no expression there.
 */
export function isBehind(marks: RegExp, written: string, offset: number): boolean {
  const before = written.slice(0, offset);
  for (let index = before.length - 1; index >= 0; index--) {
    const isEscaped = before[index - 1] === '\\';
    if (before[index] === '"' && !isEscaped) return false;
    if (marks.test(before[index] ?? '') && !isEscaped) return true;
  }
  return false;
}

export function literal(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
