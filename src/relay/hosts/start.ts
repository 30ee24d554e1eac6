import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from 'hono';
import pino from 'pino';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { UserError } from '../../domain/errors.ts';
import { createRelay, type Relay } from '../relay.ts';
import { readSettings } from '../settings.ts';

/** Standard error: the first line of standard output belongs to whoever started the relay. */
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

/** The config file that `RELAY_CONFIG` names, else the first `signl4.yaml` of `folders`. @throws ConfigError, UserError. */
export function readRelayConfig(env: StartOptions['env'], folders: readonly string[]): Config {
  const name = env['RELAY_CONFIG'] || 'signl4.yaml';
  const file = folders.map((folder) => resolve(folder, name)).find((path) => existsSync(path));
  if (file !== undefined) return loadConfig(readFileSync(file, 'utf8'), name);
  const remedy = 'Put signl4.yaml beside the relay, or name the file in RELAY_CONFIG.';
  throw new UserError('relay.no-config', 'the configuration cannot be read', { where: { file: name }, remedy });
}
