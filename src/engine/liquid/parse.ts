import { type Condition, readCondition } from './condition.ts';
import { FIRST_WORD, WORD } from './words.ts';

/** A template that cannot be read. */
export class LiquidSyntaxError extends Error {}

/** A value with the filters behind it. */
export interface Output {
  readonly word: string;
  readonly filters: readonly { readonly name: string; readonly args: readonly string[] }[];
}

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly output: Output }
  | { readonly kind: 'assign'; readonly name: string; readonly output: Output }
  | { readonly kind: 'capture'; readonly name: string; readonly body: readonly Node[] }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] }
  | { readonly kind: 'case'; readonly word: string; readonly branches: readonly When[] }
  | Loop
  | { readonly kind: 'cycle'; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: 'ifchanged'; readonly body: readonly Node[] }
  | { readonly kind: 'break' | 'continue' };

/** Of an `if`: the first branch that holds is rendered. An `else` has no condition; that of `unless` is turned round. */
interface Branch {
  readonly condition?: Condition;
  readonly isNegated?: boolean;
  readonly body: readonly Node[];
}

/** Of a `case`: every `when` with the value is rendered, an `else` where none before it was. */
interface When {
  readonly words?: readonly string[];
  readonly body: readonly Node[];
}

export interface Loop {
  readonly kind: 'for';
  readonly variable: string;
  readonly collection: string;
  readonly isReversed: boolean;
  readonly limit?: string;
  readonly offset?: string;
  readonly body: readonly Node[];
}

/** @throws LiquidSyntaxError worded as DotLiquid words it */
export function parseLiquid(source: string): readonly Node[] {
  return new Reader(tokensOf(source)).block([]).nodes;
}

/** Texts, outputs and tags, in order. A hyphen takes blanks in front of a tag away, and blanks or one line break behind it. */
function tokensOf(source: string): string[] {
  return source
    .replace(/[ \t]*(\{\{|\{%)-/g, '$1')
    .replace(/-(\}\}|%\})(?:\n|\r\n|[ \t]+)?/g, '$1')
    .split(/(\{%.*?%\}|\{\{.*?\}\}?|\{\{|\{%)/)
    .filter((token) => token !== '');
}

interface Tag {
  readonly name: string;
  readonly text: string;
}

class Reader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  /** What stands before one of the tags `ends`, and that tag; without any, everything. `opener` is the tag that has begun the block. */
  block(ends: readonly string[], opener = ''): { readonly nodes: Node[]; readonly end: Tag } {
    const nodes: Node[] = [];
    for (let token = this.#take(); token !== undefined; token = this.#take()) {
      if (token.startsWith('{%')) {
        const tag = tagOf(token);
        if (ends.includes(tag.name)) return { nodes, end: tag };
        const read = Object.hasOwn(TAGS, tag.name) ? TAGS[tag.name] : undefined;
        if (read) nodes.push(...read(tag.text, this));
        else throw new LiquidSyntaxError(unknownTag(tag.name, opener));
      } else if (token.startsWith('{{')) nodes.push({ kind: 'output', output: readOutput(insideOf(token)) });
      else nodes.push({ kind: 'text', text: token });
    }
    if (opener !== '') throw new LiquidSyntaxError(`${opener} tag was never closed`);
    return { nodes, end: { name: '', text: '' } };
  }

  /** Everything up to a tag, as it is written. */
  raw(end: string, opener: string): string {
    let text = '';
    for (let token = this.#take(); token !== undefined; token = this.#take()) {
      if (token.startsWith('{%') && FULL_TAG.exec(token)?.[1] === end) return text;
      text += token;
    }
    throw new LiquidSyntaxError(`${opener} tag was never closed`);
  }

  #take(): string | undefined {
    return this.#tokens[this.#next++];
  }
}

const FULL_TAG = /^\{%\s*(\w+)\s*(.*)?%\}$/;

function tagOf(token: string): Tag {
  const match = FULL_TAG.exec(token);
  if (!match) throw new LiquidSyntaxError(`Tag '${token}' was not properly terminated with: %}`);
  return { name: match[1] ?? '', text: match[2] ?? '' };
}

function insideOf(token: string): string {
  const match = /^\{\{(.*)\}\}$/.exec(token);
  if (!match) throw new LiquidSyntaxError(`Variable '${token}' was not properly terminated with: }}`);
  return match[1] ?? '';
}

function unknownTag(name: string, opener: string): string {
  return name === 'else' && opener !== '' ? `${opener} tag does not expect else tag` : `Unknown tag '${name}'`;
}

const FIRST = new RegExp(String.raw`\s*(${FIRST_WORD})(.*)`);
const FILTER = new RegExp(String.raw`\||(?:\s*(?!\|)(?:${WORD}|\S+)\s*)+`, 'g');
const ARGUMENT = new RegExp(String.raw`[:,]\s*(${WORD})`, 'g');

/** `content.name | Append: ' ' | Upcase`. */
function readOutput(text: string): Output {
  const [, word = '', rest = ''] = FIRST.exec(text) ?? [];
  const written = /\|\s*(.*)/.exec(rest)?.[0] ?? '';
  const filters = (written.match(FILTER) ?? []).flatMap((part) => {
    const name = /^\s*(\w+)/.exec(part)?.[1];
    return name === undefined
      ? []
      : [{ name, args: [...part.matchAll(ARGUMENT)].map(([, argument = '']) => argument) }];
  });
  return { word, filters };
}

type TagReader = (text: string, reader: Reader) => readonly Node[];

const TAGS: Readonly<Record<string, TagReader>> = {
  assign: (text) => {
    const [, name = '', value = ''] = matched(/([\w\-.[\]()]+)\s*=\s*(.*)/, text, 'assign', 'assign [var] = [source]');
    return [{ kind: 'assign', name, output: readOutput(value) }];
  },
  capture: (text, reader) => {
    const [, name = ''] = matched(/(\w+)/, text, 'capture', 'capture [var]');
    return [{ kind: 'capture', name, body: reader.block(['endcapture'], 'capture').nodes }];
  },
  comment: (_, reader) => {
    reader.block(['endcomment'], 'comment');
    return [];
  },
  raw: (_, reader) => [{ kind: 'text', text: reader.raw('endraw', 'raw') }],
  literal: (_, reader) => [{ kind: 'text', text: reader.raw('endliteral', 'literal') }],
  if: (text, reader) => [readIf('if', text, reader)],
  unless: (text, reader) => [readIf('unless', text, reader)],
  case: readCase,
  for: (text, reader) => {
    const [, variable = '', collection = '', reversed] = matched(FOR, text, 'for', 'for [item] in [collection]');
    const attributes = Object.fromEntries(
      [...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, value]),
    );
    const { limit, offset } = attributes as { limit?: string; offset?: string };
    const { nodes } = reader.block(['endfor'], 'for');
    return [
      {
        kind: 'for',
        variable,
        collection,
        isReversed: reversed !== undefined,
        ...(limit !== undefined && { limit }),
        ...(offset !== undefined && { offset }),
        body: nodes,
      },
    ];
  },
  cycle: (text) => {
    const named = CYCLE_NAME.exec(text);
    const list = named ? (named[2] ?? '') : text;
    const words = list.split(',').map((part) => ONE_WORD.exec(part)?.[1] ?? '');
    matched(ONE_WORD, text, 'cycle', 'cycle [name :] var [, var2, var3 ...]');
    return [{ kind: 'cycle', name: named?.[1] ?? `'${words.join('')}'`, words }];
  },
  ifchanged: (_, reader) => [{ kind: 'ifchanged', body: reader.block(['endifchanged'], 'ifchanged').nodes }],
  break: () => [{ kind: 'break' }],
  continue: () => [{ kind: 'continue' }],
};

