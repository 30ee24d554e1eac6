/**
 * Draws the loop at the top of the README: `node tools/loop-picture.ts`.
 *   docs/pictures/loop.svg, loop-dark.svg, and loop-narrow.svg, loop-narrow-dark.svg for phones
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));

interface Theme {
  readonly card: string;
  readonly line: string;
  readonly text: string;
  readonly soft: string;
  /** The way to the phone. */
  readonly there: string;
  /** The way back. */
  readonly back: string;
  readonly backCard: string;
}

const light: Theme = {
  ...{ card: '#ffffff', line: '#c9d1d9', text: '#1f2328', soft: '#57606a' },
  ...{ there: '#0a58a8', back: '#17693a', backCard: '#eef8f1' },
};
const dark: Theme = {
  ...{ card: '#161b22', line: '#3d444d', text: '#e6edf3', soft: '#9da7b3' },
  ...{ there: '#6fb3f5', back: '#7ed79b', backCard: '#12261a' },
};

const title =
  'Microsoft Sentinel raises an incident, playbooks page the team through SIGNL4, the phone rings; what the person does shows in Sentinel';

type Part = 'sentinel' | 'playbooks' | 'signl4' | 'phone';

/** The stations of the way there. */
const stations: readonly { readonly part: Part; readonly name: string; readonly lines: readonly string[] }[] = [
  { part: 'sentinel', name: 'Microsoft Sentinel', lines: ['raises an incident'] },
  { part: 'playbooks', name: 'Playbooks', lines: ['filter it, write the page'] },
  { part: 'signl4', name: 'SIGNL4', lines: ['calls who is on duty'] },
  { part: 'phone', name: 'Phone', lines: ['rings within seconds'] },
];

const RELAY = ['Relay, optional:', 'search results, names'] as const;
const BACK = 'Sentinel shows what they do';

/** What somebody does on the phone, and what Sentinel shows then. */
const answers: readonly (readonly [does: string, shows: string])[] = [
  ['acknowledges', 'Active, with an owner'],
  ['closes', 'Closed, classified'],
  ['writes a note', 'a comment'],
  ['no answer', 'a tag, a comment'],
];

/** Strokes of 32 by 32; `currentColor` does not reach pictures in pages. */
const icons: Readonly<Record<Part, string>> = {
  sentinel: '<path d="M16 3 27 7v9c0 7-5 11-11 13C10 27 5 23 5 16V7z"/><path d="m11 16 4 4 7-8"/>',
  playbooks:
    '<rect x="11" y="3" width="10" height="8" rx="2"/><rect x="2" y="21" width="10" height="8" rx="2"/><rect x="20" y="21" width="10" height="8" rx="2"/><path d="M16 11v5M7 21v-5h18v5"/>',
  signl4: '<path d="M8 22V14a8 8 0 0 1 16 0v8l3 3H5z"/><path d="M13 28a3 3 0 0 0 6 0"/>',
  phone: '<rect x="9" y="2" width="14" height="28" rx="3"/><path d="M14 26h4"/><path d="M4 9v8M28 9v8"/>',
};

interface Place {
  readonly x: number;
  readonly y: number;
}

const text = ({ x, y }: Place, content: string, look: string) => `<text x="${x}" y="${y}" ${look}>${content}</text>`;
const line = (d: string, colour: string, tip: string, more = '') =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="3" stroke-linejoin="round"${tip && ` marker-end="url(#${tip})"`}${more}/>`;

function icon(part: Part, { x, y }: Place, colour: string): string {
  return `<g transform="translate(${x} ${y})" fill="none" stroke="${colour}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">${icons[part]}</g>`;
}

function picture(width: number, height: number, theme: Theme, shapes: readonly string[]): string {
  const tip = (id: string, colour: string) =>
    `<marker id="${id}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="4.4" markerHeight="4.4" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="${colour}"/></marker>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="14">`,
    `<title>${title}</title>`,
    `<defs>${tip('there', theme.there)}${tip('back', theme.back)}</defs>`,
    ...shapes,
    '</svg>',
    '',
  ].join('\n');
}

const card = ({ x, y }: Place, width: number, height: number, fill: string, stroke: string, more = '') =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10" fill="${fill}" stroke="${stroke}"${more}/>`;

