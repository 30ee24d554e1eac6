import type { TokenCredential } from '@azure/identity';
import type { StoreSettings } from '../settings.ts';
import type { RelayStore, StoreOptions } from './store.ts';

/** Opens the configured store; loads only the code of that kind. @throws UserError if it cannot be used */
export async function openStore(
  settings: StoreSettings,
  credential: TokenCredential,
  options: StoreOptions,
): Promise<RelayStore> {
  if (settings.kind === 'sqlite') {
    const { openThreadedStore } = await import('./threaded-store.ts');
    return openThreadedStore(settings.file, { owner: options.owner, leaseMs: options.leaseMs });
  }
  const { openAzureStore } = await import('./azure.ts');
  const { azureStoreClients } = await import('./azure-clients.ts');
  const { storageProblem } = await import('./azure-problem.ts');
  const account = 'connectionString' in settings ? settings : { ...settings, credential };
  try {
    return await openAzureStore(azureStoreClients(account), options);
  } catch (error) {
    throw storageProblem(error);
  }
}
