import { isSameGroup, scopeOf } from '../../azure/scope.ts';
import { createWorkflowClient, type DeployedWorkflow } from '../../azure/workflows.ts';
import { listOf, memberAt, textOf } from '../../domain/json.ts';
import { SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import { entityKinds, type ResponsePlaybook } from '../../rules/respond.ts';
import type { DoctorContext } from './context.ts';
import { type Check, type Finding, failure, ok, rights, unread } from './finding.ts';
import { sentinelMayRun, sentinelUnseen } from './permission-check.ts';

/** Each response playbook is there, on, starts on what the list says, lets Microsoft Sentinel in, and may be run by it. */
export const respondCheck: Check<DoctorContext> = {
  id: 'respond',
  right: rights.playbooks,
  async run(context) {
    const responses = Object.entries(context.live.config.respond.playbooks);
    if (responses.length === 0) return [ok('nothing can be started from the phone: respond.playbooks is empty')];
    const found = await Promise.all(responses.map(([word, response]) => findingsOf(word, response, context)));
    return [...found.flat(), ...(await ofSentinel(context))];
  },
};

async function findingsOf(
  word: string,
  response: ResponsePlaybook,
  context: DoctorContext,
): Promise<readonly Finding[]> {
  const what = `#run ${word}`;
  const { playbook } = response;
  try {
    const place = scopeOf(playbook);
    const deployed = await createWorkflowClient(context.live.arm, place).find(place.name);
    if (!deployed)
      return [
        failure(
          `${what}: there is no playbook ${playbook}`,
          `Correct respond.playbooks.${word}.playbook in signl4.yaml.`,
        ),
      ];
    const problems = problemsOf(what, response, deployed);
    return problems.length > 0 ? problems : [ok(`${what} starts ${place.name}, last changed ${deployed.changedTime}`)];
  } catch (error) {
    return [unread(`${what}: the playbook ${playbook}`, error, context.live.signedInTo)];
  }
}

function problemsOf(what: string, { on }: ResponsePlaybook, deployed: DeployedWorkflow): readonly Finding[] {
  const { name, state, accessControl, definition } = deployed;
  const paths = Object.values(Object(memberAt(definition, 'triggers')) as object).map(
    (trigger) => textOf(memberAt(trigger, 'inputs', 'path')) ?? '',
  );
  const wanted = on === 'incident' ? '/incident-creation' : `/entity/@{encodeURIComponent('${entityKinds[on]}')}`;
  const isStarted = paths.some((path) => path.toLowerCase() === wanted.toLowerCase());
  const isClosed = listOf(memberAt(accessControl, 'triggers', 'allowedCallerIpAddresses')).length > 0;
  return [
    ...(state === 'Enabled'
      ? []
      : [failure(`${what}: ${name} is switched off`, `Portal: Logic apps, ${name}, Enable.`)]),
    ...(isStarted
      ? []
      : [
          failure(
            `${what}: ${name} does not start on ${on === 'incident' ? 'an incident' : `an entity of the kind ${on}`}`,
            'Correct "on" in signl4.yaml, or give the playbook the trigger of Microsoft Sentinel that fits.',
          ),
        ]),
    ...(isClosed
      ? [
          failure(
            `${what}: the access control of ${name} keeps Microsoft Sentinel out`,
            `Portal: Logic apps, ${name}, Workflow settings, Access control: any IP.`,
          ),
        ]
      : []),
  ];
}

/** Sentinel's own role, once for each resource group that holds responses. */
async function ofSentinel(context: DoctorContext): Promise<readonly Finding[]> {
  const { live, directory } = context;
  const places = Object.values(live.config.respond.playbooks).map(({ playbook }) => scopeOf(playbook));
  const groups = places.filter(
    (place, index) =>
      !isSameGroup(place, live.group) && places.findIndex((other) => isSameGroup(place, other)) === index,
  );
  if (groups.length === 0) return [];
  if (live.foreign.playbooks)
    return groups.map((place) => sentinelUnseen(`the responses in ${place.resourceGroup}`, place));
  const principalId = await directory.servicePrincipal(SECURITY_INSIGHTS_APP_ID);
  if (principalId === undefined) return [];
  return Promise.all(groups.map((place) => sentinelMayRun(place, principalId, context)));
}
