import { Graph, layout as placeWithDagre } from '@dagrejs/dagre';
import type { Action, Actions, WorkflowDefinition } from '../../wdl/types.ts';

/** A box with its place; coordinates are relative to the parent box, in pixels, of its upper left corner. */
export interface Box {
  readonly label: string;
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly groups: readonly Group[];
}

/** A sequence inside a box: a branch of a condition, the body of a loop. */
export interface Group {
  /** `True`, `False`, the name of a case; empty where a box has one sequence. */
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly flow: Flow;
}

export interface Flow {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

export interface Arrow {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Taken when the step before did not succeed. */
  readonly onFailure: boolean;
}

const LETTER = 7;
export const HEADER = 36;
const PADDING = 16;
const GROUP_LABEL = 20;
const SMALLEST = { width: 168, emptyGroup: 60 };

/** Places every step of a workflow: the trigger on top, each container around its own sequence. */
export function layout(definition: WorkflowDefinition): Flow {
  const [triggerName = 'Trigger', trigger] = Object.entries(definition.triggers)[0] ?? [];
  const first = simpleBox(triggerName, trigger?.type ?? 'Trigger');
  return flow(definition.actions, first);
}

type Sized = Omit<Box, 'x' | 'y'>;

function flow(actions: Actions, trigger?: Sized): Flow {
  const graph = new Graph().setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 32 }).setDefaultEdgeLabel(() => ({}));
  const sizes = new Map<string, Sized>(Object.entries(actions).map(([name, action]) => [name, sized(name, action)]));
  if (trigger) sizes.set(TRIGGER, trigger);
  for (const [name, { width, height }] of sizes) graph.setNode(name, { width, height });
  for (const [name, action] of Object.entries(actions)) {
    const before = Object.entries(action.runAfter ?? {});
    for (const [predecessor, statuses] of before) {
      graph.setEdge(predecessor, name, { onFailure: !statuses.some((status) => /^succeeded$/i.test(status)) });
    }
    if (before.length === 0 && trigger) graph.setEdge(TRIGGER, name, { onFailure: false });
  }
  if (sizes.size === 0) return { width: SMALLEST.emptyGroup, height: 0, boxes: [], arrows: [] };
  placeWithDagre(graph);
  const extent = graph.graph() as { width: number; height: number };
  return {
    width: Math.ceil(extent.width),
    height: Math.ceil(extent.height),
    boxes: [...sizes].map(([name, size]) => {
      const { x, y } = graph.node(name) as { x: number; y: number };
      return { ...size, x: Math.round(x - size.width / 2), y: Math.round(y - size.height / 2) };
    }),
    arrows: graph.edges().map((edge: { v: string; w: string }) => {
      const { points, onFailure } = graph.edge(edge) as Arrow;
      return { points: points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) })), onFailure };
    }),
  };
}

/** A name no action can have. */
const TRIGGER = '<trigger>';

function sized(name: string, action: Action): Sized {
  const box = simpleBox(name, action.type);
  const sequences = sequencesOf(action);
  if (sequences.length === 0) return box;
  const labelled = sequences.some(([label]) => label !== '');
  const top = HEADER + PADDING + (labelled ? GROUP_LABEL : 0);
  let x = PADDING;
  const groups = sequences.map(([label, actions]) => {
    const inner = flow(actions);
    const width = Math.max(inner.width, label.length * LETTER);
    const group = { label, x: x + Math.round((width - inner.width) / 2), y: top, flow: inner };
    x += width + PADDING;
    return group;
  });
  const surplus = Math.max(0, box.width - x);
  return {
    ...box,
    width: Math.max(box.width, x),
    height: top + Math.max(...groups.map((group) => group.flow.height)) + PADDING,
    groups: groups.map((group) => ({ ...group, x: group.x + Math.round(surplus / 2) })),
  };
}

function simpleBox(name: string, type: string): Sized {
  const label = name.replaceAll('_', ' ');
  return { label, type, width: Math.max(SMALLEST.width, label.length * LETTER + 52), height: HEADER, groups: [] };
}

function sequencesOf(action: Action): readonly (readonly [string, Actions])[] {
  switch (action.type) {
    case 'If':
      return [
        ['True', action.actions],
        ['False', action.else?.actions ?? {}],
      ];
    case 'Switch':
      return [
        ...Object.entries(action.cases).map(([name, branch]) => [name.replaceAll('_', ' '), branch.actions] as const),
        ['Default', action.default?.actions ?? {}],
      ];
    case 'Scope':
    case 'Foreach':
    case 'Until':
      return [['', action.actions]];
    default:
      return [];
  }
}
