import { xml } from '../../domain/text.ts';
import type { WorkflowDefinition } from '../../wdl/types.ts';
import { type Arrow, type Box, type Flow, HEADER, LINE, layout } from './layout.ts';

const MARGIN = 24;

/** What a step does: its colour and what the legend calls it. */
const kinds = {
  trigger: { colour: '#0b6e4f', means: 'Trigger: starts the run' },
  call: { colour: '#1f5fa8', means: 'Asks or tells a service' },
  data: { colour: '#7a4fa3', means: 'Prepares data' },
  choice: { colour: '#54606e', means: 'Condition or loop, around its steps' },
  scope: { colour: '#8a4b08', means: 'Scope: steps that belong together' },
  end: { colour: '#a4262c', means: 'Ends the run' },
} as const;
type Kind = keyof typeof kinds;

/** What is not named is plain data work. */
const kindOf: Readonly<Record<string, Kind>> = {
  Request: 'trigger',
  Recurrence: 'trigger',
  ApiConnectionWebhook: 'trigger',
  ApiConnection: 'call',
  Http: 'call',
  Response: 'call',
  If: 'choice',
  Switch: 'choice',
  Foreach: 'choice',
  Until: 'choice',
  Scope: 'scope',
  Terminate: 'end',
};
const kindOfBox = ({ type }: Box): Kind => kindOf[type] ?? 'data';

/** The colour of steps of a type. */
export const colourOf = (type: string): string => kinds[kindOf[type] ?? 'data'].colour;

const arrowMeans = { succeeded: 'Next step', failed: 'Next step, only when it failed' } as const;

/** Colours of the page: light, and dark where the reader's system is. */
const style = [
  '.page{fill:#f6f8fa}.box{fill:#fff;stroke:#c9d1d9}.name{fill:#1f2328}.field{fill:#57606a}.line{stroke:#6b7684}.tip{fill:#6b7684}.failed{stroke:#a4262c}.rule{stroke:#c9d1d9}',
  '@media(prefers-color-scheme:dark){.page{fill:#0d1117}.box{fill:#161b22;stroke:#3d444d}.name{fill:#e6edf3}.field{fill:#9da7b3}.line{stroke:#8b949e}.tip{fill:#8b949e}.failed{stroke:#f47067}.rule{stroke:#3d444d}}',
].join('');

/** A picture of a workflow as SVG, in light and dark, with a legend of what it contains; `title` is what a screen reader says. */
export function flowPicture(definition: WorkflowDefinition, title: string): string {
  const flow = layout(definition);
  const entries = legendOf(flow);
  const width = Math.max(flow.width, ...entries.map((entry) => entry.width)) + 2 * MARGIN;
  const legend = placed(entries, width - 2 * MARGIN);
  const legendTop = flow.height + 2 * MARGIN;
  const height = legendTop + legend.height + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xml(title)}" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="13">`,
    `<style>${style}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" class="tip"/></marker></defs>',
    `<rect width="${width}" height="${height}" rx="12" class="page"/>`,
    ...flowShapes(flow, Math.round((width - flow.width) / 2), MARGIN),
    `<path d="M${MARGIN} ${legendTop - 12}H${width - MARGIN}" class="rule"/>`,
    ...legend.entries.flatMap(({ entry, x, y }) => entryShapes(entry, MARGIN + x, legendTop + y)),
    '</svg>',
    '',
  ].join('\n');
}

/** A line of the legend: a colour, or an arrow. */
interface Entry {
  readonly sign: Kind | keyof typeof arrowMeans;
  readonly text: string;
  readonly width: number;
}

const LEGEND = { letter: 6.4, sign: 26, gap: 20, line: 22 };

/** Only what the picture has. */
function legendOf(flow: Flow): readonly Entry[] {
  const [boxes, arrows] = inside(flow);
  const there = new Set<string>(boxes.map(kindOfBox));
  for (const { onFailure } of arrows) there.add(onFailure ? 'failed' : 'succeeded');
  const texts = {
    ...Object.fromEntries(Object.entries(kinds).map(([kind, { means }]) => [kind, means])),
    ...arrowMeans,
  };
  return Object.entries(texts)
    .filter(([sign]) => there.has(sign))
    .map(([sign, text]) => ({
      sign: sign as Entry['sign'],
      text,
      width: Math.ceil(LEGEND.sign + text.length * LEGEND.letter),
    }));
}

/** Every box and arrow, those inside of boxes too. */
function inside(flow: Flow): readonly [readonly Box[], readonly Arrow[]] {
  const deeper = flow.boxes.flatMap(({ groups }) => groups.map((group) => inside(group.flow)));
  return [
    [...flow.boxes, ...deeper.flatMap(([boxes]) => boxes)],
    [...flow.arrows, ...deeper.flatMap(([, arrows]) => arrows)],
  ];
}

/** Entries in columns, as many as fit. */
function placed(entries: readonly Entry[], width: number) {
  const column = Math.max(...entries.map((entry) => entry.width)) + LEGEND.gap;
  const columns = Math.max(1, Math.floor((width + LEGEND.gap) / column));
  return {
    entries: entries.map((entry, index) => ({
      entry,
      x: (index % columns) * column,
      y: Math.floor(index / columns) * LEGEND.line,
    })),
    height: Math.ceil(entries.length / columns) * LEGEND.line,
  };
}

function entryShapes({ sign, text }: Entry, x: number, y: number): readonly string[] {
  const shape =
    sign in kinds
      ? `<rect x="${x}" y="${y + 4}" width="16" height="12" rx="3" fill="${kinds[sign as Kind].colour}"/>`
      : arrowShape({ points: [x, x + 18].map((end) => ({ x: end, y: y + 10 })), onFailure: sign === 'failed' }, 0, 0);
  return [shape, `<text x="${x + LEGEND.sign}" y="${y + 14}" class="field" font-size="12">${xml(text)}</text>`];
}

function flowShapes(flow: Flow, dx: number, dy: number): readonly string[] {
  return [
    ...flow.arrows.map((arrow) => arrowShape(arrow, dx, dy)),
    ...flow.boxes.flatMap((box) => boxShapes(box, dx + box.x, dy + box.y)),
  ];
}

function arrowShape({ points, onFailure }: Arrow, dx: number, dy: number): string {
  const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x + dx} ${y + dy}`).join('');
  return `<path d="${path}" fill="none" class="${onFailure ? 'failed' : 'line'}" stroke-width="1.5"${onFailure ? ' stroke-dasharray="5 4"' : ''} marker-end="url(#tip)"/>`;
}

function boxShapes(box: Box, x: number, y: number): readonly string[] {
  const container = box.groups.length > 0;
  return [
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" class="box"/>`,
    `<path d="M${x} ${y + 6}a6 6 0 0 1 6-6h2v${HEADER}h-2a6 6 0 0 1-6-6z" fill="${colourOf(box.type)}"/>`,
    `<text x="${x + 20}" y="${y + 23}" class="name"${container ? ' font-weight="600"' : ''}>${xml(box.label)}</text>`,
    ...box.lines.map(
      (line, index) =>
        `<text x="${x + 20}" y="${y + HEADER + 10 + index * LINE}" class="field" font-size="11" xml:space="preserve">${xml(line)}</text>`,
    ),
    ...box.groups.flatMap(({ label, flow, x: gx, y: gy }) => [
      ...(label
        ? [
            `<text x="${x + gx + flow.width / 2}" y="${y + gy - 8}" class="field" font-size="12" text-anchor="middle">${xml(label)}</text>`,
          ]
        : []),
      ...flowShapes(flow, x + gx, y + gy),
    ]),
  ];
}
