import type { Config } from '../../src/config/config.ts';
import { filterODataWdl } from '../../src/rules/filter-odata.ts';
import { forwardedTag } from '../../src/rules/filter-wdl.ts';
import { hasTagWdl } from '../../src/rules/incident-change-wdl.ts';
import {
  at,
  call,
  coalesce,
  type Expr,
  empty,
  emptyList,
  equals,
  item,
  not,
  parameter,
  raw,
  text,
} from '../../src/workflow/expression.ts';
import {
  bestEvent,
  externalIdOf,
  filterChoices,
  filterSteps,
  type IncidentWhereabouts,
  messageChoices,
} from '../../src/workflow/parts/incident-page.ts';
import { commentAsSent, tagAsSent } from '../../src/workflow/parts/mark-as-sent.ts';
import { pageTheTeam, relayChoices, teamChoice } from '../../src/workflow/parts/page-somebody.ts';
import { derivedResourceManager, resourceManagerCall } from '../../src/workflow/parts/resource-manager.ts';
import { derivedWorkspace, workspaceArmId, workspaceId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { SENTINEL_API_VERSION } from '../../src/workflow/sentinel.ts';
import { listAlerts } from '../../src/workflow/signl4.ts';
import { patientRetry, type Step } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { forEach } from '../../src/workflow/steps/for-each.ts';
import { http } from '../../src/workflow/steps/http.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { until } from '../../src/workflow/steps/until.ts';
import { type Variable, variable } from '../../src/workflow/steps/variable.ts';
import { onSchedule } from '../../src/workflow/triggers.ts';
import { type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';

/** Incidents per page, as many as the service gives, and pages per sweep. */
const PAGE_SIZE = 1_000;
const MAX_PAGES = 20;
/** An incident of Defender may be ten minutes old when the automation rule runs; until then the sweep would page twice. */
const GRACE_MINUTES = 15;
const TIME_FORMAT = 'yyyy-MM-ddTHH:mm:ssZ';
const ORDER = 'properties%2FcreatedTimeUtc%20asc';

export const sweep: Playbook = {
  name: 'SIGNL4-Sweep',
  title: 'SIGNL4 - Find incidents that nobody was paged about',
  description:
    'Looks every few minutes for incidents in the configured states that do not carry the SIGNL4 tag, and sends them. Nothing is lost when an automation rule was off or a run failed.',
  prerequisites: [
    'The SIGNL4 custom connector is deployed into the same resource group.',
    'A SIGNL4 team with its team secret, and an API key of SIGNL4.',
  ],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace.',
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
      description:
        'How old an incident must be, in minutes. Younger ones are left to the automation rule: it may be about to run SIGNL4-Send-Incident for them, and the team would be paged twice.',
    },
  };
}

function build(config: Config): Workflow {
  const ago = (add: string, choice: string) =>
    call(add, raw('utcNow()'), call('mul', parameter(choice), -1), TIME_FORMAT).wdl;
  const times = { since: ago('addHours', 'LookBackHours'), createdBefore: ago('addMinutes', 'GraceMinutes') };
  const filter = call('encodeUriComponent', raw(filterODataWdl(times)));
  const query = text`api-version=${SENTINEL_API_VERSION}&$top=${String(PAGE_SIZE)}&$orderby=${ORDER}&$filter=${filter}`;
  const firstPage = text`${parameter('ResourceManager')}${workspaceArmId}/providers/Microsoft.SecurityInsights/incidents?${query}`;
  const nextPage = variable('NextPage', 'string', firstPage, {
    name: 'Begin with the first page',
    description: 'Incidents in the chosen states and severities that changed lately, oldest first.',
  });
  const trouble = variable('Trouble', 'boolean', false, {
    name: 'No trouble yet',
    description: 'Whether anything failed on the way.',
  });
  const list = http('List incidents', {
    description: 'One page of incidents.',
    method: 'GET',
    uri: nextPage.value,
    retry: patientRetry,
    managedIdentityFor: parameter('ResourceManager'),
  });
  const untagged = filterArray('Incidents without the tag', {
    description: 'Most of a page was sent before; those need no look of their own.',
    from: coalesce(list.body('value'), emptyList),
    where: not(raw(hasTagWdl(at(item, 'properties', 'labels').wdl, forwardedTag))),
  });
  const pages = until('Until the last page', {
    description: `At most ${MAX_PAGES} pages of ${PAGE_SIZE} incidents.`,
    done: empty(nextPage.value),
    rounds: MAX_PAGES,
    timeout: 'PT50M',
    steps: [
      list,
      untagged,
      forEach('For each incident', {
        description: 'One after another: the loop writes.',
        items: untagged.body(),
        atATime: 1,
        steps: (incident) => sweepIncident(config, incident, trouble),
      }),
      trouble.set('Remember the trouble', {
        description: 'A page that could not be read, or an incident that could not be sent: the sweep goes on.',
        on: ['Failed', 'TimedOut', 'Skipped'],
        to: true,
      }),
      nextPage.set('Go to the next page', {
        description: 'Empty after the last page, or where a page could not be read.',
        on: 'any',
        to: coalesce(list.body('nextLink'), ''),
      }),
    ],
  });
  return workflow({
    choices: {
      ...teamChoice,
      ...sweepChoices(config),
      ...filterChoices(config),
      ...messageChoices(config),
      ...relayChoices(config.relay.url),
    },
    derived: [derivedWorkspace(config.workspace), derivedResourceManager],
    trigger: onSchedule('Every_few_minutes', 'How often a sweep runs.', {
      frequency: 'Minute',
      interval: config.sweep.everyMinutes,
    }),
    steps: [nextPage.declaration, trouble.declaration, pages, failAfter(trouble, nextPage)],
  });
}

