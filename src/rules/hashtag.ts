import type { Classification } from '../domain/classification.ts';

/** Characters that may cling to a hashtag: `(#fp)`, `#fp,`. */
export const hashtagPunctuation = ['#', ',', '.', ';', ':', '!', '?', '(', ')'] as const;

/** Makes a word of every line break; other white space, also the blank that does not break, becomes a blank. */
export const noteSpacing = [
  ['\r\n', '\n'],
  ['\n', ' \n '],
  ['\t', ' '],
  ['\u00a0', ' '],
] as const;

/** Takes the blanks around line breaks away again. */
export const noteJoints = [
  [' \n', '\n'],
  ['\n ', '\n'],
] as const;

/** What a closing note chose, and the note without it. */
export interface ReadNote {
  readonly classification: Classification | undefined;
  readonly text: string;
}

/**
 * The first known hashtag of a note selects the classification; the rest of the note is the text. `#fp Scanner of the branch`
 * gives the text "Scanner of the branch". Hashtags ignore case and count as whole words only: `#fpx` is not `#fp`.
 */
export function readHashtag(note: string, hashtags: Readonly<Record<string, Classification>>): ReadNote {
  const table = new Map(Object.entries(hashtags).map(([tag, value]) => [tag.toLowerCase(), value]));
  const words = noteSpacing.reduce((text, [from, to]) => text.replaceAll(from, to), note).split(' ');
  const chosen = words.find((word) => word.replaceAll('(', '').startsWith('#') && table.has(tagOf(word)));
  const rest = words.filter((word) => word !== chosen).join(' ');
  return {
    classification: chosen === undefined ? undefined : table.get(tagOf(chosen)),
    text: noteJoints.reduce((text, [from, to]) => text.replaceAll(from, to), rest).trim(),
  };
}

function tagOf(word: string): string {
  return hashtagPunctuation.reduce((text, mark) => text.replaceAll(mark, ''), word).toLowerCase();
}
