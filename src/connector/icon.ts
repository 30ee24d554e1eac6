import { type Color, encodePng } from './png.ts';

/** Pixels per side; the platform takes 100 to 230. */
const SIDE = 160;
/** Steps between background and drawing, for smooth edges. */
const SHADES = 16;
/** Samples per pixel and axis. */
const SAMPLES = 4;

const DRAWING: Color = [0xff, 0xb8, 0x1c];

/** The connector's icon: a square PNG, a ringing bell on the brand color. @throws RangeError where `brandColor` is not `#RRGGBB` */
export function drawIcon(brandColor: string): Uint8Array {
  const background = parseColor(brandColor);
  const palette = Array.from({ length: SHADES + 1 }, (_, shade) => mix(background, DRAWING, shade / SHADES));
  const pixels = iconCoverage().map((covered) => Math.round(covered * SHADES));
  return encodePng(SIDE, palette, Uint8Array.from(pixels));
}

/** How much of each pixel the drawing covers, 0 to 1, row by row. */
export function iconCoverage(): number[] {
  return Array.from({ length: SIDE * SIDE }, (_, index) => coverage(index % SIDE, Math.floor(index / SIDE)));
}

function coverage(column: number, row: number): number {
  const corners = [
    isDrawnAt(column, row),
    isDrawnAt(column + 1, row),
    isDrawnAt(column, row + 1),
    isDrawnAt(column + 1, row + 1),
  ];
  // Nothing in the picture is smaller than a pixel, so most pixels need no closer look.
  if (corners.every((drawn) => drawn === corners[0])) return corners[0] ? 1 : 0;
  let hits = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const right = ((sample % SAMPLES) + 0.5) / SAMPLES;
    const down = (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
    if (isDrawnAt(column + right, row + down)) hits++;
  }
  return hits / (SAMPLES * SAMPLES);
}

function isDrawnAt(column: number, row: number): boolean {
  return isDrawn(Math.abs((column / SIDE) * 100 - 50), (row / SIDE) * 100);
}

/** A bell that rings, in hundredths of the side. `x` is the distance from the middle, `y` the distance from the upper edge. */
function isDrawn(x: number, y: number): boolean {
  const fromDome = distance(x, y - 45);
  const knob = distance(x, y - 24) <= 4;
  const dome = y <= 45 && fromDome <= 18;
  const body = y > 45 && y <= 63 && x <= 18 + ((y - 45) / 18) ** 2 * 8;
  const rim = y > 63 && y <= 68 && x <= 29;
  const clapper = y >= 71 && distance(x, y - 71) <= 7;
  const nearSound = Math.abs(fromDome - 30) <= 2 || Math.abs(fromDome - 39) <= 2;
  const sound = nearSound && y < 45 && x >= 2 * (45 - y);
  return knob || dome || body || rim || clapper || sound;
}

/** Not Math.hypot, which may differ in the last digit between machines. */
function distance(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

function parseColor(hex: string): Color {
  const [, red, green, blue] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex) ?? [];
  if (red === undefined || green === undefined || blue === undefined) {
    throw new RangeError(`"${hex}" is no color of the form #RRGGBB`);
  }
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

function mix(from: Color, to: Color, share: number): Color {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}