/** Beside each other, for the width of a README. */
function wide(theme: Theme): string {
  const [card0, gap, top, high] = [170, 46, 12, 112];
  const width = 4 * card0 + 3 * gap + 4;
  const xOf = (index: number) => 2 + index * (card0 + gap);
  const back = { x: xOf(0) + 108, y: 214, width: width - 2 * 110, height: 100 };
  const column = (back.width - 20) / answers.length;
  return picture(width, 330, theme, [
    ...stations.flatMap(({ part, name, lines }, index) => {
      const [x, middle] = [xOf(index), xOf(index) + card0 / 2];
      return [
        card({ x, y: top }, card0, high, theme.card, theme.line),
        icon(part, { x: middle - 16, y: top + 13 }, theme.there),
        text(
          { x: middle, y: top + 68 },
          name,
          `fill="${theme.text}" font-size="15" font-weight="600" text-anchor="middle"`,
        ),
        ...lines.map((one) => text({ x: middle, y: top + 90 }, one, `fill="${theme.soft}" text-anchor="middle"`)),
        ...(index < 3 ? [line(`M${x + card0 + 5} ${top + high / 2}h${gap - 14}`, theme.there, 'there')] : []),
      ];
    }),
    card({ x: xOf(1), y: top + high + 24 }, card0, 46, 'none', theme.soft, ' stroke-dasharray="5 4"'),
    ...RELAY.map((one, index) =>
      text(
        { x: xOf(1) + card0 / 2, y: top + high + 43 + index * 18 },
        one,
        `fill="${theme.soft}" font-size="13" text-anchor="middle"`,
      ),
    ),
    `<path d="M${xOf(1) + card0 / 2} ${top + high}v24" stroke="${theme.soft}" stroke-width="1.5" stroke-dasharray="5 4"/>`,
    card(back, back.width, back.height, theme.backCard, theme.back),
    text(
      { x: back.x + back.width / 2, y: back.y + 26 },
      BACK,
      `fill="${theme.back}" font-size="15" font-weight="600" text-anchor="middle"`,
    ),
    ...answers.flatMap(([does, shows], index) => {
      const x = back.x + 10 + column * (index + 0.5);
      return [
        text({ x, y: back.y + 56 }, does, `fill="${theme.text}" font-weight="600" text-anchor="middle"`),
        text({ x, y: back.y + 78 }, shows, `fill="${theme.soft}" font-size="13" text-anchor="middle"`),
      ];
    }),
    line(
      `M${xOf(3) + card0 / 2 + 20} ${top + high + 4}V${back.y + back.height / 2}H${back.x + back.width + 6}`,
      theme.back,
      'back',
    ),
    line(`M${back.x} ${back.y + back.height / 2}H${xOf(0) + card0 / 2 - 20}V${top + high + 6}`, theme.back, 'back'),
  ]);
}

/** Below each other, for a phone. */
function narrow(theme: Theme): string {
  const [width, high, gap, wideCard] = [358, 64, 30, 300];
  const x = 2;
  const relay = 56;
  const yOf = (index: number) => 8 + index * (high + gap) + (index > 1 ? relay : 0);
  const back = { x, y: yOf(3) + high + gap, width: wideCard, height: 154 };
  const side = x + wideCard + 34;
  return picture(width, back.y + back.height + 8, theme, [
    ...stations.flatMap(({ part, name, lines }, index) => {
      const y = yOf(index);
      const below = y + high + (index === 1 ? relay : 0);
      return [
        card({ x, y }, wideCard, high + (index === 1 ? relay : 0), theme.card, theme.line),
        icon(part, { x: x + 16, y: y + 16 }, theme.there),
        text({ x: x + 66, y: y + 28 }, name, `fill="${theme.text}" font-size="16" font-weight="600"`),
        ...lines.map((one) => text({ x: x + 66, y: y + 49 }, one, `fill="${theme.soft}"`)),
        ...(index < 3 ? [line(`M${x + 32} ${below + 4}v${gap - 12}`, theme.there, 'there')] : []),
      ];
    }),
    card({ x: x + 56, y: yOf(1) + 60 }, wideCard - 68, 48, 'none', theme.soft, ' stroke-dasharray="5 4"'),
    ...RELAY.map((one, index) =>
      text({ x: x + 66, y: yOf(1) + 80 + index * 18 }, one, `fill="${theme.soft}" font-size="13"`),
    ),
    line(`M${x + 32} ${yOf(3) + high + 4}v${gap - 12}`, theme.back, 'back'),
    card(back, back.width, back.height, theme.backCard, theme.back),
    text({ x: x + 14, y: back.y + 28 }, BACK, `fill="${theme.back}" font-size="14" font-weight="600"`),
    ...answers.flatMap(([does, shows], index) => [
      text({ x: x + 14, y: back.y + 58 + index * 26 }, does, `fill="${theme.text}" font-weight="600"`),
      text({ x: x + 130, y: back.y + 58 + index * 26 }, shows, `fill="${theme.soft}"`),
    ]),
    line(
      `M${x + wideCard} ${back.y + back.height / 2}H${side}V${yOf(0) + high / 2}H${x + wideCard + 6}`,
      theme.back,
      'back',
    ),
  ]);
}

/** The pictures by file name. */
export const loopPictures: ReadonlyMap<string, string> = new Map([
  ['loop.svg', wide(light)],
  ['loop-dark.svg', wide(dark)],
  ['loop-narrow.svg', narrow(light)],
  ['loop-narrow-dark.svg', narrow(dark)],
]);

if (import.meta.main) for (const [name, content] of loopPictures) writeFileSync(folder + name, content);
