import { PLAYBOOK_RESPONDER } from '../../arm/setup/template.ts';
import type { DirectoryClient } from '../../azure/directory.ts';
import type { RoleClient } from '../../azure/roles.ts';
import { groupPath, workspacePath } from '../../azure/scope.ts';
import type { DeployedWorkflow, WorkflowClient } from '../../azure/workflows.ts';
import { memberAt } from '../../domain/json.ts';
import { builtInRoles, incidentPermission } from '../../domain/roles.ts';
import { createSignl4Client } from '../../signl4/client.ts';
import { SWITCHED_OFF } from '../deploy/late-start.ts';
import { findLeftovers, isOn, NO_USE } from '../leftovers.ts';
import type { Live } from '../live.ts';
import { deployedResponseIds } from '../responses.ts';
import { allCallbacks, callbacksOf, isNamed, leadsTo } from '../signl4-webhook.ts';
import type { SetupStep } from './step.ts';

interface Clients {
  readonly workflows: WorkflowClient;
  readonly roles: RoleClient;
  readonly directory: DirectoryClient;
}

/**
 * Disables playbooks that the configuration no longer needs, and deletes the webhooks in SIGNL4 that call them. No steps if
 * nothing is left over.
 */
export async function retireSteps(live: Live, clients: Clients): Promise<readonly SetupStep[]> {
  let leftovers: readonly DeployedWorkflow[];
  try {
    leftovers = await findLeftovers(live, clients.workflows);
  } catch (error) {
    // If the user may not read the playbooks, this step reports it and the others still run.
    return [unreadStep(error)];
  }
  const steps = leftovers.filter(isOn).map((deployed) => switchOffStep(live, deployed, clients));
  const webhooks = await Promise.all(
    allCallbacks(live)
      .filter(({ playbook }) => !callbacksOf(live).some((wanted) => wanted.playbook === playbook))
      .map(async ({ playbook, webhook }) => {
        const deployed = leftovers.find(({ name }) => name === playbook);
        const find = () => staleWebhooks(live, webhook, deployed, clients.workflows);
        // If SIGNL4 cannot be asked now, keep the step: it asks again and reports the error.
        const isThere = live.signl4.apiKey
          ? await find().then(
              ({ length }) => length > 0,
              () => true,
            )
          : deployed !== undefined && isOn(deployed);
        return isThere ? [webhookStep(live, webhook, find)] : [];
      }),
  );
  return [...steps, ...webhooks.flat()];
}

function unreadStep(error: unknown): SetupStep {
  const fail = async () => {
    throw error;
  };
  return { title: 'Playbooks without use switched off', look: fail, apply: fail };
}

function switchOffStep(live: Live, deployed: DeployedWorkflow, clients: Clients): SetupStep {
  return {
    title: `${deployed.name} switched off`,
    look: async () => ({ kind: 'todo', note: NO_USE }),
    async apply(tell) {
      await clients.workflows.disable(deployed.id, SWITCHED_OFF);
      for (const line of await whatItMayStill(live, deployed, clients)) tell(line);
    },
  };
}

function webhookStep(live: Live, name: string, find: () => Promise<readonly { readonly id: string }[]>): SetupStep {
  return {
    title: `Outbound webhook "${name}" removed from SIGNL4`,
    async look() {
      if (!live.signl4.apiKey)
        return {
          kind: 'blocked',
          reason:
            'SIGNL4_API_KEY is not set: set it (SIGNL4 portal: Integrations, API keys), or remove the webhook in the SIGNL4 portal',
        };
      return { kind: (await find()).length > 0 ? 'todo' : 'done' };
    },
    async apply() {
      const signl4 = createSignl4Client(live.signl4);
      for (const { id } of await find()) await signl4.deleteWebhook(id);
    },
  };
}

/** Webhooks, matched by name or address, that call a playbook which is no longer needed. */
export async function staleWebhooks(
  live: Live,
  name: string,
  deployed: DeployedWorkflow | undefined,
  workflows: WorkflowClient,
) {
  const [trigger] = Object.keys(Object(memberAt(deployed?.definition, 'triggers')));
  const url = deployed && trigger !== undefined ? await workflows.callbackUrl(deployed.name, trigger) : undefined;
  const webhooks = await createSignl4Client(live.signl4).webhooks();
  return webhooks.filter(
    (webhook) => isNamed(webhook, name, live) || (url !== undefined && leadsTo(webhook.url, { url, isWhole: true })),
  );
}

/** Roles and permissions of its identity. They are kept, so that the playbook works if it is enabled again. */
async function whatItMayStill(
  live: Live,
  deployed: DeployedWorkflow,
  { roles, directory }: Clients,
): Promise<readonly string[]> {
  const { name, principalId } = deployed;
  if (principalId === undefined) return [];
  const responses = name === PLAYBOOK_RESPONDER ? deployedResponseIds(deployed) : [];
  const scopes = [workspacePath(live.workspace), groupPath(live.group), ...responses];
  try {
    const held = await Promise.all(
      scopes.map(async (scope) => {
        const all = await roles.assignments(scope, principalId);
        return all.filter((each) => each.scope.toLowerCase() === scope.toLowerCase());
      }),
    );
    const permissions = await directory.permissions(principalId).catch(() => []);
    return [
      ...held
        .flat()
        .map(
          ({ id, roleId, scope }) =>
            `${name} still has the role ${roleNames[roleId] ?? roleId} on ${scope}: az role assignment delete --ids "${id}"`,
        ),
      ...permissions
        .filter(({ appRoleId }) => appRoleId === incidentPermission.id)
        .map(
          () =>
            `${name} still has the permission ${incidentPermission.name} of Microsoft Graph: it goes with the playbook, or in Entra, Enterprise applications, ${name}, Permissions`,
        ),
    ];
  } catch {
    return [`Which roles ${name} still has cannot be read.`];
  }
}

const roleNames: Readonly<Record<string, string>> = {
  [builtInRoles.sentinelResponder]: 'Microsoft Sentinel Responder',
  [builtInRoles.sentinelPlaybookOperator]: 'Microsoft Sentinel Playbook Operator',
  [builtInRoles.reader]: 'Reader',
};
