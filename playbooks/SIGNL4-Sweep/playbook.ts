import type { Config } from '../../src/config/config.ts';
import { apiVersions } from '../../src/domain/api-versions.ts';
import { filterODataText, type ListTest, listTests, protectedLists } from '../../src/rules/filter-targets.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import {
  at,
  call,
  contains,
  type Expr,
  item,
  list,
  not,
  parameter,
  string,
  type Text,
  text,
} from '../../src/wdl/build.ts';
import { hoursAgo, LIST_TIME, listChoices, tagChoice } from '../../src/workflow/parts/choices.ts';
import { derivedResourceManager, resourceManagerCall } from '../../src/workflow/parts/resource-manager.ts';
import { derivedTenant, derivedWorkspace, tenantId, workspaceArmId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import type { Step } from '../../src/workflow/step.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { forEach } from '../../src/workflow/steps/for-each.ts';
import { onSchedule } from '../../src/workflow/triggers.ts';
import { type Choices, type Derived, type Workflow, workflow } from '../../src/workflow/workflow.ts';

/** Incidents of one list, as many as the service gives at once. */
const MOST = '1000';
/** An incident of Defender may be ten minutes old when the automation rule runs; until then the sweep leaves it alone. */
const GRACE_MINUTES = 15;

export const sweep: Playbook = {
  name: 'SIGNL4-Sweep',
  title: 'SIGNL4 - Find incidents that nobody was paged about',
  description:
    'Looks every few minutes for incidents in the configured states without the SIGNL4 tag and has Microsoft Sentinel run SIGNL4-Send-Incident on them; on closed ones it runs SIGNL4-Sync-Incident. Nothing is lost when an automation rule was off or a run failed.',
  prerequisites: [
    'SIGNL4-Send-Incident and SIGNL4-Sync-Incident are deployed.',
    'Microsoft Sentinel may run playbooks of their resource group.',
  ],
  postDeployment: [
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace, and Microsoft Sentinel Playbook Operator on the resource group of the playbooks.',
  ],
  tags: ['Notification', 'On-call', 'Incident response'],
  entities: [],
  restrictCallers: false,
  build,
};

function sweepChoices(config: Config): Choices {
  return {
    LookBackHours: {
      type: 'Int',
      defaultValue: config.sweep.lookBackHours,
      description: 'How far back a sweep looks at incidents that changed, in hours. Windows overlap on purpose.',
    },
    GraceMinutes: {
      type: 'Int',
      defaultValue: GRACE_MINUTES,
      description: 'How old an incident must be, in minutes. Younger ones are left to the automation rule.',
    },
  };
}

function build(config: Config): Workflow {
  const names = nameTables(config.friendlyNames);
  const tests = listTests(config.filter, names);
  const openOnes = listIncidents('List incidents', {
    description: 'Incidents in the chosen states and severities that changed lately, newest first.',
    filter: filterODataText(hoursAgo, graceAgo, tests.some(({ test }) => test === 'Status') ? ['Active'] : []),
  });
  const unsent = filterArray('Not sent yet', {
    description: 'Without the tag.',
    from: list(openOnes.body('value')),
    where: not(isTagged),
  });
  const thinned = thin(unsent, tests);
  const closedOnes = listIncidents('List closed incidents', {
    description: 'Incidents that were closed lately: an alert may still ring for one of them.',
    start: { after: [] },
    filter: text`properties/lastModifiedTimeUtc ge ${hoursAgo} and properties/status eq 'Closed'`,
  });
  const sent = filterArray('Sent and closed', {
    description: 'With the tag.',
    from: list(closedOnes.body('value')),
    where: isTagged,
  });
  const [last = unsent] = thinned.slice(-1);
  return workflow({
    choices: {
      ...listChoices([...protectedLists(config.filter), ...tests.flatMap(({ list: read }) => read ?? [])]),
      ...tagChoice(config.tag),
      ...sweepChoices(config),
    },
    derived: [derivedWorkspace(config.workspace), derivedResourceManager, startedPlaybooks, derivedTenant],
    trigger: onSchedule(
      'Every_few_minutes',
      `Every ${config.sweep.everyMinutes} minutes. The windows of two sweeps overlap.`,
      { frequency: 'Minute', interval: config.sweep.everyMinutes },
    ),
    steps: [
      openOnes,
      unsent,
      ...thinned,
      runOnEach('For each of them', 'Run Send-Incident', 'SendIncident', last),
      closedOnes,
      sent,
      runOnEach('For each closed incident', 'Run Sync-Incident', 'SyncIncident', sent),
    ],
  });
}

const graceAgo = call('addMinutes', call('utcNow'), call('mul', parameter('GraceMinutes'), -1), LIST_TIME);

/** The tag as the list gives it. */
const isTagged: Expr = contains(
  string(at(item, 'properties', 'labels')),
  call('concat', '"labelName":"', parameter('Tag'), '"'),
);

function listIncidents(
  name: string,
  { description, filter, start }: { description: string; filter: Text; start?: { after: readonly Step[] } },
): Step {
  return resourceManagerCall(name, {
    ...start,
    description,
    method: 'GET',
    resource: text`${workspaceArmId}/providers/Microsoft.SecurityInsights/incidents`,
    queries: { $top: MOST, $orderby: 'properties/createdTimeUtc desc', $filter: filter },
  });
}

/** One step for each part of the filter that the list could not tell. */
function thin(first: Step, tests: readonly ListTest[]): readonly Step[] {
  const steps: Step[] = [];
  for (const { test, where } of tests) {
    const from = (steps.at(-1) ?? first).body();
    steps.push(filterArray(`${test} is wanted`, { description: `The part "${test}" of the filter.`, from, where }));
  }
  return steps;
}

/** Has Sentinel run a playbook on each incident. Never repeated: a second start would run it twice. */
function runOnEach(loop: string, name: string, playbook: string, incidents: Step): Step {
  return forEach(loop, {
    description: 'One after another.',
    items: incidents.body(),
    atATime: 1,
    steps: (incident) => [
      resourceManagerCall(name, {
        description: 'As an analyst would by hand. 400 means that a permission is missing: see the guide.',
        method: 'POST',
        resource: text`${at(incident, 'id')}/runPlaybook`,
        version: apiVersions.runPlaybook,
        body: { logicAppsResourceId: parameter(playbook), tenantId },
        repeat: false,
      }),
    ],
  });
}

/** The playbooks that the sweep starts, in the resource group it is deployed to. */
const startedPlaybooks: Derived = {
  parameters: {
    SendIncident: {
      description: 'Playbook that pages; set by the deployment.',
      arm: "[resourceId('Microsoft.Logic/workflows', parameters('SendIncidentPlaybook'))]",
    },
    SyncIncident: {
      description: 'Playbook that settles closed incidents; set by the deployment.',
      arm: "[resourceId('Microsoft.Logic/workflows', parameters('SyncIncidentPlaybook'))]",
    },
  },
  deployment: {
    parameters: {
      SendIncidentPlaybook: {
        type: 'String',
        defaultValue: 'SIGNL4-Send-Incident',
        description: 'Name of the playbook that pages about an incident.',
      },
      SyncIncidentPlaybook: {
        type: 'String',
        defaultValue: 'SIGNL4-Sync-Incident',
        description: 'Name of the playbook that tells SIGNL4 what changed.',
      },
    },
    variables: {},
  },
};
