import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice|thirdpartynotices)/i;

/** Licences and notices of `packages` as one text. `root`: where they are installed. */
export function licenceText(root: string, packages: readonly BundledPackage[]): string {
  const sections = packages.map(({ path, name, version, license }) => {
    const folder = join(root, path);
    const texts = readdirSync(folder)
      .filter((file) => LICENCE_FILE.test(file))
      .sort()
      .map((file) => readFileSync(join(folder, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  return `Packages that this product contains.\n\n${sections.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
