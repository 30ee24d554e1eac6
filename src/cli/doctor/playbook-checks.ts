import type { DeployedWorkflow, FailedAction, WorkflowRun } from '../../azure/workflows.ts';
import { type JsonObject, listOf, member, memberAt, textOf } from '../../domain/json.ts';
import { workflowModel } from '../../engine/model.ts';
import type { WorkflowDefinition } from '../../wdl/types.ts';
import { isOfWorkspace, isOn, NO_USE } from '../leftovers.ts';
import { indispensable } from '../permissions.ts';
import { type DoctorContext, type FoundPlaybook, parameterOf } from './context.ts';
import { type Check, type Finding, failure, ok, skipped, unread, warning } from './finding.ts';

const RUNS = 10;
const DEPLOY_AGAIN = 'See what was changed with "signl4-sentinel diff"; "signl4-sentinel deploy" puts it back.';

/** Playbooks are deployed, enabled, callable by what starts them, not edited, and their latest runs succeeded. */
export const playbooksCheck: Check<DoctorContext> = {
  id: 'playbooks',
  async run(context) {
    const found = await Promise.all(context.playbooks.map((each) => findingsOf(each, context)));
    return [...found.flat(), ...context.unwanted.flatMap((each) => ofUnwanted(each, context))];
  },
};

async function findingsOf(found: FoundPlaybook, context: DoctorContext): Promise<readonly Finding[]> {
  const { playbook, deployed, problem } = found;
  const { name } = playbook;
  const { workspace, group } = context.live;
  if (problem !== undefined) return [unread(name, problem, workspace.tenantId)];
  if (!deployed)
    return [
      indispensable.has(name)
        ? failure(`${name} is not in ${group.resourceGroup}`, `Run "signl4-sentinel deploy ${name}".`)
        : skipped(`${name} is not deployed`),
    ];
  const problems = [
    ...stateProblems(deployed),
    ...(await callerProblems(found, deployed, context)),
    ...staticResults(deployed),
    ...missingParts(deployed),
    ...wrongWorkspace(deployed, context),
    ...(await runProblems(name, context)),
  ];
  return problems.length > 0 ? problems : [ok(`${name} is deployed and on`)];
}

/** Playbooks deployed for an earlier configuration that are still enabled. */
function ofUnwanted({ playbook, deployed, problem }: FoundPlaybook, { live }: DoctorContext): readonly Finding[] {
  if (problem !== undefined) return [unread(playbook.name, problem, live.workspace.tenantId)];
  if (!deployed || !isOn(deployed) || !isOfWorkspace(deployed, live)) return [];
  return [
    failure(
      `${playbook.name} is switched on, and ${NO_USE}: it goes on doing what it was deployed for`,
      'Run "signl4-sentinel deploy", or "signl4-sentinel setup apply": both switch it off and remove its webhook from SIGNL4.',
    ),
  ];
}

function stateProblems(deployed: DeployedWorkflow): readonly Finding[] {
  const { name, state, principalId } = deployed;
  const problems: Finding[] = [];
  if (state === 'Suspended')
    problems.push(failure(`${name} is suspended by Azure`, 'Portal: Subscriptions: look for a bill or a limit.'));
  else if (state !== 'Enabled') problems.push(failure(`${name} is switched off`, `Portal: ${name}, Overview, Enable.`));
  if (principalId === undefined)
    problems.push(failure(`${name} has no managed identity`, `Portal: ${name}, Identity, System assigned, On.`));
  return problems;
}

