/** Shortens to at most `limit` UTF-16 units, with an ellipsis if something was cut. Never splits a surrogate pair. */
export function cut(text: string, limit: number, ellipsis = '…'): string {
  if (text.length <= limit) return text;
  const room = limit - ellipsis.length;
  if (room <= 0) return ellipsis.slice(0, limit);
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(room - 1));
  return text.slice(0, splitsPair ? room - 1 : room) + ellipsis;
}

/** `1 warning`, `2 warnings`: for words whose plural ends in an s. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** The most similar candidate (at most a third of its letters differ), for "did you mean". */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(typed.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.ceil(best.candidate.length / 3)) ? best.candidate : undefined;
}

/** What to write instead of an unknown name: the most similar one, or the list of known names. */
export function unknownNameRemedy(typed: string, known: readonly string[]): string {
  const guess = nearest(typed, known);
  return guess ? `Did you mean "${guess}"?` : `Known here: ${known.join(', ')}.`;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Without empty strings and repetitions, in order. */
export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

/** With its first letter in upper case. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text for XML or HTML: in an element, or in an attribute in double quotes. */
export function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
