import { type Context, nodeRules, textRules, treeRules } from './gate-rules.ts';
import { type KqlNode, type KqlParser, loadKqlParser, type ParsedKql } from './parser.ts';
import { allNodes, nameOf, statementsOf } from './tree.ts';

export interface GateOptions {
  /** Names, GUIDs or ARM ids that `workspace("…")` may name. */
  readonly allowWorkspaces: readonly string[];
  /** Rows the query may return at most. */
  readonly maxRows: number;
}

export type GateVerdict =
  /** `query` is what may be sent: the same query, ended by the row limit. */
  | { readonly passes: true; readonly query: string }
  /** `rule` is stable; `reason` continues "The query was not run: it …". */
  | { readonly passes: false; readonly rule: string; readonly reason: string };

/**
 * Decides with Microsoft's parser whether a query is one, and only one, that reads the workspace it is sent to. Adds
 * `| take <maxRows>` to it. The text that was checked is the text that is returned: line ends are normalised before.
 */
export async function passQuery(query: string, options: GateOptions): Promise<GateVerdict> {
  const text = query.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  for (const { rule, broken } of textRules) {
    const reason = broken(text);
    if (reason !== undefined) return { passes: false, rule, reason };
  }
  const parser = await loadKqlParser();
  return judge(text, parser, options);
}

function judge(text: string, parser: KqlParser, options: GateOptions): GateVerdict {
  const parsed = parser(text);
  const nodes = allNodes(parsed.root);
  const context: Context = {
    parsed,
    declared: declaredFunctions(nodes),
    allowWorkspaces: options.allowWorkspaces,
  };
  for (const { rule, broken } of treeRules) {
    const reason = broken(context);
    if (reason !== undefined) return { passes: false, rule, reason };
  }
  for (const node of nodes) {
    for (const { rule, kind, broken } of nodeRules) {
      const reason = kind === undefined || kind === node.kind ? broken(node, context) : undefined;
      if (reason !== undefined) return { passes: false, rule, reason };
    }
  }
  return { passes: true, query: withRowLimit(text, parsed, options.maxRows) };
}

function declaredFunctions(nodes: readonly KqlNode[]): ReadonlySet<string> {
  const declarations = nodes.filter(
    ({ kind, children }) => kind === 'LetStatement' && children.some((child) => child.kind === 'FunctionDeclaration'),
  );
  return new Set(declarations.map((node) => nameOf(node.children.find(({ kind }) => kind === 'NameDeclaration'))));
}

/**
 * Ends the query after its last token, where no comment or semicolon can swallow the limit. A `render` says how to draw
 * the rows and must come last: it is left out.
 */
function withRowLimit(text: string, { root }: ParsedKql, maxRows: number): string {
  const statement = statementsOf(root).at(-1);
  const [expression] = statement?.children ?? [];
  let end = statement?.end ?? text.length;
  if (expression?.kind === 'PipeExpression' && expression.children.at(-1)?.kind === 'RenderOperator') {
    end = expression.children[0]?.end ?? end;
  }
  return `${text.slice(0, end)}\n| take ${maxRows}`;
}
