import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * `npm run bench [name …]`: runs the measurements in tools/bench-*.ts, all of them or those named, one after another.
 * Each prints ratios against a bare baseline measured in the same run: the machine's own speed cancels out.
 */

const tools = fileURLToPath(new URL('./', import.meta.url));
const available = readdirSync(tools)
  .filter((file) => /^bench-.+\.ts$/.test(file))
  .map((file) => file.slice('bench-'.length, -'.ts'.length))
  .sort();
const wanted = process.argv.length > 2 ? process.argv.slice(2) : available;

for (const name of wanted) {
  if (!available.includes(name)) {
    console.error(`There is no measurement "${name}". There are: ${available.join(', ')}.`);
    process.exit(2);
  }
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', `${tools}bench-${name}.ts`], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
