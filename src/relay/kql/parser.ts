/*
 * Microsoft's own KQL parser (@kusto/language-service-next): C# compiled to JavaScript, 5 MB, half a second until the first
 * query is parsed. It runs in a worker thread only (see parser-thread.ts): its time grows with the square of some inputs.
 *
 * It also binds: every name gets the symbol that it stands for, however it is written (`['clu\u0073ter']`, `'clu' 'ster'`,
 * h-strings, three backticks). The workspace's own tables and saved functions are unknown here; the database is "open",
 * which makes the binder take any name for a table and remember the columns that the query expects of it.
 */

/** What a name refers to. `kind` is the parser's term: `Function`, `Column`, `Table`, `Variable`, `Option`, … */
export interface KqlSymbol {
  readonly kind: string;
  readonly name: string;
  /** For functions: built-in, an aggregate, a plugin of `evaluate`, or else declared by the query or saved. */
  readonly origin: 'built-in' | 'aggregate' | 'plugin' | 'other';
}

/** A column that an operator returns, as far as the binder knows. */
export interface KqlColumn {
  readonly name: string;
  /** The expression it comes from; `elsewhere` if that is outside this text, in the expansion of a function. */
  readonly source: KqlNode | 'elsewhere' | undefined;
  /** Names of the columns that were renamed to it. */
  readonly originals: readonly string[];
}

/** A node of the syntax tree, under the parser's name for its kind (`FilterOperator`, `FunctionCallExpression`, …). */
export interface KqlNode {
  readonly kind: string;
  /** Start and end in the query, without leading comments and white space. */
  readonly start: number;
  readonly end: number;
  /** Text of a token. */
  readonly text: string;
  readonly children: readonly KqlNode[];
  /** Decoded name, without quotes and escapes. */
  readonly name: string | undefined;
  /** Decoded value of a string literal. */
  readonly value: string | undefined;
  readonly symbol: KqlSymbol | undefined;
  /** The parser's term for the type of the value: `Table`, `Primitive`, `Database`, `Cluster`, `Error`, … */
  readonly type: string | undefined;
  /** Columns of a tabular expression; undefined for all others. */
  readonly columns: readonly KqlColumn[] | undefined;
}

export interface ParsedKql {
  /** What the parser takes the text for: `Query`, `Command`, `Directive`, … */
  readonly kind: string;
  readonly root: KqlNode;
  /** First syntax error, in the parser's words. */
  readonly syntaxError: string | undefined;
  /** Whether the query was parsed and bound. False if brackets or operators nest too deeply. */
  readonly bound: boolean;
}

/** Limit for nested brackets: beyond it the parser slows down steeply. It does not bind trees deeper than about 500 nodes. */
export const MAX_NESTING = 100;

export type KqlParser = (query: string) => ParsedKql;

/** Functions that Log Analytics adds to KQL and that access other resources. Source: "Cross-resource queries". */
const elsewhereFunctions = ['workspace', 'app', 'resource', 'adx', 'arg'];

let loading: Promise<KqlParser> | undefined;