const FOR = new RegExp(String.raw`(\w+)\s+in\s+(${WORD}+)\s*(reversed)?`);
const ATTRIBUTE = new RegExp(String.raw`(\w+)\s*:\s*(${WORD})`, 'g');
const CYCLE_NAME = new RegExp(String.raw`^(${WORD})\s*:\s*(.*)`);
const ONE_WORD = new RegExp(String.raw`\s*(${WORD})\s*`);
const WHEN = new RegExp(String.raw`(${WORD})(?:(?:\s+or\s+|\s*,\s*)(${WORD}.*))?`);

function readIf(opener: string, text: string, reader: Reader): Node {
  const branches: Branch[] = [];
  let tag: Tag = { name: opener, text };
  while (tag.name !== `end${opener}`) {
    const condition = tag.name === 'else' ? undefined : readCondition(tag.text);
    if (tag.name !== 'else' && condition === undefined) throw syntaxError('if', 'if [expression]');
    const { nodes, end } = reader.block(['elsif', 'elseif', 'else', `end${opener}`], opener);
    const isNegated = opener === 'unless' && branches.length === 0;
    branches.push({ ...(condition && { condition }), ...(isNegated && { isNegated }), body: nodes });
    tag = end;
  }
  return { kind: 'if', branches };
}

function readCase(text: string, reader: Reader): readonly Node[] {
  const [word = ''] = matched(new RegExp(WORD), text, 'case', 'case [condition]');
  const branches: When[] = [];
  let { end: tag } = reader.block(['when', 'else', 'endcase'], 'case');
  while (tag.name !== 'endcase') {
    const words = tag.name === 'when' ? readWhen(tag.text) : undefined;
    const { nodes, end } = reader.block(['when', 'else', 'endcase'], 'case');
    branches.push({ ...(words && { words }), body: nodes });
    tag = end;
  }
  return [{ kind: 'case', word, branches }];
}

function readWhen(text: string): readonly string[] {
  const [, word = '', rest] = matched(WHEN, text, 'case', 'when [condition] [or condition2...]');
  return [word, ...(rest === undefined ? [] : readWhen(rest))];
}

function matched(pattern: RegExp, text: string, tag: string, syntax: string): RegExpExecArray {
  const match = pattern.exec(text);
  if (!match) throw syntaxError(tag, syntax);
  return match;
}

function syntaxError(tag: string, syntax: string): LiquidSyntaxError {
  return new LiquidSyntaxError(`Syntax Error in '${tag}' tag - Valid syntax: ${syntax}`);
}
