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

/** Looked for in the current folder where no file is named. */
const standardNames = ['signl4.yaml', 'signl4.yml'] as const;

/**
 * Reads the file that `--config` names (of a folder the `signl4.yaml` in it), else `signl4.yaml` in the current folder, else takes the built-in defaults. The
 * folder `patches` beside it is read with it.
 * The YAML parser and the schema are loaded only where there is a file.
 * @throws UserError where a named file is missing or is not text; ConfigError for what is wrong in it.
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
