import type { Config } from '../../config/config.ts';
import { type MessageField, messageFields } from '../../rules/fields.ts';
import { compileTemplate, relayOnly, type Tokens } from '../../rules/template-tokens.ts';
import {
  at,
  call,
  coalesce,
  type Expr,
  item,
  join,
  length,
  list,
  literal,
  type Members,
  parameter,
  string,
  type Text,
  take,
  text,
  triggerBody,
} from '../../wdl/build.ts';
import type { Step } from '../step.ts';
import { select } from '../steps/select.ts';
import type { Choices } from '../workflow.ts';
import { productTable } from './choices.ts';
import { entityLine, hasEntityNames, nameChoicesOfEntities } from './entities.ts';
import { incidentProperties } from './incident.ts';

/** Message fields that a playbook has a token for. */
export type MessageTokens = Readonly<Partial<Record<MessageField, Expr>>>;

/** Contents of the fields of "Send to SIGNL4". */
export interface Message {
  readonly title: Text;
  readonly text: Text;
  /** Other parameters of the alert, category and scenario. */
  readonly further: Members;
}

/** Compiles title, text and other fields of the config to tokens. Fields that only the relay can fill are left out. */
export function compileMessage({ message }: Config, tokens: MessageTokens, severity: Expr): Message {
  const source = {
    fields: messageFields,
    tokens: tokens as Tokens,
    limitOf: (field: string) => {
      const declared = messageFields[field as MessageField];
      return 'limit' in declared ? message[declared.limit] : undefined;
    },
  };
  const fill = (template: string) => compileTemplate(template, source);
  const category = fill(message.category);
  const hasScenarios = Object.keys(message.scenarios).length > 0;
  return {
    title: fill(message.title) ?? text`Microsoft Sentinel`,
    text: fill(message.text) ?? text`See Microsoft Sentinel.`,
    further: {
      ...Object.fromEntries(Object.entries(message.parameters).map(([name, template]) => [name, fill(template)])),
      ...(category && { 'X-S4-Service': category }),
      ...(hasScenarios && {
        'X-S4-AlertingScenario': at(parameter('AlertingScenarios'), coalesce(severity, '')),
      }),
    },
  };
}

/** Fields of the configured message that only the relay fills. */
export function leftToRelay({ message }: Config): readonly string[] {
  const filled = { 'alerts.list': triggerBody, 'entities.list': triggerBody, company: triggerBody };
  const tokens = { ...incidentFields(), ...filled } as Tokens;
  const templates = [message.title, message.text, message.category, ...Object.values(message.parameters)];
  return [...new Set(templates.flatMap((template) => relayOnly(template, { fields: messageFields, tokens })))];
}

/** Tables that a message may use; a workflow keeps those it does use. */
export function nameChoices(config: Config): Choices {
  const { friendlyNames, message } = config;
  const table = (defaultValue: Readonly<Record<string, string>>, description: string) => ({
    type: 'Object' as const,
    defaultValue,
    description,
  });
  return {
    ProductNames: table(productTable(friendlyNames), 'What Microsoft Sentinel calls a product to what people call it.'),
    CompanyNames: table(friendlyNames.companies, 'GUID of a workspace to the name of the company.'),
    ...nameChoicesOfEntities(config),
    AlertingScenarios: table(
      message.scenarios as Readonly<Record<string, string>>,
      'Severity to alerting scenario: single_ack, multi_ack or emergency. A severity that is not named uses the setting of the team.',
    ),
  };
}

/** The company: looked up in a table in generic playbooks, or a constant if the config names it. */
export function companyToken({ company }: Config, workspaceId: Expr): Expr {
  if (company !== '') return literal(company);
  return at(parameter('CompanyNames'), coalesce(workspaceId, ''));
}

/** Friendly name of a product, or its own name if there is none. */
export function friendlyProduct(product: Expr): Expr {
  return coalesce(at(parameter('ProductNames'), coalesce(product, '')), product, '');
}

/** A line of an alert: `Impossible travel (High, Microsoft Defender for Endpoint)`. */
function alertLine(alert: Expr): Text {
  return text`${at(alert, 'alertDisplayName')} (${at(alert, 'severity')}, ${friendlyProduct(at(alert, 'productName'))})`;
}

/** Steps that build lists of an incident's alerts and entities, and the tokens for its message. */
export function incidentMessage(
  config: Config,
  tags: Expr,
): { readonly steps: readonly Step[]; readonly message: Message } {
  const alertLines = select('Alert lines', {
    description: 'One line for each alert of the incident: title, severity, product.',
    from: list(at(incidentProperties, 'Alerts')),
    to: alertLine(at(item, 'properties')),
  });
  const entities = select('Entities', {
    description: 'One line for each entity: kind, name, and what tells it apart.',
    on: ['Succeeded', 'Failed'],
    from: list(at(incidentProperties, 'relatedEntities')),
    to: entityLine({
      shape: 'resource',
      kind: at(item, 'kind'),
      members: at(item, 'properties'),
      hasNames: hasEntityNames(config),
    }),
  });
  const tokens: MessageTokens = {
    ...incidentFields(),
    'incident.tags': tags,
    'alerts.list': list(alertLines.body()),
    'entities.list': join(take(list(entities.body()), config.message.maxEntities), '\n'),
    company: companyToken(config, at(triggerBody, 'workspaceId')),
  };
  return {
    steps: [alertLines, entities],
    message: compileMessage(config, tokens, at(incidentProperties, 'severity')),
  };
}

/** Tokens of what the incident itself says. */
function incidentFields(): MessageTokens {
  const property = (...path: readonly string[]) => at(incidentProperties, ...path);
  const additional = (name: string) => property('additionalData', name);
  return {
    'incident.number': property('incidentNumber'),
    'incident.title': property('title'),
    // Incidents of Microsoft Defender have no description.
    'incident.description': coalesce(
      property('description'),
      at(call('first', list(property('Alerts'))), 'properties', 'description'),
    ),
    'incident.severity': property('severity'),
    'incident.status': property('status'),
    'incident.owner': coalesce(property('owner', 'assignedTo'), property('owner', 'userPrincipalName')),
    'incident.tags': list(property('labels')),
    'incident.tactics': list(additional('tactics')),
    'incident.techniques': list(additional('techniques')),
    'incident.link': coalesce(additional('providerIncidentUrl'), property('incidentUrl')),
    'incident.url': property('incidentUrl'),
    'incident.defenderUrl': additional('providerIncidentUrl'),
    'incident.id': at(triggerBody, 'object', 'name'),
    'incident.created': property('createdTimeUtc'),
    'incident.provider': property('providerName'),
    'alerts.count': string(coalesce(additional('alertsCount'), length(list(property('Alerts'))))),
    'entities.count': string(length(list(property('relatedEntities')))),
    'workspace.name': at(triggerBody, 'workspaceInfo', 'WorkspaceName'),
  };
}
