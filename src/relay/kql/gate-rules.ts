import { allowedKinds, allowedOptions, allowedPlugins, reachingFunctions } from './allowed.ts';
import type { KqlNode, ParsedKql } from './parser.ts';
import { firstToken, literalArguments, nameOf, statementsOf } from './tree.ts';

/** Characters of a query; an analytics rule's own limit is 10,000. */
export const MAX_QUERY_LENGTH = 50_000;
/** Brackets within brackets. The parser's time grows steeply beyond a few hundred. */
export const MAX_NESTING = 100;

/** What the rules look at besides the node. */
export interface Context {
  readonly parsed: ParsedKql;
  /** Functions that the query itself declares with `let`. */
  readonly declared: ReadonlySet<string>;
  /** Names, GUIDs or ARM ids that `workspace("…")` may name. */
  readonly allowWorkspaces: readonly string[];
}

type Reason = string | undefined;

/** Before the parser sees it: what could stall it, or be read differently by it and by the server. */
export const textRules: readonly { rule: string; broken: (text: string) => Reason }[] = [
  {
    rule: 'size',
    broken: (text) =>
      text.length > MAX_QUERY_LENGTH ? `has ${text.length} characters, more than ${MAX_QUERY_LENGTH}` : undefined,
  },
  {
    rule: 'nesting',
    broken: (text) => (deepestNesting(text) > MAX_NESTING ? `nests deeper than ${MAX_NESTING} brackets` : undefined),
  },
  {
    rule: 'hidden-characters',
    broken: (text) => {
      const hidden = hiddenCharacters.exec(text)?.[0]?.codePointAt(0);
      if (hidden === undefined) return undefined;
      return `contains the hidden character U+${hidden.toString(16).toUpperCase().padStart(4, '0')}`;
    },
  },
];

/** Controls, other line ends, marks that turn the reading direction, and lone surrogates. */
const hiddenCharacters =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/u;

export const treeRules: readonly { rule: string; broken: (context: Context) => Reason }[] = [
  {
    rule: 'only-queries',
    broken: ({ parsed }) => (parsed.kind === 'Query' ? undefined : `is no query but a ${parsed.kind.toLowerCase()}`),
  },
  {
    rule: 'readable',
    broken: ({ parsed }) => (parsed.syntaxError ? `cannot be read (${parsed.syntaxError})` : undefined),
  },
  {
    rule: 'one-result',
    broken: ({ parsed }) => {
      const kinds = statementsOf(parsed.root).map(({ kind }) => kind);
      const results = kinds.filter((kind) => kind === 'ExpressionStatement').length;
      if (results === 0) return 'contains nothing that returns rows';
      return results > 1 || kinds.at(-1) !== 'ExpressionStatement' ? 'returns more than one result' : undefined;
    },
  },
];

/** Checked at every node of the tree, or those of one kind. The first that finds something decides. */
export const nodeRules: readonly {
  rule: string;
  kind?: string;
  broken: (node: KqlNode, context: Context) => Reason;
}[] = [
  {
    rule: 'known-syntax',
    broken: ({ kind, children }) =>
      allowedKinds.has(kind) || isToken(kind, children) ? undefined : `uses ${spoken(kind)}, which is not allowed`,
  },
  {
    rule: 'options',
    kind: 'SetOptionStatement',
    broken: (node) => {
      const option = nameOf(node.children.find(({ kind }) => kind === 'NameDeclaration'));
      return allowedOptions.has(option) ? undefined : `sets the option ${option}, which is not allowed`;
    },
  },
  {
    rule: 'plugins',
    kind: 'EvaluateOperator',
    broken: (node) => {
      const plugin = nameOf(node.children.find(({ kind }) => kind === 'FunctionCallExpression'));
      return allowedPlugins.has(plugin) ? undefined : `evaluates the plugin ${plugin}, which is not allowed`;
    },
  },
  {
    rule: 'invoke',
    kind: 'InvokeOperator',
    broken: (node, { declared }) => {
      const name = nameOf(node.children.find(({ kind }) => kind === 'FunctionCallExpression'));
      return declared.has(name) ? undefined : `invokes ${name}, which it does not declare itself`;
    },
  },
  {
    rule: 'reach',
    kind: 'NameReference',
    broken: (node) => {
      const name = nameOf(node).toLowerCase();
      const reached = reachingFunctions.get(name);
      // As a column or table the words are harmless; what is followed by arguments is looked at below.
      return reached && name.startsWith('external') ? `reaches ${reached} with ${name}` : undefined;
    },
  },
  {
    rule: 'reach',
    kind: 'FunctionCallExpression',
    broken: (node) => {
      const name = nameOf(node);
      const reached = reachingFunctions.get(name.toLowerCase());
      return reached ? `reaches ${reached} with ${name}()` : undefined;
    },
  },
  {
    rule: 'workspaces',
    kind: 'FunctionCallExpression',
    broken: (node, { allowWorkspaces }) => {
      if (nameOf(node).toLowerCase() !== 'workspace') return undefined;
      const [workspace, ...more] = literalArguments(node);
      if (workspace === undefined || more.length > 0) return 'names a workspace that is not written out';
      const allowed = allowWorkspaces.some((name) => name.toLowerCase() === workspace.toLowerCase());
      return allowed ? undefined : `reads the workspace ${workspace}, which is not among kql.allowWorkspaces`;
    },
  },
  {
    rule: 'parameters',
    kind: 'NamedParameter',
    broken: (node) => {
      const name = firstToken(node);
      return name.startsWith('__') || name === 'hint.remote'
        ? `uses the parameter ${name}, which is not allowed`
        : undefined;
    },
  },
];

/** Tokens carry the parser's own words for them: keywords, punctuation, literals. */
function isToken(kind: string, children: readonly KqlNode[]): boolean {
  return children.length === 0 && /(Keyword|Token)$/.test(kind) && kind !== 'BadToken' && kind !== 'DirectiveToken';
}

/** `ExternalDataExpression` as a person says it: `external data`. */
function spoken(kind: string): string {
  const words = kind.replace(/(Expression|Operator|Statement|Clause|Block)$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return words.toLowerCase();
}

function deepestNesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if ('([{'.includes(character)) deepest = Math.max(deepest, ++depth);
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
  }
  return deepest;
}
