/*
 * Microsoft's own KQL parser (@kusto/language-service-next): C# compiled to JavaScript, 5 MB, half a second until the
 * first query is parsed. Loaded by the first query and never before.
 */

/** A node of the syntax tree, under the parser's name for its kind (`FilterOperator`, `FunctionCallExpression`, …). */
export interface KqlNode {
  readonly kind: string;
  /** Where its text begins and ends in the query, comments and white space before it left out. */
  readonly start: number;
  readonly end: number;
  /** Of a token: its text. */
  readonly text: string;
  readonly children: readonly KqlNode[];
}

export interface ParsedKql {
  /** What the parser takes the text for: `Query`, `Command`, `Directive`, … */
  readonly kind: string;
  readonly root: KqlNode;
  /** First syntax error, in the parser's words. */
  readonly syntaxError: string | undefined;
}

export type KqlParser = (query: string) => ParsedKql;

let loading: Promise<KqlParser> | undefined;

/** The parser; the second call gives what the first one loaded. */
export function loadKqlParser(): Promise<KqlParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<KqlParser> {
  await import('@kusto/language-service-next/bridge.min.js');
  await import('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const kusto: KustoLanguage = Reflect.get(globalThis, 'Kusto').Language;
  const kindNames = new Map<unknown, string>(
    Object.entries(kusto.Syntax.SyntaxKind).map(([name, value]) => [value, name]),
  );

  /** Bottom up without recursion: a chain of ten thousand operators is a tree as deep. */
  function convert(root: KustoElement): KqlNode {
    type Open = { readonly element: KustoElement; readonly children: KqlNode[]; next: number };
    const open = (element: KustoElement): Open => ({ element, children: [], next: 0 });
    const path = [open(root)];
    for (;;) {
      const top = path.at(-1);
      if (top === undefined) throw new Error('the syntax tree has no root');
      if (top.next < top.element.ChildCount) {
        const child = top.element.GetChild(top.next++);
        if (child) path.push(open(child));
        continue;
      }
      path.pop();
      const { element, children } = top;
      const kind = kindNames.get(element.Kind) ?? `kind ${element.Kind}`;
      const text = element.IsToken ? element.Text : '';
      const node: KqlNode = { kind, start: element.TextStart, end: element.End, text, children };
      const parent = path.at(-1);
      if (parent === undefined) return node;
      parent.children.push(node);
    }
  }

  return (query) => {
    const code = kusto.KustoCode.Parse(query);
    const errors = code.GetDiagnostics();
    return {
      kind: code.Kind,
      root: convert(code.Syntax),
      syntaxError: errors.Count > 0 ? errors.getItem(0).Message : undefined,
    };
  };
}

interface KustoElement {
  readonly Kind: number;
  readonly IsToken: boolean;
  readonly Text: string;
  readonly TextStart: number;
  readonly End: number;
  readonly ChildCount: number;
  GetChild(index: number): KustoElement | null;
}
interface KustoLanguage {
  readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
  readonly KustoCode: {
    Parse(query: string): {
      readonly Kind: string;
      readonly Syntax: KustoElement;
      GetDiagnostics(): { readonly Count: number; getItem(index: number): { readonly Message: string } };
    };
  };
}
