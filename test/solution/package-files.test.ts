import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { packageFiles } from '../../src/solution/package-files.ts';
import { packageSolution } from '../../src/solution/packager.ts';
import { readSolution } from '../../src/solution/read-solution.ts';

const { source } = await readSolution(fileURLToPath(new URL('./fixtures/Contoso', import.meta.url)));
const files = packageFiles(packageSolution(source, { version: '3.2.1' }));

describe('the files of a package', () => {
  it('are the templates, the test parameters and the zip named by the version', () => {
    expect([...files.keys()]).toEqual([
      'mainTemplate.json',
      'createUiDefinition.json',
      'testParameters.json',
      '3.2.1.zip',
    ]);
  });

  it('has the two templates at the root of the zip', () => {
    const zip = files.get('3.2.1.zip');
    if (typeof zip !== 'object') throw new Error('no zip');
    const entries = unzipSync(zip);
    expect(Object.keys(entries)).toEqual(['createUiDefinition.json', 'mainTemplate.json']);
    expect(strFromU8(entries['mainTemplate.json'] ?? new Uint8Array())).toBe(files.get('mainTemplate.json'));
  });

  it('are the same bytes each time', () => {
    const again = packageFiles(packageSolution(source, { version: '3.2.1' }));
    const hash = (content: string | Uint8Array | undefined) =>
      createHash('sha256')
        .update(content ?? '')
        .digest('hex');
    expect(hash(again.get('3.2.1.zip'))).toBe(hash(files.get('3.2.1.zip')));
  });
});
