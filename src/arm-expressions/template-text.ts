import { UserError } from '../domain/errors.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { WdlError } from '../wdl/errors.ts';
import { parseJsonText } from '../wdl/json-text.ts';
import { endOfString, withoutComments } from '../wdl/lenient-json.ts';
import type { Json } from '../wdl/types.ts';
import type { WdlValue } from '../wdl/values.ts';

/** A JSON document together with the positions of its parts in the text. */
export interface TemplateText {
  readonly json: Json;
  /**
   * The same as a value of the language: `1.0` stays a float, and integers keep all their digits.
   * @throws UserError `file.nesting` for nesting beyond 512
   */
  exact(): WdlValue;
  /** Line (from 1) of the value at a JSON pointer, or of the nearest enclosing one. */
  lineOf(pointer: string): number;
}

const WORKFLOW_REMEDY = 'Give a workflow definition, a workflow resource or an ARM template as JSON.';

/**
 * Parses JSON as template deployments do, accepting a byte order mark, comments and trailing commas.
 * @throws UserError `file.not-json` with line and column
 */
export function readTemplateText(text: string, file: string, remedy = WORKFLOW_REMEDY): TemplateText {
  const plain = withoutComments(text.replace(/^\uFEFF/, ' '));
  try {
    const json = JSON.parse(plain) as Json;
    let lines: Map<string, number> | undefined;
    return {
      json,
      exact: () => exactValue(plain, file),
      lineOf(pointer) {
        lines ??= linesByPointer(plain);
        for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
          const line = lines.get(at);
          if (line !== undefined) return line;
        }
        return 1;
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const offset = Number(/position (\d+)/.exec(reason)?.[1] ?? plain.length);
    const before = plain.slice(0, offset);
    throw new UserError('file.not-json', `This is not JSON: ${reason.replace(/ in JSON at position.*$/, '')}.`, {
      where: { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') },
      remedy,
    });
  }
}

function exactValue(text: string, file: string): WdlValue {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (!(error instanceof WdlError)) throw error;
    const { remedy } = error.details;
    throw new UserError('file.nesting', error.message, { where: { file }, ...(remedy !== undefined && { remedy }) });
  }
}

interface Container {
  readonly pointer: string;
  readonly isArray: boolean;
  index: number;
  key: string | undefined;
}

/** One pass over well-formed JSON: the line on which the value of every pointer begins. */
function linesByPointer(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const open: Container[] = [];
  let line = 1;
  for (const part of partsOf(text)) {
    const top = open.at(-1);
    if (part === '\n') line++;
    else if (part === ',') {
      if (top?.isArray) top.index++;
      else if (top) top.key = undefined;
    } else if (part === '}' || part === ']') open.pop();
    else if (part !== ':') {
      if (top && !top.isArray && top.key === undefined) {
        top.key = String(JSON.parse(part));
        lines.set(pointerOf(top), line);
        continue;
      }
      const pointer = top ? pointerOf(top) : '';
      if (!lines.has(pointer)) lines.set(pointer, line);
      if (part === '{' || part === '[') open.push({ pointer, isArray: part === '[', index: 0, key: undefined });
    }
  }
  return lines;
}

const PART = /[{}[\],:]|[^\s{}[\],:"]+|\n/y;

/** Brackets, commas, colons, texts, other values and line breaks, in order. */
function* partsOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const start = at;
    if (text[at] === '"') at = endOfString(text, at);
    else {
      PART.lastIndex = at;
      at += PART.exec(text)?.[0].length ?? 0;
      if (at === start) {
        at += 1;
        continue;
      }
    }
    yield text.slice(start, at);
  }
}

function pointerOf({ pointer, isArray, index, key }: Container): string {
  const step = isArray ? String(index) : (key ?? '');
  return `${pointer}${pointerStep(step)}`;
}
