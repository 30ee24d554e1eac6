/** A string that grows up to a limit. Lines are whole or not there; the first of all has room in any case. */
export interface Sheet {
  /** Leaves out what has no room. */
  line(text: string): void;
  /**
   * A head and as many items as have room, then `rest(written)` for those that are left; only that where not even the head
   * has any. `room`: characters that it may take, `most`: items.
   */
  list(
    head: readonly string[],
    items: readonly string[],
    rest: (written: number) => string,
    limits?: { readonly room?: number; readonly most?: number },
  ): void;
  /** What follows is set apart. */
  paragraph(): void;
  length(): number;
  says(part: string): boolean;
  text(): string;
}

/** Characters kept for the line that counts what is left. */
const REST = 40;

/** `limit`: characters (UTF-16 units). */
export function createSheet(limit: number): Sheet {
  const lines: string[] = [];
  let length = 0;
  let apart = false;

  const room = () => limit - length - 2;

  function write(text: string): void {
    if (apart && lines.length > 0) {
      lines.push('');
      length++;
    }
    apart = false;
    lines.push(text);
    length += text.length + 1;
  }

  return {
    line(text) {
      if (text !== '' && (text.length <= room() || lines.length === 0)) write(text);
    },
    list(head, items, rest, { room: own = limit, most = items.length } = {}) {
      const end = Math.min(room(), own);
      let used = head.reduce((sum, text) => sum + text.length + 1, 0);
      if (used + REST > end && head.length > 0) {
        if (items.length > 0) this.line(rest(0));
        return;
      }
      for (const text of head) write(text);
      let written = 0;
      for (const text of items.slice(0, most)) {
        const isLast = written === items.length - 1;
        if (written > 0 || head.length > 0 || lines.length > 0) {
          if (used + text.length + 1 + (isLast ? 0 : REST) > end) break;
        }
        write(text);
        used += text.length + 1;
        written++;
      }
      if (written < items.length) write(rest(written));
    },
    paragraph() {
      apart = true;
    },
    length: () => length,
    says: (part) => part !== '' && lines.some((line) => line.includes(part)),
    text: () => lines.join('\n'),
  };
}
