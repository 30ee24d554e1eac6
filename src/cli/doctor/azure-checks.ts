import { APPLICATION_NAME } from '../../domain/roles.ts';
import type { DoctorContext } from './context.ts';
import { type Check, failure, ok, warning } from './finding.ts';

/** The workspace is the one that the configuration means, and Sentinel is on. */
export const workspaceCheck: Check<DoctorContext> = {
  id: 'workspace',
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

/** The custom connector and the connections that the playbooks go through. */
export const connectionsCheck: Check<DoctorContext> = {
  id: 'connections',
  async run({ live, resources, playbooks }) {
    const group = live.group.resourceGroup;
    const used = new Set(playbooks.flatMap(({ deployed }) => connectionsOf(deployed?.parameters['$connections'])));
    const hasConnector = await resources.hasCustomConnector(CUSTOM_CONNECTOR);
    const connections = (await resources.connections()).filter(({ name }) => used.has(name.toLowerCase()));
    const broken = connections.filter(({ isConnected }) => !isConnected);
    return [
      hasConnector
        ? ok(`the connector ${CUSTOM_CONNECTOR} is in ${group}`)
        : failure(`the connector ${CUSTOM_CONNECTOR} is not in ${group}`, 'Run "signl4-sentinel deploy".'),
      ...broken.map(({ name, problem }) =>
        failure(
          `the connection ${name} does not work: ${problem}`,
          'Portal: the resource group, the connection, Edit API connection, Authorize or enter the API key, Save.',
        ),
      ),
      ...(connections.length > 0 && broken.length === 0 ? [ok(`${connections.length} connections work`)] : []),
      ...missing(
        used,
        connections.map(({ name }) => name.toLowerCase()),
      ),
    ];
  },
};

function missing(used: ReadonlySet<string>, there: readonly string[]) {
  return [...used]
    .filter((name) => !there.includes(name))
    .map((name) => failure(`the connection ${name} was deleted`, 'Run "signl4-sentinel deploy" to make it again.'));
}

/** Names of the connections in a workflow's `$connections`. */
function connectionsOf(value: unknown): readonly string[] {
  return Object.values(Object(value) as Record<string, { connectionId?: unknown }>).flatMap(({ connectionId }) =>
    typeof connectionId === 'string' ? (connectionId.split('/').at(-1)?.toLowerCase() ?? []) : [],
  );
}

/** Days before a secret ends at which there is still time to do something. */
const WARNING_DAYS = 30;
const DAY_MS = 86_400_000;

/** The secret of the application for SIGNL4's hosted connector or a relay elsewhere; managed identities have none. */
export const secretCheck: Check<DoctorContext> = {
  id: 'secret',
  async run({ directory, now }) {
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

/** The relay answers that it is ready. */
export const relayCheck: Check<DoctorContext> = {
  id: 'relay',
  async run({ live, fetch }) {
    const { url } = live.config.relay;
    if (url === '') return [ok('no relay: the playbooks build the alerts themselves')];
    const remedy = 'Look at the log of the relay; until it works, the playbooks build the alerts themselves.';
    try {
      const { status } = await fetch(`${url}/health/ready`, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
      return [
        status === 200
          ? ok(`the relay ${url} is ready`)
          : failure(`the relay ${url} is not ready (HTTP ${status})`, remedy),
      ];
    } catch (error) {
      const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      return [failure(`the relay ${url} does not answer: ${reason}`, remedy)];
    }
  },
};
