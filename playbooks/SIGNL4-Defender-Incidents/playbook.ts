import { asksGraphWithoutRelay, type Config } from '../../src/config/config.ts';
import { graphSeverities, graphStatuses } from '../../src/domain/defender.ts';
import { severities } from '../../src/domain/severity.ts';
import type { IncidentFilter } from '../../src/rules/choices.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  type Expr,
  empty,
  equals,
  isNot,
  item,
  lacks,
  length,
  list,
  literal,
  lower,
  not,
  or,
  parameter,
  row,
  string,
  text,
  when,
} from '../../src/wdl/build.ts';
import { hoursAgo, tagChoice, teamChoice } from '../../src/workflow/parts/choices.ts';
import {
  defenderExternalId,
  firstPage,
  getDefenderIncident,
  graphChoice,
  listDefenderAlerts,
  listIncidents,
  nextPage,
  patchIncident,
  tagsOf,
  withTag,
} from '../../src/workflow/parts/graph.ts';
import { companyToken, compileMessage, friendlyProduct, nameChoices } from '../../src/workflow/parts/message.ts';
import { findAlerts, isConfirmed, openAlerts, sendToSignl4, steering } from '../../src/workflow/parts/page-the-team.ts';
import { derivedTenant, tenantId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import type { Step } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { forEach } from '../../src/workflow/steps/for-each.ts';
import { select } from '../../src/workflow/steps/select.ts';
import { until } from '../../src/workflow/steps/until.ts';
import { setVariable, variable } from '../../src/workflow/steps/variable.ts';
import { onSchedule } from '../../src/workflow/triggers.ts';
import { type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';

export const defenderIncidents: Playbook = {
  name: 'SIGNL4-Defender-Incidents',
  title: 'SIGNL4 - Page the on-call team about incidents of Microsoft Defender',
  description:
    'Asks Microsoft Graph every minute for incidents of Microsoft Defender, pages the SIGNL4 team on call about those that you choose, tags them, and resolves the alert when an incident is resolved or merged. Works without Microsoft Sentinel and without a relay.',
  prerequisites: [
    'The SIGNL4 custom connector is deployed into the same resource group.',
    'A SIGNL4 team with its team secret, and an API key of SIGNL4.',
  ],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Give the managed identity of the playbook the application permission SecurityIncident.ReadWrite.All of Microsoft Graph.',
  ],
  tags: ['Notification', 'On-call', 'Incident response'],
  entities: [],
  restrictCallers: false,
  isWanted: asksGraphWithoutRelay,
  build,
};

/** An outage of this length loses nothing: every run looks back that far, at what changed. */
const LOOK_BACK_HOURS = 2;

/** Pages of a list of fifty that one run reads. */
const PAGES = 100;

/** Added to the tag once the alert in SIGNL4 is resolved, so that it is done once. */
const SETTLED = '-Resolved';

function build(config: Config): Workflow {
  const { filter, sync } = config;
  const lately = text`lastUpdateDateTime%20ge%20${hoursAgo}%20and%20createdDateTime%20ge%20${parameter('CreatedSince')}`;
  const page = variable('Next page', 'string', firstPage(lately), {
    description: 'Incidents that changed lately. The windows of two runs overlap on purpose.',
  });
  const listed = listIncidents('List incidents', {
    description: 'Fifty of them, with the address of the next page in the answer.',
    page: page.value,
  });
  const turn = setVariable('Turn the page', {
    description: 'Empty after the last page.',
    on: 'finished',
    of: page,
    to: text`${nextPage(listed)}`,
  });
  const wanted = filterArray('Not sent yet', {
    description: 'Without the tag, in a state and of a severity that page somebody.',
    after: [listed],
    from: list(listed.body('value')),
    where: isWanted(filter),
  });
  const further = filterArray('Over or merged', {
    description: sync.closed
      ? 'Sent before and resolved since, or merged into another, which goes on.'
      : 'Merged into another incident, which goes on.',
    from: list(listed.body('value')),
    where: sync.closed ? isOverOrMerged : isMerged,
  });
  return workflow({
    choices: {
      ...teamChoice,
      ...filterChoices(filter),
      ...tagChoice(config.tag),
      LookBackHours: {
        type: 'Int',
        defaultValue: LOOK_BACK_HOURS,
        description: 'How far back a run looks at incidents that changed, in hours.',
      },
      CreatedSince: {
        type: 'String',
        defaultValue: '2000-01-01T00:00:00Z',
        description:
          'Incidents that were created before are left alone (UTC). Where Microsoft Sentinel paged about them under its own ids, they would be paged again.',
      },
      ...severityNames,
      ...nameChoices(config),
      ...graphChoice,
    },
    derived: [derivedTenant],
    trigger: onSchedule('Every_few_minutes', `Every ${minutesOf(config)}. One run at a time.`, {
      frequency: 'Minute',
      interval: config.graph.everyMinutes,
    }),
    steps: [
      page.declaration,
      until('Until every page is read', {
        description: 'Page by page, whatever the setting Pagination of an HTTP action takes for a link.',
        done: empty(page.value),
        rounds: PAGES,
        timeout: 'PT1H',
        steps: [
          listed,
          turn,
          wanted,
          further,
          forEach('For each of them', {
            description: 'One after another. One that fails keeps none back, and comes again with the next run.',
            items: call('union', wanted.body(), further.body()),
            atATime: 1,
            steps: (found) => stepsOfIncident(config, found),
          }),
        ],
      }),
    ],
  });
}

const minutesOf = ({ graph }: Config) => (graph.everyMinutes === 1 ? 'minute' : `${graph.everyMinutes} minutes`);

// ---- which incidents --------------------------------------------------------------------------------------------------

const statusOf = (incident: Expr) => at(incident, 'status');

/**
 * What severities and states page. A severity that is newer than this playbook does.
 * Where only new incidents are wanted, one that is in progress and nobody's counts as new, as it does for Sentinel.
 */
function isWanted({ statuses }: IncidentFilter): Expr {
  const onlyNew = statuses.includes('New') && !statuses.includes('Active');
  const inProgress = graphStatuses.Active;
  const isNobodys = and(equals(at(item, 'assignedTo'), null), equals(statusOf(item), inProgress));
  return and(
    not(contains(tagsOf(item), parameter('Tag'))),
    contains(parameter('Statuses'), onlyNew ? when(isNobodys, graphStatuses.New, statusOf(item)) : statusOf(item)),
    not(contains(parameter('QuietSeverities'), at(item, 'severity'))),
  );
}

/** Whether there is our tag, or another that begins like it. */
const mayHaveTag = contains(string(at(item, 'customTags')), parameter('Tag'));

const isMerged = equals(statusOf(item), 'redirected');
const isOverOrMerged = or(isMerged, and(mayHaveTag, equals(statusOf(item), 'resolved')));

function filterChoices({ statuses, severities: chosen }: IncidentFilter): Choices {
  const paging = statuses.length === 0 ? (['New', 'Active'] as const) : statuses.filter((one) => one !== 'Closed');
  const quiet = chosen.length === 0 ? [] : severities.filter((one) => !chosen.includes(one));
  return {
    Statuses: {
      type: 'Array',
      // Only Defender Experts set awaitingAction: they wait for an answer, and nobody here has taken the incident yet.
      defaultValue: paging.flatMap((one) => [graphStatuses[one], ...(one === 'New' ? ['awaitingAction'] : [])]),
      description: 'States of incidents that page somebody: active, inProgress, awaitingAction.',
    },
    QuietSeverities: {
      type: 'Array',
      // What Defender did not rate counts as Medium.
      defaultValue: quiet.flatMap((one) => [graphSeverities[one], ...(one === 'Medium' ? ['unknown'] : [])]),
      description:
        'Severities that page nobody: informational, low, medium, high, unknown. Empty: every incident pages.',
    },
  };
}

const severityNames: Choices = {
  SeverityNames: {
    type: 'Object',
    defaultValue: {
      ...Object.fromEntries(severities.map((name) => [graphSeverities[name], name])),
      unknown: 'Unknown severity',
    },
    description: 'What Microsoft Graph calls a severity to what people read.',
  },
};

// ---- one incident -----------------------------------------------------------------------------------------------------

function stepsOfIncident(config: Config, found: Expr): readonly Step[] {
  const mergedInto = at(found, 'redirectIncidentId');
  const isItself = row.is(mergedInto, null);
  const get = getDefenderIncident('Get incident', {
    description: 'As it is now, with its tags; of one that was merged, the incident that goes on.',
    id: coalesce(mergedInto, at(found, 'id')),
  });
  const alerts = listDefenderAlerts('List its alerts', {
    description: 'Where Microsoft Graph cannot give them, the page goes out without.',
    id: get.body('id'),
  });
  const alertLines = select('Alert lines', {
    description: 'One line for each alert of the incident: title, severity, product.',
    on: 'finished',
    from: list(alerts.body('value')),
    to: text`${at(item, 'title')} (${severityName(at(item, 'severity'))}, ${productOf(item)})`,
  });
  const find = findAlerts('Find it in SIGNL4', {
    description:
      'Whether the team was paged before: by an earlier run, or because Microsoft Sentinel shows the incident too. Where SIGNL4 does not say, the page goes out; of what others were merged into, with a later run.',
    externalId: defenderExternalId(get.body('id')),
  });
  const listedId = defenderExternalId(at(found, 'id'));
  const own = findAlerts('Find its own alerts', {
    description: 'The alerts of the incident as it was listed, before it was merged.',
    on: 'finished',
    externalId: listedId,
  });
  const open = openAlerts('Its open alerts', {
    description: 'Those that ring, wait or are acknowledged.',
    on: 'finished',
    of: own.step,
  });
  const status = get.body('status');
  const message = pageTheTeam(config, get, alerts, alertLines);
  const send = sendToSignl4('Send to SIGNL4', {
    description: 'Pages the team on call. Change title, message and other fields here.',
    event: {
      Title: message.title,
      Message: message.text,
      ...steering('new', defenderExternalId(get.body('id'))),
      ...message.further,
    },
    repeat: false,
  });
  const page = condition('Is nobody paged yet', {
    description:
      'It is open and SIGNL4 does not know it. What others were merged into pages where one of them did and SIGNL4 answers that it has no alert of it.',
    on: 'finished',
    all: [
      lacks(OVER, lower(string(status))),
      find.hasNone,
      // Looked at for hours after the merge: a question that fails once must page nobody again, and what was merged rings.
      row.any([isItself, row.all([own.hasSome, find.saysNone])]),
    ],
    yes: [send],
  });
  const settledTag = call('concat', parameter('Tag'), SETTLED);
  const isResolved = row.is(status, 'resolved');
  const owner = lower(string(get.body('assignedTo')));
  const settle = condition('Is its alert to be settled', {
    description:
      'It rings or waits, and the incident was resolved; or merged, and somebody is paged about the one that goes on, or a person resolved that one.',
    all: [
      open.hasSome,
      row.any([
        row.all([isItself, isResolved, lacks(tagsOf(get.body()), settledTag)]),
        row.all([isNot(mergedInto, null), row.any([find.hasSome, isConfirmed(send)])]),
        row.all([
          isNot(mergedInto, null),
          isResolved,
          isNot(get.body('assignedTo'), null),
          row.is(lower(string(get.body('lastModifiedBy'))), owner),
        ]),
      ]),
    ],
    yes: [
      sendToSignl4('Resolve the alerts', {
        description: 'One event resolves every alert of this incident.',
        event: { Title: message.title, Message: overText(mergedInto, get), ...steering('resolved', listedId) },
        repeat: true,
      }),
    ],
  });
  const tag = config.sync.closed ? when(equals(status, 'resolved'), settledTag, parameter('Tag')) : parameter('Tag');
  return [
    get,
    alerts,
    alertLines,
    find.step,
    own.step,
    ...(config.sync.closed ? [open.step] : []),
    page,
    ...(config.sync.closed ? [settle] : []),
    condition('Is the tag missing', {
      description: 'Only an incident that SIGNL4 has gets the tag; one that was merged is Defender’s alone.',
      all: [
        row.any([row.all([isItself, find.hasSome]), isConfirmed(send)]),
        lacks(tagsOf(get.body()), tag),
        isNot(status, 'redirected'),
      ],
      yes: [
        patchIncident('Tag the incident', {
          description: 'The tags that it has, and ours: SIGNL4 has it, or its alert is resolved.',
          id: get.body('id'),
          change: withTag(tagsOf(get.body()), tag),
        }),
      ],
    }),
  ];
}

const overText = (mergedInto: Expr, goesOn: Step) =>
  text`${when(
    equals(mergedInto, null),
    'Resolved in Microsoft Defender.',
    call('concat', 'Merged into incident ', goesOn.body('id'), '.'),
  )}`;

/** States in which nobody is called. */
const OVER = 'resolved redirected';

const severityName = (severity: Expr) => coalesce(at(parameter('SeverityNames'), coalesce(severity, '')), severity, '');
const productOf = (alert: Expr) => friendlyProduct(coalesce(at(alert, 'productName'), at(alert, 'serviceSource')));

/** The page, with what a playbook can say of an incident of Defender; the rest of the message is left out. */
function pageTheTeam(config: Config, get: Step, listed: Step, alertLines: Step) {
  const alerts = list(listed.body('value'));
  const link = get.body('incidentWebUrl');
  return compileMessage(
    config,
    {
      'incident.number': get.body('id'),
      'incident.title': get.body('displayName'),
      'incident.description': coalesce(get.body('description'), at(call('first', alerts), 'description')),
      'incident.severity': severityName(get.body('severity')),
      'incident.status': get.body('status'),
      'incident.owner': get.body('assignedTo'),
      'incident.tags': tagsOf(get.body()),
      'incident.link': link,
      'incident.defenderUrl': link,
      'incident.id': get.body('id'),
      'incident.created': get.body('createdDateTime'),
      'incident.provider': literal('Microsoft XDR'),
      'alerts.list': alertLines.body(),
      'alerts.count': string(length(alerts)),
      company: companyToken(config, tenantId),
    },
    get.body('severity'),
  );
}
