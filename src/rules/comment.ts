import { cut } from '../domain/text.ts';

/** What every comment of ours begins with; a comment with it is never sent back to SIGNL4. */
export const commentMarker = 'SIGNL4: ';

/** What an annotation that came from a Sentinel comment begins with; SIGNL4's notification of it is not written back. */
export const annotationMarker = '[Sentinel] ';

/** Longest comment that Sentinel takes, in UTF-16 units (service limits). */
const commentLimit = 30_000;

/** The comment of a classification is a form field of a few lines; nothing is lost, the comment has the whole note. */
export const classificationCommentLimit = 1_000;

/** Sentinel takes 100 comments per incident (service limits). */
export const mostComments = 100;

/** Comments that no person wrote stop here and leave the rest to people, whether they write in Sentinel or in SIGNL4. */
export const maxComments = 90;

/** Marks an incident that takes no more comments: what people write goes on in SIGNL4. */
export const commentsFullTag = 'SIGNL4-Comments-Full';

/**
 * Characters of plain text that always fit: escaping makes five of one at most. Only a string whose escaped form is too long is
 * cut to this.
 */
const certainlyFits = 5_900;

/** What Sentinel's rich text would take for mark-up, and what it shows instead; in the order of replacement. */
const commentEscapes = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\r\n', '\n'],
  ['\n', '<br>'],
] as const;

/** Plain text as the message of a Sentinel comment: marked, escaped, within the limit. */
export function commentMessage(plain: string): string {
  const message = commentMarker + escaped(plain);
  return message.length <= commentLimit ? message : commentMarker + escaped(cut(plain, certainlyFits));
}

function escaped(plain: string): string {
  return commentEscapes.reduce((text, [from, to]) => text.replaceAll(from, to), plain);
}

/** The marker as it is looked for: in lower case, and whatever kind of blank follows. */
const soughtMarker = commentMarker.trim().toLowerCase();

/** What may be between tags, and tags without anything between them; taken out one after the other. */
const emptyMarkup = [' ', '\n', '><'] as const;

/** Whether we wrote this comment: it begins with our marker. The portal may have wrapped it into mark-up. */
export function isOwnComment(message: string): boolean {
  const [head = '', ...rest] = message.toLowerCase().split(soughtMarker);
  const before = emptyMarkup.reduce((text, nothing) => text.replaceAll(nothing, ''), head);
  const isOneTag = before.startsWith('<') && before.endsWith('>') && before.split('<').length === 2;
  return rest.length > 0 && (before === '' || isOneTag);
}
