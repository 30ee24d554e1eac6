import type { DeploymentClient } from '../../azure/deployments.ts';
import { UserError } from '../../domain/errors.ts';
import type { PlannedDeployment } from '../deployments.ts';
import type { Io } from '../io.ts';

/**
 * Automation rules come last: Sentinel only accepts a rule if it may run the rule's playbook, and its role takes effect slowly.
 */

/** Azure promises no more than "up to 10 minutes". */
const LONGEST_WAIT_MS = 10 * 60_000;
const EVERY_MS = 15_000;

/** What Sentinel answers while its role on the playbooks takes effect; the second message is misleading about the playbook. */
const roleIsSpreading =
  /Missing required permissions for Microsoft Sentinel|is not using Microsoft Sentinel Incident trigger|was not found or is not accessible/i;

/**
 * Deploys the rules, retrying while Sentinel's role has not taken effect. `mayWait` is false if this run granted nothing that
 * could still take effect.
 * @throws UserError as the deployment does, after ten minutes at most
 */
export async function deployRules(
  client: DeploymentClient,
  rules: PlannedDeployment,
  { io, mayWait, isForeign }: { readonly io: Io; readonly mayWait: boolean; readonly isForeign: boolean },
): Promise<void> {
  const start = io.clock.now();
  for (;;) {
    try {
      await client.deploy(rules);
      return;
    } catch (error) {
      const isEarly = error instanceof UserError && roleIsSpreading.test(error.message);
      if (!isEarly) throw error;
      const waited = io.clock.now() - start;
      if (!mayWait || waited >= LONGEST_WAIT_MS)
        throw withoutRole(error, isForeign ? whatCustomersGive : mayWait ? later : somebodyElse);
      if (waited === 0)
        io.note('Waiting until the role of Microsoft Sentinel on the playbooks works; that takes up to 10 minutes.');
      else if (io.isTerminal) io.note(`  … ${Math.round(waited / 1000)} s`);
      await io.clock.sleep(EVERY_MS);
    }
  }
}

const later =
  'Run "signl4-sentinel deploy" again in some minutes; "signl4-sentinel doctor" tells whether the role is there.';
const somebodyElse =
  'Let somebody who may assign roles (Owner, User Access Administrator) run "signl4-sentinel setup apply", then deploy again.';
const whatCustomersGive =
  'Only the customer can give what is missing: the permission under Microsoft Sentinel, Settings, Playbook permissions, and the authorization of Microsoft Sentinel in the delegation of Azure Lighthouse ("signl4-sentinel setup check" has it). Then deploy again.';

function withoutRole(error: UserError, remedy: string): UserError {
  return new UserError('deploy.sentinel-role', error.message, {
    remedy: `Everything else is deployed. ${remedy}`,
    cause: error,
  });
}
