import { visit } from 'jsonc-parser';
import { pointerStep } from '../domain/json-pointer.ts';

/** A position in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A member that occurs twice in an object, so that the first value is lost. */
export interface DuplicateMember {
  readonly pointer: string;
  readonly name: string;
  readonly first: Position;
  readonly second: Position;
}

/** Positions in a JSON text by JSON pointer. */
export interface JsonPositions {
  /** The position of the member or item at a pointer, or of its nearest existing parent. */
  positionOf(pointer: string): Position;
  readonly duplicates: readonly DuplicateMember[];
}

interface Container {
  readonly pointer: string;
  readonly isArray: boolean;
  /** Of the next item. */
  index: number;
  /** Pointer of the member that comes next. */
  member: string;
}

/** Reads all positions in one pass. The text must be valid JSON (comments and trailing commas are allowed). */
export function readPositions(text: string): JsonPositions {
  const positions = new Map<string, Position>();
  const twice: DuplicateMember[] = [];
  const open: Container[] = [];
  const begin = (line: number, column: number): string => {
    const top = open.at(-1);
    if (top && !top.isArray) return top.member;
    const pointer = top ? top.pointer + pointerStep(top.index++) : '';
    positions.set(pointer, { line: line + 1, column: column + 1 });
    return pointer;
  };
  const enter = (isArray: boolean, line: number, column: number) => {
    open.push({ pointer: begin(line, column), isArray, index: 0, member: '' });
  };
  visit(
    text,
    {
      onObjectBegin: (_offset, _length, line, column) => enter(false, line, column),
      onObjectProperty: (name, _offset, _length, line, column) => {
        const top = open.at(-1);
        if (!top) return;
        top.member = top.pointer + pointerStep(name);
        const first = positions.get(top.member);
        const second = { line: line + 1, column: column + 1 };
        if (first) twice.push({ pointer: top.member, name, first, second });
        positions.set(top.member, second);
      },
      onObjectEnd: () => void open.pop(),
      onArrayBegin: (_offset, _length, line, column) => enter(true, line, column),
      onArrayEnd: () => void open.pop(),
      onLiteralValue: (_value, _offset, _length, line, column) => void begin(line, column),
    },
    { allowTrailingComma: true },
  );
  return {
    positionOf(pointer) {
      for (let at = pointer; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
        const position = positions.get(at);
        if (position) return position;
      }
      return positions.get('') ?? { line: 1, column: 1 };
    },
    // Everything inside a lost object is lost as well; only the outermost member is reported.
    duplicates: twice.filter(({ pointer }) => !twice.some((other) => pointer.startsWith(`${other.pointer}/`))),
  };
}
