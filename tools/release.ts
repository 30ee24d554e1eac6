/**
 * Puts together what a release consists of: `node tools/release.ts v3.1.0`, after `npm run build`. Writes to `release/` the npm package, the Content Hub
 * package, all templates, the relay with its container, a bill of materials (CycloneDX) and checksums; and `release-notes.md` from CHANGELOG.md. Exits 1 where the
 * tag, package.json, src/generator/releases.ts and CHANGELOG.md disagree.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { sha256 } from '../src/generator/output.ts';
import { releases } from '../src/generator/releases.ts';
import { type BillOfMaterials, shippedMaterials } from './bill-of-materials.ts';
import { bundledPackages } from './bundled-packages.ts';
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
const locked = JSON.parse(npm('sbom', '--package-lock-only', '--sbom-format', 'cyclonedx')) as BillOfMaterials;
writeFileSync(
  join(out, `signl4-sentinel-${version}.cdx.json`),
  `${JSON.stringify(shippedMaterials(locked, await bundledPackages(root)), null, 2)}\n`,
);
copyFileSync(
  join(root, `dist/solution/SIGNL4/Package/${version}.zip`),
  join(out, `signl4-content-hub-solution-${version}.zip`),
);
const zip = (files: Record<string, Uint8Array>) => zipSync(files, { mtime: new Date(date) });
// With its template and the container: what build writes for a configuration without a workspace.
writeFileSync(join(out, `signl4-relay-${version}.zip`), zip(filesBelow('dist/relay')));
// All of dist/ but the solution, which is an asset of its own.
writeFileSync(
  join(out, `signl4-templates-${version}.zip`),
  zip(filesBelow('dist', (path) => !path.startsWith('solution/'))),
);
const sums = readdirSync(out)
  .sort()
  .map((file) => `${sha256(readFileSync(join(out, file)))}  ${file}\n`);
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
writeFileSync(join(root, 'release-notes.md'), notesOf(changelog, version) ?? '');
console.log(sums.join(''));

function filesBelow(folder: string, isWanted: (path: string) => boolean = () => true): Record<string, Uint8Array> {
  const base = join(root, folder);
  const paths = readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(base.length + 1))
    .filter(isWanted)
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(base, path))]));
}
