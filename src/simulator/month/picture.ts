import type { Tile } from '../../monitoring/tiles/tile.ts';
import type { KqlTable, KqlValue } from '../kql/values.ts';
import { Moment } from '../kql/values.ts';

/** Colours of the portal's two themes. */
export interface Theme {
  readonly background: string;
  readonly card: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly series: readonly [string, string];
  /** From few to many: red, green and blue of the two ends. */
  readonly heat: readonly [readonly [number, number, number], readonly [number, number, number]];
}

export const themes = {
  White: {
    ...{ background: '#f5f6f8', card: '#ffffff', text: '#1b1f24', faint: '#5d6672', line: '#d9dde3' },
    series: ['#0f6cbd', '#ef8a17'],
    heat: [
      [255, 255, 255],
      [239, 138, 23],
    ],
  },
  Black: {
    ...{ background: '#15181d', card: '#1f242b', text: '#eef1f4', faint: '#a3adba', line: '#39414c' },
    series: ['#62abf5', '#f2a549'],
    heat: [
      [31, 36, 43],
      [176, 88, 8],
    ],
  },
} as const satisfies Readonly<Record<string, Theme>>;

export interface ShownTile {
  readonly tile: Tile;
  readonly answer: KqlTable;
}

const WIDTH = 1280;
const GAP = 16;
const ROW = 26;
const HEAD = 62;
/** Rows of a table that a picture has room for. */
const MOST_ROWS = 7;

/** The workbook as it looks with these answers: a picture of fixed width, as SVG. Equal answers give equal text. */
export function workbookPicture(title: string, subtitle: string, shown: readonly ShownTile[], theme: Theme): string {
  let y = 96;
  const cards: string[] = [];
  for (const row of linesOf(shown)) {
    const height = Math.max(...row.map(heightOf));
    let x = GAP;
    for (const one of row) {
      const width = one.tile.width === 100 ? WIDTH - 2 * GAP : (WIDTH - 3 * GAP) / 2;
      cards.push(card(one, { x, y, width, height }, theme));
      x += width + GAP;
    }
    y += height + GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" font-family="Segoe UI, DejaVu Sans, sans-serif">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${y}" fill="${theme.background}"/>`,
    text(GAP, 44, title, theme.text, 26, 'bold'),
    text(GAP, 72, subtitle, theme.faint, 14),
    ...cards,
    '</svg>',
    '',
  ].join('\n');
}

/** Tiles of half the width are two to a line. */
function linesOf(shown: readonly ShownTile[]): readonly (readonly ShownTile[])[] {
  const lines: ShownTile[][] = [];
  for (const one of shown) {
    const last = lines.at(-1);
    const fits = one.tile.width === 50 && last?.length === 1 && last[0]?.tile.width === 50;
    if (fits) last?.push(one);
    else lines.push([one]);
  }
  return lines;
}

function heightOf({ tile, answer }: ShownTile): number {
  return tile.visualization === 'table'
    ? HEAD + ROW * Math.min(MOST_ROWS, Math.max(1, answer.rows.length)) + GAP
    : HEAD + 190;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function card({ tile, answer }: ShownTile, box: Box, theme: Theme): string {
  const { x, y, width, height } = box;
  const inside = { x: x + 14, y: y + HEAD, width: width - 28, height: height - HEAD - GAP };
  const draw = { table: drawTable, timechart: drawLines, barchart: drawBars }[tile.visualization];
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${theme.card}" stroke="${theme.line}"/>`,
    text(x + 14, y + 24, tile.title, theme.text, 15, 'bold'),
    draw(tile, answer, inside, theme),
  ].join('\n');
}

