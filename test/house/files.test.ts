import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundledPackages } from '../../tools/bundled-packages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MAX_BYTES = 1024 * 1024;
const pictures = new Set(['.png', '.jpg', '.gif', '.ico']);
/** Of what the product is bundled from: free to pass on, whatever the product's own licence. */
const licences = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0']);

/** In git, or about to be: not what .gitignore leaves out. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));

function problemOf(file: string, bytes: number, content: () => Uint8Array): string | undefined {
  if (bytes > MAX_BYTES) return `${file} has ${bytes} bytes; at most ${MAX_BYTES} are allowed`;
  if (!pictures.has(extname(file).toLowerCase()) && content().includes(0)) return `${file} is binary and not a picture`;
  return undefined;
}

describe('the repository', () => {
  it('has no file over 1 MB, and no binary file but pictures', () => {
    const problems = files.flatMap(
      (file) => problemOf(file, statSync(join(root, file)).size, () => readFileSync(join(root, file))) ?? [],
    );
    expect(files.length).toBeGreaterThan(1000);
    expect(problems).toEqual([]);
  });

  it.each([
    ['tools/bicep/packages/bicep', MAX_BYTES + 1, new Uint8Array()],
    ['test/fixtures/package.zip', 100, Uint8Array.of(0x50, 0x4b, 0, 0)],
    ['docs/pictures/demo.png', MAX_BYTES + 1, new Uint8Array()],
  ])('would notice %s', (file, bytes, content) => {
    expect(problemOf(file, bytes, () => content)).toContain(file);
  });

  it('takes packages from the public registry only', () => {
    const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
    const sources = [...text.matchAll(/"resolved": "(https?:\/\/[^/"]+)/g)].map(([, host]) => host);
    expect(new Set(sources).size).toBeLessThanOrEqual(1);
    expect(sources.filter((host) => host !== 'https://registry.npmjs.org')).toEqual([]);
  });

  it('is bundled from packages with licences that allow it', async () => {
    const shipped = await bundledPackages(root);
    expect(shipped.length).toBeGreaterThan(50);
    expect(shipped.filter(({ license }) => !licences.has(license)).map(({ path }) => path)).toEqual([]);
  });
});
