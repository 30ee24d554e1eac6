/*
 * Comments of people are rich text. What the relay makes of them is plain: tags go, line-breaking ones become line breaks,
 * the usual character references are undone. A playbook passes them on as they are.
 */

/** Beginnings of tags (after `<`, lower case) that end a line. */
const lineBreakTags = ['br', '/p', '/div', '/li', '/h', '/tr'] as const;

/** What may follow a `<` in a tag; `a < b` is not a tag. */
const tagStarts = 'abcdefghijklmnopqrstuvwxyz/!';

/** In the order of replacement: `&amp;` last, so that nothing is undone twice. */
const characterReferences = [
  ['&nbsp;', ' '],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
] as const;

/** The text of a comment without its mark-up. */
export function plainText(html: string): string {
  const [head = '', ...pieces] = html.split('<');
  const text = head + pieces.map(withoutTag).join('');
  return characterReferences.reduce((rest, [from, to]) => rest.replaceAll(from, to), text).trim();
}

/** What follows a `<`: without its tag where it begins with one. */
function withoutTag(piece: string): string {
  const end = piece.indexOf('>');
  if (end < 0 || !tagStarts.includes(piece.slice(0, 1).toLowerCase())) return `<${piece}`;
  const lineBreak = lineBreakTags.some((tag) => piece.toLowerCase().startsWith(tag));
  return (lineBreak ? '\n' : '') + piece.slice(end + 1);
}
