import { xml } from '../../../domain/text.ts';
import type { Json } from '../../../wdl/types.ts';
import { type Piece, piecesOf, shortened } from '../field-text.ts';
import { box, type Drawing, LETTER, label } from './panel.ts';

const LINE = 24;
/** Longer texts are a picture's, not a reader's. */
const MOST_LINES = 10;

/** A field: its name, and below it tokens and typed text. */
export function field(name: string, value: Json, width: number, isRequired = false): Drawing {
  const inside = content(value, width - 16);
  const star = isRequired ? `<tspan class="mark"> *</tspan>` : '';
  return {
    height: 20 + inside.height + 8 + 12,
    shapes: [
      `<text x="0" y="12" class="text" font-weight="600">${xml(name)}${star}</text>`,
      box(0, 20, width, inside.height + 8),
      `<g transform="translate(8 24)">${inside.shapes.join('')}</g>`,
    ],
  };
}

/** Tokens and typed text of a field of a given width. */
export function content(value: Json, width: number): Drawing {
  const pieces = typeof value === 'string' ? piecesOf(value) : [{ kind: 'text', text: JSON.stringify(value) } as const];
  const lines: string[][] = [[]];
  let x = 0;
  let words = '';
  const flush = () => {
    if (words !== '') lines.at(-1)?.push(label(words, x, 16, 'text'));
    x += words === '' ? 0 : words.length * LETTER.small + 4;
    words = '';
  };
  const newLine = () => {
    flush();
    lines.push([]);
    x = 0;
  };
  const type = (text: string) => {
    for (const word of text.split(' ').filter(Boolean)) {
      const longer = words === '' ? word : `${words} ${word}`;
      const fits = x + longer.length * LETTER.small <= width;
      if (!fits && (words !== '' || x > 0)) newLine();
      words = shortened(fits ? longer : word, Math.floor(width / LETTER.small));
    }
  };
  for (const piece of pieces) {
    if (piece.kind === 'text')
      for (const [index, line] of piece.text.split('\n').entries()) {
        if (index > 0) newLine();
        type(line);
      }
    else {
      const [shape, wide] = pill(piece, width);
      flush();
      if (x > 0 && x + wide > width) newLine();
      lines.at(-1)?.push(shape(x));
      x += wide + 4;
    }
  }
  flush();
  const shown = lines.slice(0, MOST_LINES);
  return {
    height: shown.length * LINE,
    shapes: shown.map((shapes, index) => `<g transform="translate(0 ${index * LINE})">${shapes.join('')}</g>`),
  };
}

type Placed = readonly [shape: (x: number) => string, width: number];

/** A token: its name and the cross that takes it away. */
function pill({ kind, text }: Piece, most: number): Placed {
  const sign = kind === 'function' ? 24 : 8;
  const name = shortened(text, Math.floor((most - sign - 22) / LETTER.bold));
  const width = sign + name.length * LETTER.bold + 20;
  return [
    (x) =>
      [
        `<rect x="${x}" y="1" width="${width}" height="20" rx="3" class="${kind}"/>`,
        kind === 'function'
          ? `<rect x="${x + 3}" y="4" width="16" height="14" rx="2" class="sign"/><text x="${x + 11}" y="15" class="markText" font-style="italic" font-size="11" text-anchor="middle">fx</text>`
          : '',
        label(name, x + sign, 15, 'text', 'font-weight="600"'),
        label('×', x + width - 13, 15, 'soft'),
      ].join(''),
    width,
  ];
}
