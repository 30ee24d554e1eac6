/* A note inside a workflow, read as `hashtag.ts` reads it. */

import { at, bodyOf, call, literal, lower, replace, text, trim, type Wdl } from './expressions.ts';
import { hashtagPunctuation, noteJoints, noteSpacing } from './hashtag.ts';

/** What the person typed. */
export const noteOf = (body: Wdl): Wdl => trim(text(at(body, 'annotation', 'message')));

/** Its words; a line break is a word. */
export function noteWords(body: Wdl): Wdl {
  return call(
    'split',
    noteSpacing.reduce((rest, [from, to]) => replace(rest, literal(from), literal(to)), noteOf(body)),
    "' '",
  );
}

/** The text of the words that an action kept. */
export function restOfNote(wordsAction: string): Wdl {
  const words = call('join', bodyOf(wordsAction), "' '");
  return trim(noteJoints.reduce((rest, [from, to]) => replace(rest, literal(from), literal(to)), words));
}

/** The hashtag that a word may be, without # and punctuation, in lower case. */
export function tagOf(word: Wdl): Wdl {
  return lower(hashtagPunctuation.reduce((rest, mark) => replace(rest, literal(mark), "''"), word));
}
