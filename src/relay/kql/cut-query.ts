/**
 * Whether a query ends in the middle: Sentinel's incident trigger cuts long ones. A query that is cut where a statement
 * happens to end looks whole; only `OriginalQuery` can tell then.
 */
export function looksCut(query: string, originalQuery = ''): boolean {
  const text = query.trimEnd();
  if (originalQuery.trim().length > text.length) return true;
  return /(\.\.\.|…|\||,|=|\b(and|or|by|on|where|extend|project))$/.test(text) || !isBalanced(text);
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Comments, closed texts (KQL's `@'…'` takes no escapes, ``` spans lines), quotation marks that close nowhere, brackets. */
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
