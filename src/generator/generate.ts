import type { Config } from '../config/config.ts';
import type { Assets } from './assets.ts';
import { environment } from './environment.ts';
import { below, type Files, manifest, merge } from './output.ts';
import { releases } from './releases.ts';

export interface BuildOutput {
  readonly files: Files;
  /** What the person should know: which part of a filter ended up where. */
  readonly notes: readonly string[];
}

/** Everything that `build` writes. A function of its input: an equal config gives equal bytes. */
export async function generate(config: Config, configHash: string, assets: Assets): Promise<BuildOutput> {
  const [release] = releases;
  const own = environment(config, release, assets.text);
  const targets = config.targets.map((target) => ({
    name: target.name,
    ...environment(target.config, release, assets.text),
  }));
  const files = merge(
    assets.published(),
    new Map([['relay/relay.mjs', await assets.relay()]]),
    own.files,
    ...targets.map(({ name, files }) => below(`targets/${name}`, files)),
  );
  return {
    files: merge(
      files,
      new Map([
        ['manifest.json', manifest(files, { version: release.version, configHash, repository: config.repository })],
      ]),
    ),
    notes:
      targets.length === 0 ? own.notes : targets.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
  };
}
