import type { WorkflowDefinition } from '../../wdl/types.ts';
import { type Arrow, type Box, type Flow, HEADER, LINE, layout } from './layout.ts';

const MARGIN = 24;

/** Colour of a step by what it does; what is not named is plain data work. */
const colours: Readonly<Record<string, string>> = {
  Request: '#0b6e4f',
  Recurrence: '#0b6e4f',
  ApiConnectionWebhook: '#0b6e4f',
  ApiConnection: '#1f5fa8',
  Http: '#1f5fa8',
  Response: '#1f5fa8',
  If: '#54606e',
  Switch: '#54606e',
  Foreach: '#54606e',
  Until: '#54606e',
  Scope: '#54606e',
  Terminate: '#a4262c',
};
const DATA_COLOUR = '#7a4fa3';

/** Colours of the page: light, and dark where the reader's system is. */
const style = [
  '.page{fill:#f6f8fa}.box{fill:#fff;stroke:#c9d1d9}.name{fill:#1f2328}.field{fill:#57606a}.line{stroke:#6b7684}.tip{fill:#6b7684}.failed{stroke:#a4262c}',
  '@media(prefers-color-scheme:dark){.page{fill:#0d1117}.box{fill:#161b22;stroke:#3d444d}.name{fill:#e6edf3}.field{fill:#9da7b3}.line{stroke:#8b949e}.tip{fill:#8b949e}.failed{stroke:#f47067}}',
].join('');

/** A picture of a workflow as SVG, in light and dark; `title` is what a screen reader says. */
export function flowPicture(definition: WorkflowDefinition, title: string): string {
  const flow = layout(definition);
  const width = flow.width + 2 * MARGIN;
  const height = flow.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xml(title)}" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="13">`,
    `<style>${style}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" class="tip"/></marker></defs>',
    `<rect width="${width}" height="${height}" rx="12" class="page"/>`,
    ...flowShapes(flow, MARGIN, MARGIN),
    '</svg>',
    '',
  ].join('\n');
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
  const colour = colours[box.type] ?? DATA_COLOUR;
  const container = box.groups.length > 0;
  return [
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" class="box"/>`,
    `<path d="M${x} ${y + 6}a6 6 0 0 1 6-6h2v${HEADER}h-2a6 6 0 0 1-6-6z" fill="${colour}"/>`,
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

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
