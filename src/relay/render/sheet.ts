/** A string that grows up to a limit. A line that does not fit is left out as a whole; only the first is always written. */
export interface Sheet {
  /** Skips a line that does not fit. */
  line(text: string): void;
  /**
   * A heading and as many items as fit, then `rest(written)` for the others; only that if not even the heading fits. `room`:
   * available characters, `most`: number of items.
   */
  list(
    head: readonly string[],
    items: readonly string[],
    rest: (written: number) => string,
    limits?: { readonly room?: number; readonly most?: number },
  ): void;
  /** Separates what follows by a blank line. */
  paragraph(): void;
  length(): number;
  says(part: string): boolean;
  text(): string;
}

/** Characters reserved for the line that counts the rest. */
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
