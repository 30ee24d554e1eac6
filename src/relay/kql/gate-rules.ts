import {
  allowedKinds,
  allowedOptions,
  allowedParameters,
  allowedPlugins,
  allowedSymbols,
  allowedTypes,
  reachedBy,
} from './allowed.ts';
import { allowedAggregates, allowedFunctions } from './allowed-functions.ts';
import type { KqlNode, ParsedKql } from './parser.ts';
import { argumentsOf, calledName, declaredName, statementsOf, writtenPlainly } from './tree.ts';

/*
 * Decisions are based on what the parser binds: symbols and kinds of nodes and values, compared with allow lists. Strings are
 * only compared after the binder has decoded them.
 */

/** What the rules use besides the node. */
export interface Context {
  readonly parsed: ParsedKql;
  /** Names, GUIDs or ARM ids that `workspace("…")` may name. */
  readonly allowWorkspaces: readonly string[];
}

type Reason = string | undefined;

export const treeRules: readonly { rule: string; broken: (context: Context) => Reason }[] = [
  {
    rule: 'only-queries',
    broken: ({ parsed }) => (parsed.kind === 'Query' ? undefined : `is not a query but a ${parsed.kind.toLowerCase()}`),
  },
  {
    rule: 'readable',
    broken: ({ parsed }) => (parsed.syntaxError ? `cannot be read (${parsed.syntaxError})` : undefined),
  },
  {
    rule: 'nesting',
    broken: ({ parsed }) =>
      parsed.bound ? undefined : 'nests too deep, or chains too many operators, to be understood',
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

/** Checked for every node, or for all nodes of a kind. The first rule that applies decides. */
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
      const option = declaredName(node);
      return allowedOptions.has(option) ? undefined : `sets the option ${option}, which is not allowed`;
    },
  },
  {
    rule: 'plugins',
    kind: 'EvaluateOperator',
    broken: (node) => {
      const call = node.children.find(({ kind }) => kind === 'FunctionCallExpression');
      const { symbol } = call ?? {};
      if (symbol?.origin === 'plugin' && allowedPlugins.has(symbol.name)) return undefined;
      return `evaluates the plugin ${symbol?.name ?? calledName(call)}, which is not allowed`;
    },
  },
  {
    rule: 'workspaces',
    kind: 'FunctionCallExpression',
    broken: (node, { allowWorkspaces }) => {
      if (node.symbol?.name !== 'workspace' || node.symbol.origin !== 'built-in') return undefined;
      const [argument, ...more] = argumentsOf(node);
      const [name] = node.children;
      const isPlain = argument && name && writtenPlainly(argument) && writtenPlainly(name);
      if (!isPlain || more.length > 0) return 'names a workspace that is not written out';
      const workspace = argument.value ?? '';
      const allowed = allowWorkspaces.some((each) => each.toLowerCase() === workspace.toLowerCase());
      return allowed ? undefined : `reads the workspace ${workspace}, which is not among kql.allowWorkspaces`;
    },
  },
  {
    // A name without parentheses calls nothing. A column may be called `cluster`, and the binder takes it for the function.
    rule: 'reach',
    broken: ({ symbol, kind, children }) => {
      const first = aliasing.has(kind) ? children.find((child) => child.kind === 'NameReference') : undefined;
      const named = first?.symbol ?? symbol;
      if (named?.kind !== 'Function' || kind === 'NameReference' || named.origin === 'other') return undefined;
      if (named.name === 'workspace' && kind === 'FunctionCallExpression') return undefined;
      return allowedByOrigin[named.origin].has(named.name) ? undefined : notAllowed(named.name);
    },
  },
  {
    // The binder does not know saved functions: they pass if the name is written plainly and cannot be mistaken.
    rule: 'reach',
    kind: 'FunctionCallExpression',
    broken: (node) => {
      const name = calledName(node);
      if (node.symbol && node.symbol.origin !== 'other') return undefined;
      const lower = name.toLowerCase();
      if (lower === 'workspace' || reachedBy.has(lower)) return notAllowed(name);
      if (lower.startsWith('__') || lower.startsWith('external')) return notAllowed(name);
      const [reference] = node.children;
      return reference && writtenPlainly(reference) ? undefined : 'calls a function whose name is not written plainly';
    },
  },
  {
    rule: 'reach',
    broken: ({ type, symbol, kind }) => {
      if (symbol && !allowedSymbols.has(symbol.kind)) return `names ${spoken(symbol.kind)} ${symbol.name}`;
      const isWorkspace = symbol?.name === 'workspace' && symbol.origin === 'built-in' && type === 'Database';
      if (type === undefined || allowedTypes.has(type) || isWorkspace || kind === 'NameReference') return undefined;
      return `reaches ${spoken(type)}`;
    },
  },
  {
    rule: 'parameters',
    kind: 'NamedParameter',
    broken: (node) => {
      const name = node.children.find(({ kind }) => kind === 'NameDeclaration' || kind === 'NameReference');
      const isBound = name?.symbol?.kind === 'QueryOperatorParameter' && allowedParameters.has(name.symbol.name);
      return isBound ? undefined : `uses the parameter ${name?.name ?? node.text}, which is not allowed`;
    },
  },
  {
    // Query parameters are not supplied here; with defaults for all of them the query is like any other.
    rule: 'query-parameters',
    kind: 'QueryParametersStatement',
    broken: (node) =>
      parametersOf(node).every(({ children }) => children.some(({ kind }) => kind === 'DefaultValueDeclaration'))
        ? undefined
        : 'declares query parameters without default values',
  },
];

/** Places where a name without parentheses may still stand for the function: `let f = cluster`, `database.T`. */
const aliasing: ReadonlySet<string> = new Set(['LetStatement', 'PathExpression']);

const allowedByOrigin = { 'built-in': allowedFunctions, aggregate: allowedAggregates, plugin: allowedPlugins };

function notAllowed(name: string): string {
  const reached = reachedBy.get(name.toLowerCase());
  return reached ? `reaches ${reached} with ${name}()` : `calls ${name}(), which is not allowed`;
}

function parametersOf(node: KqlNode): readonly KqlNode[] {
  const own = node.children.flatMap((child) => parametersOf(child));
  return node.kind === 'FunctionParameter' ? [node, ...own] : own;
}

/** Tokens have the parser's own names for keywords, punctuation and literals. */
function isToken(kind: string, children: readonly KqlNode[]): boolean {
  return children.length === 0 && /(Keyword|Token)$/.test(kind) && kind !== 'BadToken' && kind !== 'DirectiveToken';
}

/** Name of a node kind for people: `external data` for `ExternalDataExpression`. */
function spoken(kind: string): string {
  const words = kind.replace(/(Expression|Operator|Statement|Clause|Block)$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return words.toLowerCase();
}
