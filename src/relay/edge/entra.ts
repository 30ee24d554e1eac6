import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { listOf } from '../../domain/json.ts';

/** Which Entra tokens are accepted. */
export interface EntraSettings {
  readonly tenantId: string;
  /** Application ids, or their `api://…` addresses. */
  readonly audiences: readonly string[];
  /** App role that the token must have. */
  readonly role: string;
  /** `https://login.microsoftonline.com` */
  readonly authority: string;
}

export interface TokenCheck {
  /** The caller's object id, or why the token is rejected. */
  verify(token: string): Promise<{ readonly caller: string } | { readonly problem: string }>;
}

/**
 * Validates access tokens of one tenant: signature (keys are fetched and cached), issuer, audience, lifetime, role. Accepts v1
 * and v2 tokens: the manifest of the resource decides whether the issuer is `sts.windows.net` or
 * `login.microsoftonline.com/…/v2.0`.
 */
export function entraTokens(settings: EntraSettings, fetchKeys: typeof fetch, now: () => Date): TokenCheck {
  const { tenantId, authority, audiences, role } = settings;
  const keys: JWTVerifyGetKey = createRemoteJWKSet(new URL(`${authority}/${tenantId}/discovery/v2.0/keys`), {
    timeoutDuration: 5_000,
    [customFetch]: fetchKeys,
  });
  const issuer = [`${authority}/${tenantId}/v2.0`, `https://sts.windows.net/${tenantId}/`];
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience: [...audiences],
          algorithms: ['RS256'],
          // A token without expiry would be valid for ever.
          requiredClaims: ['exp'],
          clockTolerance: 60,
          currentDate: now(),
        });
        if (!listOf(payload['roles']).includes(role)) return { problem: `the token lacks the role ${role}` };
        return { caller: String(payload['oid'] ?? payload.sub ?? 'unknown') };
      } catch (error) {
        return { problem: error instanceof errors.JOSEError ? tokenProblem(error) : 'the token cannot be checked' };
      }
    },
  };
}

function tokenProblem(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's ${error.claim} is not the expected one`;
  if (error instanceof errors.JWKSTimeout) return 'the keys of Entra did not come in time';
  return 'the token is not valid';
}
