import {
  Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parse,
  parseDocument,
  stringify,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { UserError } from '../../domain/errors.ts';
import { isJsonObject, type Json } from '../../domain/json.ts';

/** A value for one place of the configuration. */
export interface ConfigPatch {
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

type Path = ConfigPatch['path'];

/** A range of the text and its replacement. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text of a configuration with values set. Everything outside those values is kept byte for byte: comments, order, layout,
 * quoting. A choice that is only present as a comment is added below the comment.
 * @throws UserError if the text cannot be changed so that it says the value and nothing else
 */
export function patchConfig(text: string, patches: readonly ConfigPatch[]): string {
  const isWindows = /\r\n/.test(text) && !/(^|[^\r])\n/.test(text);
  const patched = patchLines(isWindows ? text.replaceAll('\r\n', '\n') : text, patches);
  return isWindows ? patched.replaceAll('\n', '\r\n') : patched;
}

function patchLines(text: string, patches: readonly ConfigPatch[]): string {
  return patches.reduce((before, { path, value }) => {
    const after = single(before, path, value);
    const wanted = parseDocument(before);
    makeWay(wanted, path);
    wanted.setIn(path, wanted.createNode(value));
    if (JSON.stringify(parse(after)) === JSON.stringify(wanted.toJS()) || isSameValue(after, wanted)) return after;
    throw new UserError('pull.layout', `${path.join('.')} cannot be set without touching the rest of the file`, {
      remedy: `Set it by hand: ${JSON.stringify(value)}`,
    });
  }, text);
}

function isSameValue(text: string, wanted: Document): boolean {
  return JSON.stringify(sorted(parse(text) as Json)) === JSON.stringify(sorted(wanted.toJS() as Json));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

/** `filter:` without a value is null, to which no member can be added. */
function makeWay(document: Document, path: Path): void {
  for (let depth = 1; depth < path.length; depth++) {
    const prefix = path.slice(0, depth);
    const node = document.getIn(prefix, true);
    if (isScalar(node) && node.value === null) document.setIn(prefix, document.createNode({}));
  }
}

function single(text: string, path: Path, value: Json): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true) as Node | undefined;
  // Patch each member separately, so that unchanged ones keep their comments.
  if (isMap(node) && !node.flow && isJsonObject(value)) return members(text, path, node, value);
  return spliced(text, spliceFor(document, text, path, value));
}

function members(text: string, path: Path, node: YAMLMap, value: Json & object): string {
  const wanted = value as Readonly<Record<string, Json>>;
  const held = node.toJSON() as Readonly<Record<string, Json>>;
  const set = Object.keys(wanted).filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(held[key]));
  const gone = Object.keys(held).filter((key) => !Object.hasOwn(wanted, key));
  const changed = set.reduce((before, key) => single(before, [...path, key], wanted[key] ?? null), text);
  return gone.reduce((before, key) => spliced(before, removal(parseDocument(before), before, path, key)), changed);
}

function spliced(text: string, { from, to, text: next }: Splice): string {
  return text.slice(0, from) + next + text.slice(to);
}

function spliceFor(document: Document.Parsed, text: string, path: Path, value: Json): Splice {
  const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const key = String(path.at(-1));
  if (isMap(holder)) {
    const pair = pairOf(holder, key);
    return pair ? replacement(text, pair, value) : addition(text, holder, key, value);
  }
  return intoNothing(document, text, path, value);
}

function pairOf(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  return map.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key) as
    | Pair<Node, Node | null>
    | undefined;
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;
/** End of the value itself, without comments that follow it. */
const endOf = (node: Node): number => node.range?.[1] ?? 0;

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

const OPTIONS = { lineWidth: 0, flowCollectionPadding: false } as const;

