import { Graph, layout as placeWithDagre } from '@dagrejs/dagre';
import type { Action, Actions, JsonObject, WorkflowDefinition } from '../../wdl/types.ts';
import { fieldLines, inWords, shortened } from './field-text.ts';

/** A box with its place; coordinates are relative to the parent box, in pixels, of its upper left corner. */
export interface Box {
  readonly label: string;
  readonly type: string;
  /** What is in its fields, below the label. */
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly groups: readonly Group[];
}

/** A sequence inside a box: a branch of a condition, the body of a loop. */
interface Group {
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
const SMALL_LETTER = 5.8;
export const HEADER = 36;
export const LINE = 16;
/** Lines, and characters of each, that a box shows: a picture, not the definition. */
const SHOWN = { lines: 12, characters: 72 };
const PADDING = 16;
const GROUP_LABEL = 20;
const GAP = { rows: 32, columns: 24 };
const SMALLEST = { width: 168, emptyGroup: 60 };

/** Places every step of a workflow: the trigger on top, each container around its own sequence. */
export function layout(definition: WorkflowDefinition): Flow {
  const [triggerName = 'Trigger', trigger] = Object.entries(definition.triggers)[0] ?? [];
  const first = simpleBox(triggerName, trigger?.type ?? 'Trigger');
  return flow(definition.actions, first);
}

type Sized = Omit<Box, 'x' | 'y'>;

function flow(actions: Actions, trigger?: Sized): Flow {
  const steps = new Map<string, Sized>(Object.entries(actions).map(([name, action]) => [name, sized(name, action)]));
  if (trigger) steps.set(TRIGGER, trigger);
  const links = Object.entries(actions).flatMap(([name, action]) => linksTo(name, action, trigger !== undefined));
  if (steps.size === 0) return { width: SMALLEST.emptyGroup, height: 0, boxes: [], arrows: [] };
  return isChain(links) ? column(steps, links) : layered(steps, links);
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly onFailure: boolean;
}

function linksTo(name: string, action: Action, hasTrigger: boolean): readonly Link[] {
  const before = Object.entries(action.runAfter ?? {});
  if (before.length === 0) return hasTrigger ? [{ from: TRIGGER, to: name, onFailure: false }] : [];
  return before.map(([from, statuses]) => ({
    from,
    to: name,
    onFailure: !statuses.some((status) => /^succeeded$/i.test(status)),
  }));
}

/** Most sequences have no branches; those need no layout engine. */
function isChain(links: readonly Link[]): boolean {
  const unique = (names: readonly string[]) => new Set(names).size === names.length;
  return unique(links.map(({ from }) => from)) && unique(links.map(({ to }) => to));
}

function column(steps: ReadonlyMap<string, Sized>, links: readonly Link[]): Flow {
  const next = new Map(links.map((link) => [link.from, link]));
  const targets = new Set(links.map(({ to }) => to));
  const width = Math.max(...[...steps.values()].map((step) => step.width));
  const middle = Math.round(width / 2);
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  let y = 0;
  let name = [...steps.keys()].find((candidate) => !targets.has(candidate));
  for (let step = steps.get(name ?? ''); step; step = steps.get(name ?? '')) {
    boxes.push({ ...step, x: middle - Math.round(step.width / 2), y });
    y += step.height;
    const link = next.get(name ?? '');
    if (!link) break;
    const points = [y, y + GAP.rows].map((end) => ({ x: middle, y: end }));
    arrows.push({ points, onFailure: link.onFailure });
    y += GAP.rows;
    name = link.to;
  }
  return { width, height: y, boxes, arrows };
}

function layered(steps: ReadonlyMap<string, Sized>, links: readonly Link[]): Flow {
  const graph = new Graph().setGraph({ rankdir: 'TB', nodesep: GAP.columns, ranksep: GAP.rows });
  for (const [name, { width, height }] of steps) graph.setNode(name, { width, height });
  for (const { from, to, onFailure } of links) graph.setEdge(from, to, { onFailure });
  placeWithDagre(graph);
  const extent = graph.graph() as { width: number; height: number };
  return {
    width: Math.ceil(extent.width),
    height: Math.ceil(extent.height),
    boxes: [...steps].map(([name, size]) => {
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
  const box = simpleBox(name, action.type, fieldLines(action as unknown as JsonObject));
  const sequences = sequencesOf(action);
  if (sequences.length === 0) return box;
  const labelled = sequences.some(([label]) => label !== '');
  const top = box.height + PADDING + (labelled ? GROUP_LABEL : 0);
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

function simpleBox(name: string, type: string, fields: readonly string[] = []): Sized {
  const label = inWords(name);
  const lines = shownLines(fields);
  const widest = Math.ceil(Math.max(label.length * LETTER, ...lines.map((line) => line.length * SMALL_LETTER)));
  const height = HEADER + (lines.length === 0 ? 0 : lines.length * LINE + 6);
  return { label, type, lines, width: Math.max(SMALLEST.width, widest + 40), height, groups: [] };
}

function shownLines(fields: readonly string[]): readonly string[] {
  const rest = fields.length - SHOWN.lines;
  const kept = rest > 0 ? [...fields.slice(0, SHOWN.lines - 1), `… and ${rest + 1} more`] : fields;
  return kept.map((line) => shortened(line, SHOWN.characters));
}

/** The branches of a container with their labels; none for any other action. */
export function sequencesOf(action: Action): readonly (readonly [string, Actions])[] {
  switch (action.type) {
    case 'If':
      return [
        ['True', action.actions],
        ['False', action.else?.actions ?? {}],
      ];
    case 'Switch':
      return [
        ...Object.entries(action.cases).map(([name, branch]) => [inWords(name), branch.actions] as const),
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
