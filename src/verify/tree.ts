import { readTemplateText } from '../arm-expressions/template-text.ts';
import { UserError } from '../domain/errors.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { type JsonPositions, type Position, readPositions } from './json-text.ts';
import { type JsonKind, kindOfJson } from './kinds.ts';

/** A text file, with the reason why it could not be parsed, if any. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface JsonFile extends TextFile {
  readonly kind: JsonKind;
  readonly json: Json;
  /** Without comments and trailing commas. */
  readonly isStrict: boolean;
  positions(): JsonPositions;
}

/** A file whose content does not match its name. */
export interface BrokenJsonFile extends TextFile {
  readonly problem: string;
  readonly position: Position;
}

/** Files that are not text, and programs. */
export interface BinaryFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** All files of a folder, classified by content. Paths have forward slashes. */
export interface Tree {
  /** Name of the folder itself, for rules about folder names if the files are directly in it. */
  readonly name: string;
  readonly texts: readonly TextFile[];
  readonly jsons: readonly JsonFile[];
  readonly broken: readonly BrokenJsonFile[];
  readonly binaries: readonly BinaryFile[];
  /** Every path, whatever kind of file. */
  readonly paths: ReadonlySet<string>;
  content(path: string): string | Uint8Array | undefined;
  /** Whether a file or folder exists, even if it was not read. */
  exists(path: string): boolean;
  /** Files of a kind whose content is an object, in the order of their paths. */
  ofKind(kind: JsonKind): readonly (JsonFile & { readonly json: JsonObject })[];
  /** Position of a JSON pointer in a file; the first line if it has no positions. */
  positionOf(path: string, pointer: string): Position;
}

/** Programs are only read by the rule about the manifest. */
export const CODE = /\.(mjs|js|map)$/i;

/** What exists besides the files that were read. */
interface Surroundings {
  /** Files that are too large to be read. */
  readonly tooLarge?: readonly string[];
  /** Whether a file or folder exists. Default: only what was read. */
  readonly exists?: (path: string) => boolean;
}

export function readTree(
  files: ReadonlyMap<string, string | Uint8Array>,
  name: string,
  { tooLarge = [], exists = () => false }: Surroundings = {},
): Tree {
  const texts: TextFile[] = [];
  const jsons: JsonFile[] = [];
  const broken: BrokenJsonFile[] = [];
  const binaries: BinaryFile[] = [];
  // Copies share the parsed value, and with it everything cached for it.
  const known = new Map<string, ReadJson>();
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [path, content] of sorted) {
    const text = CODE.test(path) ? undefined : textOf(content);
    if (text === undefined) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      if (/\.(json|ya?ml|md|svg)$/i.test(path))
        broken.push(unread(path, `the file must be UTF-8; got ${encodingOf(bytes)}`));
      binaries.push({ path, bytes });
      continue;
    }
    texts.push({ path, text });
    if (!/\.json$/i.test(path)) continue;
    const read = readJson(path, text, known);
    if ('problem' in read) broken.push(read);
    else jsons.push(read);
  }
  for (const path of tooLarge)
    broken.push(unread(path, 'the file has more than 20 MB, which no template may have, and was not read'));
  const byPath = new Map(jsons.map((file) => [file.path, file]));
  const brokenPositions = new Map(broken.map(({ path, position }) => [path, position]));
  const paths = new Set([...files.keys(), ...tooLarge]);
  const folders = new Set([...paths].flatMap(foldersOf));
  return {
    name,
    texts,
    jsons,
    broken,
    binaries,
    paths,
    content: (path) => files.get(path),
    exists: (path) => paths.has(path) || folders.has(path.replace(/\/$/, '')) || exists(path),
    ofKind: (kind) => jsons.filter((file) => file.kind === kind) as (JsonFile & { readonly json: JsonObject })[],
    positionOf: (path, pointer) => {
      const line = LINE_POINTER.exec(pointer)?.[1];
      if (line !== undefined) return { line: Number(line), column: 1 };
      return byPath.get(path)?.positions().positionOf(pointer) ?? brokenPositions.get(path) ?? { line: 1, column: 1 };
    },
  };
}

/** `a/b/c.json`: `a`, `a/b`. */
function foldersOf(path: string): readonly string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}

function unread(path: string, problem: string): BrokenJsonFile {
  return { path, text: '', problem, position: { line: 1, column: 1 } };
}

/** Encodings that Windows PowerShell 5.1 and old editors write. */
function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  return bytes.includes(0) ? 'null characters' : 'bytes of another encoding';
}

/** Pointer to a line of a text that is not JSON: `#line=12` (fragment identifier of RFC 5147). */
export function linePointer(line: number): string {
  return `#line=${line}`;
}
const LINE_POINTER = /^#line=(\d+)$/;

/** Line of an offset in a string, from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The text of a file that is UTF-8 without null characters; otherwise undefined. */
function textOf(content: string | Uint8Array): string | undefined {
  if (typeof content === 'string') return content;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

type ReadJson = Pick<JsonFile, 'json' | 'isStrict'>;

/** Deeper than any template, and than Azure's parsers accept. */
const MAX_NESTING = 500;

/** Whether brackets outside strings nest deeper than that. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const { 0: part } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/g)) {
    if (part === '{' || part === '[') depth++;
    else if (part === '}' || part === ']') depth--;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}

/** @throws UserError `file.not-json` */
function parsed(text: string, path: string): ReadJson {
  try {
    return { json: JSON.parse(text.replace(/^\uFEFF/, '')) as Json, isStrict: true };
  } catch {
    return { json: readTemplateText(text, path).json, isStrict: false };
  }
}

function readJson(path: string, text: string, known: Map<string, ReadJson>): JsonFile | BrokenJsonFile {
  if (!known.has(text) && isTooDeep(text)) return unread(path, `the file is nested deeper than ${MAX_NESTING} levels`);
  try {
    const { json, isStrict } = known.get(text) ?? parsed(text, path);
    known.set(text, { json, isStrict });
    let positions: JsonPositions | undefined;
    return {
      path,
      text,
      json,
      isStrict,
      kind: kindOfJson(json),
      positions: () => {
        positions ??= readPositions(text);
        return positions;
      },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { line = 1, column = 1 } = error.where;
    return { path, text, problem: error.message, position: { line, column } };
  }
}
