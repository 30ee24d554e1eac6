import type { TokenCredential } from '@azure/identity';
import { isCredentialError } from '../../azure/credential.ts';

/** The longest wait for an answer to whether the relay is ready. */
const WAIT_MS = 4_000;

/**
 * Whether the relay is somebody to Azure: rejects where it never had a token, and where it is refused one. Once it had one,
 * Entra that cannot be reached is no reason: tokens last an hour, and pages go out without Azure.
 */
export function identityCheck(credential: TokenCredential, scope: string): () => Promise<void> {
  let hadToken = false;
  return async () => {
    const late = AbortSignal.timeout(WAIT_MS);
    try {
      const token = await Promise.race([credential.getToken(scope, { abortSignal: late }), aborted(late)]);
      if (token === null) throw new NoToken();
      hadToken = true;
    } catch (error) {
      if (!hadToken || isCredentialError(error) || error instanceof NoToken) throw error;
    }
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
