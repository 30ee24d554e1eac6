import { nearest } from '../domain/text.ts';
import { codePoint } from './document.ts';

/** What somebody typed, without what they did not see. */

/** Blanks that are none to YAML, and characters without a width: web pages and chat programs put them in. */
const HIDDEN = /[\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]/g;

export function visible(text: string): string {
  return text.replaceAll(HIDDEN, (character) => `\\u${codePoint(character).slice(2).toLowerCase()}`);
}

export function hiddenIn(text: string): string | undefined {
  const [character] = text.match(HIDDEN) ?? [];
  if (character === undefined) return undefined;
  return `There is an invisible character in it (${codePoint(character)}), which copied text often has: type the blanks again.`;
}

/** Without typographic quotes, which are letters to YAML, and without what nobody sees. */
export function bare(text: string): string {
  return text
    .replaceAll(/[“”„‘’«»]/g, '')
    .replaceAll(HIDDEN, '')
    .trim();
}

/** What somebody meant who wrote only the beginning of a value, or misspelt it. */
export function candidates(typed: string, allowed: readonly string[]): readonly string[] {
  const word = bare(typed).toLowerCase();
  const longer = allowed.filter((value) => word !== '' && value.toLowerCase().startsWith(word));
  return longer.length > 0 ? longer : [nearest(word, allowed) ?? []].flat();
}
