import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicyName,
  type HttpClient,
  type Pipeline,
  redirectPolicyName,
} from '@azure/core-rest-pipeline';
import { checkedEndpoint, isLoopback } from '../domain/endpoint.ts';
import { localTokenPolicy } from './local-token.ts';

/** How to reach Azure Resource Manager, for every client of it. */
export interface ArmOptions {
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** Left out: `<endpoint>/.default`. */
  readonly scope?: string;
  readonly httpClient?: HttpClient;
  /** Repetitions after 408, 429, 5xx and broken connections. Left out: 3. */
  readonly maxRetries?: number;
  /** Milliseconds before the first repetition. Left out: 1000. */
  readonly retryDelayMs?: number;
}

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
