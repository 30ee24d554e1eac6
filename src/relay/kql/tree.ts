import type { KqlNode } from './parser.ts';

/** The node and everything below it, in the order of the text. */
export function allNodes(root: KqlNode): readonly KqlNode[] {
  const nodes: KqlNode[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    nodes.push(node);
    for (const child of node.children.toReversed()) open.push(child);
  }
  return nodes;
}

/** The statements of the query, in order. */
export function statementsOf(root: KqlNode): readonly KqlNode[] {
  const list = root.children.filter(({ kind }) => kind === 'List');
  return list.flatMap(({ children }) =>
    children.flatMap((child) => (child.kind === 'SeparatedElement' ? (child.children[0] ?? []) : child)),
  );
}

/** The name that a node declares, refers to or calls; the same for `name` and `['name']`. */
export function nameOf(node: KqlNode | undefined): string {
  let current = node;
  while (current && current.text === '') {
    current =
      current.kind === 'BracketedName'
        ? current.children.find(({ kind }) => kind.includes('String'))
        : current.children.find(({ text, children }) => text !== '' || children.length > 0);
  }
  return unquoted(current?.text ?? '');
}

export function firstToken(node: KqlNode): string {
  return allNodes(node).find(({ text }) => text !== '')?.text ?? '';
}

/** The text literals among the arguments of a call; undefined stands for an argument that is something else. */
export function literalArguments(call: KqlNode): readonly (string | undefined)[] {
  const list = call.children.find(({ kind }) => kind === 'ExpressionList');
  const items = list?.children.find(({ kind }) => kind === 'List')?.children ?? [];
  return items.map((item) => {
    const argument = item.kind === 'SeparatedElement' ? item.children[0] : item;
    return argument?.kind === 'StringLiteralExpression' ? unquoted(argument.children[0]?.text ?? '') : undefined;
  });
}

/** Without the quotation marks; escapes stay, so that an escaped name never equals an allowed one. */
function unquoted(text: string): string {
  return /^@?(["'])(.*)\1$/s.exec(text)?.[2] ?? text;
}
