import type { KqlNode } from './parser.ts';

/** The node and all its descendants, in the order of the text. */
export function allNodes(root: KqlNode): readonly KqlNode[] {
  const nodes: KqlNode[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    nodes.push(node);
    for (const child of node.children.toReversed()) open.push(child);
  }
  return nodes;
}

/** Items of the lists below a node; the parser wraps each in a `SeparatedElement`. */
export function itemsOf(list: KqlNode | undefined): readonly KqlNode[] {
  return (list?.children ?? []).flatMap((child) =>
    child.kind === 'SeparatedElement' ? (child.children[0] ?? []) : child,
  );
}

/** The statements of the query, in order. */
export function statementsOf(root: KqlNode): readonly KqlNode[] {
  return root.children.filter(({ kind }) => kind === 'List').flatMap(itemsOf);
}

/** The arguments of a call. */
export function argumentsOf(call: KqlNode): readonly KqlNode[] {
  const list = call.children.find(({ kind }) => kind === 'ExpressionList');
  return itemsOf(list?.children.find(({ kind }) => kind === 'List'));
}

/** Decoded name that a statement or named expression declares. */
export function declaredName(node: KqlNode): string {
  return node.children.find(({ kind }) => kind === 'NameDeclaration')?.name ?? '';
}

/** Decoded name of the called function. */
export function calledName(call: KqlNode | undefined): string {
  return call?.children[0]?.name ?? '';
}

/**
 * Whether a name or string literal is written without escapes, prefixes, concatenation or triple backticks, so that people read
 * it as the parser does.
 */
export function writtenPlainly(node: KqlNode): boolean {
  const tokens = allNodes(node).filter(({ children, text }) => children.length === 0 && text !== '');
  if (tokens.length !== 1) return false;
  const [token] = tokens;
  const text = token?.text ?? '';
  return node.kind === 'StringLiteralExpression'
    ? /^(["'])[^\\"']*\1$/.test(text) && text.slice(1, -1) === node.value
    : text === node.name && /^[A-Za-z_]\w*$/.test(text);
}
