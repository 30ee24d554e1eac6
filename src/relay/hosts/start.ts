import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Context } from 'hono';
import pino from 'pino';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { ConfigError } from '../../config/problem.ts';
import { UserError } from '../../domain/errors.ts';
import { createRelay, type Relay } from '../relay.ts';
import { readSettings } from '../settings.ts';

/** Standard error: the first line of standard output belongs to the process that started the relay. */
const STDERR = 2;

export interface StartOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly addressOf: (context: Context) => string | undefined;
}

/** A relay as the environment describes it. @throws ConfigError, UserError. */
export function startRelay({ config, env, version, addressOf }: StartOptions): Promise<Relay> {
  return createRelay({
    config,
    settings: readSettings(env, (path) => readFileSync(path, 'utf8')),
    version,
    logTo: pino.destination({ dest: STDERR, sync: false }),
    identityEndpoint: env['IDENTITY_ENDPOINT'],
    addressOf,
  });
}

/**
 * The config file that `RELAY_CONFIG` names, else the first `signl4.yaml` of `folders`.
 * @throws ConfigError with everything that keeps the relay from starting, in the file and in the environment
 */
export function readRelayConfig(env: StartOptions['env'], folders: readonly string[]): Config {
  const problems: UserError[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...(error instanceof ConfigError ? error.problems : [error]));
      return undefined;
    }
  };
  const config = attempt(() => readConfig(env, folders));
  attempt(() => readSettings(env, (path) => readFileSync(path, 'utf8')));
  const [first, ...others] = problems;
  if (config && !first) return config;
  throw new ConfigError([first ?? new UserError('relay.no-config', 'there is no configuration'), ...others]);
}

/** @throws ConfigError, UserError */
function readConfig(env: StartOptions['env'], folders: readonly string[]): Config {
  const name = env['RELAY_CONFIG'] || 'signl4.yaml';
  const found = folders.map((folder) => resolve(folder, name)).find((path) => existsSync(path));
  const file = found !== undefined && statSync(found).isDirectory() ? join(found, 'signl4.yaml') : found;
  if (file === undefined) throw unreadable(name);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(name, cause);
  }
  return loadConfig(text, name);
}

function unreadable(file: string, cause?: unknown): UserError {
  const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
  const remedy = 'Put signl4.yaml beside the relay, or name the file in RELAY_CONFIG.';
  return new UserError('relay.no-config', `the configuration cannot be read${code}`, {
    ...{ where: { file }, remedy },
    ...(cause !== undefined && { cause }),
  });
}
