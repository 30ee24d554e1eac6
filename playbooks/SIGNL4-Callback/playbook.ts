import type { Config } from '../../src/config/config.ts';
import type { CallbackEvent } from '../../src/rules/choices.ts';
import { compileTemplate } from '../../src/rules/template-tokens.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  equals,
  isNot,
  json,
  last,
  not,
  or,
  type Row,
  row,
  split,
  string,
  take,
  text,
  triggerBody,
  when,
} from '../../src/wdl/build.ts';
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
  const { events, happened, note, tokens } = heard;
  const incidentArmId = text`${workspaceArmId}/providers/Microsoft.SecurityInsights/Incidents/${call('encodeUriComponent', last(split(heard.externalId.value, ':')))}`;
  const get = connector('Get incident', getIncident, {
    description: 'As it is now: only what differs is written.',
    body: { incidentArmId },
    retry: patientRetry,
  });
  const change = whatItChanges(config, heard, {
    incident: sentinelIncident(get),
    note,
    closeComment: compileTemplate(config.close.comment, tokens) ?? '',
  });
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
  const comment = commentSteps(config, events, {
    after: heard.guard,
    isCommented: isNot(at(heard.comments, happened), ''),
    put: (start) =>
      putComment('Comment on the incident', {
        ...start,
        description: 'Under the id of the notification: repeated, it changes nothing.',
        incidentArmId,
        commentId: text`${commentId}`,
        message: text`${withoutMarkup(take(string(at(heard.comments, happened)), COMMENT_LIMIT))}`,
      }),
  });
  return workflow({
    choices: callbackChoices(config, events),
    derived: [derivedWorkspace(config.workspace), derivedResourceManager],
    trigger: heard.trigger,
    steps: [...heard.steps, loop, written, comment],
  });
}

/** Where somebody else was faster, what follows a refused owner must not end the loop: the next round assigns. */
const wasNoConflict = (step: Step) => not(contains(json('[409, 412]'), coalesce(step.outputs('statusCode'), 0)));

/**
 * A GUID that follows from the notification: its own id, which SIGNL4 ends in one. Where it has none, the digits of the time at
 * which it was raised make one, to a ten millionth of a second.
 */
const commentId = when(
  contains(string(at(triggerBody, 'id')), '-'),
  last(split(string(at(triggerBody, 'id')), '_')),
  call(
    'formatDateTime',
    coalesce(at(triggerBody, 'eventRaisedUtc'), call('utcNow')),
    'yyyyMMdd-HHmm-ss00-0000-00000fffffff',
  ),
);

/** The comment stands beside the loop: what happens to one does not keep the other. */
function commentSteps(
  { callback: mapping }: Config,
  events: readonly CallbackEvent[],
  { after, isCommented, put }: { after: Step; isCommented: Row; put: (start: { after?: readonly Step[] }) => Step },
): Step {
  if (events.every((event) => mapping[event].comment !== '')) return put({ after: [after] });
  return condition('Is there anything to say', {
    description: 'Some events leave no comment.',
    after: [after],
    all: [isCommented],
    yes: [put({})],
  });
}

function callbackChoices(config: Config, events: readonly CallbackEvent[]): Choices {
  const { close } = config;
  const { Events, Owners } = notifiedChoices(config, events);
  return {
    ...(Events && { Events }),
    Classification: {
      type: 'String',
      defaultValue: close.classification,
      description: 'How an incident is closed where the note has no hashtag: classification and reason.',
    },
    Classifications: {
      type: 'Object',
      defaultValue: Object.fromEntries(
        Object.entries(close.hashtags).map(([tag, classification]) => [`#${tag.toLowerCase()}`, classification]),
      ),
      description:
        'Hashtags of a closing note, in lower case, to the classification that each chooses. The first word of the note that is one counts.',
    },
    ...(Owners && { Owners }),
  };
}
