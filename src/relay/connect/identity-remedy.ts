import type { IdentitySettings } from '../settings.ts';

/** What an operator does about a relay that gets no token. Names the settings, never their values. */
export const identityRemedies = {
  /** Neither an application nor a managed identity. */
  none: 'Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of an Entra application, or assign a managed identity to the machine (a user-assigned one: AZURE_CLIENT_ID, too). The relay does not use "az login".',
  /** An application that Entra does not take. */
  refused:
    'Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET: the secret may have expired, and Entra must be reachable.',
} as const;

export function identityRemedy({ kind }: Pick<IdentitySettings, 'kind'>): string {
  return kind === 'managed' ? identityRemedies.none : identityRemedies.refused;
}

/** By the credential that failed: `CredentialUnavailableError` is that of one which is not there. */
export function remedyOfCredentialError({ name, message }: Error): string {
  return /Unavailable/.test(name) || /ManagedIdentity/.test(message) ? identityRemedies.none : identityRemedies.refused;
}
