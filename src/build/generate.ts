import { playbooks } from '../../playbooks/index.ts';
import type { Release } from '../arm/release.ts';
import type { Config } from '../config/config.ts';
import type { Assets } from './assets.ts';
import { below, type Files, manifest, merge } from './output.ts';
import { playbookFiles } from './playbook-files.ts';

/** Everything that `build` writes. A function of its arguments: equal config and release give equal bytes. */
export function generate(config: Config, configHash: string, release: Release, assets: Assets): Files {
  const published = playbooks.map((playbook) => playbookFiles(playbook, config, release, assets));
  const files = merge(...published.map(({ playbook, files }) => below(`playbooks/${playbook.name}`, files)));
  return merge(files, new Map([['manifest.json', manifest(files, release.version, configHash)]]));
}
