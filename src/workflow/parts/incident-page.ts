import type { Config } from '../../config/config.ts';
import { eventWdl } from '../../rules/event-wdl.ts';
import { filterParameters, filterWdl, isForwardedWdl, tagParameter } from '../../rules/filter-wdl.ts';
import { externalIdWdl, type FieldSource, incidentFieldsWdl } from '../../rules/incident-fields-wdl.ts';
import { messageParameters, nameParameters } from '../../rules/message-parameters.ts';
import { nameTables } from '../../rules/product-names.ts';
import { at, call, coalesce, concat, type Expr, empty, type Members, not, raw, triggerBody } from '../expression.ts';
import type { Step } from '../step.ts';
import { compose } from '../steps/compose.ts';
import { condition } from '../steps/condition.ts';
import { scope } from '../steps/scope.ts';
import { terminate } from '../steps/terminate.ts';
import type { Choices } from '../workflow.ts';
import { localSteps } from './local-actions.ts';
import { richestEvent } from './page-somebody.ts';

/** Where an incident and what belongs to it is found. */
export interface IncidentWhereabouts {
  /** The incident resource. */
  readonly incident: Expr;
  readonly alerts: Expr;
  readonly entities: Expr;
  readonly workspaceId: Expr;
  readonly workspaceName: Expr;
}

/** The incident in the body of Sentinel's incident trigger. */
export const triggerIncident: IncidentWhereabouts = {
  incident: at(triggerBody, 'object'),
  alerts: at(triggerBody, 'object', 'properties', 'alerts'),
  entities: at(triggerBody, 'object', 'properties', 'relatedEntities'),
  workspaceId: coalesce(at(triggerBody, 'workspaceId'), ''),
  workspaceName: at(triggerBody, 'workspaceInfo', 'WorkspaceName'),
};

/** Ends a run that has no incident: the designer's own Run sends an empty body. */
export function endWithoutIncident(incident: Expr): Step {
  return condition('Is there an incident', {
    description: 'The designer runs a playbook with an empty body.',
    all: [not(empty(coalesce(at(incident, 'id'), '')))],
    yes: [],
    no: [
      terminate('Nothing to do', {
        description: 'Run the playbook from an incident or an automation rule.',
        as: 'Cancelled',
      }),
    ],
  });
}

/** The choices of the filter. Its expressions also read the names among `messageChoices`. */
export function filterChoices(config: Config): Choices {
  return { ...filterParameters(config.filter, nameTables(config.friendlyNames)), ...tagParameter(config.tag) };
}

/** The choices of the message, and the friendly names. */
export function messageChoices(config: Config): Choices {
  return {
    ...messageParameters(config.message),
    ...nameParameters(nameTables(config.friendlyNames), config.company),
  };
}

/** The filter on an incident: what it looks at, whether the incident passes, and which part said what. */
export function filterSteps(incident: Expr): {
  readonly look: Step;
  readonly passes: readonly Expr[];
  readonly verdict: Readonly<Record<string, Expr>>;
} {
  const filter = filterWdl(incident.wdl);
  const notSentBefore = not(raw(isForwardedWdl()));
  return {
    look: scope('Look at the incident', {
      description: 'What the filter needs to know.',
      steps: localSteps(filter.locals),
    }),
    passes: [...filter.conditions.map(raw), notSentBefore],
    verdict: {
      ...Object.fromEntries(Object.entries(filter.verdict).map(([test, wdl]) => [test, raw(wdl)])),
      'Not sent before': notSentBefore,
    },
  };
}

/** `X-S4-ExternalID` of an incident. */
export function externalIdOf({ workspaceId, incident }: IncidentWhereabouts): Expr {
  return raw(externalIdWdl(workspaceId.wdl, incident.wdl));
}

/** What an event is built from. */
export interface EventSource {
  readonly fields: FieldSource;
  readonly externalId: Expr;
  /** Title and link of the plain event. */
  readonly title: Expr;
  readonly link: Expr;
  /** Title of the bare event: a text that nobody else chose. */
  readonly bareTitle: Expr;
}

/** An event as the playbook builds it alone: a plain one, a bare one, and the one that the templates give. */
export interface BuiltEvent {
  readonly steps: readonly Step[];
  readonly plain: Expr;
  readonly event: Expr;
  /** For where SIGNL4 takes none of the others; see `pageTheTeam`. */
  readonly bare: Members;
}

/** Builds a SIGNL4 event; should the templates fail, the plain one is there. */
export function buildEvent(config: Config, source: EventSource): BuiltEvent {
  const { fields, externalId, title, link, bareTitle } = source;
  const steering = {
    'X-S4-ExternalID': externalId,
    'X-S4-Status': 'new',
    'X-S4-SourceSystem': 'MicrosoftSentinel',
  };
  const message = eventWdl(config.message, {
    ...fields,
    externalId: externalId.wdl,
    severity: fields.fields['incident.severity'],
  });
  const plain = compose('Plain event', {
    description: 'The least that somebody must be told, should the rest fail.',
    value: {
      Title: coalesce(title, 'Microsoft Sentinel'),
      Message: coalesce(link, ''),
      ...steering,
    },
  });
  const build = scope('Build the event', {
    description: 'Fills the templates with what Microsoft Sentinel says.',
    steps: localSteps(message.locals),
  });
  const bare = {
    Title: bareTitle,
    Message: concat('SIGNL4 did not take the whole alert. ', coalesce(link, '')),
    ...steering,
  };
  return { steps: [plain, build], plain: plain.outputs(), event: raw(message.event), bare };
}

/** The event of an incident. */
export function incidentEvent(config: Config, whereabouts: IncidentWhereabouts): BuiltEvent {
  const { incident } = whereabouts;
  return buildEvent(config, {
    fields: incidentFieldsWdl({
      incident: incident.wdl,
      alerts: whereabouts.alerts.wdl,
      entities: whereabouts.entities.wdl,
      workspaceId: whereabouts.workspaceId.wdl,
      workspaceName: whereabouts.workspaceName.wdl,
    }),
    externalId: externalIdOf(whereabouts),
    title: at(incident, 'properties', 'title'),
    link: at(incident, 'properties', 'incidentUrl'),
    bareTitle: concat(
      'Microsoft Sentinel incident ',
      call('string', coalesce(at(incident, 'properties', 'incidentNumber'), '')),
    ),
  });
}

/** The best event there is: from the relay, else from the templates, else plain. `request` is what the relay is sent. */
export function bestEvent(config: Config, whereabouts: IncidentWhereabouts, request: Expr) {
  const built = incidentEvent(config, whereabouts);
  const { steps, event } = richestEvent({
    localEvent: built.event,
    plainEvent: built.plain,
    externalId: externalIdOf(whereabouts),
    request,
    timeoutSeconds: config.relay.timeoutSeconds,
  });
  return { steps: [...built.steps, ...steps], event, bare: built.bare };
}
