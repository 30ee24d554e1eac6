import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { licenceText } from '../../tools/licences.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('lists every package that the product is bundled from, with the text of its licence', () => {
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const text = licenceText(root);
  for (const [name, version] of Object.entries(dependencies)) expect(text).toContain(`\n${name} ${version} (`);
  expect(text).toContain(readFileSync(`${root}node_modules/hono/LICENSE`, 'utf8').trim());
  expect(text).not.toContain('\nvitest ');
});
