/**
 * Draws what the guides in this repository show of the designer, with the built-in defaults: `node tools/designer-pictures.ts`.
 *   playbooks/<name>/designer-*.svg, which `build` draws again from each configuration, and docs/pictures/designer.svg
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playbooks } from '../playbooks/index.ts';
import { defaultConfig } from '../src/config/config.ts';
import { designerOverview, designerPictures } from '../src/generator/designer-pictures.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Every picture by its path in the repository. */
export function committedPictures(): ReadonlyMap<string, string> {
  const workflows = playbooks.map((playbook) => [playbook.name, playbook.build(defaultConfig)] as const);
  return new Map([
    ...workflows.flatMap(([name, workflow]) =>
      [...designerPictures(name, workflow)].map(([file, picture]) => [`playbooks/${name}/${file}`, picture] as const),
    ),
    ['docs/pictures/designer.svg', designerOverview(new Map(workflows))] as const,
  ]);
}

if (import.meta.main) for (const [path, picture] of committedPictures()) writeFileSync(root + path, picture);
