import type { SchemaNode } from '../../config/schema/node.ts';
import { machines, people } from './scenario.ts';
import { duration, flag, list, mapOf, oneOf, section, text, whole } from './schema-nodes.ts';
import { breakable, classification, incidentName, person, severity, status } from './schema-words.ts';

const alert = section('An alert that belongs to the incident.', {
  title: text('Left out: the title of the incident.'),
  description: text('Left out: none.'),
  severity,
  tactics: list({ type: 'string' }, 'MITRE ATT&CK tactics.'),
  product: text('Another product, as Sentinel spells it: MDATP. Left out: an analytics rule of Sentinel.'),
  query: text('KQL of the analytics rule.'),
  grouping: oneOf(['SingleAlert', 'AlertPerEvent'], 'AlertPerEvent packs the row into the query.'),
  event: mapOf(true, 'The row of an AlertPerEvent alert.'),
  cutQueryAt: whole('The query arrives cut off after so many characters.', 1),
  repeat: whole('So many of them, numbered.', 1, 150),
});

const acting: Readonly<Record<string, SchemaNode>> = {
  incident: incidentName,
  by: person,
  note: text('What the person types.'),
  alert: whole('Which alert where the incident raised several, from 1. Left out: the newest.', 1),
};
const act = (description: string): SchemaNode => section(description, acting, ['incident']);

/** What a step can do: exactly one of these. */
export const verbs: Readonly<Record<string, SchemaNode>> = {
  incident: section(
    'An incident comes into being in Sentinel.',
    {
      name: text('What this story calls it.'),
      title: text('Title.'),
      description: text('Description.'),
      severity,
      status,
      tags: list({ type: 'string' }, 'Tags.'),
      provider: oneOf(['Azure Sentinel', 'Microsoft XDR'], 'Microsoft XDR: no description, a link to Defender.'),
      copyOf: text('The incident in Defender that this one is a copy of.'),
      alerts: list(alert, 'Linked alerts.'),
      entities: mapOf(list({ type: 'string' }, 'Names.'), 'Kind of entity to names: { Account: [j.doe@contoso.com] }.'),
    },
    ['name', 'title'],
  ),
  graphIncident: section(
    'An incident comes into being in Defender XDR (Microsoft Graph).',
    {
      name: text('What this story calls it.'),
      title: text('Title.'),
      description: text('Description.'),
      severity: oneOf(['informational', 'low', 'medium', 'high'], 'Severity of Defender.'),
      tags: list({ type: 'string' }, 'Tags.'),
      alerts: list(
        section(
          'An alert.',
          {
            title: text('Title.'),
            description: text('Description.'),
            serviceSource: text('microsoftDefenderForEndpoint, …'),
            evidence: list(mapOf(true, 'As Graph gives it, with @odata.type.'), 'What the alert is about.'),
          },
          ['title'],
        ),
        'Alerts.',
      ),
    },
    ['name', 'title'],
  ),
  addAlerts: section(
    'Grouping adds alerts to an incident.',
    {
      incident: incidentName,
      alerts: list(alert, 'Alerts.'),
      entities: mapOf(list({ type: 'string' }, 'Names.'), 'Kind of entity to names.'),
    },
    ['incident', 'alerts'],
  ),
  change: section(
    'Somebody changes the incident in Sentinel.',
    {
      incident: incidentName,
      by: oneOf([...people, ...machines], 'Who: a person, or a machine. Left out: the analyst.'),
      status,
      severity,
      owner: oneOf([...people, 'nobody', 'group'], 'New owner; group: a group of the tenant.'),
      classification,
      comment: text('A comment.'),
      addTags: list({ type: 'string' }, 'Tags to add.'),
      removeTags: list({ type: 'string' }, 'Tags to take away.'),
    },
    ['incident'],
  ),
  defender: section(
    'Somebody changes the incident in Defender.',
    {
      incident: incidentName,
      by: oneOf([...people, ...machines], 'Who: a person, or a machine. Left out: the analyst.'),
      status: oneOf(['active', 'inProgress', 'resolved'], 'State of Defender.'),
      severity: oneOf(['informational', 'low', 'medium', 'high'], 'Severity of Defender.'),
      owner: oneOf([...people, 'nobody', 'group'], 'New owner; group: a group of the tenant.'),
      classification: oneOf(
        ['unknown', 'falsePositive', 'truePositive', 'informationalExpectedActivity'],
        'Classification of Defender.',
      ),
      comment: text('A comment.'),
      mergeInto: text('The incident in Defender that this one becomes part of.'),
    },
    ['incident'],
  ),
  acknowledge: act('Somebody acknowledges the SIGNL4 alert.'),
  close: act('Somebody closes the SIGNL4 alert.'),
  annotate: act('Somebody annotates the SIGNL4 alert.'),
  undoAcknowledge: act('Somebody takes an acknowledgement back.'),
  undoClose: act('Somebody reopens the SIGNL4 alert.'),
  escalate: act('Somebody hands the SIGNL4 alert to the other team.'),
  duty: section('Somebody goes on or off duty.', { person, mode: oneOf(['on', 'off', 'manager'], 'Duty.') }, [
    'person',
    'mode',
  ]),
  break: section(
    'Something breaks.',
    {
      service: breakable,
      fault: oneOf(['status', 'latency', 'hang', 'reset', 'truncated', 'html', 'huge'], 'What goes wrong.'),
      status: whole('HTTP status of the fault "status".', 300, 599),
      retryAfter: whole('Seconds of a Retry-After header.'),
      delay: duration('Of the fault "latency".'),
      bytes: whole('Of the fault "huge".', 1, 1_000_000_000),
      method: text('Only requests of this method.'),
      path: text('Only requests to this path; * stands for anything.'),
      times: whole('So often; left out: until it is fixed.', 1),
      skip: whole('So many requests pass before.'),
      afterWork: flag('The service does its work, only the answer suffers.'),
      for: duration('So long; left out: until it is fixed.'),
    },
    ['service', 'fault'],
  ),
  mend: oneOf(['everything'], 'All faults end.'),
  automationRules: oneOf(['on', 'off'], 'Somebody switches the automation rules.'),
  sweep: oneOf(['now'], 'The sweep runs.'),
  run: section(
    'An analyst runs a playbook by hand.',
    {
      playbook: text('Name of the playbook.'),
      incident: incidentName,
      entity: whole('On this entity of the incident, from 1.', 1),
      alert: whole('On this alert of the incident, from 1.', 1),
    },
    ['playbook'],
  ),
  deny: section('An identity loses its role on the workspace.', { who: oneOf(['relay', 'playbooks'], 'Whose.') }, [
    'who',
  ]),
  config: mapOf(true, 'The config changes and is deployed again; as in signl4.yaml.'),
};
