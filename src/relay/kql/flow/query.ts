import type { KqlNode } from '../parser.ts';
import { allNodes, argumentsOf, calledName, declaredName } from '../tree.ts';

/** A query with information that the tree only has from the root down: parents, piped inputs, and what names mean. */
export interface Query {
  readonly nodes: readonly KqlNode[];
  readonly parents: ReadonlyMap<KqlNode, KqlNode>;
  /** Input of an operator: the left side of its pipe. */
  readonly inputs: ReadonlyMap<KqlNode, KqlNode>;
  /**
   * Everything that a name of `let`, `as` or a function parameter may stand for. If it is declared in several places, all of them
   * count, wherever it is used.
   */
  readonly meanings: ReadonlyMap<string, readonly KqlNode[]>;
}

export function indexed(root: KqlNode): Query {
  const nodes = allNodes(root);
  const parents = new Map(nodes.flatMap((node) => node.children.map((child) => [child, node] as const)));
  const inputs = new Map<KqlNode, KqlNode>();
  const meanings = new Map<string, KqlNode[]>();
  const mean = (name: string, node: KqlNode) => meanings.set(name, [...(meanings.get(name) ?? []), node]);
  for (const node of nodes) {
    const [first] = node.children;
    const last = node.children.at(-1);
    if (node.kind === 'PipeExpression' && first && last) inputs.set(last, first);
    if (node.kind === 'LetStatement' && last) mean(declaredName(node), last);
    if (node.kind === 'AsOperator') mean(declaredName(node), node);
  }
  for (const call of nodes.filter(({ kind }) => kind === 'FunctionCallExpression')) {
    const operator = parents.get(call);
    const invokedOn = operator?.kind === 'InvokeOperator' ? inputs.get(operator) : undefined;
    const given = [...(invokedOn ? [invokedOn] : []), ...argumentsOf(call)];
    for (const declared of meanings.get(calledName(call)) ?? []) {
      for (const parameter of parametersOf(declared)) for (const argument of given) mean(parameter, argument);
    }
  }
  return { nodes, parents, inputs, meanings };
}

export function parametersOf(declaration: KqlNode): readonly string[] {
  const list = declaration.children.find(({ kind }) => kind === 'FunctionParameters');
  const parameters = list ? allNodes(list).filter(({ kind }) => kind === 'FunctionParameter') : [];
  return parameters.map((parameter) => allNodes(parameter).find(({ kind }) => kind === 'NameDeclaration')?.name ?? '');
}

/** Result of a function: the last expression of its body. */
export function resultOf(declaration: KqlNode): KqlNode | undefined {
  const body = declaration.children.find(({ kind }) => kind === 'FunctionBody');
  return body?.children.findLast(({ kind }) => kind !== 'List' && !kind.endsWith('Token'));
}

/** The operator that contains a node. */
export function operatorAround(node: KqlNode, { parents }: Query): KqlNode | undefined {
  for (let around = parents.get(node); around; around = parents.get(around)) if (isOperator(around)) return around;
  return undefined;
}

export function isOperator({ kind }: KqlNode): boolean {
  return kind.endsWith('Operator');
}
