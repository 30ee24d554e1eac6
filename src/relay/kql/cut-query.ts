/**
 * Whether a query is truncated, as Sentinel's incident trigger does with long ones. Truncation at the end of a statement shows
 * only in comparison with `OriginalQuery`.
 */
export function looksCut(query: string, originalQuery = ''): boolean {
  const text = query.trimEnd();
  if (originalQuery.trim().length > text.length) return true;
  return /(\.\.\.|…|\||,|=|\b(and|or|by|on|where|extend|project))$/.test(text) || !isBalanced(text);
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Comments, complete strings (`@'…'` has no escapes, ``` spans lines), quotation marks that are never closed, brackets. */
const tokens =
  /\/\/[^\n]*|```[\s\S]*?```|@"[^"\n]*"|@'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|```|["'()[\]{}]/g;

function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const [token] of text.matchAll(tokens)) {
    if (token === '"' || token === "'" || token === '```') return false;
    if (token in closing) open.push(closing[token] ?? '');
    else if (token.length === 1 && open.pop() !== token) return false;
  }
  return open.length === 0;
}
