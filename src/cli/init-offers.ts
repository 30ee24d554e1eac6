import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import type { FoundWorkspace } from '../azure/workspaces.ts';
import { UserError } from '../domain/errors.ts';
import { listOf, member, parseJson, textOf } from '../domain/json.ts';
import type { Io } from './io.ts';
import { openSession } from './live.ts';
import { liveError } from './live-error.ts';

/** What `init` can offer instead of asking: what the signed-in account sees, and what the Azure CLI remembers. */
export interface KnownToAzure {
  readonly workspaces: readonly FoundWorkspace[];
  /** Of a workspace that the person named, where it is known. */
  about(subscriptionId: string, workspace: string): { readonly workspaceId?: string; readonly tenantId?: string };
}

export const nothingKnown: KnownToAzure = { workspaces: [], about: () => ({}) };

/** Finding nothing is not an error; why nothing could be found is said. */
export async function askAzure(io: Io, credential?: TokenCredential): Promise<KnownToAzure> {
  if (!credential && !isSignedIn(io.env)) return nothingKnown;
  const tenants = tenantsOfCli(io.env);
  const workspaces = await offeredWorkspaces(io, credential);
  return {
    workspaces,
    about(subscriptionId, workspace) {
      const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
      const found = workspaces.find((each) => same(each.subscriptionId, subscriptionId) && same(each.name, workspace));
      const tenantId = found?.tenantId ?? tenants.get(subscriptionId.toLowerCase());
      return { ...(found && { workspaceId: found.workspaceId }), ...(tenantId !== undefined && { tenantId }) };
    },
  };
}

async function offeredWorkspaces(io: Io, credential: TokenCredential | undefined): Promise<readonly FoundWorkspace[]> {
  if (io.isTerminal) io.note('Asking Azure which workspaces you have …');
  const { sentinelWorkspaces } = await import('../azure/workspaces.ts');
  try {
    const found = await sentinelWorkspaces({ ...openSession(io, credential), maxRetries: 0 });
    if (found.length === 0)
      io.note('The account that is signed in to Azure sees no workspace with Microsoft Sentinel.');
    else io.note('Workspaces with Microsoft Sentinel that you are signed in to:');
    for (const [index, { name, resourceGroup, subscription }] of found.entries())
      io.note(`  ${index + 1}  ${name} (${resourceGroup}, ${subscription})`);
    return found;
  } catch (error) {
    const told = liveError(error, '');
    const reason = told instanceof UserError ? told.message : 'it did not answer as expected';
    io.note(`Azure could not be asked for your workspaces: ${reason}. Type what you know.`);
    return [];
  }
}

function profileFolder({ AZURE_CONFIG_DIR, HOME, USERPROFILE }: Io['env']): string {
  return AZURE_CONFIG_DIR ?? join(HOME ?? USERPROFILE ?? '.', '.azure');
}

/** Without a trace of a sign-in nothing is tried: looking for one in vain takes long. */
function isSignedIn(env: Io['env']): boolean {
  return Boolean(env['AZURE_CLIENT_ID']) || existsSync(join(profileFolder(env), 'azureProfile.json'));
}

/** Subscription to tenant, as `az account list` has them; the file begins with a byte order mark. */
function tenantsOfCli(env: Io['env']): ReadonlyMap<string, string> {
  const tenants = new Map<string, string>();
  try {
    const text = readFileSync(join(profileFolder(env), 'azureProfile.json'), 'utf8');
    for (const each of listOf(member(parseJson(text.replace(/^\uFEFF/, '')), 'subscriptions'))) {
      const [id, tenantId] = [textOf(member(each, 'id')), textOf(member(each, 'tenantId'))];
      if (id !== undefined && tenantId !== undefined) tenants.set(id.toLowerCase(), tenantId);
    }
  } catch {
    // Not there, or not to be read: then it offers nothing.
  }
  return tenants;
}
