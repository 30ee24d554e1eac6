/*
 * Converts people's comments, which are rich text, to plain text for the relay: removes tags, turns some into line breaks, and
 * decodes the usual character references. A playbook passes comments on unchanged.
 */

/** Tags (after `<`, lower case) that become a line break. */
const lineBreakTags = ['br', '/p', '/div', '/li', '/h', '/tr'] as const;

/** Characters that may follow the `<` of a tag; `a < b` is not a tag. */
const tagStarts = 'abcdefghijklmnopqrstuvwxyz/!';

/** Applied in order: `&amp;` comes last, so that nothing is decoded twice. */
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

/** The text after a `<`, without the rest of the tag if it is one. */
function withoutTag(piece: string): string {
  const end = piece.indexOf('>');
  if (end < 0 || !tagStarts.includes(piece.slice(0, 1).toLowerCase())) return `<${piece}`;
  const lineBreak = lineBreakTags.some((tag) => piece.toLowerCase().startsWith(tag));
  return (lineBreak ? '\n' : '') + piece.slice(end + 1);
}
