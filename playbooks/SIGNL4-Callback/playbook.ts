import type { Config } from '../../src/config/config.ts';
import type { CallbackEvent } from '../../src/rules/choices.ts';
import {
  and,
  call,
  coalesce,
  contains,
  equals,
  json,
  last,
  not,
  or,
  row,
  split,
  string,
  take,
  text,
  when,
} from '../../src/wdl/build.ts';
import { hasGuid, notificationGuid, raisedAt } from '../../src/workflow/parts/notification.ts';
import { derivedResourceManager, putComment, withoutMarkup } from '../../src/workflow/parts/resource-manager.ts';
import { ROUNDS } from '../../src/workflow/parts/update-incident.ts';
import { derivedWorkspace, workspaceArmId, workspaceId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { getIncident } from '../../src/workflow/sentinel.ts';
import { patientRetry, type Step } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { until } from '../../src/workflow/steps/until.ts';
import { allSteps, type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';
import { isAssigning, whatItChanges } from './events.ts';
import { notified, notifiedChoices } from './notified.ts';
import { sentinelIncident } from './sentinel-incident.ts';

export const callback: Playbook = {
  name: 'SIGNL4-Callback',
  title: 'SIGNL4 - Update the incident when the on-call team acts',
  description:
    "Receives SIGNL4's outbound webhook. Acknowledged makes the incident active and sets the owner, closed closes it with a classification, notes become comments, and unanswered alerts are marked.",
  prerequisites: ['SIGNL4-Send-Incident sends the incidents.'],
  postDeployment: [
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace.',
    'Enter the URL of the trigger as outbound webhook in SIGNL4. It holds a secret.',
  ],
  tags: ['Notification', 'On-call', 'Sync'],
  entities: [],
  restrictCallers: true,
  build,
};

/** Characters of a comment. Microsoft Sentinel takes 30,000, and escaping makes four of one. */
const COMMENT_LIMIT = 7_000;

function build(config: Config): Workflow {
  const heard = notified(config, { source: 'sentinel', scope: { says: 'workspace', id: workspaceId } });
  const { happened, note, guard, said, saysSomething } = heard;
  const incidentArmId = text`${workspaceArmId}/providers/Microsoft.SecurityInsights/Incidents/${call('encodeUriComponent', last(split(heard.externalId.value, ':')))}`;
  const get = connector('Get incident', getIncident, {
    description: 'As it is now: only what differs is written.',
    body: { incidentArmId },
    retry: patientRetry,
  });
  const change = whatItChanges(config, heard, sentinelIncident(get));
  const assigning = allSteps([change]).filter(isAssigning);
  const isGone = equals(get.outputs('statusCode'), 404);
  const loop = until('Until it is written', {
    description: 'Others change the same incident at the same time: read, compare and write, up to five times.',
    done: and(or(equals(change.status, 'Succeeded'), isGone), ...assigning.map(wasNoConflict)),
    rounds: ROUNDS,
    timeout: 'PT30M',
    steps: [get, change],
  });
  const written = condition('Was it written', {
    description: 'A loop ends after its last round whether it worked or not.',
    on: 'finished',
    all: [row.is(change.status, 'Succeeded')],
    no: [
      terminate('The incident was not changed', {
        description: 'Shows the run as failed, so that somebody looks.',
        as: 'Failed',
        code: 'IncidentNotChanged',
        message: text`Reading the incident gave ${get.outputs('statusCode')}. 404: it is gone, deleted or merged into another incident by Microsoft Defender. 403: the playbook lacks the role Microsoft Sentinel Responder. 200: the change was refused, or others changed it at the same time. ${happened}, note: ${note}`,
      }),
    ],
  });
  // Beside the loop: what happens to one does not keep the other.
  const beside = { after: [guard] };
  const comment = (start: { readonly after?: readonly Step[] }) =>
    putComment('Comment on the incident', {
      ...start,
      description: 'Under the id of the notification: repeated, it changes nothing.',
      incidentArmId,
      commentId: text`${commentId}`,
      message: text`${withoutMarkup(take(string(said), COMMENT_LIMIT))}`,
    });
  return workflow({
    choices: callbackChoices(config, heard.events),
    derived: [derivedWorkspace(config.workspace), derivedResourceManager],
    trigger: heard.trigger,
    steps: [
      ...heard.steps,
      loop,
      written,
      saysSomething.length === 0
        ? comment(beside)
        : condition('Is there anything to say', {
            ...beside,
            description: 'Some events leave no comment.',
            all: saysSomething,
            yes: [comment({})],
          }),
    ],
  });
}

/** Where somebody else was faster, what follows a refused owner must not end the loop: the next round assigns. */
const wasNoConflict = (step: Step) => not(contains(json('[409, 412]'), coalesce(step.outputs('statusCode'), 0)));

/**
 * A GUID that follows from the notification: its own id, which SIGNL4 ends in one. Where it has none, the digits of the time at
 * which it was raised make one, to a ten millionth of a second.
 */
const commentId = when(
  hasGuid,
  notificationGuid,
  call('formatDateTime', raisedAt, 'yyyyMMdd-HHmm-ss00-0000-00000fffffff'),
);

function callbackChoices(config: Config, events: readonly CallbackEvent[]): Choices {
  return notifiedChoices(config, events, {
    usual: {
      type: 'String',
      defaultValue: config.close.classification,
      description: 'How an incident is closed where the note has no hashtag: classification and reason.',
    },
    says: 'classification',
    of: (classification) => classification,
  });
}