/** Loads the parser once; later calls return the same one. */
export function loadKqlParser(): Promise<KqlParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<KqlParser> {
  await import('@kusto/language-service-next/bridge.min.js');
  await import('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { KustoCode, GlobalState, Syntax, Symbols, Parsing, ParseOptions }: KustoLanguage = Reflect.get(
    globalThis,
    'Kusto',
  ).Language;
  const nodeKinds = namesOf(Syntax.SyntaxKind);
  const symbolKinds = namesOf(Symbols.SymbolKind);
  const database = (members: readonly KustoSymbol[]) => new Symbols.DatabaseSymbol.$ctor1('workspace', members, true);
  const elsewhere = new Symbols.DatabaseSymbol.$ctor1('elsewhere', [], true);
  const anyTable = new Symbols.TableSymbol.ctor([]).WithIsOpen(true);
  const anyValue = Symbols.ScalarTypes.Dynamic;
  const functionNamed = (name: string, gives: KustoSymbol) => new Symbols.FunctionSymbol.$ctor5(name, gives, []);
  const added = elsewhereFunctions.map((name) => functionNamed(name, elsewhere));
  const language = GlobalState.Default.WithFunctions([...itemsOf(GlobalState.Default.Functions), ...added]);
  const globals = language.WithDatabase(database([]));
  const plugins = new Set(itemsOf(language.PlugIns));
  const origin = (symbol: KustoSymbol): KqlSymbol['origin'] => {
    if (plugins.has(symbol)) return 'plugin';
    if (globals.IsAggregateFunction(symbol)) return 'aggregate';
    return globals.IsBuiltInFunction(symbol) ? 'built-in' : 'other';
  };
  const describe = (symbol: KustoSymbol | null | undefined): KqlSymbol | undefined =>
    symbol ? { kind: symbolKinds.get(symbol.Kind) ?? '', name: symbol.Name, origin: origin(symbol) } : undefined;

  /** Bottom up and without recursion, because a long chain of operators is a deep tree. */
  function convert(root: KustoElement): KqlNode {
    type Open = { readonly element: KustoElement; readonly children: KqlNode[]; next: number };
    const open = (element: KustoElement): Open => ({ element, children: [], next: 0 });
    const made = new Map<KustoElement, KqlNode>();
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
      const node = nodeOf(top.element, top.children, made);
      made.set(top.element, node);
      const parent = path.at(-1);
      if (parent === undefined) return node;
      parent.children.push(node);
    }
  }

  function nodeOf(
    element: KustoElement,
    children: readonly KqlNode[],
    made: ReadonlyMap<KustoElement, KqlNode>,
  ): KqlNode {
    const type = element.IsToken ? undefined : element.ResultType;
    let columns: readonly KqlColumn[] | undefined;
    return {
      kind: nodeKinds.get(element.Kind) ?? `kind ${element.Kind}`,
      start: element.TextStart,
      end: element.End,
      text: element.IsToken ? element.Text : '',
      children,
      name: typeof element.SimpleName === 'string' ? element.SimpleName : undefined,
      value: typeof element.LiteralValue === 'string' ? element.LiteralValue : undefined,
      symbol: element.IsToken ? undefined : describe(element.ReferencedSymbol),
      type: type ? symbolKinds.get(type.Kind) : undefined,
      // Lazy: only needed if columns are protected, and costs nodes times columns.
      get columns() {
        columns ??= type?.Columns && itemsOf(type.Columns).map((column) => columnOf(column, made));
        return columns;
      },
    };
  }

  function columnOf(
    { Name, Source, OriginalColumns }: KustoColumn,
    made: ReadonlyMap<KustoElement, KqlNode>,
  ): KqlColumn {
    return {
      name: Name,
      source: Source ? (made.get(Source) ?? 'elsewhere') : undefined,
      originals: OriginalColumns ? itemsOf(OriginalColumns).map((column) => column.Name) : [],
    };
  }

  /** Functions that may be saved in the workspace, so that the binder can also bind what follows them. */
  function savedFunctions(root: KqlNode): readonly KustoSymbol[] {
    const saved = new Map<string, KustoSymbol>();
    const open: { node: KqlNode; invoked: boolean }[] = [{ node: root, invoked: false }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { node, invoked } = next;
      const name = node.kind === 'FunctionCallExpression' && !node.symbol ? node.children[0]?.name : undefined;
      if (name) saved.set(name, functionNamed(name, invoked || node.type === 'Table' ? anyTable : anyValue));
      for (const child of node.children) open.push({ node: child, invoked: node.kind === 'InvokeOperator' });
    }
    return [...saved.values()];
  }

  /** Decided on tokens, which is fast and ignores brackets in strings and comments. */
  function nestsTooDeep(query: string): boolean {
    let depth = 0;
    return itemsOf(Parsing.TokenParser.ParseTokens(query, ParseOptions.Default)).some(({ Text }) => {
      if (Text === '(' || Text === '[' || Text === '{') depth++;
      else if (Text === ')' || Text === ']' || Text === '}') depth = Math.max(0, depth - 1);
      return depth > MAX_NESTING;
    });
  }

  return (query) => {
    // Parsing a management command first builds the grammar of all of them, which takes longer than any query.
    const kind = KustoCode.GetKind(query);
    if (kind !== 'Query') return { ...unread, kind };
    if (nestsTooDeep(query)) return unread;
    let code = KustoCode.ParseAndAnalyze(query, globals);
    let root = convert(code.Syntax);
    const saved = code.HasSemantics ? savedFunctions(root) : [];
    if (saved.length > 0) {
      code = KustoCode.ParseAndAnalyze(query, language.WithDatabase(database(saved)));
      root = convert(code.Syntax);
    }
    const [error] = itemsOf(code.GetSyntaxDiagnostics());
    return { kind: code.Kind, root, syntaxError: error?.Message, bound: code.HasSemantics };
  };
}

