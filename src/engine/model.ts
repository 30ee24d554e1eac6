import { pointerStep } from '../domain/json-pointer.ts';
import type { Action, Actions, WorkflowDefinition } from '../wdl/types.ts';

/** Type names as the definition's types write them; the service ignores their case. */
export type TypeName = Action['type'];

/** The list of actions in a container that a node belongs to: the body, a branch of an If, or a case of a Switch. */
export interface Branch {
  /** `actions`, `else`, `case:<name>`, `default`. */
  readonly key: string;
  readonly nodes: readonly ActionNode[];
  /** Nodes that are no other node's predecessor. */
  readonly leaves: readonly ActionNode[];
}

/** An action in the tree of a workflow. */
export interface ActionNode {
  readonly name: string;
  /** Name in lower case, because the service ignores case. */
  readonly id: string;
  readonly type: TypeName;
  readonly action: Action;
  /** JSON pointer in the definition. */
  readonly pointer: string;
  readonly parent: ActionNode | undefined;
  readonly branch: Branch;
  /** Id of each predecessor, with the statuses after which this node may start. */
  readonly runAfter: ReadonlyMap<string, readonly string[]>;
  readonly branches: readonly Branch[];
  /** Nesting depth: the number of enclosing containers, including this node if it is one. */
  readonly depth: number;
}

export interface WorkflowModel {
  readonly definition: WorkflowDefinition;
  readonly root: Branch;
  /** All nodes, in the order of the definition, containers before their content. */
  readonly nodes: readonly ActionNode[];
  readonly byId: ReadonlyMap<string, ActionNode>;
}

const TYPE_NAMES = [
  'Compose',
  'InitializeVariable',
  'SetVariable',
  'IncrementVariable',
  'DecrementVariable',
  'AppendToArrayVariable',
  'AppendToStringVariable',
  'ParseJson',
  'Select',
  'Query',
  'Join',
  'Table',
  'Expression',
  'Http',
  'ApiConnection',
  'ApiConnectionWebhook',
  'HttpWebhook',
  'ApiManagement',
  'Workflow',
  'SendToBatch',
  'Function',
  'JavaScriptCode',
  'Liquid',
  'Xslt',
  'Wait',
  'Response',
  'Terminate',
  'Scope',
  'If',
  'Switch',
  'Foreach',
  'Until',
] as const satisfies readonly TypeName[];

const typesByLowerName = new Map<string, TypeName>(TYPE_NAMES.map((name) => [name.toLowerCase(), name]));

/** The action type in canonical case; undefined if this engine does not know it. */
export function knownType(type: unknown): TypeName | undefined {
  return typeof type === 'string' ? typesByLowerName.get(type.toLowerCase()) : undefined;
}

const CONTAINERS: ReadonlySet<TypeName> = new Set(['Scope', 'If', 'Switch', 'Foreach', 'Until']);

export function isContainer({ type }: ActionNode): boolean {
  return CONTAINERS.has(type);
}

/** The containers around a node, innermost first. */
export function ancestors(node: ActionNode): ActionNode[] {
  const all: ActionNode[] = [];
  for (let at = node.parent; at; at = at.parent) all.push(at);
  return all;
}

/** Everything inside a container, at any depth, in the order of the definition. */
export function descendants(node: ActionNode): ActionNode[] {
  return node.branches.flatMap(({ nodes }) => nodes.flatMap((child) => [child, ...descendants(child)]));
}

/** Builds the tree of a definition that passed `checkWorkflow`. Unknown types are treated as Compose, so check first. */
export function workflowModel(definition: WorkflowDefinition): WorkflowModel {
  const nodes: ActionNode[] = [];
  const root = readBranch(definition.actions ?? {}, 'actions', '/actions', undefined, nodes);
  return { definition, root, nodes, byId: new Map(nodes.map((node) => [node.id, node])) };
}

function readBranch(
  actions: Actions,
  key: string,
  pointer: string,
  parent: ActionNode | undefined,
  all: ActionNode[],
): Branch {
  const nodes: ActionNode[] = [];
  const leaves: ActionNode[] = [];
  const branch: Branch = { key, nodes, leaves };
  for (const [name, action] of Object.entries(actions)) {
    nodes.push(readNode(name, action, `${pointer}${pointerStep(name)}`, parent, branch, all));
  }
  const predecessors = new Set(nodes.flatMap(({ runAfter }) => [...runAfter.keys()]));
  leaves.push(...nodes.filter(({ id }) => !predecessors.has(id)));
  return branch;
}

function readNode(
  name: string,
  action: Action,
  pointer: string,
  parent: ActionNode | undefined,
  branch: Branch,
  all: ActionNode[],
): ActionNode {
  const branches: Branch[] = [];
  const type = knownType(action.type) ?? 'Compose';
  const node: ActionNode = {
    name,
    id: name.toLowerCase(),
    type,
    action,
    pointer,
    parent,
    branch,
    runAfter: new Map(
      Object.entries(action.runAfter ?? {}).map(([before, states]) => [
        before.toLowerCase(),
        states.map((state) => properState(state)),
      ]),
    ),
    branches,
    depth: (parent?.depth ?? 0) + (CONTAINERS.has(type) ? 1 : 0),
  };
  all.push(node);
  for (const { key, actions, at } of contents(type, action)) {
    branches.push(readBranch(actions, key, `${pointer}${at}`, node, all));
  }
  return node;
}

const STATES = ['Succeeded', 'Failed', 'Skipped', 'TimedOut'] as const;

/** Canonical case of a status: `SUCCEEDED` -> `Succeeded`. Other strings are returned unchanged. */
export function properState(state: string): string {
  return STATES.find((known) => known.toLowerCase() === String(state).toLowerCase()) ?? String(state);
}

/** The lists of actions inside an action, with pointers relative to it. */
export function contents(type: TypeName, action: Action): { key: string; actions: Actions; at: string }[] {
  const body = { key: 'actions', actions: ('actions' in action && action.actions) || {}, at: '/actions' };
  switch (type) {
    case 'Scope':
    case 'Foreach':
    case 'Until':
      return [body];
    case 'If': {
      const otherwise = ('else' in action && action.else?.actions) || {};
      return [body, { key: 'else', actions: otherwise, at: '/else/actions' }];
    }
    case 'Switch': {
      const cases = ('cases' in action && action.cases) || {};
      const fallback = ('default' in action && action.default?.actions) || {};
      return [
        ...Object.entries(cases).map(([name, one]) => ({
          key: `case:${name}`,
          actions: one?.actions ?? {},
          at: `/cases${pointerStep(name)}/actions`,
        })),
        { key: 'default', actions: fallback, at: '/default/actions' },
      ];
    }
    default:
      return [];
  }
}
