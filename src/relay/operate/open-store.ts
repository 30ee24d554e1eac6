import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { signedInCredential } from '../../azure/credential.ts';
import { UserError } from '../../domain/errors.ts';
import { relayCredential, tokenHosts } from '../connect/credential.ts';
import { addressesOf } from '../connect/workspaces.ts';
import type { Environment } from '../environment.ts';
import { allowedHosts } from '../outgoing/allowed-hosts.ts';
import { guardedHttpClient } from '../outgoing/guarded-http-client.ts';
import { readAccessSettings } from '../settings.ts';
import { openStore } from '../store/open.ts';
import { LEASE_MS, type RelayStore } from '../store/store.ts';

/**
 * Opens the store of a relay for commands beside it, and never creates one. A storage account is opened as the Entra application
 * of the environment, or else as the signed-in user. @throws ConfigError, UserError
 */
export async function openRelayStore(env: Environment): Promise<RelayStore> {
  const { store, identity, ...cloud } = readAccessSettings(env, (path) => readFileSync(path, 'utf8'));
  if (store.kind === 'sqlite') assertThere(store.file);
  const { authority } = addressesOf(cloud);
  const httpClient = guardedHttpClient(allowedHosts(tokenHosts(authority, env['IDENTITY_ENDPOINT'])));
  const credential =
    identity.kind === 'app'
      ? relayCredential(identity, authority, httpClient)
      : signedInCredential(authority, env['AZURE_TENANT_ID']);
  return openStore(store, credential, { now: Date.now, owner: randomUUID(), leaseMs: LEASE_MS });
}

/** @throws UserError if no relay has created the file */
export function assertThere(file: string): void {
  if (existsSync(file)) return;
  const remedy =
    "Set RELAY_STORE to the relay's SQLite file, or RELAY_STORAGE_ACCOUNT to its storage account, or ask the relay itself with --url; the relay makes its store when it first starts.";
  throw new UserError('relay.no-store', 'there is no store of a relay at this path', {
    where: { file: resolve(file) },
    remedy,
  });
}
