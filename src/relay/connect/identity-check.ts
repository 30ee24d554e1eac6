import type { TokenCredential } from '@azure/identity';
import { isCredentialError } from '../../azure/credential.ts';

/** The longest wait for an answer to whether the relay is ready. */
const WAIT_MS = 4_000;

/** What the relay is to Azure. `lost`: it had tokens and gets none at the moment. */
export type Identity = { readonly state: 'known' } | { readonly state: 'lost'; readonly error: unknown };

/**
 * Whether the relay is somebody to Azure: rejects where it never had a token. Once it had one, being refused is told but is no
 * reason to take the relay out of rotation: what SIGNL4 tells it is stored for a day, and pages go out without Azure. Entra that
 * cannot be reached is not even told: tokens last an hour.
 */
export function identityCheck(credential: TokenCredential, scope: string): () => Promise<Identity> {
  let hadToken = false;
  return async () => {
    const late = AbortSignal.timeout(WAIT_MS);
    try {
      const token = await Promise.race([credential.getToken(scope, { abortSignal: late }), aborted(late)]);
      if (token === null) throw new NoToken();
      hadToken = true;
    } catch (error) {
      if (!hadToken) throw error;
      if (isCredentialError(error) || error instanceof NoToken) return { state: 'lost', error };
    }
    return { state: 'known' };
  };
}

class NoToken extends Error {
  constructor() {
    super('there is no token');
    this.name = 'CredentialUnavailableError';
  }
}

/** Not every credential looks at its signal. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