const nothing: Omit<KqlNode, 'kind'> = {
  ...{ start: 0, end: 0, text: '', children: [] },
  ...{ name: undefined, value: undefined, symbol: undefined, type: undefined, columns: undefined },
};
const unread: ParsedKql = {
  kind: 'Query',
  root: { kind: 'QueryBlock', ...nothing },
  syntaxError: undefined,
  bound: false,
};

function namesOf(values: Readonly<Record<string, unknown>>): ReadonlyMap<unknown, string> {
  return new Map(Object.entries(values).map(([name, value]) => [value, name]));
}

/** Lists of the compiled C# code: arrays, or objects with Count and getItem. */
type KustoList<T> = readonly T[] | { readonly Count: number; getItem(index: number): T };

function itemsOf<T>(list: KustoList<T>): readonly T[] {
  return 'getItem' in list ? Array.from({ length: list.Count }, (_, index) => list.getItem(index)) : list;
}

interface KustoSymbol {
  readonly Kind: number;
  readonly Name: string;
  readonly Columns?: KustoList<KustoColumn>;
}
interface KustoTable extends KustoSymbol {
  WithIsOpen(isOpen: boolean): KustoTable;
}
interface KustoColumn extends KustoSymbol {
  readonly Source: KustoElement | null;
  readonly OriginalColumns: KustoList<KustoColumn> | null;
}
interface KustoElement {
  readonly Kind: number;
  readonly IsToken: boolean;
  readonly Text: string;
  readonly TextStart: number;
  readonly End: number;
  readonly ChildCount: number;
  GetChild(index: number): KustoElement | null;
  readonly SimpleName?: unknown;
  readonly LiteralValue?: unknown;
  readonly ReferencedSymbol?: KustoSymbol | null;
  readonly ResultType?: KustoSymbol | null;
}
interface KustoGlobals {
  readonly Functions: KustoList<KustoSymbol>;
  readonly PlugIns: KustoList<KustoSymbol>;
  IsBuiltInFunction(symbol: KustoSymbol): boolean;
  IsAggregateFunction(symbol: KustoSymbol): boolean;
  WithDatabase(database: KustoSymbol): KustoGlobals;
  WithFunctions(functions: readonly KustoSymbol[]): KustoGlobals;
}
interface KustoLanguage {
  readonly GlobalState: { readonly Default: KustoGlobals };
  readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
  readonly Symbols: {
    readonly SymbolKind: Readonly<Record<string, unknown>>;
    readonly ScalarTypes: { readonly Dynamic: KustoSymbol };
    readonly TableSymbol: { readonly ctor: new (columns: readonly KustoColumn[]) => KustoTable };
    readonly DatabaseSymbol: {
      readonly $ctor1: new (name: string, members: readonly KustoSymbol[], isOpen: boolean) => KustoSymbol;
    };
    readonly FunctionSymbol: {
      readonly $ctor5: new (name: string, returns: KustoSymbol, parameters: readonly never[]) => KustoSymbol;
    };
  };
  readonly ParseOptions: { readonly Default: unknown };
  readonly Parsing: {
    readonly TokenParser: { ParseTokens(text: string, options: unknown): KustoList<{ readonly Text: string }> };
  };
  readonly KustoCode: {
    GetKind(query: string): string;
    ParseAndAnalyze(query: string, globals: KustoGlobals): KustoCode;
  };
}
interface KustoCode {
  readonly Kind: string;
  readonly Syntax: KustoElement;
  readonly HasSemantics: boolean;
  GetSyntaxDiagnostics(): KustoList<{ readonly Message: string }>;
}
