/** What is not an element, by how it begins: how it ends. */
const OTHER_MARKUP: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['</', '>'],
];

/**
 * Whether each element of a document closes itself (`<a/>`), in document order. The parser does not tell `<a/>` from
 * `<a></a>`, the service does: one is null as JSON, the other an empty text. The text must be well-formed.
 */
export function selfClosingTags(text: string): boolean[] {
  const closing: boolean[] = [];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const other = OTHER_MARKUP.find(([start]) => text.startsWith(start, at));
    if (other) at = endAfter(text, other[1], at + other[0].length);
    else if (text.startsWith('<!', at)) at = endOfDoctype(text, at);
    else {
      at = endOfTag(text, at);
      closing.push(text[at - 2] === '/');
    }
  }
  return closing;
}

function endAfter(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
}

/** A tag ends at the first `>` outside of its quoted values. */
function endOfTag(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '>') return at + 1;
    if (character === '"' || character === "'") at = endAfter(text, character, at + 1) - 1;
  }
  return text.length;
}

/** The internal subset of a document type is in brackets, with quoted values, comments and instructions in it. */
function endOfDoctype(text: string, start: number): number {
  let isInside = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (text.startsWith('<!--', at)) at = endAfter(text, '-->', at + 4) - 1;
    else if (text.startsWith('<?', at)) at = endAfter(text, '?>', at + 2) - 1;
    else if (character === '"' || character === "'") at = endAfter(text, character, at + 1) - 1;
    else if (character === '[') isInside = true;
    else if (character === ']') isInside = false;
    else if (character === '>' && !isInside) return at + 1;
  }
  return text.length;
}
