import { readFileSync } from 'node:fs';
import { clouds } from '../../azure/cloud.ts';
import { signedInCredential } from '../../azure/credential.ts';
import { UserError } from '../../domain/errors.ts';
import { type Environment, readEnvironment } from '../environment.ts';
import { type LetterSource, lettersOfRelay, lettersOfStore } from './letter-source.ts';
import { openRelayStore } from './open-store.ts';

/**
 * Calls `use` with the dead letters of the relay at `url`, authenticated with RELAY_KEY or as the signed-in user
 * (RELAY_ENTRA_AUDIENCE); without a `url`, with those of the store that the environment names. @throws ConfigError, UserError
 */
export async function withLetters(
  env: Environment,
  url: string | undefined,
  use: (source: LetterSource) => Promise<void>,
): Promise<void> {
  if (url !== undefined) return use(lettersOfRelay(url, await authorizationOf(env, url)));
  const store = await openRelayStore(env);
  try {
    await use(lettersOfStore(store.deadLetters));
  } finally {
    await store.close();
  }
}

async function authorizationOf(env: Environment, url: string): Promise<Readonly<Record<string, string>>> {
  const reader = readEnvironment({ ...env, '--url': url }, (path) => readFileSync(path, 'utf8'));
  reader.address('--url');
  const [key] = reader.strongSecrets('RELAY_KEY');
  reader.finish();
  if (key !== undefined) return { 'x-api-key': key };
  const audience = reader.text('RELAY_ENTRA_AUDIENCE').split(/[\s,]+/)[0];
  if (!audience) {
    const remedy = 'Set RELAY_KEY to its key, or RELAY_ENTRA_AUDIENCE where it takes Entra tokens.';
    throw new UserError('relay.no-key', 'the relay does not open without a key', { remedy });
  }
  const credential = signedInCredential(clouds.AzureCloud.authority, reader.text('AZURE_TENANT_ID') || undefined);
  const token = await credential.getToken(`${audience}/.default`);
  return { authorization: `Bearer ${token?.token ?? ''}` };
}
