import { playbooksOfDefender } from '../../arm/setup/template.ts';
import type { DirectoryClient } from '../../azure/directory.ts';
import type { WorkflowClient } from '../../azure/workflows.ts';
import { asksGraphWithoutRelay } from '../../config/config.ts';
import { UserError } from '../../domain/errors.ts';
import { GRAPH_APP_ID, type GraphPermission, incidentPermission } from '../../domain/roles.ts';
import type { IoClock } from '../io.ts';
import type { Live } from '../live.ts';
import { patiently } from './patience.ts';
import type { SetupStep, StepState } from './step.ts';

/** Application permissions of Microsoft Graph for managed identities, which templates cannot grant. */

interface Clients {
  readonly directory: DirectoryClient;
  readonly clock: IoClock;
}

/** `find` returns the object id of the identity, or why it is not known yet. */
export function graphStep(
  who: string,
  { name, id: appRoleId }: GraphPermission,
  find: () => Promise<{ readonly principalId: string } | string>,
  { live, directory, clock }: Clients & { readonly live: Pick<Live, 'foreign'> },
): SetupStep {
  const title = `Microsoft Graph permission ${name} for ${who}`;
  if (live.foreign.playbooks) return { title, look: async () => unseen(name), apply: async () => {} };
  return {
    title,
    async look() {
      const found = await find();
      if (typeof found === 'string') return { kind: 'blocked', reason: found };
      // It takes a while until a new identity is known everywhere.
      const held = await patiently(() => directory.permissions(found.principalId), clock);
      return { kind: held.some((permission) => permission.appRoleId === appRoleId) ? 'done' : 'todo' };
    },
    async apply() {
      const found = await find();
      if (typeof found === 'string') throw new UserError('setup.not-yet', found);
      const resourceId = await directory.servicePrincipal(GRAPH_APP_ID);
      if (resourceId === undefined)
        throw new UserError('setup.no-graph', 'the tenant does not know Microsoft Graph', {
          remedy: 'Run this again in some minutes.',
        });
      await patiently(() => directory.grant(found.principalId, { resourceId, appRoleId }), clock);
    },
  };
}

/**
 * Permissions of the playbooks that read Defender incidents; none if a relay does that. `names` limits which playbooks are
 * checked.
 */
export function playbookGraphSteps(
  live: Live,
  names: readonly string[],
  clients: Clients & { readonly workflows: WorkflowClient },
): readonly SetupStep[] {
  if (!asksGraphWithoutRelay(live.config)) return [];
  return playbooksOfDefender
    .filter((name) => names.includes(name))
    .map((name) =>
      graphStep(name, incidentPermission, () => identityOf(name, clients.workflows), { ...clients, live }),
    );
}

async function identityOf(name: string, workflows: WorkflowClient): Promise<{ principalId: string } | string> {
  const deployed = await workflows.find(name);
  if (!deployed) return `${name} is not deployed; run "signl4-sentinel deploy" first`;
  const { principalId } = deployed;
  return principalId === undefined ? `${name} has no managed identity` : { principalId };
}

/** A provider cannot read the customer's directory. */
const unseen = (permission: string): StepState => ({
  kind: 'done',
  note: `cannot be seen from here: the customer gives ${permission} to the identity, see its guide`,
});
