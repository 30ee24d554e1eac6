import { type JsonObject, member, memberAt, textOf } from '../domain/json.ts';
import { createRestClient, type RestOptions } from './rest.ts';

/** Secrets of one key vault (data plane, 7.4). */

const API_VERSION = '7.4';

export type KeyVaultOptions = Omit<RestOptions, 'service'>;

export interface VaultSecret {
  readonly value: string;
  /** ISO 8601. */
  readonly ends: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface KeyVault {
  /** Undefined where there is none of this name. */
  find(name: string): Promise<VaultSecret | undefined>;
  /** Creates a new version; earlier ones can still be read by id. */
  store(name: string, secret: VaultSecret): Promise<void>;
}

export function createKeyVault(options: KeyVaultOptions): KeyVault {
  const rest = createRestClient({ service: 'Key Vault', ...options });
  const query = { 'api-version': API_VERSION };
  const path = (name: string) => `/secrets/${encodeURIComponent(name)}`;
  return {
    async find(name) {
      try {
        const { body } = await rest.send({ method: 'GET', path: path(name), query });
        const ends = Number(textOf(memberAt(body, 'attributes', 'exp')) ?? 0);
        const tags = Object(member(body, 'tags')) as Record<string, string>;
        return { value: textOf(member(body, 'value')) ?? '', ends: new Date(ends * 1000).toISOString(), tags };
      } catch (error) {
        if (member(error, 'code') === 'SecretNotFound') return undefined;
        throw error;
      }
    },
    async store(name, { value, ends, tags }) {
      const attributes: JsonObject = { enabled: true, exp: Math.floor(Date.parse(ends) / 1000) };
      await rest.send({ method: 'PUT', path: path(name), query, body: { value, attributes, tags } });
    },
  };
}
