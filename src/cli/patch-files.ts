import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { playbooks } from '../../playbooks/index.ts';
import type { Config } from '../config/config.ts';
import { type Patches, readPatchFile } from '../config/patches.ts';
import { UserError } from '../domain/errors.ts';
import { nearest } from '../domain/text.ts';

/** The file with the edits of one playbook, beside the configuration; targets have a folder each. */
export function patchFile(configFile: string, playbook: string, target: string | undefined): string {
  return join(dirname(configFile), 'patches', ...(target === undefined ? [] : [target]), `${playbook}.yaml`);
}

/** The configuration with the edits in `patches/`; a target has its own after the common ones. @throws UserError */
export function withPatches(config: Config, configFile: string, cwd: string): Config {
  const folder = join(dirname(configFile), 'patches');
  const common = readFolder(folder, cwd);
  return {
    ...config,
    ...patchesOf(common),
    targets: config.targets.map(({ name, config: own }) => {
      const all = merged(common, readFolder(join(folder, name), cwd));
      return { name, config: { ...own, ...patchesOf(all) } };
    }),
  };
}

function patchesOf(patches: Patches): Pick<Config, 'patches'> {
  return Object.keys(patches).length > 0 ? { patches } : {};
}

function merged(common: Patches, own: Patches): Patches {
  const names = new Set([...Object.keys(common), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, [...(common[name] ?? []), ...(own[name] ?? [])]]));
}

function readFolder(folder: string, cwd: string): Patches {
  const path = resolve(cwd, folder);
  if (!existsSync(path)) return {};
  const files = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  return Object.fromEntries(
    files.sort().map((name) => {
      const file = join(folder, name);
      return [
        playbookNamed(name.replace(/\.ya?ml$/, ''), file),
        readPatchFile(readFileSync(join(path, name), 'utf8'), file),
      ];
    }),
  );
}

function playbookNamed(name: string, file: string): string {
  const names = playbooks.map((playbook) => playbook.name);
  const found = names.find((known) => known.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const guess = nearest(name, names);
  throw new UserError('patch.playbook', `there is no playbook "${name}"`, {
    where: { file },
    remedy: guess ? `Call the file ${guess}.yaml.` : `A patch file is called after its playbook: ${names.join(', ')}.`,
  });
}
