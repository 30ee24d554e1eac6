import type { Config } from '../../src/config/config.ts';
import { at, triggerBody } from '../../src/workflow/expression.ts';
import {
  bestEvent,
  endWithoutIncident,
  filterChoices,
  filterSteps,
  messageChoices,
  triggerIncident,
} from '../../src/workflow/parts/incident-page.ts';
import { markAsSent } from '../../src/workflow/parts/mark-as-sent.ts';
import { pageTheTeam, relayChoices, teamChoice } from '../../src/workflow/parts/page-somebody.ts';
import { derivedResourceManager } from '../../src/workflow/parts/resource-manager.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { compose } from '../../src/workflow/steps/compose.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { whenIncident } from '../../src/workflow/triggers.ts';
import { type Workflow, workflow } from '../../src/workflow/workflow.ts';

const whereabouts = triggerIncident;
const { incident } = whereabouts;

export const sendIncident: Playbook = {
  name: 'SIGNL4-Send-Incident',
  title: 'SIGNL4 - Page the on-call team about an incident',
  description:
    'Sends a Microsoft Sentinel incident with its alerts and entities to the SIGNL4 team on call, tags it and comments on it. Filters by status, severity, title, tag, product, analytics rule, owner and tactic.',
  prerequisites: [
    'The SIGNL4 custom connector is deployed into the same resource group.',
    'A SIGNL4 team with its team secret, and an API key of SIGNL4.',
  ],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace.',
    'Allow Microsoft Sentinel to run playbooks of the resource group.',
    'Create an automation rule that runs the playbook when an incident is created.',
  ],
  tags: ['Notification', 'On-call', 'Incident response'],
  entities: [],
  restrictCallers: false,
  build,
};

function build(config: Config): Workflow {
  const filter = filterSteps(incident);
  const best = bestEvent(config, whereabouts, triggerBody);
  const page = pageTheTeam({ event: best.event, bare: best.bare });
  const shouldPage = condition('Should somebody be paged', {
    description: 'One row per part of the filter, and no second page for an incident that was sent before.',
    all: filter.passes,
    yes: [
      ...best.steps,
      page.step,
      ...markAsSent({ page, incidentArmId: at(incident, 'id'), commentId: at(incident, 'name') }),
    ],
    no: [
      compose('Why nobody is paged', {
        description: 'Which part of the filter said no.',
        value: filter.verdict,
      }),
    ],
  });
  return workflow({
    choices: { ...teamChoice, ...filterChoices(config), ...messageChoices(config), ...relayChoices(config.relay.url) },
    derived: [derivedResourceManager],
    trigger: whenIncident('An automation rule, or an analyst, runs the playbook on an incident.'),
    steps: [endWithoutIncident(incident), filter.look, shouldPage],
  });
}
