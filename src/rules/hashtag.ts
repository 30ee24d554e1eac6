import type { Classification } from '../domain/classification.ts';

/** Punctuation that may surround a hashtag: `(#fp)`, `#fp,`. */
export const hashtagPunctuation = ['#', ',', '.', ';', ':', '!', '?', '(', ')'] as const;

/**
 * Separates words: surrounds line breaks with blanks, and replaces other white space, including non-breaking blanks, by a blank.
 */
export const noteSpacing = [
  ['\r\n', '\n'],
  ['\n', ' \n '],
  ['\t', ' '],
  ['\u00a0', ' '],
] as const;

/** Removes the blanks around line breaks again. */
export const noteJoints = [
  [' \n', '\n'],
  ['\n ', '\n'],
] as const;

/** The classification that a closing note selects, and the note without its hashtag. */
export interface ReadNote {
  readonly classification: Classification | undefined;
  readonly text: string;
}

/**
 * The first known hashtag in a note selects the classification; the rest is the text. `#fp Scanner of the branch` gives the text
 * "Scanner of the branch". Hashtags ignore case and must be whole words: `#fpx` is not `#fp`.
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
