import { asksGraphWithoutRelay, type Config } from '../../src/config/config.ts';
import type { Classification } from '../../src/domain/classification.ts';
import { graphVerdicts } from '../../src/domain/defender.ts';
import type { CallbackEvent } from '../../src/rules/choices.ts';
import { commentMarker } from '../../src/rules/comment.ts';
import { call, empty, lacks, last, split, string, take, text, when } from '../../src/wdl/build.ts';
import { defenderExternalId, getDefenderIncident, graphChoice, postComment } from '../../src/workflow/parts/graph.ts';
import { hasGuid, notificationGuid, raisedAt } from '../../src/workflow/parts/notification.ts';
import { derivedTenant, tenantId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { until } from '../../src/workflow/steps/until.ts';
import { setVariable } from '../../src/workflow/steps/variable.ts';
import { type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';
import { whatItChanges } from '../SIGNL4-Callback/events.ts';
import { notified, notifiedChoices } from '../SIGNL4-Callback/notified.ts';
import { defenderIncident } from './defender-incident.ts';

export const defenderCallback: Playbook = {
  name: 'SIGNL4-Defender-Callback',
  title: 'SIGNL4 - Update the incident of Microsoft Defender when the on-call team acts',
  description:
    "Receives SIGNL4's outbound webhook for incidents of Microsoft Defender. Acknowledged puts the incident in progress and assigns it, closed resolves it with a classification, notes become comments, and unanswered alerts are marked.",
  prerequisites: ['SIGNL4-Defender-Incidents sends the incidents.'],
  postDeployment: [
    'Give the managed identity of the playbook the application permission SecurityIncident.ReadWrite.All of Microsoft Graph.',
    'Enter the URL of the trigger as a second outbound webhook in SIGNL4. It holds a secret.',
  ],
  tags: ['Notification', 'On-call', 'Sync'],
  entities: [],
  restrictCallers: true,
  isWanted: asksGraphWithoutRelay,
  build,
};

/** Characters of a comment; the portal takes 30,000, and the reference is one of them. */
const COMMENT_LIMIT = 29_000;

/** Incidents that were merged into each other are followed this often. */
const MERGES = 10;

function build(config: Config): Workflow {
  const heard = notified(config, { source: 'graph', scope: { says: 'tenant', id: tenantId } });
  const { externalId, said } = heard;
  const get = getDefenderIncident('Get incident', {
    description: 'As it is now: only what differs is written.',
    id: last(split(externalId.value, ':')),
  });
  const mergedInto = get.body('redirectIncidentId');
  const follow = setVariable('Follow the merge', {
    description: 'The incident into which Microsoft Defender merged this one; the same where it did not.',
    of: externalId,
    to: defenderExternalId(when(empty(mergedInto), get.body('id'), mergedInto)),
  });
  const loop = until('Until it is not merged', {
    description: 'What is done on the phone is done to the incident that all others became part of.',
    done: empty(mergedInto),
    // The last one reads what is left.
    rounds: MERGES + 1,
    timeout: 'PT10M',
    steps: [get, follow],
  });
  const change = whatItChanges(config, heard, defenderIncident(get));
  const comment = condition('Is it not said yet', {
    description: 'Microsoft Graph gives comments no id of ours: the reference at the end tells them apart.',
    after: [loop],
    all: [
      ...heard.saysSomething,
      // A lone `string(…)` would be lost when somebody edits the row.
      lacks(call('concat', string(get.body('comments')), ''), reference),
    ],
    yes: [
      postComment('Comment on the incident', {
        description: 'What happened in SIGNL4, and what the person typed.',
        id: get.body('id'),
        comment: text`${commentMarker}${take(string(said), COMMENT_LIMIT)} [${reference}]`,
      }),
    ],
  });
  return workflow({
    choices: defenderChoices(config, heard.events),
    derived: [derivedTenant],
    trigger: heard.trigger,
    steps: [...heard.steps, loop, change, comment],
  });
}

/** What tells a notification from every other: the beginning of its own id, or the time at which it was raised. */
const reference = when(hasGuid, take(notificationGuid, 8), raisedAt);

function defenderChoices(config: Config, events: readonly CallbackEvent[]): Choices {
  // What nobody decided stays as it is.
  const verdict = (classification: Classification) => ({ ...graphVerdicts[classification] });
  const notifiedOnes = notifiedChoices(config, events, {
    usual: {
      type: 'Object',
      defaultValue: verdict(config.close.classification),
      description:
        'How an incident is resolved where the note has no hashtag: classification and determination. Empty: they stay as they are.',
    },
    says: 'classification and determination',
    of: verdict,
  });
  return { ...notifiedOnes, ...graphChoice };
}