/** Sentinel has no fixed address and sends no token; SIGNL4 authenticates only by the signature in the URL. */
async function callerProblems(
  { playbook }: FoundPlaybook,
  { name, accessControl, changedTime }: DeployedWorkflow,
  { workflows }: DoctorContext,
): Promise<readonly Finding[]> {
  const triggers = member(accessControl, 'triggers');
  const ranges = listOf(member(triggers, 'allowedCallerIpAddresses')).flatMap(
    (each) => textOf(member(each, 'addressRange')) ?? [],
  );
  const settings = `Portal: ${name}, Workflow settings, Access control`;
  const isCallback = playbook.restrictCallers;
  const problems: Finding[] = [];
  if (/^disabled$/i.test(textOf(memberAt(triggers, 'sasAuthenticationPolicy', 'state')) ?? ''))
    problems.push(
      failure(
        `${name} refuses addresses with a signature: ${isCallback ? 'SIGNL4 gets 401 and nothing comes back' : 'Microsoft Sentinel cannot run it'}`,
        `${settings}: allow SAS authentication.`,
      ),
    );
  const hasPolicies = Object.keys(Object(memberAt(triggers, 'openAuthenticationPolicies', 'policies'))).length > 0;
  if (!isCallback && (hasPolicies || ranges.length > 0))
    problems.push(
      failure(
        `${name} only takes calls from certain addresses or tokens: Microsoft Sentinel cannot run it`,
        `${settings}: any IP, no policies.`,
      ),
    );
  if (isCallback && ranges.length > 0) {
    const [latest] = await workflows.runs(name, 1).catch(() => []);
    // An access policy adds a way in and does not close the others. A run since the last change proves that SIGNL4 gets through.
    const wasCalled = latest !== undefined && Date.parse(latest.startTime) > Date.parse(changedTime);
    if (!wasCalled)
      problems.push(
        failure(
          `${name} only takes calls from ${ranges.join(', ')}, and nobody has called since: SIGNL4 may get 403`,
          `Try it with "signl4-sentinel doctor --page". ${settings}: the addresses of SIGNL4, or any IP.`,
        ),
      );
  }
  return problems;
}

/** All actions, nested ones included. */
function allActions(definition: JsonObject): readonly (readonly [name: string, action: unknown])[] {
  return workflowModel(definition as unknown as WorkflowDefinition).nodes.map(({ name, action }) => [name, action]);
}

/** Static results are a test setting of the designer: the action returns the given values and makes no call. */
function staticResults({ name, definition }: DeployedWorkflow): readonly Finding[] {
  const steps = [...Object.entries<unknown>(Object(definition['triggers'])), ...allActions(definition)];
  return steps
    .filter(([, step]) =>
      /^enabled$/i.test(textOf(memberAt(step, 'runtimeConfiguration', 'staticResult', 'staticResultOptions')) ?? ''),
    )
    .map(([step]) =>
      failure(
        `"${step.replaceAll('_', ' ')}" in ${name} answers a static result and calls nobody`,
        `Portal: ${name}, designer, the action, Testing: switch the static result off.`,
      ),
    );
}

