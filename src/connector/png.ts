import { crc32 } from 'node:zlib';
import { zlibSync } from 'fflate';

export type Color = readonly [red: number, green: number, blue: number];

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const EIGHT_BITS = 8;
const INDEXED = 3;

/**
 * A square PNG of indexed color. `pixels` are indexes into `palette` (at most 256 colors), row by row. The compressor is plain
 * JavaScript, so the same picture gives the same bytes on every machine; that of Node depends on the processor.
 * Source: PNG specification, third edition.
 */
export function encodePng(side: number, palette: readonly Color[], pixels: Uint8Array): Uint8Array {
  if (pixels.length !== side * side) throw new RangeError(`${side * side} pixels expected, ${pixels.length} given`);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, side);
  view.setUint32(4, side);
  header.set([EIGHT_BITS, INDEXED], 8);
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk('IHDR', header),
    ...chunk('PLTE', Uint8Array.from(palette.flat())),
    ...chunk('IDAT', zlibSync(rows(side, pixels), { level: 9 })),
    ...chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Each row starts with the number of its filter; 0 leaves the bytes as they are. */
function rows(side: number, pixels: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(side * (side + 1));
  for (let y = 0; y < side; y++) bytes.set(pixels.subarray(y * side, (y + 1) * side), y * (side + 1) + 1);
  return bytes;
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
  return bytes;
}
