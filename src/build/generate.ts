import { playbooks } from '../../playbooks/index.ts';
import type { Release } from '../arm/release.ts';
import type { Config } from '../config/config.ts';
import { assembleSolution } from '../solution/signl4.ts';
import type { Assets } from './assets.ts';
import { below, type Files, manifest, merge } from './output.ts';
import { playbookFiles } from './playbook-files.ts';

export interface BuildInput {
  readonly config: Config;
  /** Recorded in the manifest. */
  readonly configHash: string;
  /** Newest first; the first one is built. */
  readonly releases: readonly [Release, ...Release[]];
  readonly assets: Assets;
}

/** Everything that `build` writes. A function of its input: equal config and release give equal bytes. */
export function generate({ config, configHash, releases, assets }: BuildInput): Files {
  const [release] = releases;
  const connector = assets.connector();
  const published = playbooks.map((playbook) => playbookFiles(playbook, config, release, assets));
  const solution = assembleSolution({
    releases,
    connector: pick(connector, ['azuredeploy.json', 'readme.md']),
    playbooks: published.map(({ playbook, files }) => ({ folder: playbook.name, files })),
    text: assets.text,
  });
  const files = merge(
    below('connector', connector),
    ...published.map(({ playbook, files }) => below(`playbooks/${playbook.name}`, files)),
    below('solution', solution),
  );
  return merge(files, new Map([['manifest.json', manifest(files, release.version, configHash)]]));
}

function pick(files: Files, names: readonly string[]): Files {
  return new Map([...files].filter(([name]) => names.includes(name)));
}
