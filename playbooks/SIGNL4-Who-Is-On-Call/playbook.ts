import {
  at,
  call,
  coalesce,
  contains,
  empty,
  emptyList,
  isNot,
  item,
  join,
  lower,
  or,
  parameter,
  string,
  text,
  when,
} from '../../src/wdl/build.ts';
import { incidentArmId } from '../../src/workflow/parts/incident.ts';
import { derivedResourceManager, putComment, withoutMarkup } from '../../src/workflow/parts/resource-manager.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { listUsers } from '../../src/workflow/signl4.ts';
import { patientRetry } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { select } from '../../src/workflow/steps/select.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { whenIncident } from '../../src/workflow/triggers.ts';
import { type Workflow, workflow } from '../../src/workflow/workflow.ts';

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
  const guard = condition('Is there an incident', {
    description: 'The designer runs a playbook with an empty body.',
    all: [isNot(incidentArmId, null)],
    no: [terminate('Nothing to do', { description: 'Run the playbook from an incident.', as: 'Cancelled' })],
  });
  const users = connector('List users', listUsers, {
    description: 'The people of the SIGNL4 account, with their duty in every team.',
    retry: patientRetry,
  });
  const duties = lower(string(at(item, 'dutyInfos')));
  const onDuty = filterArray('On duty', {
    description: 'On duty (1), or on duty as manager (100), in one of the teams.',
    from: coalesce(users.body(), emptyList),
    where: or(contains(duties, '"dutymode":1,'), contains(duties, '"dutymode":1}'), contains(duties, '"dutymode":100')),
  });
  const people = select('Names and addresses', {
    description: 'How to reach them.',
    from: onDuty.body(),
    to: text`${coalesce(at(item, 'name'), at(item, 'mail'))} (${at(item, 'mail')})`,
  });
  const names = withoutMarkup(join(people.body(), ', '));
  return workflow({
    choices: {
      NobodyText: {
        type: 'String',
        defaultValue: 'nobody',
        description: 'What the comment says when nobody is on duty.',
      },
    },
    derived: [derivedResourceManager],
    trigger: whenIncident('An analyst runs the playbook on an incident.'),
    steps: [
      guard,
      users,
      onDuty,
      people,
      putComment('Comment on the incident', {
        description: 'A comment of its own each time: who is on duty changes.',
        incidentArmId,
        commentId: text`${call('guid')}`,
        message: text`on call now: ${when(empty(people.body()), parameter('NobodyText'), names)}.`,
      }),
    ],
  });
}
