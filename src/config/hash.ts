import { createHash } from 'node:crypto';
import { isJsonObject, type Json } from '../domain/json.ts';
import type { Config } from './config.ts';

/**
 * SHA-256 (hex) of the whole configuration with defaults: equal for equal meaning, however the file is written. Parameters of the
 * message are hashed as pairs because their order matters. Recorded in `manifest.json`.
 */
export function configHash(config: Config): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(plain(config))))
    .digest('hex');
}

function plain(config: Config): Json {
  return {
    ...(config as unknown as Record<string, Json>),
    message: { ...config.message, parameters: Object.entries(config.message.parameters) } as unknown as Json,
    targets: config.targets.map((target) => ({ name: target.name, config: plain(target.config) })),
  };
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : [[key, sorted(member)] as const],
  );
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
