import { cut } from '../domain/text.ts';

/** Prefix of all our comments; comments with it are not sent back to SIGNL4. */
export const commentMarker = 'SIGNL4: ';

/** Prefix of annotations made from Sentinel comments; SIGNL4's notifications about them are not written back. */
export const annotationMarker = '[Sentinel] ';

/** Longest comment that Sentinel takes, in UTF-16 units (service limits). */
const commentLimit = 30_000;

/** The classification comment is a form field of a few lines. Nothing is lost: the comment contains the whole note. */
export const classificationCommentLimit = 1_000;

/** Sentinel allows 100 comments per incident (service limits). */
export const mostComments = 100;

/** Limit for comments not written by people, so that there is room for theirs. */
export const maxComments = 90;

/** Tag for an incident that cannot take more comments; further notes stay in SIGNL4. */
export const commentsFullTag = 'SIGNL4-Comments-Full';

/**
 * Length of plain text that always fits, because escaping makes at most five characters of one. Only strings whose escaped form
 * is too long are cut to this.
 */
const certainlyFits = 5_900;

/** Escapes of mark-up in Sentinel's rich text, applied in order. */
const commentEscapes = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\r\n', '\n'],
  ['\n', '<br>'],
] as const;

/** Plain text as the message of a Sentinel comment: with our prefix, escaped, within the limit. */
export function commentMessage(plain: string): string {
  const message = commentMarker + escaped(plain);
  return message.length <= commentLimit ? message : commentMarker + escaped(cut(plain, certainlyFits));
}

function escaped(plain: string): string {
  return commentEscapes.reduce((text, [from, to]) => text.replaceAll(from, to), plain);
}

/** The prefix in lower case and without its trailing blank, which may come back as another kind of blank. */
const soughtMarker = commentMarker.trim().toLowerCase();

/** Removed one after the other when looking for the prefix: white space between tags, and empty pairs of tags. */
const emptyMarkup = [' ', '\n', '><'] as const;

/** Whether we wrote this comment, by its prefix. The portal may have wrapped it in mark-up. */
export function isOwnComment(message: string): boolean {
  const [head = '', ...rest] = message.toLowerCase().split(soughtMarker);
  const before = emptyMarkup.reduce((text, nothing) => text.replaceAll(nothing, ''), head);
  const isOneTag = before.startsWith('<') && before.endsWith('>') && before.split('<').length === 2;
  return rest.length > 0 && (before === '' || isOneTag);
}
