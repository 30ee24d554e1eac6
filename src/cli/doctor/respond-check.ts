import { PLAYBOOK_RESPONDER } from '../../arm/setup/template.ts';
import { type GroupScope, scopeOf } from '../../azure/scope.ts';
import { createWorkflowClient, type DeployedWorkflow } from '../../azure/workflows.ts';
import { respondsWithoutRelay } from '../../config/config.ts';
import { listOf, memberAt, textOf } from '../../domain/json.ts';
import { SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import { entityKinds, type ResponsePlaybook } from '../../rules/respond.ts';
import { isOn } from '../leftovers.ts';
import { groupsOfResponses, placeOf } from '../responses.ts';
import type { DoctorContext } from './context.ts';
import { type Check, type Finding, failure, ok, rights, unread } from './finding.ts';
import { sentinelMayRun, sentinelUnseen } from './permission-check.ts';

/**
 * Each response playbook exists, is enabled, has the trigger that the list says, accepts calls from Microsoft Sentinel, and
 * Sentinel may run it.
 */
export const respondCheck: Check<DoctorContext> = {
  id: 'respond',
  right: rights.playbooks,
  async run(context) {
    const { config } = context.live;
    const responses = Object.entries(config.respond.playbooks);
    if (responses.length === 0) return [ofNothing(context)];
    const found = await Promise.all(responses.map(([word, response]) => findingsOf(word, response, context)));
    return [...ofResponder(context), ...found.flat(), ...(await ofSentinel(context))];
  },
};

/** An empty list starts nothing, unless a deployed playbook still has an older one. */
function ofNothing({ unwanted }: DoctorContext): Finding {
  const leftover = unwanted.find(({ playbook }) => playbook.name === PLAYBOOK_RESPONDER)?.deployed;
  if (leftover && isOn(leftover))
    return failure(
      `respond.playbooks is empty, and ${PLAYBOOK_RESPONDER} still starts what it was deployed with`,
      'Run "signl4-sentinel deploy", which switches it off.',
    );
  return ok('nothing can be started from the phone: respond.playbooks is empty');
}

/** What receives the notes; the relay has its own check. */
function ofResponder(context: DoctorContext): readonly Finding[] {
  const { live, playbooks } = context;
  if (!respondsWithoutRelay(live.config)) return [];
  const { deployed, problem } = playbooks.find(({ playbook }) => playbook.name === PLAYBOOK_RESPONDER) ?? {};
  if (deployed || problem !== undefined) return [];
  const [word] = Object.keys(live.config.respond.playbooks);
  return [
    failure(
      `${PLAYBOOK_RESPONDER} is not deployed: notes such as "#run ${word}" start nothing`,
      'Run "signl4-sentinel deploy".',
    ),
  ];
}

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

/** Sentinel's role, once for each resource group that contains responses. */
async function ofSentinel(context: DoctorContext): Promise<readonly Finding[]> {
  const { live, directory } = context;
  const groups = groupsOfResponses(live);
  const isForeign = (place: GroupScope) => live.foreign[placeOf(live, place)];
  const unseen = groups
    .filter(isForeign)
    .map((place) => sentinelUnseen(`the responses in ${place.resourceGroup}`, place));
  const seen = groups.filter((place) => !isForeign(place));
  if (seen.length === 0) return unseen;
  const principalId = await directory.servicePrincipal(SECURITY_INSIGHTS_APP_ID);
  if (principalId === undefined) return unseen;
  return [...unseen, ...(await Promise.all(seen.map((place) => sentinelMayRun(place, principalId, context))))];
}
