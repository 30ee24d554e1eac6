/** What is written already: a person reads every name once. Compares without case. */
export interface Once {
  /** Of the names those that are not written yet, each once, in order. */
  fresh(names: readonly string[]): readonly string[];
  write(name: string): void;
}

export function createOnce(): Once {
  const written = new Set<string>();
  const key = (name: string) => name.trim().toLowerCase();
  return {
    fresh(names) {
      const seen = new Set(written);
      return names.filter((name) => {
        const isNew = key(name) !== '' && !seen.has(key(name));
        seen.add(key(name));
        return isNew;
      });
    },
    write: (name) => void written.add(key(name)),
  };
}

/**
 * As many names as have room, the first in any case, and how many more there are: `a, b and 7 more`. Those that are named
 * are written from now on.
 */
export function listed(
  names: readonly string[],
  once: Once,
  { room, most = 100, longest = 80, before = () => '', noun = '' }: ListLimits,
): string {
  const fresh = once.fresh(names);
  const shown: string[] = [];
  let length = 0;
  for (const name of fresh) {
    const short = shorten(name, longest);
    if (shown.length > 0 && (length + short.length + 2 > room || shown.length >= most)) break;
    shown.push(before(name) + short);
    once.write(name);
    length += short.length + 2;
  }
  const more = fresh.length - shown.length;
  const rest = `and ${more} more${noun && ` ${noun}`}`;
  return more > 0 ? `${shown.join(', ')} ${rest}` : shown.join(', ');
}

interface ListLimits {
  /** Characters. */
  readonly room: number;
  /** Names. */
  readonly most?: number;
  /** Characters of one name; command lines and URLs are longer. Left out: 80. */
  readonly longest?: number;
  /** What the names are, where the count needs it. */
  readonly noun?: string;
  /** What is written before a name. */
  readonly before?: (name: string) => string;
}

/** Counted in characters as a person does. */
export function shorten(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit
    ? text
    : `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`;
}
