import { bearerTokenAuthenticationPolicyName, type Pipeline, redirectPolicyName } from '@azure/core-rest-pipeline';
import { checkedEndpoint, isLoopback } from '../domain/endpoint.ts';
import { localTokenPolicy } from './local-token.ts';
import type { RestOptions } from './rest.ts';

/** How to reach Azure Resource Manager, for every client of it. */
export type ArmOptions = Omit<RestOptions, 'service'>;

/** The same for Microsoft's own management clients. */
export function managementOptions({ endpoint, scope, httpClient, maxRetries = 3, retryDelayMs = 1000 }: ArmOptions) {
  const address = checkedEndpoint(endpoint);
  return {
    endpoint: address,
    $host: address,
    allowInsecureConnection: isLoopback(new URL(address).hostname),
    retryOptions: { maxRetries, retryDelayInMs: retryDelayMs },
    ...(scope ? { credentialScopes: scope } : {}),
    ...(httpClient ? { httpClient } : {}),
  };
}

/** Keeps a management client from following redirects, and lets it talk to the simulated world on this machine. */
export function withOurPolicies<Client extends { readonly pipeline: Pipeline }>(
  client: Client,
  { endpoint, credential, scope }: ArmOptions,
): Client {
  client.pipeline.removePolicy({ name: redirectPolicyName });
  if (isLoopback(new URL(endpoint).hostname)) {
    client.pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
    client.pipeline.addPolicy(localTokenPolicy(credential, scope ?? `${endpoint}/.default`), { afterPhase: 'Retry' });
  }
  return client;
}
