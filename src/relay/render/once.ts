/** Keeps track of names that the page already contains, so that each is written once. Ignores case. */
export interface Once {
  /** The names not written yet, without duplicates, in order. */
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

/** As many names as fit, at least one, and the number of others: `a, b and 7 more`. Marks the names as written. */
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
  /** Available characters. */
  readonly room: number;
  /** Maximum number of names. */
  readonly most?: number;
  /** Maximum characters of one name; higher for command lines and URLs. Default: 80. */
  readonly longest?: number;
  /** Noun for the number of others, if needed. */
  readonly noun?: string;
  /** Text written before a name. */
  readonly before?: (name: string) => string;
}

/** Counts user-perceived characters. */
export function shorten(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit
    ? text
    : `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`;
}