function text(x: number, y: number, content: string, color: string, size: number, weight = 'normal', anchor = 'start') {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${round(x)}" y="${round(y)}" fill="${color}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${safe}</text>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

function shownValue(value: KqlValue): string {
  if (value === null) return '';
  if (value instanceof Moment) return value.toJSON().slice(0, 16).replace('T', ' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function drawTable(tile: Tile, answer: KqlTable, box: Box, theme: Theme): string {
  const columns = (tile.columns ?? []).filter(({ shows, id }) => shows !== 'link' && id !== 'RunId');
  const shares = columns.map(({ id, label }) => shareOf(id, label));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const lines: string[] = [];
  let x = box.x;
  for (const [index, { id, label, shows }] of columns.entries()) {
    const width = (box.width * (shares[index] ?? 1)) / total;
    const at = answer.columns.findIndex(({ name }) => name === id);
    const values = answer.rows.map((row) => row[at] ?? null);
    const most = Math.max(1, ...values.map((value) => (typeof value === 'number' ? value : 0)));
    lines.push(text(x, box.y - 8, cut(label, width, 11), theme.faint, 11));
    for (const [place, value] of values.slice(0, MOST_ROWS).entries()) {
      const top = box.y + place * ROW;
      if (shows === 'heat' && typeof value === 'number') {
        lines.push(
          `<rect x="${round(x - 4)}" y="${top}" width="${round(width - 4)}" height="${ROW - 4}" rx="3" fill="${mixed(theme.heat, value / most)}"/>`,
        );
      }
      lines.push(text(x, top + 16, cut(shownValue(value), width, 12), theme.text, 12));
    }
    x += width;
  }
  return lines.join('\n');
}

/** Room of a column beside the others. */
function shareOf(id: string, label: string): number {
  const wide: Readonly<Record<string, number>> = {
    Title: 2.4,
    Message: 2.6,
    Description: 2.6,
    Product: 2.4,
    Person: 1.6,
  };
  return wide[id] ?? (/^H\d\d$/.test(id) ? 0.7 : Math.max(0.8, label.length / 14));
}

function cut(content: string, width: number, size: number): string {
  const fits = Math.max(3, Math.floor(width / (size * 0.62)));
  return content.length <= fits ? content : `${content.slice(0, fits - 1)}…`;
}

function mixed([low, high]: Theme['heat'], share: number): string {
  const part = (at: 0 | 1 | 2) => Math.round(low[at] + (high[at] - low[at]) * share);
  return `rgb(${part(0)},${part(1)},${part(2)})`;
}

function drawLines(_: Tile, answer: KqlTable, box: Box, theme: Theme): string {
  const series = answer.columns.map(({ name }, at) => ({ name, at })).slice(1, 3);
  const values = answer.rows.map((row) => series.map(({ at }) => Number(row[at] ?? 0)));
  const most = Math.max(1, ...values.flat());
  const place = (index: number, value: number) => {
    const left = box.x + 30 + ((box.width - 40) * index) / Math.max(1, values.length - 1);
    return `${round(left)},${round(box.y + box.height - 20 - ((box.height - 30) * value) / most)}`;
  };
  const first = shownValue(answer.rows[0]?.[0] ?? null).slice(0, 10);
  const last = shownValue(answer.rows.at(-1)?.[0] ?? null).slice(0, 10);
  return [
    ...grid(box, most, theme),
    ...series.map(({ name }, at) => {
      const color = theme.series[at as 0 | 1];
      const points = values.map((value, index) => place(index, value[at] ?? 0)).join(' ');
      return [
        `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2"/>`,
        text(box.x + 36 + at * 90, box.y - 8, `▬ ${name === 'P90' ? '90th' : name}`, color, 12),
      ].join('\n');
    }),
    text(box.x + 30, box.y + box.height - 2, first, theme.faint, 11),
    text(box.x + box.width - 10, box.y + box.height - 2, last, theme.faint, 11, 'normal', 'end'),
  ].join('\n');
}

function grid(box: Box, most: number, theme: Theme): readonly string[] {
  return [0, 0.5, 1].flatMap((share) => {
    const y = round(box.y + box.height - 20 - (box.height - 30) * share);
    return [
      `<line x1="${box.x + 30}" y1="${y}" x2="${box.x + box.width - 10}" y2="${y}" stroke="${theme.line}"/>`,
      text(box.x + 24, y + 4, String(Math.round(most * share)), theme.faint, 11, 'normal', 'end'),
    ];
  });
}

function drawBars(_: Tile, answer: KqlTable, box: Box, theme: Theme): string {
  const bars = answer.rows.map(([name, value]) => ({ name: shownValue(name ?? null), value: Number(value ?? 0) }));
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = (box.width - 40) / Math.max(1, bars.length);
  return [
    ...grid(box, most, theme),
    ...bars.map(({ name, value }, index) => {
      const height = ((box.height - 30) * value) / most;
      const x = box.x + 40 + index * step;
      const y = box.y + box.height - 20 - height;
      return [
        `<rect x="${round(x)}" y="${round(y)}" width="${round(step * 0.6)}" height="${round(height)}" rx="3" fill="${theme.series[0]}"/>`,
        text(x + step * 0.3, box.y + box.height - 2, `${name}: ${value}`, theme.faint, 11, 'normal', 'middle'),
      ].join('\n');
    }),
  ].join('\n');
}
