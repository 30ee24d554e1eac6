import { crc32 } from 'node:zlib';
import { unzlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { drawIcon, iconCoverage } from '../../src/connector/icon.ts';
import { encodePng } from '../../src/connector/png.ts';

/** The chunks of a PNG by their type; throws where a check sum is wrong. */
function chunks(png: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found = new Map<string, Uint8Array>();
  for (let offset = 8; offset < png.length; ) {
    const length = view.getUint32(offset);
    const type = new TextDecoder().decode(png.subarray(offset + 4, offset + 8));
    const sum = view.getUint32(offset + 8 + length);
    if (sum !== crc32(png.subarray(offset + 4, offset + 8 + length))) throw new Error(`check sum of ${type}`);
    found.set(type, png.subarray(offset + 8, offset + 8 + length));
    offset += length + 12;
  }
  return found;
}

describe('the icon', () => {
  const png = drawIcon('#12395B');
  const parts = chunks(png);
  const rows = unzlibSync(parts.get('IDAT') ?? new Uint8Array());

  it('is a square PNG of 160 pixels with sound check sums', () => {
    expect([...png.subarray(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)));
    expect([...parts.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect([...(parts.get('IHDR') ?? [])]).toEqual([0, 0, 0, 160, 0, 0, 0, 160, 8, 3, 0, 0, 0]);
    expect(rows.length).toBe(160 * 161);
  });

  it('has the brand color as background, in the corners too', () => {
    expect([...(parts.get('PLTE')?.subarray(0, 3) ?? [])]).toEqual([0x12, 0x39, 0x5b]);
    expect([rows[1], rows[160], rows.at(-1), rows.at(-160)]).toEqual([0, 0, 0, 0]);
  });

  it('draws on a part of the area, well under 70 percent', () => {
    const covered = iconCoverage().reduce((sum, share) => sum + share, 0) / (160 * 160);
    expect(covered).toBeGreaterThan(0.1);
    expect(covered).toBeLessThan(0.7);
  });

  it('is the same on both sides', () => {
    const coverage = iconCoverage();
    const mirrored = coverage.map((_, index) => coverage[index - (index % 160) + 159 - (index % 160)]);
    expect(mirrored).toEqual(coverage);
  });

  it('refuses a color that is none', () => {
    expect(() => drawIcon('navy')).toThrow('"navy" is no color of the form #RRGGBB');
  });
});

describe('encodePng', () => {
  it('writes each row after the number of its filter', () => {
    const png = encodePng(
      2,
      [
        [0, 0, 0],
        [255, 255, 255],
      ],
      Uint8Array.of(0, 1, 1, 0),
    );
    expect([...unzlibSync(chunks(png).get('IDAT') ?? new Uint8Array())]).toEqual([0, 0, 1, 0, 1, 0]);
  });

  it('refuses a picture with too few pixels', () => {
    expect(() => encodePng(2, [[0, 0, 0]], Uint8Array.of(0))).toThrow('4 pixels expected, 1 given');
  });
});