/** `key: value` in lines with that indentation; lists on one line. */
function rendered(key: string, value: Json, indent: number, isFlow: boolean): string {
  const document = new Document({ [key]: value });
  if (isMap(document.contents)) document.contents.flow = isFlow;
  visit(document, {
    Seq: (_, node) => {
      node.flow = true;
    },
    Scalar: (_, node) => {
      // The meaning of a block scalar would depend on the line breaks around it.
      if (typeof node.value === 'string' && /\n$|^\s|\r/.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const lines = document.toString(OPTIONS).trimEnd();
  const bare = isFlow ? lines.replace(/^\{ ?/, '').replace(/ ?\}$/, '') : lines;
  return bare.replaceAll(/\n(?=[^\n])/g, `\n${' '.repeat(indent)}`);
}

function replacement(text: string, { key, value: before }: Pair<Node, Node | null>, value: Json): Splice {
  const indent = columnOf(text, startOf(key));
  const isInFlow = /[{[]/.test(text.slice(lineStart(text, startOf(key)), startOf(key)).replaceAll(/^\s*- /g, ''));
  if (before && isSeq(before) && !before.flow && Array.isArray(value) && value.length > 0)
    return list(text, before, value);
  const name = 'k';
  const next = rendered(name, value, isInFlow ? 0 : indent, isInFlow).slice(name.length + 1);
  const colon = text.indexOf(':', endOf(key)) + 1;
  const to = before && endOf(before) > colon ? endOf(before) : colon;
  // A block scalar includes the line break that ends it.
  const tail = text[to - 1] === '\n' ? '\n' : '';
  return { from: colon, to, text: next + tail };
}

/** List items on lines of their own; unchanged items keep their lines. */
function list(text: string, before: YAMLSeq, value: readonly Json[]): Splice {
  const starts = before.items.map((item) => lineStart(text, startOf(item as Node)));
  const end = Math.min(text.length, lineEnd(text, endOf(before.items.at(-1) as Node) - 1) + 1);
  const held = before.items.map((item, index) => ({
    value: JSON.stringify((item as Node).toJSON()),
    text: text.slice(starts[index], starts[index + 1] ?? end),
  }));
  const indent = ' '.repeat(columnOf(text, startOf(before)));
  const lines = value.map((item) => {
    const found = held.findIndex((one) => one.value === JSON.stringify(item));
    const [kept] = found < 0 ? [] : held.splice(found, 1);
    return (
      kept?.text.replace(/\n*$/, '\n') ??
      `${indent}- ${stringify(item, OPTIONS).trimEnd().replaceAll('\n', `\n${indent}  `)}\n`
    );
  });
  return { from: starts[0] ?? 0, to: end, text: lines.join('') };
}

function addition(text: string, holder: YAMLMap, key: string, value: Json): Splice {
  const first = holder.items[0]?.key as Node | undefined;
  if (holder.flow || !first) {
    const close = text.lastIndexOf('}', endOf(holder) - 1);
    const comma = first ? ', ' : '';
    const from = text.slice(0, close).trimEnd().length;
    return { from, to: from, text: comma + rendered(key, value, 0, true) };
  }
  const indent = columnOf(text, startOf(first));
  const start = lineStart(text, startOf(first));
  const section = { from: startOfSection(text, start, indent), to: endOfSection(text, start, indent) };
  return below(text, exampleEnd(text, section, indent, key) ?? lastLine(text, holder), key, value, indent);
}

/** End of the last member, including comments indented below it. */
function lastLine(text: string, holder: YAMLMap): number {
  const { key, value } = holder.items.at(-1) as Pair<Node, Node | null>;
  const end = Math.max(endOf(key), value ? endOf(value) : 0);
  const indent = columnOf(text, startOf(key));
  let last = lineEnd(text, text[end - 1] === '\n' ? end - 1 : end);
  for (let at = last; at < text.length; ) {
    const next = lineEnd(text, at + 1);
    const column = text.slice(at + 1, next).search(/\S/);
    if (column >= 0 && (column <= indent || text[at + 1 + column] !== '#')) break;
    if (column >= 0) last = next;
    at = next;
  }
  return last;
}

function below(text: string, at: number, key: string, value: Json, indent: number): Splice {
  const line = ' '.repeat(indent) + rendered(key, value, indent, false);
  return { from: at, to: at, text: `${at === 0 ? '' : '\n'}${line}${at === 0 && text.length > 0 ? '\n' : ''}` };
}

/** Goes back over comments and blank lines that are indented at least as far as the first member. */
function startOfSection(text: string, from: number, indent: number): number {
  let start = from;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const column = text.slice(above, start).search(/\S/);
    if (column >= 0 && (text[above + column] !== '#' || column < indent)) break;
    start = above;
  }
  return start;
}

/** Offset of the next line that is neither a comment nor blank and is indented less. */
function endOfSection(text: string, from: number, indent: number): number {
  let at = from;
  while (at < text.length) {
    const line = text.slice(at, lineEnd(text, at));
    const column = line.search(/\S/);
    if (column >= 0 && line[column] !== '#' && column < indent) return at;
    at = lineEnd(text, at) + 1;
  }
  return text.length;
}

/** End of the commented example `#key: …` with its continuation lines; undefined if the section has none. */
function exampleEnd(
  text: string,
  { from, to }: { from: number; to: number },
  indent: number,
  key: string,
): number | undefined {
  const start = `${' '.repeat(indent)}#${key}:`;
  let at = lineStart(text, from);
  while (at < to) {
    let end = lineEnd(text, at);
    if (text.startsWith(start, at)) {
      const further = new RegExp(`^ {${indent}}#( {2,}.*)?$`);
      while (end < to && further.test(text.slice(end + 1, lineEnd(text, end + 1)))) end = lineEnd(text, end + 1);
      return end;
    }
    at = end + 1;
  }
  return undefined;
}

/** For a section that is missing or empty, such as `filter:` followed by comments only. */
function intoNothing(document: Document.Parsed, text: string, path: Path, value: Json): Splice {
  const key = String(path.at(-1));
  const holderPath = path.slice(0, -1);
  if (holderPath.length === 0) {
    const end = text.trimEnd().length;
    const from = exampleEnd(text, { from: 0, to: text.length }, 0, key) ?? end;
    return below(text, from, key, value, 0);
  }
  const name = String(holderPath.at(-1));
  const above = holderPath.length === 1 ? document.contents : document.getIn(holderPath.slice(0, -1), true);
  const pair = isMap(above) ? pairOf(above, name) : undefined;
  if (!pair || (pair.value && !(isScalar(pair.value) && pair.value.value === null)))
    return spliceFor(document, text, holderPath, { [key]: value });
  const outer = columnOf(text, startOf(pair.key));
  const indent = outer + 2;
  const line = lineEnd(text, endOf(pair.key));
  const section = { from: Math.min(line + 1, text.length), to: endOfSection(text, line + 1, outer + 1) };
  return below(text, exampleEnd(text, section, indent, key) ?? line, key, value, indent);
}

function removal(document: Document.Parsed, text: string, path: Path, key: string): Splice {
  const holder = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(holder) ? pairOf(holder, key) : undefined;
  if (!pair) return { from: 0, to: 0, text: '' };
  const from = lineStart(text, startOf(pair.key));
  const node = pair.value ?? pair.key;
  const end = endOf(node);
  return { from, to: Math.min(text.length, lineEnd(text, text[end - 1] === '\n' ? end - 1 : end) + 1), text: '' };
}
