import { xml } from '../../../domain/text.ts';
import { colourOf } from '../svg.ts';

/*
 * The parts that pictures of the designer are made of. They are drawn, and simpler than the real one: what counts is where to click.
 */

/** Shapes from the top left corner on, and the height that they take. */
export interface Drawing {
  readonly height: number;
  readonly shapes: readonly string[];
}

/** A number in the picture, and what to do there. */
export interface Hint {
  readonly number: number;
  readonly text: string;
}

export const PANEL_WIDTH = 560;
const MARGIN = 16;
/** Letters of this size are at most that wide in the fonts that readers have. */
export const LETTER = { small: 6.7, bold: 7.6 };

const style = [
  '.page{fill:#f6f8fa}.card{fill:#fff;stroke:#c9d1d9}.box{fill:#fff;stroke:#8a95a3}.text{fill:#1f2328}.soft{fill:#57606a}.rule{stroke:#c9d1d9}.tab{stroke:#0a58a8}.token{fill:#d8e9f7}.function{fill:#f5d9ed}.sign{fill:#a0148c}.mark{fill:#b3261e}.markText{fill:#fff}',
  '@media(prefers-color-scheme:dark){.page{fill:#0d1117}.card{fill:#161b22;stroke:#3d444d}.box{fill:#0d1117;stroke:#6b7786}.text{fill:#e6edf3}.soft{fill:#9da7b3}.rule{stroke:#3d444d}.tab{stroke:#6fb3f5}.token{fill:#1c3a57}.function{fill:#4a1e42}.sign{fill:#d65fc0}.mark{fill:#ff8a80}.markText{fill:#0d1117}}',
].join('');

/** A whole picture: what is drawn, and below it what to do at each number. `title` is what a screen reader says. */
export function framed(title: string, width: number, { height, shapes }: Drawing, hints: readonly Hint[]): string {
  const [wide, top] = [width + 2 * MARGIN, height + MARGIN + 30];
  const lines = hints.flatMap(({ number, text }) =>
    wrapped(text, Math.floor((width - 30) / LETTER.small)).map((line, index) => ({
      line,
      number: index === 0 ? number : 0,
    })),
  );
  const high = top + (lines.length - 1) * 20 + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" role="img" aria-label="${xml(title)}" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>${xml(title)}</title>`,
    `<style>${style}</style>`,
    `<rect width="${wide}" height="${high}" rx="12" class="page"/>`,
    moved(MARGIN, MARGIN, shapes),
    ...lines.flatMap(({ line, number }, index) => [
      ...(number > 0 ? [mark(number, MARGIN + 10, top + index * 20 - 4)] : []),
      label(line, MARGIN + 28, top + index * 20, 'text'),
    ]),
    '</svg>',
    '',
  ].join('\n');
}

/** Signs of steps by their type. */
const signs = {
  ApiConnection: 'M8 20v-6a6 6 0 0 1 12 0v6l2 2H6zM12 24h4',
  If: 'M14 6v6M8 22v-6h12v6M14 12v4',
  Request: 'm16 5-8 11h6l-2 7 8-11h-6z',
} as const;

/** Shapes at another place. */
export function moved(x: number, y: number, shapes: readonly string[]): string {
  return `<g transform="translate(${x} ${y})">${shapes.join('')}</g>`;
}

const tabs = [
  [16, 'Parameters'],
  [116, 'Settings'],
  [194, 'Code view'],
  [282, 'About'],
] as const;

/** The panel that opens beside the canvas when an action is clicked. */
export function panel(name: string, type: keyof typeof signs, body: Drawing, width = PANEL_WIDTH): Drawing {
  const height = 96 + body.height + 16;
  return {
    height,
    shapes: [
      card(width, height),
      `<rect x="14" y="14" width="28" height="28" rx="4" fill="${colourOf(type)}"/>`,
      `<path transform="translate(14 14)" d="${signs[type]}" fill="none" stroke="#fff" stroke-width="1.8" stroke-linejoin="round"/>`,
      label(name, 54, 33, 'text', 'font-size="15"'),
      ...tabs.map(([x, tab], index) => label(tab, x, 66, 'text', index === 0 ? 'font-weight="600"' : '')),
      '<path d="M16 76h78" class="tab" stroke-width="3"/>',
      moved(16, 96, body.shapes),
    ],
  };
}

export function card(width: number, height: number): string {
  return `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6" class="card"/>`;
}

export function box(x: number, y: number, width: number, height: number): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" class="box"/>`;
}

export function label(text: string, x: number, y: number, kind: 'text' | 'soft', more = ''): string {
  return `<text x="${x}" y="${y}" class="${kind}" xml:space="preserve"${more && ` ${more}`}>${xml(text)}</text>`;
}

/** A number that a hint explains. */
export function mark(number: number, x: number, y: number): string {
  return `<circle cx="${x}" cy="${y}" r="9" class="mark"/><text x="${x}" y="${y + 4}" class="markText" font-weight="700" text-anchor="middle">${number}</text>`;
}

/** A text in lines of at most `letters`, broken at blanks. */
function wrapped(text: string, letters: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > letters) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
