import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, defaultConfig } from '../config/config.ts';
import type { Io } from './io.ts';
import { withPatches } from './patch-files.ts';
import { readText } from './read-text.ts';

/** The configuration of this run. */
export interface LoadedConfig {
  readonly config: Config;
  /** As messages call it; undefined where the built-in defaults are used. */
  readonly fileName: string | undefined;
}

/** File names to look for in the current folder if none is given. */
const standardNames = ['signl4.yaml', 'signl4.yml'] as const;

/**
 * Reads the file that `--config` names (for a folder, its `signl4.yaml`), otherwise `signl4.yaml` in the current folder,
 * otherwise the built-in defaults. Reads the `patches` folder beside the file, too.
 * The YAML parser and the schema are only loaded if there is a file.
 * @throws UserError if a named file is missing or is not text; ConfigError for what is wrong in it.
 */
export async function readConfigFile(io: Io, named: string | undefined): Promise<LoadedConfig> {
  const fileName = named ?? standardNames.find((name) => existsSync(resolve(io.cwd, name)));
  if (fileName === undefined) return { config: defaultConfig, fileName };
  const { text, file } = readConfigText(io, fileName);
  const { loadConfig } = await import('../config/load.ts');
  return { config: withPatches(loadConfig(text, file), file, io.cwd), fileName: file };
}

/** The text of a configuration; a folder stands for the one in it. @throws UserError `config.…` */
export function readConfigText(io: Pick<Io, 'cwd'>, named: string): { text: string; file: string } {
  const remedy = 'Check the path after --config, or run "signl4-sentinel init" to write one.';
  return readText(io, named, { inFolder: standardNames, kind: 'config', remedy });
}