/** A sweep goes on after a failure, but does not look as if nothing had happened. */
function failAfter(trouble: Variable, nextPage: Variable): Step {
  return condition('Was there trouble', {
    description:
      'Something failed, or there are more pages than a sweep reads. The run shows as failed, so that somebody looks.',
    on: 'finished',
    all: [call('or', trouble.value, not(empty(nextPage.value)))],
    yes: [
      terminate('Not everything was swept', {
        description: 'The failed actions above have the answers; the next sweep tries again.',
        as: 'Failed',
        code: 'SweepIncomplete',
        message:
          'Incidents could not be listed, or some could not be sent or tagged, or there are too many to list. The next sweep tries again; where there are too many, LookBackHours or the filter must become smaller.',
      }),
    ],
  });
}

/** Sends an incident that passes the filter and that SIGNL4 does not know. */
function sweepIncident(config: Config, incident: Expr, trouble: Variable): readonly Step[] {
  const filter = filterSteps(incident);
  const incidentArmId = at(incident, 'id');
  const fetch = (name: string, what: string, on?: 'finished') =>
    resourceManagerCall(name, {
      description: `The list of incidents comes without ${what}; without them the page goes out all the same.`,
      ...(on && { on }),
      method: 'POST',
      resource: text`${incidentArmId}/${what}`,
    });
  const alerts = fetch('List alerts', 'alerts');
  const entities = fetch('List entities', 'entities', 'finished');
  const whereabouts: IncidentWhereabouts = {
    incident,
    alerts: alerts.body('value'),
    entities: entities.body('entities'),
    workspaceId,
    workspaceName: call('last', call('split', workspaceArmId, '/')),
  };
  const find = connector('Find it in SIGNL4', listAlerts, {
    description:
      'Whether it was sent before and only the tag is missing. Where SIGNL4 cannot tell, nothing is sent this time.',
    body: { externalId: externalIdOf(whereabouts) },
    retry: patientRetry,
  });
  const best = bestEvent(config, whereabouts, raw(`setProperty(json('{}'), 'incidentArmId', ${incidentArmId.wdl})`));
  const page = pageTheTeam({ event: best.event, bare: best.bare });
  const sent = { page, incidentArmId, commentId: at(incident, 'name') };
  const isUnknown = condition('Does SIGNL4 not know it', {
    description: 'Sending it twice would page twice.',
    all: [equals(call('length', coalesce(find.body('results'), emptyList)), 0)],
    yes: [alerts, entities, ...firstOnFinished(best.steps), page.step, commentAsSent(sent)],
  });
  const tagging = tagAsSent(sent);
  const isTagged = condition('Is it tagged', {
    description: 'A loop ends after its last round whether it worked or not.',
    all: [tagging.isTagged],
    yes: [],
    no: [
      trouble.set('Remember that it is not tagged', {
        description: 'Nobody is paged twice, since SIGNL4 is asked before; but the sweep must be allowed to tag.',
        to: true,
      }),
    ],
  });
  return [
    filter.look,
    condition('Should somebody be paged', {
      description: 'One row per part of the filter, and no second page for an incident that was sent before.',
      all: filter.passes,
      yes: [find, isUnknown, tagging.loop, isTagged],
    }),
  ];
}

/** The event is built whatever became of alerts and entities. */
function firstOnFinished([first, ...rest]: readonly Step[]): readonly Step[] {
  return first ? [{ ...first, start: { on: 'finished' } }, ...rest] : [];
}
