import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { isLoopback } from '../domain/endpoint.ts';
import { member, textOf } from '../domain/json.ts';

/**
 * The identity signed in on this machine: environment variables (AZURE_CLIENT_ID, …), workload or managed identity, Azure CLI,
 * Azure PowerShell, Azure Developer CLI, in this order. Loads @azure/identity when the first token is requested.
 */
export function signedInCredential(authority: string, tenantId: string | undefined): TokenCredential {
  let made: Promise<TokenCredential> | undefined;
  const make = async (): Promise<TokenCredential> => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential({ authorityHost: authority, ...(tenantId ? { tenantId } : {}) });
  };
  return {
    async getToken(scopes, options) {
      made ??= make();
      return (await made).getToken(scopes, options);
    },
  };
}

export interface ClientSecret {
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: string;
}

/**
 * Client credentials for the simulator on this machine, which uses plain http, and @azure/identity refuses that.
 * @throws RangeError if the authority is on another machine
 */
export function localCredential(authority: string, { tenantId, clientId, secret }: ClientSecret): TokenCredential {
  if (!isLoopback(new URL(authority).hostname)) throw new RangeError('only for this machine');
  return {
    async getToken(scopes): Promise<AccessToken> {
      const response = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: secret,
          scope: [scopes].flat().join(' '),
        }),
      });
      const answer: unknown = await response.json();
      const token = textOf(member(answer, 'access_token'));
      if (token === undefined)
        throw Object.assign(new Error(`no token: ${textOf(member(answer, 'error_description')) ?? response.status}`), {
          name: 'AuthenticationError',
        });
      const seconds = Number(textOf(member(answer, 'expires_in')) ?? 0);
      return { token, expiresOnTimestamp: Date.now() + seconds * 1000 };
    },
  };
}

/** An application with its secret; on this machine that of the simulated world. Loads @azure/identity when a token is first asked for. */
export function secretCredential(authority: string, client: ClientSecret): TokenCredential {
  if (isLoopback(new URL(authority).hostname)) return localCredential(authority, client);
  return {
    async getToken(scopes, options) {
      const { ClientSecretCredential } = await import('@azure/identity');
      const { tenantId, clientId, secret } = client;
      return new ClientSecretCredential(tenantId, clientId, secret, { authorityHost: authority }).getToken(
        scopes,
        options,
      );
    },
  };
}

/** Errors of @azure/identity: AuthenticationError, CredentialUnavailableError, AggregateAuthenticationError, … */
export function isCredentialError(error: unknown): boolean {
  return error instanceof Error && /(Authentication|Credential)\w*Error$/.test(error.name);
}
