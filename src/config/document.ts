import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { Where } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import { type ConfigProblem, formatPath, furtherProblems, MOST_PROBLEMS, type Path } from './problem.ts';

/** A parsed YAML text, with line and column of each path. */
export interface ConfigDocument {
  /** The value of the text; `{}` if it is empty. */
  readonly root: Json;
  /** YAML errors; if they leave no usable tree, `root` is `{}`. */
  readonly problems: readonly (ConfigProblem & { readonly where: Where })[];
  /** Line and column of a key or value, or of its nearest existing parent. */
  locate(path: Path, at: 'key' | 'value'): { readonly line: number; readonly column: number };
  /** A value as typed, on one line: `007`, `1.10`, `[test]`; undefined if there is none in the text. */
  typed(path: Path): string | undefined;
}

/** Maximum number of aliases in a document: a few are handy, very many are an attack. */
const MAX_ALIASES = 100;

/** Uses the kind of quotes that requires no escapes. */
export function quoted(text: string): string {
  return /["\\]/.test(text) && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

/** `U+00A0`. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Parses YAML 1.2 (including JSON). Never throws; errors are returned as problems. */
export function readDocument(text: string, fileName: string): ConfigDocument {
  // Old Macs use CR alone as line break, which YAML allows.
  const source = text.replaceAll(/\r(?!\n)/g, '\n');
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    // The parser compares each key with all others; `repeatedKeys` looks each up.
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const located = ({ offset, ...problem }: Located) => ({
    ...problem,
    path: [],
    at: 'value' as const,
    where: { file: fileName, ...position(offset) },
  });
  const syntax = firstOfCascade([...document.errors, ...document.warnings]).map(
    (error): Located =>
      unclosedCollection(error, document) ??
      unclosedQuote(error, document) ?? { offset: error.pos[0], ...explainSyntax(error, source, document) },
  );
  const found = [
    ...syntax,
    ...repeatedKeys(document, position),
    ...lostAliases(document),
    ...controlCharacters(source),
  ];
  const shown = found.slice(0, MOST_PROBLEMS);
  const last = found.length > shown.length ? shown.at(-1) : undefined;
  const more = last ? [{ ...last, ...furtherProblems(found.length - shown.length) }] : [];
  const problems = [...shown, ...more].map(located);
  const broken = document.errors.length > 0;
  const isLost = problems.some(({ code }) => code === 'config.aliases');
  return {
    ...(broken || isLost ? { root: {}, problems } : rootOf(document, fileName, problems)),
    locate: (path, at) => {
      const { key, value } = follow(document, path);
      const node = at === 'key' ? (key ?? value) : (value ?? key);
      return position(node?.range?.[0] ?? 0);
    },
    typed: (path) => typedAt(follow(document, path), source),
  };
}

type Located = Pick<ConfigProblem, 'code' | 'message' | 'remedy'> & { readonly offset: number };

/** An unexpected null is usually a string that YAML takes for a comment or an anchor. */
function typedAt({ key, value }: Found, source: string): string | undefined {
  const [start, end] = value?.range ?? [];
  const written = start === undefined ? '' : source.slice(start, end).trim();
  if (written !== '') return written.includes('\n') ? undefined : written;
  const rest = source.slice(key?.range?.[1] ?? source.length).split('\n', 1)[0] ?? '';
  return /^\s*:\s+([#&]\S.*)$/.exec(rest)?.[1]?.trim();
}

/** YAML takes a string that begins with "*", such as a wildcard, for an alias. */
function lostAliases(document: Document.Parsed): readonly Located[] {
  const lost: Alias.Parsed[] = [];
  visit(document, {
    Alias: (_, alias) => void (alias.source === '' || alias.resolve(document) || lost.push(alias as Alias.Parsed)),
  });
  return lost.map(({ source, range }) => ({
    offset: range[0],
    code: 'config.aliases',
    message: `"*${source}" is an alias, and there is no anchor "&${source}" above`,
    remedy: `Put a string that starts with "*" in quotes: "*${source}"`,
  }));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Control characters come from terminals and damaged copies and are invisible. Only the first is reported. */
function controlCharacters(source: string): readonly Located[] {
  const found = CONTROL.exec(source);
  if (!found) return [];
  const message = `there is a control character here (${codePoint(found[0])})`;
  return [
    {
      offset: found.index,
      code: 'config.character',
      message,
      remedy: 'Remove it; an editor shows it as a box or not at all.',
    },
  ];
}

function rootOf(document: Document, fileName: string, problems: ConfigDocument['problems']) {
  try {
    const root = (document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}) as Json;
    // Throws if an alias contains itself, which would make any walk over the tree endless.
    JSON.stringify(root);
    return { root, problems };
  } catch (error) {
    const problem = {
      code: 'config.aliases',
      message: `the anchors and aliases cannot be resolved: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Write the values out.',
      path: [],
      at: 'value' as const,
      where: { file: fileName, line: 1, column: 1 },
    };
    return { root: {}, problems: [...problems, problem] };
  }
}

interface Found {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** Follows the path as far as the text has it. */
function follow(document: Document.Parsed, path: Path): Found {
  let found: Found = { key: undefined, value: document.contents ?? undefined };
  for (const step of path) {
    const next = child(resolved(document, found.value), step);
    if (!next) return found;
    found = next;
  }
  return found;
}

function resolved(document: Document.Parsed, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}

function child(parent: Node | undefined, step: string | number): Found | undefined {
  if (isSeq<ParsedNode>(parent) && typeof step === 'number') {
    const value = parent.items[step];
    return value && { key: undefined, value };
  }
  if (!isMap<ParsedNode, ParsedNode | null>(parent)) return undefined;
  const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === step);
  return pair && { key: pair.key, value: pair.value ?? undefined };
}

/** Errors that do not cause further errors. */
const lone: ReadonlySet<YAMLError['code']> = new Set(['NON_STRING_KEY', 'TAG_RESOLVE_FAILED']);

/** After one mistake, the parser reports several errors, of which only the first is meaningful. */
function firstOfCascade(errors: readonly YAMLError[]): readonly YAMLError[] {
  const first = errors.find(({ code }) => !lone.has(code));
  return first ? [first] : errors;
}

const badIndent = {
  message: 'the indentation does not fit the lines above',
  remedy: 'Align it with the other members of its section, two spaces for each level.',
};

/** Whether the first lines are indented and this one is not: to YAML the file has ended before it. */
function isLessIndented(offset: number, source: string, { contents }: Document.Parsed): boolean {
  if (!isMap<ParsedNode, ParsedNode | null>(contents) || source[offset - 1] !== '\n') return false;
  return source[contents.range[0] - 1] === ' ' && contents.range[1] <= offset;
}

/** Explanations of common errors. Others keep the parser's message. */
const syntaxTexts: Readonly<Partial<Record<YAMLError['code'], { message: string; remedy: string }>>> = {
  NON_STRING_KEY: {
    message: 'this key is not a string',
    remedy: 'Put a string that starts with "{" or "[" in quotes: "{{incident.title}}"',
  },
  TAG_RESOLVE_FAILED: {
    message: 'YAML tags have no meaning here',
    remedy: 'Put a string that starts with "!" in quotes.',
  },
  TAB_AS_INDENT: { message: 'a tab cannot indent YAML', remedy: 'Indent with spaces.' },
  BAD_INDENT: badIndent,
  MISSING_CHAR: {
    message: 'this line is not "key: value"',
    remedy: 'Add the missing ":", or indent it like the text it continues.',
  },
  MULTIPLE_DOCS: {
    message: 'the file holds more than one YAML document',
    remedy: 'Remove the "---" line and what follows.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a nested value starts on the line of its key, or a string with a colon is not in quotes',
    remedy: 'Put a string that contains ": " in quotes.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key runs over more than one line',
    remedy: 'End the line before with its value, or add the missing ":".',
  },
};

const bracketTexts = {
  sequence: { what: 'list', open: '[', close: ']' },
  map: { what: 'section', open: '{', close: '}' },
} as const;

/** The parser reports a missing bracket at the next key; people look for it where the list or section opens. */
function unclosedCollection(error: YAMLError, document: Document.Parsed) {
  const kind = /^Flow (sequence|map) .*end with a/.exec(error.message)?.[1];
  if (kind !== 'sequence' && kind !== 'map') return undefined;
  const { what, open, close } = bracketTexts[kind];
  let offset: number | undefined;
  visit(document, {
    Collection: (_, { flow, range }) => {
      if (flow && range && range[0] < error.pos[0] && range[1] >= error.pos[0]) offset = range[0];
    },
  });
  if (offset === undefined) return undefined;
  return {
    offset,
    code: 'config.yaml',
    message: `the ${what} that opens here with "${open}" is not closed`,
    remedy: `Put "${close}" at its end. Where it runs over several lines, indent them all deeper than its key.`,
  };
}

/** The parser reports a missing quote at the end of the text; people look for it where it opens. */
function unclosedQuote(error: YAMLError, document: Document.Parsed): Located | undefined {
  const quote = /^Missing closing (["'])quote/.exec(error.message)?.[1];
  if (quote === undefined) return undefined;
  let offset = error.pos[0];
  visit(document, {
    Scalar: (_, { range, type }) => {
      if (type?.startsWith('QUOTE_') && range && range[0] < error.pos[0]) offset = range[0];
    },
  });
  const message = `the string that opens here with ${quote} is not closed`;
  return { offset, code: 'config.yaml', message, remedy: `Put ${quote} at its end.` };
}

/** Keys that their section has already; the last one wins. */
function repeatedKeys(
  document: Document.Parsed,
  position: (offset: number) => { readonly line: number },
): readonly Located[] {
  const repeated: Located[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const first = new Map<unknown, number>();
      for (const { key } of items) {
        if (!isScalar(key) || !key.range) continue;
        const [offset] = key.range;
        const earlier = first.get(key.value);
        if (earlier === undefined) first.set(key.value, offset);
        else
          repeated.push({
            offset,
            code: 'config.duplicate-key',
            message: `the key ${key.source ?? key.value} is there twice`,
            remedy: `Keep one of the two; the other is in line ${position(earlier).line}.`,
          });
      }
    },
  });
  return repeated;
}

function explainSyntax(
  error: YAMLError,
  source: string,
  document: Document.Parsed,
): Pick<ConfigProblem, 'code' | 'message' | 'remedy'> {
  const [at] = error.pos;
  const rest = source.slice(at).split('\n', 1)[0]?.trim() ?? '';
  if (error.code === 'BAD_SCALAR_START')
    return {
      code: 'config.yaml',
      message: `a string without quotes cannot start with "${rest[0]}"`,
      remedy: `Put the text in quotes: ${quoted(rest)}`,
    };
  if (error.code === 'BAD_ALIAS')
    return { code: 'config.aliases', message: 'to YAML "*" starts an alias', remedy: 'Put the text in quotes: "*"' };
  if (error.code === 'BAD_DQ_ESCAPE')
    return {
      code: 'config.yaml',
      message: 'a backslash between double quotes starts an escape, and there is none like this',
      remedy: "Put the text in single quotes ('C:\\folder'), or write each backslash twice.",
    };
  if (error.code === 'UNEXPECTED_TOKEN' && /block-seq-ind/.test(error.message))
    return {
      code: 'config.yaml',
      message: 'a list cannot start on the line of its key',
      remedy: `Put the "- " on a line of its own below the key. If it belongs to the text, put the text in quotes: ${quoted(rest)}`,
    };
  if (error.code === 'UNEXPECTED_TOKEN' && /node end/.test(error.message) && isLessIndented(at, source, document))
    return { code: 'config.yaml', ...badIndent };
  if (error.code === 'UNEXPECTED_TOKEN' && /node end/.test(error.message))
    return {
      code: 'config.yaml',
      message: 'the value has ended, and more follows on its line',
      remedy: rest.startsWith(',')
        ? 'Remove the comma; lines of YAML have none at their end.'
        : 'Put the whole text in one pair of quotes, or what follows behind a " #".',
    };
  if (/call stack/i.test(error.message))
    return {
      code: 'config.nesting',
      message: 'the file is nested too deeply to be read',
      remedy: 'No choice lies deeper than six levels: look for brackets or an indentation that went wrong.',
    };
  const known = syntaxTexts[error.code];
  return { code: 'config.yaml', ...(known ?? { message: `this is not valid YAML: ${error.message}` }) };
}

/** The problem with its file, line and column. */
export function place(problem: ConfigProblem, document: ConfigDocument, fileName: string) {
  const where = { file: fileName, ...document.locate(problem.path, problem.at), path: formatPath(problem.path) };
  return { ...problem, where };
}
