import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { createRemoval } from '../azure/removal.ts';
import { groupPath } from '../azure/scope.ts';
import { UserError } from '../domain/errors.ts';
import { takeInventory } from './destroy/inventory.ts';
import type { Inventory, Made } from './destroy/made.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { liveError } from './live-error.ts';

interface DestroyOptions extends LiveOptions {
  readonly yes?: true;
  readonly whatIf?: true;
  readonly json?: true;
}

/** `destroy`: removes what deploy and setup created, and nothing else. `credential` is for tests. */
export function destroyCommand(io: Io, credential?: TokenCredential): Command {
  return addLiveOptions(
    new Command('destroy').description('remove what deploy and setup made, and nothing else; asks first'),
  )
    .option('-y, --yes', 'ask nothing')
    .option('--what-if', 'only list what would go')
    .option('--json', 'print { removed, kept, failed }; with --what-if { made, kept }')
    .addHelpText(
      'after',
      '\nThe application of "setup --app", its role, a relay that was deployed by hand and the resource group stay: docs/azure.md says how those go.',
    )
    .action((options: DestroyOptions) =>
      withLive(io, options, credential, (live, told) => destroy(live, options, told)),
    );
}

async function destroy(live: Live, options: DestroyOptions, io: Io): Promise<void> {
  const inventory = await takeInventory(live);
  const titles = inventory.made.map(({ title }) => title);
  if (!options.json) io.print(listing(inventory, live));
  if (options.whatIf || titles.length === 0) {
    if (options.json) io.print(JSON.stringify({ made: titles, kept: inventory.kept }, null, 2));
    return;
  }
  const removal = createRemoval(live.arm);
  for (const place of [live.group, live.workspace]) {
    const locks = await removal.locks(groupPath(place));
    if (locks.length === 0) continue;
    const { resourceGroup } = place;
    throw new UserError('destroy.locked', `${resourceGroup} is locked (${locks.join(', ')}); nothing was removed`, {
      remedy: `See the locks: az lock list --resource-group ${resourceGroup}. Those who set them can remove them.`,
    });
  }
  if (!options.yes && !(await isWanted(io))) return;
  const outcome = await removeAll(inventory.made, options, io);
  if (options.json) io.print(JSON.stringify({ ...outcome, kept: inventory.kept }, null, 2));
  if (outcome.failed.length > 0) io.setExitCode(1);
}

function listing({ made, kept }: Inventory, { group }: Live): string {
  const list =
    made.length === 0
      ? [`Nothing of ours is in ${group.resourceGroup}.`]
      : ['To be removed:', ...made.map(({ title }) => `  - ${title}`)];
  return [...list, ...(kept.length > 0 ? ['Stays:', ...kept.map((each) => `    ${each}`)] : [])].join('\n');
}

/** @throws UserError without a terminal; the list is then all that was printed */
async function isWanted(io: Io): Promise<boolean> {
  if (!io.ask)
    throw new UserError('usage.unattended', 'nothing was removed: nobody can be asked here', {
      remedy: 'Add --yes to remove what is listed, or --what-if to only list it.',
    });
  const answer = await io.ask('Remove all of it? Type yes:');
  if (answer?.trim().toLowerCase() === 'yes') return true;
  io.note('Nothing was removed.');
  return false;
}

/** Removes everything; a failure does not stop the rest. */
async function removeAll(made: readonly Made[], { json }: DestroyOptions, io: Io) {
  const removed: string[] = [];
  const failed: { readonly title: string; readonly reason: string }[] = [];
  for (const { title, remove } of made) {
    try {
      await remove();
      removed.push(title);
      if (!json) io.print(`removed ${title}`);
    } catch (error) {
      const told = liveError(error, '');
      if (!(told instanceof UserError)) throw error;
      const reason = [told.message, told.remedy].filter(Boolean).join('. ');
      failed.push({ title, reason });
      if (!json) io.print(`failed  ${title} (${reason})`);
    }
  }
  return { removed, failed };
}
