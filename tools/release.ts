/**
 * Puts together what a release consists of: `node tools/release.ts v3.1.0`, after `npm run build`. Writes to `release/` the npm package, the Content Hub
 * package, all templates, the relay, a bill of materials (CycloneDX) and checksums; and `release-notes.md` from CHANGELOG.md. Exits 1 where the
 * tag, package.json, src/generator/releases.ts and CHANGELOG.md disagree.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { releases } from '../src/generator/releases.ts';
import { notesOf, versionProblem } from './release-notes.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const out = join(root, 'release');
const [{ version, date }] = releases;
const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
const { version: packageVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const problem = versionProblem({ tag: process.argv[2] ?? '', version, packageVersion, changelog });
if (problem) {
  console.error(problem);
  process.exit(1);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const npm = (...args: readonly string[]) => execFileSync('npm', args, { cwd: root, encoding: 'utf8' });
npm('pack', '--silent', '--pack-destination', out);
writeFileSync(
  join(out, `signl4-sentinel-${version}.cdx.json`),
  npm('sbom', '--omit', 'dev', '--package-lock-only', '--sbom-format', 'cyclonedx'),
);
copyFileSync(join(root, 'lib/relay.mjs'), join(out, `signl4-relay-${version}.mjs`));
copyFileSync(
  join(root, `dist/solution/SIGNL4/Package/${version}.zip`),
  join(out, `signl4-content-hub-solution-${version}.zip`),
);
writeFileSync(join(out, `signl4-templates-${version}.zip`), zipSync(templates(), { mtime: new Date(date) }));
const sums = readdirSync(out)
  .sort()
  .map(
    (file) =>
      `${createHash('sha256')
        .update(readFileSync(join(out, file)))
        .digest('hex')}  ${file}\n`,
  );
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
writeFileSync(join(root, 'release-notes.md'), notesOf(changelog, version) ?? '');
console.log(sums.join(''));

/** All of dist/ but the solution, which is an asset of its own. */
function templates(): Record<string, Uint8Array> {
  const dist = join(root, 'dist');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1))
    .filter((path) => !path.startsWith('solution/'))
    .sort();
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(dist, path))]));
}
