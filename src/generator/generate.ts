import { bicepModule } from '../bicep/module.ts';
import type { Config } from '../config/config.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Assets } from './assets.ts';
import { environment } from './environment.ts';
import { below, type Files, manifest, merge } from './output.ts';
import { releases } from './releases.ts';

export interface BuildOutput {
  readonly files: Files;
  /** What the person should know: which part of a filter ended up where. */
  readonly notes: readonly string[];
}

/** Formats in which `build` writes templates. */
export const formats = ['arm', 'bicep'] as const;
export type Format = (typeof formats)[number];

/**
 * Everything that `build` writes: a pure function, so equal configs give equal bytes. With `bicep` a module is added for every
 * template.
 */
export async function generate(
  config: Config,
  configHash: string,
  assets: Assets,
  format: Format = 'arm',
): Promise<BuildOutput> {
  const [release] = releases;
  const own = environment(config, release, assets.text);
  const targets = config.targets.map((target) => ({
    name: target.name,
    ...environment(target.config, release, assets.text),
  }));
  const written = merge(
    assets.published(),
    new Map([['relay/relay.mjs', await assets.relay()]]),
    own.files,
    ...targets.map(({ name, files }) => below(`targets/${name}`, files)),
  );
  const files = format === 'bicep' ? merge(written, bicepModules(written)) : written;
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

/** A module for each template that people deploy, except those of Content Hub, which only accepts JSON. */
function bicepModules(files: Files): Files {
  const templates = [...files].filter(([path]) => path.endsWith('azuredeploy.json') && !path.startsWith('solution/'));
  return merge(
    ...templates.map(([path, content]) =>
      bicepModule(JSON.parse(String(content)) as JsonObject, path.replace(/\.json$/, '.bicep')),
    ),
  );
}
