/** Where something stands in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A member that stands twice in one object: the first one is lost. */
export interface DuplicateMember {
  readonly pointer: string;
  readonly name: string;
  readonly first: Position;
  readonly second: Position;
}

/** Where the parts of a JSON text stand, by JSON pointer. */
export interface JsonPositions {
  /** The member or item at a pointer, or the nearest one around it that is there. */
  positionOf(pointer: string): Position;
  readonly duplicates: readonly DuplicateMember[];
}

const PART = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

interface Container {
  readonly pointer: string;
  readonly isArray: boolean;
  index: number;
  key: string | undefined;
}

/** One pass over a text that is known to be JSON (comments and surplus commas pass). */
export function readPositions(text: string): JsonPositions {
  const offsets = new Map<string, number>([['', 0]]);
  const twice: { pointer: string; name: string; first: number; second: number }[] = [];
  const open: Container[] = [];
  for (const { 0: part, index: offset } of text.matchAll(PART)) {
    const top = open.at(-1);
    if (part.startsWith('//') || part.startsWith('/*') || part === ':') continue;
    if (part === ',') {
      if (top?.isArray) top.index++;
      else if (top) top.key = undefined;
    } else if (part === '}' || part === ']') open.pop();
    else if (top && !top.isArray && top.key === undefined) {
      top.key = String(JSON.parse(part));
      const pointer = pointerOf(top);
      const first = offsets.get(pointer);
      if (first !== undefined) twice.push({ pointer, name: top.key, first, second: offset });
      offsets.set(pointer, offset);
    } else {
      const pointer = top ? pointerOf(top) : '';
      if (top?.isArray !== false) offsets.set(pointer, offset);
      if (part === '{' || part === '[') open.push({ pointer, isArray: part === '[', index: 0, key: undefined });
    }
  }
  const place = placesIn(text);
  return {
    positionOf(pointer) {
      for (let at = pointer; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
        const offset = offsets.get(at);
        if (offset !== undefined) return place(offset);
      }
      return place(offsets.get('') ?? 0);
    },
    duplicates: twice
      // What lies inside a lost object is lost with it: the outermost member says it all.
      .filter(({ pointer }) => !twice.some((other) => pointer.startsWith(`${other.pointer}/`)))
      .map(({ pointer, name, first, second }) => ({ pointer, name, first: place(first), second: place(second) })),
  };
}

/** A step of a JSON pointer, with its slash: `~` and `/` escaped (RFC 6901). */
export function step(name: string | number): string {
  const text = String(name);
  return text.includes('/') || text.includes('~') ? `/${text.replaceAll('~', '~0').replaceAll('/', '~1')}` : `/${text}`;
}

function pointerOf({ pointer, isArray, index, key }: Container): string {
  return `${pointer}${step(isArray ? index : (key ?? ''))}`;
}

/** Offsets to lines and columns. */
export function placesIn(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
