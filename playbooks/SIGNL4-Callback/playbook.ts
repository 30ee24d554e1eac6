import type { Config } from '../../src/config/config.ts';
import { callbackParameters } from '../../src/rules/callback-parameters.ts';
import { callbackWdl, commentTemplates } from '../../src/rules/callback-wdl.ts';
import { notificationWdl } from '../../src/rules/notification-wdl.ts';
import { call, concat, contains, empty, not, parameter, raw, triggerBody } from '../../src/workflow/expression.ts';
import { failWhere } from '../../src/workflow/parts/fail-where.ts';
import { localSteps } from '../../src/workflow/parts/local-actions.ts';
import { derivedResourceManager, putComment } from '../../src/workflow/parts/resource-manager.ts';
import { pauseAfter, succeeded, untilItHolds, update } from '../../src/workflow/parts/update-incident.ts';
import { derivedWorkspace, workspaceArmId, workspaceId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { getIncident } from '../../src/workflow/sentinel.ts';
import { patientRetry, type Step } from '../../src/workflow/step.ts';
import { compose } from '../../src/workflow/steps/compose.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { respond } from '../../src/workflow/steps/respond.ts';
import { whenCalled } from '../../src/workflow/triggers.ts';
import { type Workflow, workflow } from '../../src/workflow/workflow.ts';

const notificationSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    eventType: { type: 'integer' },
    eventRaisedUtc: { type: 'string' },
    alert: { type: 'object' },
    annotation: { type: ['object', 'null'] },
    team: { type: ['object', 'null'] },
    user: { type: ['object', 'null'] },
  },
} as const;

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

function build(config: Config): Workflow {
  const notification = notificationWdl(triggerBody.wdl, workspaceId.wdl);

  const answer = respond('Answer SIGNL4', {
    description: 'At once and without a word: what follows is nobody else’s business.',
    statusCode: 200,
  });
  const event = compose('Event in SIGNL4', {
    description: 'acknowledged, closed, annotated, escalated, noResponse, reopened; created or empty for the rest.',
    // A run that somebody resubmits has nobody to answer: its answer is skipped, and the rest must happen all the same.
    on: 'any',
    value: raw(notification.event),
  });
  const incidentArmId = compose('ARM id of the incident', {
    description: 'Only incidents of the workspace that this playbook is deployed for can be addressed.',
    value: concat(workspaceArmId, '/providers/Microsoft.SecurityInsights/Incidents/', raw(notification.incidentId)),
  });

  const isForUs = condition('Is it about an incident here', {
    description: 'Tests, duty changes and alerts of other senders end here.',
    all: [raw(notification.isOurs), contains(parameter('CallbackActions'), event.outputs())],
    yes: [
      incidentArmId,
      ...changeIncident({ event, incidentArmId, templates: commentTemplates(config.callback, config.close) }),
    ],
    no: [
      compose('Not about an incident here', {
        description: 'What arrived, for whoever wonders.',
        value: { eventType: raw("triggerBody()?['eventType']"), event: event.outputs() },
      }),
    ],
  });

  return workflow({
    choices: callbackParameters(config.callback, config.close, config.owners),
    derived: [derivedWorkspace(config.workspace), derivedResourceManager],
    trigger: whenCalled('When_SIGNL4_calls', 'SIGNL4 tells what happened to an alert.', notificationSchema),
    steps: [answer, event, isForUs],
  });
}

/** Reads the incident, works out what differs, and writes that: in rounds, since others write too. The comment comes last. */
function changeIncident({
  event,
  incidentArmId,
  templates,
}: {
  readonly event: Step;
  readonly incidentArmId: Step;
  /** Comment templates of the config. */
  readonly templates: readonly string[];
}): readonly Step[] {
  const what = 'Update the incident';
  const read = connector('Read the incident', getIncident, {
    description: 'As it is now: only what differs is written.',
    body: { incidentArmId: incidentArmId.outputs() },
    retry: patientRetry,
  });
  const change = callbackWdl({
    body: triggerBody.wdl,
    event: event.outputs().wdl,
    incident: read.body().wdl,
    templates,
  });
  const write = update(what, {
    description: 'Status, owner, classification, severity and tag in one call.',
    body: raw(change.updateBody),
  });
  const writeWithoutOwner = update('Update the incident but for the owner', {
    description: 'Microsoft Sentinel does not know the person; the rest must not wait for that.',
    body: call('removeProperty', call('removeProperty', raw(change.updateBody), 'owner'), 'ownerAction'),
  });
  const ownerRefused = condition('Did Sentinel refuse the owner', {
    description: '400 and 404 are about the content, 409 and 412 about somebody else being faster.',
    on: ['Failed', 'TimedOut'],
    all: [
      not(empty(raw(change.change.owner))),
      contains(raw('createArray(400, 404)'), call('coalesce', write.outputs('statusCode'), 0)),
    ],
    yes: [writeWithoutOwner],
    no: [pauseAfter(what)],
  });
  const isThereAChange = condition('Is there anything to change', {
    description: 'A repeated notification finds the incident as it should be, and nothing is written.',
    all: [raw(change.isChange)],
    yes: [write, ownerRefused],
  });
  const { loop, check } = untilItHolds(what, {
    steps: [read, ...localSteps(change.locals), isThereAChange],
    done: raw(
      `or(${succeeded(write, writeWithoutOwner).wdl}, and(${succeeded(isThereAChange).wdl}, not(${change.isChange})))`,
    ),
  });
  const comment = condition('Is there anything to say', {
    description: 'No comment without a text, and none beyond what an incident takes.',
    on: 'finished',
    all: [raw(change.comment.isDue)],
    yes: [
      putComment('Comment on the incident', {
        description: 'Under an id that follows from the notification: repeated, it changes nothing.',
        incidentArmId: incidentArmId.outputs(),
        commentId: raw(change.comment.id),
        message: raw(change.comment.message),
      }),
    ],
  });
  const noteIsThere = failWhere([comment], {
    question: 'Was it said',
    end: 'The comment was not written',
    code: 'CommentNotWritten',
    message: 'Microsoft Sentinel did not take the comment. What the person wrote in SIGNL4 is not on the incident.',
  });
  return [loop, comment, check, noteIsThere];
}
