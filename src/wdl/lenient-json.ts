/**
 * Comments and surplus commas become spaces, so that every position stays where it was. Reads character by character: a
 * regular expression that matches a whole text runs out of stack at some 10 MB.
 */
export function withoutComments(text: string): string {
  const pieces: string[] = [];
  let kept = 0;
  const blank = (from: number, to: number): void => {
    pieces.push(text.slice(kept, from), text.slice(from, to).replace(/[^\n]/g, ' '));
    kept = to;
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '/') {
      const end = endOfComment(text, at);
      if (end > at) blank(at, end);
      at = Math.max(end, at + 1);
    } else {
      if (character === ',' && isSurplus(text, at)) blank(at, at + 1);
      at += 1;
    }
  }
  return kept === 0 ? text : pieces.join('') + text.slice(kept);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The position behind a string that starts at a quotation mark; the end of everything where it does not end. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
}

/** The position behind a comment that starts here; `start` where none does. */
function endOfComment(text: string, start: number): number {
  if (text.startsWith('//', start)) {
    const newline = text.indexOf('\n', start);
    return newline < 0 ? text.length : newline;
  }
  if (!text.startsWith('/*', start)) return start;
  const end = text.indexOf('*/', start + 2);
  return end < 0 ? start : end + 2;
}

/** Whether only white space and comments are between a comma and a closing bracket. */
function isSurplus(text: string, comma: number): boolean {
  for (let at = comma + 1; at < text.length; ) {
    const character = text[at] ?? '';
    if (character === ']' || character === '}') return true;
    const end = character === '/' ? endOfComment(text, at) : at;
    if (end > at) at = end;
    else if (/\s/.test(character)) at += 1;
    else return false;
  }
  return false;
}
