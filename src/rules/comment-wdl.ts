import { certainlyFits, commentEscapes, commentLimit, commentMarker } from './comment.ts';
import { at, call, concat, cutText, literal, lower, replace, text, trim, type Wdl, when } from './expressions.ts';
import { isGuidWdl } from './notification-wdl.ts';

/** As `commentMessage`. */
export function commentMessageWdl(plain: Wdl): Wdl {
  const escaped = (value: Wdl) =>
    concat(
      literal(commentMarker),
      commentEscapes.reduce((rest, [from, to]) => replace(rest, literal(from), literal(to)), value),
    );
  return when(
    call('greater', call('length', escaped(plain)), String(commentLimit)),
    escaped(cutText(plain, certainlyFits)),
    escaped(plain),
  );
}

/** Characters of an encoded id that are no letters or digits. */
const marks = ['%', '-', '_', '.', '~', '!', '*', "'", '(', ')'];

/**
 * A GUID under which the comment is written, so that writing it again changes nothing: the notification's id. Where that is
 * no GUID, one is made of its last 32 letters and digits, letters beyond f mapped onto hexadecimal ones; WDL has no hash.
 * SIGNL4's other ids end in a GUID, which comes out as it is.
 */
export function commentIdWdl(body: Wdl): Wdl {
  const id = lower(trim(text(at(body, 'id'))));
  const plain = marks.reduce((rest, mark) => replace(rest, literal(mark), "''"), lower(call('uriComponent', id)));
  const padded = concat(literal('0'.repeat(32)), plain);
  const tail = call('substring', padded, call('sub', call('length', padded), '32'), '32');
  const hex = [...'ghijklmnopqrstuvwxyz'].reduce(
    (rest, letter, index) => replace(rest, literal(letter), literal((index % 16).toString(16))),
    tail,
  );
  const part = (start: number, length: number) => call('substring', hex, String(start), String(length));
  const made = concat(part(0, 8), "'-'", part(8, 4), "'-'", part(12, 4), "'-'", part(16, 4), "'-'", part(20, 12));
  return when(isGuidWdl(id), id, made);
}