/** What each playbook needs to have any effect. */
const purposes: readonly {
  readonly playbook: string;
  readonly says: string;
  readonly isThere: (definition: JsonObject) => boolean;
}[] = [
  { playbook: 'SIGNL4-Send-Incident', says: 'no longer sends anything to SIGNL4', isThere: calls(/\/events\//i) },
  { playbook: 'SIGNL4-Sync-Incident', says: 'no longer sends anything to SIGNL4', isThere: calls(/\/events\//i) },
  {
    playbook: 'SIGNL4-Send-Incident',
    says: 'no longer starts on incidents',
    isThere: startsOn(/^\/incident-creation/),
  },
  {
    playbook: 'SIGNL4-Sync-Incident',
    says: 'no longer starts on incidents',
    isThere: startsOn(/^\/incident-creation/),
  },
  { playbook: 'SIGNL4-Callback', says: 'no longer changes incidents', isThere: calls(/^\/incidents$/i, 'put') },
  {
    playbook: 'SIGNL4-Callback',
    says: 'can no longer be called',
    isThere: ({ triggers }) => Object.values(Object(triggers)).some((each) => member(each, 'type') === 'Request'),
  },
];

function calls(path: RegExp, method?: string): (definition: JsonObject) => boolean {
  return (definition) =>
    allActions(definition).some(
      ([, action]) =>
        path.test(textOf(memberAt(action, 'inputs', 'path')) ?? '') &&
        (method === undefined || textOf(memberAt(action, 'inputs', 'method'))?.toLowerCase() === method),
    );
}

function startsOn(path: RegExp): (definition: JsonObject) => boolean {
  return ({ triggers }) =>
    Object.values(Object(triggers)).some((each) => path.test(textOf(memberAt(each, 'inputs', 'path')) ?? ''));
}

function missingParts({ name, definition }: DeployedWorkflow): readonly Finding[] {
  return purposes
    .filter(({ playbook, isThere }) => playbook === name && !isThere(definition))
    .map(({ says }) => failure(`${name} ${says}`, DEPLOY_AGAIN));
}

/** A playbook deployed for another workspace cannot find incidents of this one. */
function wrongWorkspace(deployed: DeployedWorkflow, { live }: DoctorContext): readonly Finding[] {
  const { workspaceId, name } = live.workspace;
  const wanted = [
    { parameter: 'WorkspaceId', fits: (value: string) => value === workspaceId.toLowerCase() },
    { parameter: 'WorkspaceArmId', fits: (value: string) => value.endsWith(`/workspaces/${name.toLowerCase()}`) },
  ];
  return wanted.flatMap(({ parameter, fits }) => {
    const value = textOf(parameterOf(deployed, parameter));
    // Only Azure can evaluate an expression.
    if (value === undefined || value.startsWith('@') || fits(value.toLowerCase().replace(/\/+$/, ''))) return [];
    return [
      failure(`${deployed.name} works for another workspace: its parameter ${parameter} is "${value}"`, DEPLOY_AGAIN),
    ];
  });
}

/** What a service answers if it rejects a key or an identity. */
const REFUSED = /unauthorized|unauthenticated|forbidden|\b40[13]\b/i;

async function runProblems(name: string, context: DoctorContext): Promise<readonly Finding[]> {
  const { workflows, live } = context;
  try {
    const runs = await workflows.runs(name, RUNS);
    const failed = runs.filter(({ status }) => ['Failed', 'TimedOut', 'Faulted'].includes(status));
    const [latest] = failed;
    if (!latest) return await refusals(name, runs, context);
    const cause = await workflows.firstFailure(name, latest.name);
    const why = cause ? inWords(cause) : (latest.error ?? 'no reason given');
    const message = `${failed.length} of the last ${runs.length} runs of ${name} failed, the latest at ${latest.startTime}: ${why}`;
    const remedy = `Portal: ${name}, Run history, the failed run: the red action says why.`;
    // Earlier failures may have been fixed since; only the latest run counts.
    return [indispensable.has(name) && runs[0] === latest ? failure(message, remedy) : warning(message, remedy)];
  } catch (error) {
    return [unread(`the runs of ${name}`, error, live.signedInTo)];
  }
}

/**
 * Failures inside runs that succeeded: a playbook continues without optional steps, so a rejected key is visible nowhere else.
 */
async function refusals(
  name: string,
  [newest]: readonly WorkflowRun[],
  { workflows }: DoctorContext,
): Promise<readonly Finding[]> {
  const cause = newest && (await workflows.firstFailure(name, newest.name));
  if (!cause || !REFUSED.test(cause.error)) return [];
  return [
    failure(
      `the latest run of ${name} was refused something, and went on without it: ${inWords(cause)}`,
      cause.name === ASKS_RELAY
        ? `Give it the key of the relay: run "signl4-sentinel deploy ${name}", with RELAY_KEY set where deploy did not bring the relay.`
        : 'An action on SIGNL4: enter a valid API key in its connection (Edit API connection). One on Sentinel: see the permissions.',
    ),
  ];
}

/** Step of SIGNL4-Send-Incident; if it is denied, the page goes out without the relay's additions. */
const ASKS_RELAY = 'Ask_the_relay';

const inWords = ({ name, error }: FailedAction) => `"${name.replaceAll('_', ' ')}": ${error}`;
