import { UserError } from '../../domain/errors.ts';
import { type LetterAction, type LetterSource, PAGE_SIZE } from './letter-source.ts';
import type { ShownLetter } from './shown-letter.ts';

/** Where commands write to. */
export interface Output {
  print(text: string): void;
  note(text: string): void;
  setExitCode(code: number): void;
}

/** Prints every dead letter: one per line, or as a JSON array for scripts. */
export async function listLetters(source: LetterSource, asJson: boolean, out: Output): Promise<void> {
  const all: ShownLetter[] = [];
  let count = 0;
  for await (const letter of source.letters()) {
    count++;
    if (asJson) all.push(letter);
    else out.print(linesOf(letter));
  }
  if (asJson) out.print(JSON.stringify(all, null, 2));
  else if (count === 0) out.print('There are no dead letters.');
}

function linesOf({ id, incident, event, person, words, deadLetteredAt, attempts, error }: ShownLetter): string {
  const happened = [event ?? 'unreadable', ...(person ? [`by ${person}`] : []), ...(words ? [`"${words}"`] : [])];
  const lines = [`${id}  ${deadLetteredAt}  ${attempts} attempts`, incident, happened.join(' '), error];
  return lines.map(printable).join('\n  ');
}

/** Escapes control characters and direction marks, because the text comes from others: `\\u001b`. */
function printable(text: string): string {
  const escaped = (character: string) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped);
}

const done: Readonly<Record<LetterAction, string>> = { replay: 'will be applied again', drop: 'dropped' };

/** The ids given by the user, or undefined for all letters. @throws UserError unless exactly one of the two is given */
export function namedLetters(
  action: LetterAction,
  ids: readonly string[],
  all: boolean | undefined,
): readonly string[] | undefined {
  if (all !== true && ids.length > 0) return ids;
  if (all === true && ids.length === 0) return undefined;
  const problem = all ? `${action} takes ids or --all, not both` : `${action} needs ids of dead letters, or --all`;
  const remedy = `Name the ids, or write "dead-letters ${action} --all".`;
  throw new UserError('usage.dead-letters', problem, { remedy });
}

/** Replays or drops the letters with these ids; undefined: all present at the start. Prints the result of each. */
export async function processLetters(
  source: LetterSource,
  action: LetterAction,
  ids: readonly string[] | undefined,
  out: Output,
): Promise<void> {
  for await (const group of inGroups(ids ?? idsOf(source))) {
    const settled = await source.run(action, group);
    for (const id of group) {
      if (settled.includes(id)) out.print(`${id} ${done[action]}`);
      else {
        out.note(`there is no dead letter ${id}`);
        out.setExitCode(1);
      }
    }
  }
}

async function* idsOf(source: LetterSource): AsyncIterable<string> {
  for await (const { id } of source.letters()) yield id;
}

async function* inGroups(ids: Iterable<string> | AsyncIterable<string>): AsyncIterable<readonly string[]> {
  let group: string[] = [];
  for await (const id of ids) {
    if (group.push(id) < PAGE_SIZE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
