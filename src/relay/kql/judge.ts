import { type ColumnExposures, type Protection, protectsNothing } from './flow/exposure.ts';
import { columnExposures } from './flow/flow.ts';
import { type Context, nodeRules, treeRules } from './gate-rules.ts';
import type { KqlParser, ParsedKql } from './parser.ts';
import { allNodes, statementsOf } from './tree.ts';

/** Settings of the gate. */
export interface GateOptions {
  /** Names, GUIDs or ARM ids that `workspace("…")` may name. */
  readonly allowWorkspaces: readonly string[];
  /** Rows the query may return at most. */
  readonly maxRows: number;
  /** Columns to follow through the query. Default: none. */
  readonly protection?: Protection;
}

export type GateVerdict =
  /** `query` is what may be sent: the same query with a row limit. `exposures` is set if columns are protected. */
  | { readonly passes: true; readonly query: string; readonly exposures?: ColumnExposures }
  /** `rule` is stable; `reason` continues "The query was not run: it …". */
  | { readonly passes: false; readonly rule: string; readonly reason: string };

/** Decides whether the text is exactly one query that only reads the workspace it is sent to. Runs in the parser's thread. */
export function judge(
  text: string,
  parser: KqlParser,
  { allowWorkspaces, maxRows, protection }: GateOptions,
): GateVerdict {
  const parsed = parser(text);
  const context: Context = { parsed, allowWorkspaces };
  for (const { rule, broken } of treeRules) {
    const reason = broken(context);
    if (reason !== undefined) return { passes: false, rule, reason };
  }
  for (const node of allNodes(parsed.root)) {
    for (const { rule, kind, broken } of nodeRules) {
      const reason = kind === undefined || kind === node.kind ? broken(node, context) : undefined;
      if (reason !== undefined) return { passes: false, rule, reason };
    }
  }
  const query = withRowLimit(text, parsed, maxRows);
  if (!protection || protectsNothing(protection)) return { passes: true, query };
  return { passes: true, query, exposures: columnExposures(parsed.root, protection) };
}

/**
 * Adds the limit after the last token, where neither a comment nor a semicolon can hide it. A `render` must come last and only
 * affects drawing, so it is removed.
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
