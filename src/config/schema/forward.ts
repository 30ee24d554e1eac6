import { OWN_RULE_TITLE } from '../../domain/own-rules.ts';
import { severities } from '../../domain/severity.ts';
import { alertingScenarios } from '../../domain/signl4-event.ts';
import { incidentStatuses } from '../../domain/status.ts';
import { tactics } from '../../domain/tactics.ts';
import type { FriendlyNames, IncidentFilter, KqlChoice, MessageChoice } from '../../rules/choices.ts';
import { defaultConfig as standard } from '../config.ts';
import { flag, list, map, type SchemaNode, section, text, whole } from './node.ts';
import { guid, MAIL_PATTERN, template, word } from './patterns.ts';

export const filter = section<IncidentFilter>(
  'Which incidents page somebody. One value of a list is enough (or), every list counts (and), an empty list does not matter.',
  {
    statuses: list(
      'States of incidents to forward.',
      standard.filter.statuses,
      { type: 'string', enum: incidentStatuses },
      ['New', 'Active'],
    ),
    severities: list('Severities to forward.', standard.filter.severities, { type: 'string', enum: severities }, [
      'High',
      'Medium',
    ]),
    titleContains: list('The title contains one of these texts, in any casing.', [], word, ['ransomware']),
    titleExcludes: list(
      `The title contains none of these texts, in any casing. "${OWN_RULE_TITLE}" always counts: those incidents say that paging failed.`,
      standard.filter.titleExcludes,
      word,
      ['[test]'],
    ),
    tags: list('The incident carries one of these tags.', [], word, ['page-me']),
    excludeTags: list('The incident carries none of these tags.', [], word, ['no-page']),
    products: list('Products that raised the alerts, by the name Sentinel uses or the friendly one.', [], word, [
      'Microsoft Defender for Endpoint',
      'Azure Sentinel',
    ]),
    analyticsRules: list('GUIDs of the analytics rules behind the incident.', [], guid, [
      'a1d7ba82-a14c-4245-a781-81481901f558',
    ]),
    owners: list(
      'Owners, by mail address or user principal name, or "unassigned".',
      [],
      {
        type: 'string',
        examples: ['soc@contoso.com'],
        pattern: `^unassigned$|${MAIL_PATTERN}`,
        patternErrorMessage: 'is neither "unassigned" nor a mail address or user principal name',
      },
      ['unassigned', 'soc@contoso.com'],
    ),
    tactics: list('MITRE ATT&CK tactics of the incident.', [], { type: 'string', enum: tactics }, [
      'InitialAccess',
      'Exfiltration',
    ]),
  },
);

export const message = section<MessageChoice>(
  'What the person on call reads. Texts are templates: {{incident.title}}, {{entities.hosts | join ", "}}.',
  {
    title: text('Title of the alert, the line a locked phone shows.', standard.message.title, undefined, {
      minLength: 1,
      maxLength: 10_000,
    }),
    text: text('Text of the alert.', standard.message.text, undefined, { maxLength: 10_000 }),
    parameters: map(
      'Further lines of the alert in this order, name to template. The list you write replaces the standard one.',
      standard.message.parameters,
      template,
      { names: { type: 'string', minLength: 1, maxLength: 100, ...reservedNames() } },
    ),
    category: text(
      'SIGNL4 category (service) of the alert. Empty: SIGNL4 decides by its keywords.',
      standard.message.category,
      'Security',
      { maxLength: 200 },
    ),
    scenarios: section<Record<(typeof severities)[number], unknown>>(
      'How SIGNL4 alerts, by severity. A severity that is not named uses the setting of the team.',
      {
        High: scenario('High', 'emergency'),
        Medium: scenario('Medium', 'single_ack'),
        Low: scenario('Low', 'single_ack'),
        Informational: scenario('Informational', 'single_ack'),
      },
      {},
    ),
    maxAlerts: whole('Linked alerts listed before "and 37 more".', standard.message.maxAlerts, 1, 150),
    maxEntities: whole('Entities of one kind listed before "and 37 more".', standard.message.maxEntities, 1, 500),
  },
);

function scenario(severity: string, example: string): SchemaNode {
  return {
    type: 'string',
    description: `Alerting scenario of ${severity} incidents.`,
    enum: alertingScenarios,
    examples: [example],
  };
}

/** Parameters share one object with the members that steer SIGNL4. */
function reservedNames() {
  return {
    examples: ['Runbook'],
    pattern: '^(?![Xx]-[Ss]4-)(?!([Tt]itle|[Mm]essage|[Ss]ubject|[Tt]ext|[Bb]ody)$)',
    patternErrorMessage: 'is a name that SIGNL4 reserves (X-S4-…, Title, Subject, Message, Text, Body)',
  };
}

export const kql = section<KqlChoice>('Search results of the queries behind the linked alerts. Needs the relay.', {
  enabled: flag('Run the queries and show their rows.', standard.kql.enabled),
  maxRows: whole('Rows shown for one query.', standard.kql.maxRows, 1, 100),
  maxQueries: whole('Queries run for one incident, worst alerts first.', standard.kql.maxQueries, 1, 50),
  timeoutSeconds: whole('Seconds that one query may take.', standard.kql.timeoutSeconds, 1, 100),
  denyColumns: list('Columns never shown.', [], word, ['CommandLine']),
  maskColumns: list('Columns shown only in part, as ab…yz.', [], word, ['UserPrincipalName']),
  allowWorkspaces: list('Other workspaces that a query may name, by name or GUID.', [], word, ['law-archive']),
});

export const friendlyNames = section<FriendlyNames>(
  'Names that say more than the ones Sentinel sends. Each maps what Sentinel sends, in any casing, to what people read.',
  {
    products: map('Products, in addition to the names that are built in.', {}, word, {
      example: { 'Contoso EDR v2': 'Contoso Endpoint Protection' },
    }),
    companies: map('Tenant or workspace GUID to the name of the company.', {}, word, {
      example: { 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b': 'Contoso' },
      names: guid,
    }),
    entities: map('Accounts, hosts, addresses and other entities.', {}, word, {
      example: { 'srv-0042': 'Payroll server' },
    }),
  },
);
