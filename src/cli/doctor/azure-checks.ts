import { APPLICATION_NAME } from '../../domain/roles.ts';
import type { DoctorContext } from './context.ts';
import { type Check, type Finding, failure, ok, rights, unread, unseen, warning } from './finding.ts';

/** The workspace is the one in the configuration, and Sentinel is enabled. */
export const workspaceCheck: Check<DoctorContext> = {
  id: 'workspace',
  right: rights.sentinel,
  async run({ live, resources, sentinel }) {
    const { workspace } = live;
    const found = await resources.workspace(workspace);
    if (!found) {
      const place = `${workspace.subscriptionId}/${workspace.resourceGroup}`;
      return [failure(`there is no workspace ${workspace.name} in ${place}`, 'Check "workspace" in signl4.yaml.')];
    }
    if (found.workspaceId.toLowerCase() !== workspace.workspaceId.toLowerCase())
      return [
        failure(
          `the workspace ${workspace.name} has the id ${found.workspaceId}, not ${workspace.workspaceId}: callbacks would find no incident`,
          `Write workspaceId: ${found.workspaceId} into signl4.yaml, then build and deploy.`,
        ),
      ];
    if (!(await resources.hasSentinel(workspace)))
      return [
        failure(
          `Microsoft Sentinel is not switched on for ${workspace.name}`,
          'Add it in the portal: Microsoft Sentinel, Create.',
        ),
      ];
    for await (const { properties } of sentinel.incidents("properties/status eq 'New'")) {
      const number = (properties as { incidentNumber?: unknown } | undefined)?.incidentNumber;
      return [ok(`${workspace.name} is there, and its incidents can be read (for example ${number ?? 'one'})`)];
    }
    return [ok(`${workspace.name} is there, and its incidents can be read (none is new)`)];
  },
};

const CUSTOM_CONNECTOR = 'SIGNL4CustomConnector';

/** The custom connector and the connections that the playbooks use. */
export const connectionsCheck: Check<DoctorContext> = {
  id: 'connections',
  async run(context) {
    const { resources, playbooks, live } = context;
    const used = new Map(
      playbooks
        .flatMap(({ deployed }) => connectionsOf(deployed?.parameters['$connections']))
        .map((id) => [id.toLowerCase(), id]),
    );
    const found = await Promise.all([...used.values()].map((id) => connectionFinding(id, context)));
    const problems = found.flatMap((finding) => finding ?? []);
    const connector = (await resources.hasCustomConnector(CUSTOM_CONNECTOR))
      ? ok(`the connector ${CUSTOM_CONNECTOR} is in ${live.group.resourceGroup}`)
      : failure(
          `the connector ${CUSTOM_CONNECTOR} is not in ${live.group.resourceGroup}`,
          'Run "signl4-sentinel deploy".',
        );
    const isFine = used.size > 0 && problems.length === 0;
    return [connector, ...problems, ...(isFine ? [ok(`${used.size} connections work`)] : [])];
  },
};

async function connectionFinding(id: string, { resources, live }: DoctorContext): Promise<Finding | undefined> {
  const name = id.split('/').at(-1) ?? id;
  try {
    const connection = await resources.connection(id);
    if (!connection)
      return failure(`the connection ${name} was deleted`, 'Run "signl4-sentinel deploy" to make it again.');
    if (connection.isConnected) return undefined;
    return failure(
      `the connection ${name} does not work: ${connection.problem}`,
      'Portal: the resource group, the connection, Edit API connection, Authorize or enter the API key, Save.',
    );
  } catch (error) {
    return unread(`the connection ${name}`, error, live.signedInTo);
  }
}

/** ARM ids of the connections in a workflow's `$connections`. */
function connectionsOf(value: unknown): readonly string[] {
  return Object.values(Object(value) as Record<string, { connectionId?: unknown }>).flatMap(({ connectionId }) =>
    typeof connectionId === 'string' ? connectionId : [],
  );
}

/** Days before a secret expires from which the check warns. */
const WARNING_DAYS = 30;
const DAY_MS = 86_400_000;

/** The client secret used by SIGNL4's hosted connector or a relay outside Azure; managed identities have none. */
export const secretCheck: Check<DoctorContext> = {
  id: 'secret',
  right: rights.directory,
  async run({ live, directory, now }) {
    if (live.foreign.workspace)
      return [
        unseen(
          "applications of the customer's tenant cannot be seen from another tenant (Azure Lighthouse)",
          `Where "setup apply --app" made one there, ask the customer: az ad app credential list --id <client id of "${APPLICATION_NAME}">.`,
        ),
      ];
    const application = await directory.application(APPLICATION_NAME);
    if (!application) return [ok('no application with a secret: managed identities only')];
    const ends = application.secrets.map((secret) => Date.parse(secret.ends));
    const latest = Math.max(...ends);
    const days = Math.floor((latest - now()) / DAY_MS);
    const remedy =
      'Run "signl4-sentinel setup apply --app --rotate-secret" and enter the new secret where the old one is.';
    if (ends.length === 0 || days < 0)
      return [failure(`the application "${APPLICATION_NAME}" has no valid secret`, remedy)];
    if (days < WARNING_DAYS) return [warning(`the secret of "${APPLICATION_NAME}" ends in ${days} days`, remedy)];
    return [ok(`the secret of "${APPLICATION_NAME}" is valid for ${days} days`)];
  },
};
