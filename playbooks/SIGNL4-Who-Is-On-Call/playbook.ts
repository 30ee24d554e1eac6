import { commentMessageWdl } from '../../src/rules/comment-wdl.ts';
import {
  at,
  call,
  coalesce,
  concat,
  contains,
  empty,
  emptyList,
  item,
  or,
  parameter,
  raw,
  triggerBody,
  when,
} from '../../src/workflow/expression.ts';
import { endWithoutIncident } from '../../src/workflow/parts/incident-page.ts';
import { derivedResourceManager, putComment } from '../../src/workflow/parts/resource-manager.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { listUsers } from '../../src/workflow/signl4.ts';
import { patientRetry } from '../../src/workflow/step.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { select } from '../../src/workflow/steps/select.ts';
import { whenIncident } from '../../src/workflow/triggers.ts';
import { type Workflow, workflow } from '../../src/workflow/workflow.ts';

const incident = at(triggerBody, 'object');

export const whoIsOnCall: Playbook = {
  name: 'SIGNL4-Who-Is-On-Call',
  title: 'SIGNL4 - Comment who is on call now',
  description:
    'An analyst runs it on an incident: a comment names the people who are on duty in SIGNL4 at this moment.',
  prerequisites: ['The SIGNL4 custom connector is deployed into the same resource group.', 'An API key of SIGNL4.'],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace.',
  ],
  tags: ['On-call'],
  entities: [],
  restrictCallers: false,
  build,
};

function build(): Workflow {
  const users = connector('List users', listUsers, {
    description: 'The people of the SIGNL4 account, with their duty in every team.',
    retry: patientRetry,
  });
  const duties = call('toLower', call('string', coalesce(at(item, 'dutyInfos'), emptyList)));
  const onDuty = filterArray('On duty', {
    description: 'On duty (1), or on duty as manager (100), in one of the teams.',
    from: coalesce(users.body(), emptyList),
    where: inMode(duties),
  });
  const names = select('Names and addresses', {
    description: 'How to reach them.',
    from: onDuty.body(),
    to: concat(coalesce(at(item, 'name'), at(item, 'mail'), ''), ' (', coalesce(at(item, 'mail'), ''), ')'),
  });
  const list = call('join', names.body(), ', ');
  const answer = when(empty(names.body()), parameter('NobodyText'), concat('on call now: ', list, '.'));
  return workflow({
    choices: {
      NobodyText: {
        type: 'String',
        defaultValue: 'nobody is on duty at the moment.',
        description: 'What the comment says when nobody is on duty.',
      },
    },
    derived: [derivedResourceManager],
    trigger: whenIncident('An analyst runs the playbook on an incident.'),
    steps: [
      endWithoutIncident(incident),
      users,
      onDuty,
      names,
      putComment('Comment on the incident', {
        description: 'A comment of its own each time: who is on duty changes.',
        incidentArmId: at(incident, 'id'),
        commentId: raw('guid()'),
        message: raw(commentMessageWdl(answer.wdl)),
      }),
    ],
  });
}

function inMode(duties: ReturnType<typeof call>) {
  return or(contains(duties, '"dutymode":1,'), contains(duties, '"dutymode":1}'), contains(duties, '"dutymode":100'));
}
