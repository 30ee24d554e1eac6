import { listOf, memberAt } from '../../domain/json.ts';
import { recurrenceMs } from '../../domain/recurrence.ts';
import { isoTime } from '../clock.ts';
import { type DeployedPlaybook, PlaybookHost } from '../environment/playbook-host.ts';
import type { PlaybookRun } from '../environment/run-history.ts';
import { type Handler, readJson } from '../http.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { sentinelMayRun } from './roles.ts';
import { type AzureSetting, lower, type StoredRun, type StoredWorkflow } from './state.ts';
import { TRIGGER_HOST } from './workflows.ts';

/** Logic Apps at work: what is deployed runs when Sentinel, a clock or a caller of its address starts it. */

/** How often recurrences are looked at. */
const TICK_MS = 15_000;

/** Gives what answers at the addresses of workflows. */
export function runPlaybooks(setting: AzureSetting): Handler {
  const { state, world } = setting;
  const find = (id: string): DeployedPlaybook | undefined => {
    const workflow = state.workflows.get(id);
    return workflow && deployed(setting, workflow);
  };
  const host = new PlaybookHost(world, find, {
    apiKeyOf: (connection) => state.connections.get(lower(connection))?.apiKey,
  });
  host.history.onChange((run) => keep(state.workflows.get(run.playbook), run));
  const { automation } = world.sentinel;
  automation.runPlaybook = async (id, body) => {
    const problem = whyNot(setting, id);
    if (problem !== undefined) throw new Error(problem);
    await host.run(lower(id), body);
  };
  automation.runsOf = (id, since) =>
    state.workflows
      .get(lower(id))
      ?.runs.filter(({ startTime }) => Date.parse(startTime) >= since)
      .map(({ name, startTime, status }) => ({ name, properties: { startTime, status } }));
  automation.problemOf = (id, trigger) => whyNot(setting, id) ?? host.problemOf(lower(id), trigger);
  const trigger = triggerHandler(setting, host);
  world.route(TRIGGER_HOST, trigger);
  world.clock.after(TICK_MS, () => tick(setting, host, new Map()));
  return trigger;
}

function deployed({ world }: AzureSetting, workflow: StoredWorkflow): DeployedPlaybook {
  const { id, name, location, definition, parameters, principalId } = workflow;
  const identity = (principalId && world.entra.directory.find(principalId)) || nobody(name);
  return { workflow: { id, name, location, definition, parameters, tags: {}, pointer: '' }, identity };
}

/** A workflow without identity is nobody to Azure. */
const nobody = (displayName: string) =>
  ({ objectId: '00000000-0000-0000-0000-000000000000', kind: 'ManagedIdentity', displayName }) as const;

/** What keeps Sentinel from running a playbook, as its health table words it. */
function whyNot(setting: AzureSetting, id: string): string | undefined {
  const workflow = setting.state.workflows.get(lower(id));
  if (!workflow) return 'The playbook was not found, or Microsoft Sentinel is missing permissions on it.';
  if (sentinelMayRun(setting, id) !== undefined)
    return 'Microsoft Sentinel is missing permissions to run the playbook.';
  if (workflow.state === 'Disabled') return 'The playbook is disabled.';
  if (listOf(memberAt(workflow.accessControl, 'triggers', 'allowedCallerIpAddresses')).length > 0)
    return 'The access control settings of the playbook do not let Microsoft Sentinel in.';
  return undefined;
}

/** Puts a run into the history of its workflow. */
function keep(workflow: StoredWorkflow | undefined, { order, startedAt, endedAt, result, problem }: PlaybookRun): void {
  if (!workflow || result?.status === 'Skipped') return;
  const name = `08584${String(999_999_999_999_999 - order)}CU00`;
  const before = workflow.runs.find((run) => run.name === name);
  const run: StoredRun = before ?? { name, status: 'Running', startTime: isoTime(startedAt) };
  if (!before) workflow.runs.unshift(run);
  if (endedAt === undefined) return;
  Object.assign(run, {
    endTime: isoTime(endedAt),
    status: result?.status ?? 'Failed',
    ...(result?.code !== undefined && { code: result.code }),
    ...(result?.error && { error: result.error }),
    ...(problem !== undefined && { error: { code: 'WorkflowRunFailed', message: problem } }),
    ...(result && { trigger: { name: result.trigger.name, status: result.trigger.status } }),
    actions: Object.entries(result?.actions ?? {}).map(([action, { status, code, error, startTime, endTime }]) => ({
      ...{
        id: `${workflow.id}/runs/${name}/actions/${action}`,
        name: action,
        type: 'Microsoft.Logic/workflows/runs/actions',
      },
      properties: { status, startTime, endTime, ...(code !== undefined && { code }), ...(error && { error }) },
    })),
  });
}

/** The addresses of Request triggers. */
function triggerHandler({ state }: AzureSetting, host: PlaybookHost): Handler {
  return async (request) => {
    const url = new URL(request.url);
    const [, address, trigger] = /^\/workflows\/([^/]+)\/triggers\/([^/]+)\/paths\/invoke$/.exec(url.pathname) ?? [];
    const workflow = [...state.workflows.values()].find((each) => each.address === address);
    if (!workflow || trigger === undefined)
      return new ArmError(404, 'WorkflowNotFound', `The workflow '${address}' could not be found.`).toResponse();
    if (url.searchParams.get('sig') !== workflow.accessKey)
      return new ArmError(
        401,
        'DirectApiAuthorizationRequired',
        'The request must be authenticated only by Shared Access scheme.',
      ).toResponse();
    if (workflow.state === 'Disabled')
      return new ArmError(
        400,
        'WorkflowTriggerIsNotEnabled',
        `Could not execute workflow '${workflow.name}' trigger '${trigger}' with state 'Disabled': trigger is not enabled.`,
      ).toResponse();
    return host.call(lower(workflow.id), await readJson(request));
  };
}

/** Starts what is due by its recurrence, then looks again a little later. `ran` holds when each ran last. */
async function tick(setting: AzureSetting, host: PlaybookHost, ran: Map<string, number>): Promise<void> {
  const { state, world } = setting;
  world.clock.after(TICK_MS, () => tick(setting, host, ran));
  const now = world.clock.now();
  for (const [id, workflow] of state.workflows) {
    const every = recurrenceMs(workflow.definition);
    const last = ran.get(id) ?? Date.parse(workflow.changedTime) - (every ?? 0);
    if (every === undefined || workflow.state === 'Disabled' || now - last < every) continue;
    ran.set(id, now);
    await host.run(id, undefined);
  }
}
