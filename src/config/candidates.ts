import { nearest } from '../domain/text.ts';
import { codePoint } from './document.ts';

/** Suggests values for what somebody typed, ignoring characters that they could not see. */

/** White space that YAML does not treat as such, and zero-width characters; web pages and chat programs insert them. */
const HIDDEN = /[\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]/g;

export function visible(text: string): string {
  return text.replaceAll(HIDDEN, (character) => `\\u${codePoint(character).slice(2).toLowerCase()}`);
}

export function hiddenIn(text: string): string | undefined {
  const [character] = text.match(HIDDEN) ?? [];
  if (character === undefined) return undefined;
  return `There is an invisible character in it (${codePoint(character)}), which copied text often has: type the blanks again.`;
}

/** Without typographic quotes, which YAML treats as letters, and without invisible characters. */
export function bare(text: string): string {
  return text
    .replaceAll(/[“”„‘’«»]/g, '')
    .replaceAll(HIDDEN, '')
    .trim();
}

/** Allowed values that start with what was typed, or else the most similar one. */
export function candidates(typed: string, allowed: readonly string[]): readonly string[] {
  const word = bare(typed).toLowerCase();
  const longer = allowed.filter((value) => word !== '' && value.toLowerCase().startsWith(word));
  return longer.length > 0 ? longer : [nearest(word, allowed) ?? []].flat();
}
