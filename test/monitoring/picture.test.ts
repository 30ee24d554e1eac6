import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { docsPicture, picturePath } from '../../tools/workbook-picture.ts';

describe('the picture of the workbook', () => {
  it('is what the tiles show of the simulated month (else: node tools/workbook-picture.ts)', async () => {
    const picture = await docsPicture();
    expect(readFileSync(picturePath, 'utf8')).toBe(picture);
    expect(await docsPicture()).toBe(picture);
  });

  it('is small enough for a page', () => {
    expect(statSync(picturePath).size).toBeLessThan(1_000_000);
  });
});
