import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { localCredential } from '../../azure/credential.ts';
import { isLoopback } from '../../domain/endpoint.ts';
import type { IdentitySettings } from '../settings.ts';

/** Who the relay is to Azure: its managed identity, or an app registration with a secret. Loads @azure/identity when first asked. */
export function relayCredential(
  identity: IdentitySettings,
  authority: string,
  httpClient: HttpClient,
): TokenCredential {
  let made: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes, options) {
      made ??= makeCredential(identity, authority, httpClient);
      return (await made).getToken(scopes, options);
    },
  };
}

async function makeCredential(
  identity: IdentitySettings,
  authorityHost: string,
  httpClient: HttpClient,
): Promise<TokenCredential> {
  const { ClientSecretCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (identity.kind === 'managed') {
    const { clientId } = identity;
    return new ManagedIdentityCredential({ ...(clientId === undefined ? {} : { clientId }), httpClient });
  }
  if (isLoopback(new URL(authorityHost).hostname)) return localCredential(authorityHost, identity);
  return new ClientSecretCredential(identity.tenantId, identity.clientId, identity.secret, {
    authorityHost,
    httpClient,
  });
}

/** Hosts that give tokens: Entra, and where a managed identity is asked for (App Service and Functions, or the machine). */
export function tokenHosts(authority: string, identityEndpoint: string | undefined): readonly string[] {
  return [authority, identityEndpoint ?? '', 'http://169.254.169.254'];
}
