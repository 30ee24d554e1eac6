import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, defaultConfig } from '../config/config.ts';
import { UserError } from '../domain/errors.ts';
import type { Io } from './io.ts';
import { withPatches } from './patch-files.ts';

/** The configuration of this run. */
export interface LoadedConfig {
  readonly config: Config;
  /** As messages call it; undefined where the built-in defaults are used. */
  readonly fileName: string | undefined;
}

/** Looked for in the current folder where no file is named. */
const standardNames = ['signl4.yaml', 'signl4.yml'] as const;

/**
 * Reads the file that `--config` names, else `signl4.yaml` in the current folder, else takes the built-in defaults. The
 * folder `patches` beside it is read with it.
 * The YAML parser and the schema are loaded only where there is a file.
 * @throws UserError where a named file is missing or is not text; ConfigError for what is wrong in it.
 */
export async function readConfigFile(io: Io, named: string | undefined): Promise<LoadedConfig> {
  const fileName = named ?? standardNames.find((name) => existsSync(resolve(io.cwd, name)));
  if (fileName === undefined) return { config: defaultConfig, fileName };
  const text = readText(resolve(io.cwd, fileName), fileName);
  const { loadConfig } = await import('../config/load.ts');
  return { config: withPatches(loadConfig(text, fileName), fileName, io.cwd), fileName };
}

function readText(path: string, fileName: string): string {
  const where = { file: fileName };
  if (!existsSync(path)) {
    const remedy = 'Check the path after --config, or run "signl4-sentinel init" to write one.';
    throw new UserError('config.not-found', 'there is no such file', { where, remedy });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new UserError('config.encoding', 'the file is not UTF-8', { where, remedy: 'Save it as UTF-8.', cause });
  }
}
