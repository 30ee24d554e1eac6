import {
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
import type { ConfigProblem, Path } from './problem.ts';

/** A YAML text, read: its value and the way from a path back to line and column. */
export interface ConfigDocument {
  /** What the text says; `{}` where it says nothing. */
  readonly root: Json;
  /** What is not valid YAML; where that leaves no tree to read, `root` is `{}`. */
  readonly problems: readonly (ConfigProblem & { readonly where: Where })[];
  /** Line and column of a key or value, or of the nearest thing above it that the text does have. */
  locate(path: Path, at: 'key' | 'value'): { readonly line: number; readonly column: number };
}

/** Aliases that one document may resolve: a few are handy, very many are an attack. */
const MAX_ALIASES = 100;

/** Reads YAML 1.2 (JSON included). Never throws: what is wrong becomes problems. */
export function readDocument(source: string, fileName: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = firstOfCascade([...document.errors, ...document.warnings]).map((error) => {
    const unclosed = unclosedCollection(error, document);
    return {
      ...(unclosed ?? explainSyntax(error, source)),
      path: [],
      at: 'value' as const,
      where: { file: fileName, ...position(unclosed?.offset ?? error.pos[0]) },
    };
  });
  const broken = document.errors.some(({ code }) => code !== 'DUPLICATE_KEY');
  return {
    ...(broken ? { root: {}, problems } : rootOf(document, fileName, problems)),
    locate: (path, at) => {
      const { key, value } = follow(document, path);
      const node = at === 'key' ? (key ?? value) : (value ?? key);
      return position(node?.range?.[0] ?? 0);
    },
  };
}

function rootOf(document: Document, fileName: string, problems: ConfigDocument['problems']) {
  try {
    const root = (document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}) as Json;
    // Throws where an alias contains itself, which no walk over the tree would survive.
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

/** Goes as far along the path as the text does. */
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

/** Errors that each stand for themselves. */
const lone: ReadonlySet<YAMLError['code']> = new Set(['DUPLICATE_KEY', 'NON_STRING_KEY', 'TAG_RESOLVE_FAILED']);

/** One slip makes the parser stumble several times: only its first stumble says something. */
function firstOfCascade(errors: readonly YAMLError[]): readonly YAMLError[] {
  const first = errors.find(({ code }) => !lone.has(code));
  if (first) return [first, ...errors.filter(({ code }) => code === 'DUPLICATE_KEY')];
  return errors;
}

/** What our readers run into, in words that say what to do. Others keep the parser's own message. */
const syntaxTexts: Readonly<Partial<Record<YAMLError['code'], { message: string; remedy: string }>>> = {
  NON_STRING_KEY: {
    message: 'this key is not a string',
    remedy: 'Put a string that starts with "{" or "[" in quotes: "{{incident.title}}"',
  },
  TAG_RESOLVE_FAILED: {
    message: 'YAML tags have no meaning here',
    remedy: 'Put a string that starts with "!" in quotes.',
  },
  BAD_SCALAR_START: {
    message: 'a string without quotes cannot start with this character',
    remedy: 'Put the text in quotes.',
  },
  TAB_AS_INDENT: { message: 'a tab cannot indent YAML', remedy: 'Indent with spaces.' },
  BAD_INDENT: {
    message: 'the indentation does not fit the lines above',
    remedy: 'Align it with the other members of its section, two spaces for each level.',
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

/** The parser notices a missing bracket where the next key stands; people look for it where the list or section opens. */
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

function explainSyntax(error: YAMLError, source: string): Pick<ConfigProblem, 'code' | 'message' | 'remedy'> {
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^:\n]*/.exec(source.slice(error.pos[0]))?.[0].trim();
    return { code: 'config.duplicate-key', message: `the key ${key} is there twice`, remedy: 'Keep one of the two.' };
  }
  const known = syntaxTexts[error.code];
  return { code: 'config.yaml', ...(known ?? { message: `this is not valid YAML: ${error.message}` }) };
}
