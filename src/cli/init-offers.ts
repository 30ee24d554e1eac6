import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import type { FoundWorkspace } from '../azure/workspaces.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Io } from './io.ts';
import { openSession } from './live.ts';

/** What `init` can offer instead of asking: what the signed-in account sees. Finding nothing is not an error. */
export async function offeredWorkspaces(io: Io, credential?: TokenCredential): Promise<readonly FoundWorkspace[]> {
  if (!credential && !isSignedIn(io.env)) return [];
  const { sentinelWorkspaces } = await import('../azure/workspaces.ts');
  try {
    return await sentinelWorkspaces({ ...openSession(io, credential), maxRetries: 0 });
  } catch {
    return [];
  }
}

/** Without a trace of a sign-in nothing is tried: looking for one in vain takes long. */
function isSignedIn(env: Io['env']): boolean {
  const { AZURE_CLIENT_ID, AZURE_CONFIG_DIR, HOME, USERPROFILE } = env;
  const folder = AZURE_CONFIG_DIR ?? join(HOME ?? USERPROFILE ?? '.', '.azure');
  return Boolean(AZURE_CLIENT_ID) || existsSync(join(folder, 'azureProfile.json'));
}

/** Lets the person choose by number; undefined: none of them. */
export async function chooseWorkspace(
  found: readonly FoundWorkspace[],
  ask: NonNullable<Io['ask']>,
  note: (text: string) => void,
): Promise<JsonObject | undefined> {
  if (found.length === 0) return undefined;
  note('Workspaces with Microsoft Sentinel that you are signed in to:');
  for (const [index, { name, resourceGroup, subscription }] of found.entries())
    note(`  ${index + 1}  ${name} (${resourceGroup}, ${subscription})`);
  for (;;) {
    const answer = (await ask(`Which one? 1 to ${found.length}, Enter for none of them`))?.trim();
    if (!answer) return undefined;
    const chosen = /^\d+$/.test(answer) ? found[Number(answer) - 1] : undefined;
    if (chosen) {
      const { subscription: _, ...workspace } = chosen;
      return { workspace: { ...workspace } };
    }
    note(`  "${answer}" is none of 1 to ${found.length}`);
  }
}
