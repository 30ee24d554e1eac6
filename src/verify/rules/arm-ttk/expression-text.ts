/**
 * How the toolkit reads texts: with regular expressions, not with a parser. Its verdicts follow these forms, so they are kept
 * here as they are: a call counts only behind `[`, `(` or a comma, and an expression is a bracket, a name without blanks,
 * balanced parentheses, members and the closing bracket, anywhere in a string.
 */

/** The end of the parentheses that open at `start`; undefined where they never close. */
function closingOf(text: string, start: number): number | undefined {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '(') depth++;
    else if (text[index] === ')' && --depth === 0) return index;
  }
  return undefined;
}

const AFTER_CALL = /^(?:\[\d+\])?(?:\.[^.[\]\s]+(?:\[\d+\])?)*\]/;

/** Whether a string holds what the toolkit takes for an expression. */
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

/** Where functions of these names are called in a string. */
export function callsIn(text: string, names: readonly string[]): { readonly name: string; readonly index: number }[] {
  if (!text.includes('(')) return [];
  const form = new RegExp(`(?<=[[(,]\\s*)(${names.join('|')})\\s*(?=\\()`, 'gi');
  return [...text.matchAll(form)]
    .filter(({ 0: whole, index }) => closingOf(text, index + whole.length) !== undefined)
    .map(({ 1: name = '', index }) => ({ name, index }));
}

/** A string as it is between the quotation marks of a JSON file. */
export function asWritten(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON escapes
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Whether the nearest of `marks` to the left of an offset, within the text, is there: else the text is not an expression there. */
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
