import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What package-lock.json says of an installed package. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: true;
  readonly devOptional?: true;
}

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice|thirdpartynotices)/i;

/** Licences and notices of the packages that the bundles are made of, as one text. `root`: where they are installed. */
export function licenceText(root: string): string {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const shipped = Object.entries(packages).filter(([path, { dev, devOptional }]) => path && !dev && !devOptional);
  const sections = shipped.flatMap(([path, { version, license }]) => {
    const folder = join(root, path);
    if (!existsSync(folder)) return [];
    const texts = readdirSync(folder)
      .filter((file) => LICENCE_FILE.test(file))
      .sort()
      .map((file) => readFileSync(join(folder, file), 'utf8').trim());
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [[`${name} ${version} (${license})`, ...texts].join('\n\n')];
  });
  return `Packages that this product contains.\n\n${sections.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
