import { severities } from '../domain/severity.ts';
import { entityFieldsWdl } from './entity-fields-wdl.ts';
import {
  at,
  bodyOf,
  call,
  concat,
  contains,
  cutText,
  distinct,
  empty,
  equals,
  firstText,
  friendlyWdl,
  type LocalAction,
  list,
  literal,
  lookUp,
  lower,
  or,
  parameter,
  text,
  trim,
  type Wdl,
  when,
} from './expressions.ts';
import { ALERT_DESCRIPTION_LIMIT, type MessageField, messageFields } from './fields.ts';

/** One expression per field: a text for text fields, an array of texts for lists. */
export type FieldExpressions = Readonly<Record<MessageField, Wdl>>;

/** Fields of a thing to page about, and the local actions that their expressions read. */
export interface FieldSource {
  readonly locals: readonly LocalAction[];
  readonly fields: FieldExpressions;
}

/** Every field empty: to start from where the thing is no incident. `fields: { ...emptyFields(), company: … }`. */
export function emptyFields(): FieldExpressions {
  return Object.fromEntries(
    Object.entries(messageFields).map(([name, { kind }]) => [name, kind === 'list' ? "json('[]')" : "''"]),
  ) as Record<MessageField, Wdl>;
}

/** Expressions of what an incident's fields are read from. */
export interface IncidentSource {
  /** The incident resource: `triggerBody()?['object']`. */
  readonly incident: Wdl;
  /** Linked alerts as the incident trigger or the REST API gives them. */
  readonly alerts: Wdl;
  /** Entities as the incident trigger (`relatedEntities`) or the REST API (`entities`) gives them. */
  readonly entities: Wdl;
  readonly workspaceId: Wdl;
  readonly workspaceName: Wdl;
  /** Left out: companies are found by workspace only. */
  readonly tenantId?: Wdl;
}

const incidentLocals = {
  tags: 'Tag names',
  products: 'Product names',
  descriptions: 'Alert descriptions',
  titles: 'Alert titles',
  lines: 'Alert lines',
} as const;

/** `sentinel:<workspace GUID>:<incident GUID>`, as domain/external-id. */
export function externalIdWdl(workspaceId: Wdl, incident: Wdl): Wdl {
  const id = firstText(text(at(incident, 'name')), call('last', call('split', text(at(incident, 'id')), "'/'")));
  return concat("'sentinel:'", lower(workspaceId), "':'", lower(id));
}

/** All message fields of an incident. Reads the parameters of `nameParameters`. */
export function incidentFieldsWdl(source: IncidentSource): FieldSource {
  const { incident } = source;
  const properties = at(incident, 'properties');
  const additional = at(properties, 'additionalData');
  const part = (...path: readonly string[]) => text(at(properties, ...path));
  const alerts = list(source.alerts);
  const entities = entityFieldsWdl(source.entities, 'resource');
  const alertPart = (name: string) => trim(text(at('item()', 'properties', name)));
  const description = firstText(
    trim(part('description')),
    call('first', call('union', distinct(bodyOf(incidentLocals.descriptions)), "createArray('', '')")),
  );
  const defenderUrl = text(at(additional, 'providerIncidentUrl'));
  const locals: LocalAction[] = [
    {
      kind: 'select',
      name: incidentLocals.tags,
      description: 'Names of the tags of the incident.',
      from: list(at(properties, 'labels')),
      select: text(at('item()', 'labelName')),
    },
    {
      kind: 'select',
      name: incidentLocals.products,
      description: 'Friendly names of the products that raised the alerts.',
      from: list(at(additional, 'alertProductNames')),
      select: friendlyWdl('ProductNames', text('item()')),
    },
    {
      kind: 'select',
      name: incidentLocals.descriptions,
      description: 'Descriptions of the alerts: incidents of Defender have none of their own.',
      from: alerts,
      select: alertPart('description'),
    },
    {
      kind: 'select',
      name: incidentLocals.titles,
      description: 'Titles of the linked alerts.',
      from: alerts,
      select: alertTitle,
    },
    {
      kind: 'select',
      name: incidentLocals.lines,
      description: 'One entry per linked alert: title, severity, product, description.',
      from: alerts,
      select: alertLine(alertPart, description),
    },
    ...entities.locals,
  ];
  return {
    locals,
    fields: {
      'incident.number': part('incidentNumber'),
      'incident.title': part('title'),
      'incident.description': description,
      'incident.severity': part('severity'),
      'incident.status': part('status'),
      'incident.owner': firstText(
        part('owner', 'assignedTo'),
        part('owner', 'email'),
        part('owner', 'userPrincipalName'),
        part('owner', 'objectId'),
      ),
      'incident.tags': distinct(bodyOf(incidentLocals.tags)),
      'incident.tactics': distinct(list(at(additional, 'tactics'))),
      'incident.techniques': distinct(list(at(additional, 'techniques'))),
      'incident.products': distinct(bodyOf(incidentLocals.products)),
      'incident.link': firstText(defenderUrl, part('incidentUrl')),
      'incident.url': part('incidentUrl'),
      'incident.defenderUrl': defenderUrl,
      'incident.id': lower(
        firstText(text(at(incident, 'name')), call('last', call('split', text(at(incident, 'id')), "'/'"))),
      ),
      'incident.created': part('createdTimeUtc'),
      'incident.provider': part('providerName'),
      'alerts.count': text(
        call('max', call('int', firstText(text(at(additional, 'alertsCount')), "'0'")), call('length', alerts)),
      ),
      'alerts.titles': distinct(bodyOf(incidentLocals.titles)),
      'alerts.list': bodyOf(incidentLocals.lines),
      ...entities.fields,
      'queries.list': "''",
      company: companyWdl(source),
      'workspace.name': text(source.workspaceName),
    },
  };
}

/** The config's company, else by workspace, else by tenant. */
export function companyWdl(source: Pick<IncidentSource, 'workspaceId' | 'tenantId'>): Wdl {
  const byId = (id: Wdl) => text(lookUp(parameter('CompanyNames'), lower(text(id))));
  return firstText(
    parameter('Company'),
    byId(source.workspaceId),
    ...(source.tenantId === undefined ? [] : [byId(source.tenantId)]),
  );
}

const alertTitle = trim(
  text(call('coalesce', at('item()', 'properties', 'alertDisplayName'), at('item()', 'properties', 'friendlyName'))),
);

/** `• Title (High, Microsoft Defender for Endpoint)` and, on the next line, a description that the incident does not say already. */
function alertLine(alertPart: (name: string) => Wdl, incidentDescription: Wdl): Wdl {
  const known = call('createArray', ...severities.map((name) => literal(name.toLowerCase())));
  const severity = when(contains(known, lower(alertPart('severity'))), alertPart('severity'), "''");
  const marks = distinct(call('createArray', severity, friendlyWdl('ProductNames', alertPart('productName'))));
  const said = or(empty(alertPart('description')), equals(alertPart('description'), incidentDescription));
  return concat(
    "'• '",
    alertTitle,
    when(empty(marks), "''", concat("' ('", call('join', marks, "', '"), "')'")),
    when(said, "''", concat(literal('\n  '), cutText(alertPart('description'), ALERT_DESCRIPTION_LIMIT))),
  );
}
