/** Steps of a JSON pointer (RFC 6901): names with `~` and `/` escaped. */

/** `/` and the escaped name: `/~1v2~1alerts`. */
export function pointerStep(name: string | number): string {
  const text = String(name);
  // Most names need no escape, and there are many.
  return text.includes('/') || text.includes('~') ? `/${escapeStep(text)}` : `/${text}`;
}

export function escapeStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The names that a pointer leads through. */
export function pointerNames(pointer: string): string[] {
  return pointer.split('/').slice(1).map(unescapeStep);
}
