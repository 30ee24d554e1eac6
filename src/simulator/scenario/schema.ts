import { classifications } from '../../domain/classification.ts';
import { severities } from '../../domain/severity.ts';
import { incidentStatuses } from '../../domain/status.ts';
import { DURATION_PATTERN } from './duration.ts';
import { people } from './scenario.ts';

/** As much of JSON Schema (draft 07) as a scenario needs. */
export interface Node {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
}

const text = (description: string): Node => ({ type: 'string', description });
const flag = (description: string): Node => ({ type: 'boolean', description });
const whole = (description: string, minimum = 0, maximum = 100_000): Node => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
const oneOf = (values: readonly (string | number)[], description: string): Node => ({ enum: values, description });
const list = (items: Node, description: string): Node => ({ type: 'array', items, description });
const mapOf = (values: Node | true, description: string): Node => ({
  type: 'object',
  additionalProperties: values,
  description,
});
const section = (
  description: string,
  properties: Readonly<Record<string, Node>>,
  required: readonly string[] = [],
): Node => ({
  type: 'object',
  description,
  properties,
  required,
  additionalProperties: false,
});
const duration = (description: string): Node => ({
  type: ['string', 'integer'],
  pattern: DURATION_PATTERN,
  // Only 0 does without a unit.
  maximum: 0,
  minimum: 0,
  description,
});
const texts = (description: string): Node => ({ type: ['string', 'array'], items: { type: 'string' }, description });
const count = (description: string): Node => ({
  type: ['integer', 'object'],
  minimum: 0,
  properties: { atLeast: whole('At least so many.'), atMost: whole('At most so many.') },
  additionalProperties: false,
  description,
});

const person = oneOf(people, 'Who acts.');
const severity = oneOf(severities, 'Severity of Sentinel.');
const status = oneOf(incidentStatuses, 'State of the incident.');
const classification = oneOf(classifications, 'Classification and reason, as the portal writes them.');
const incidentName = text('Name of an incident of this story.');
const breakable = oneOf(
  ['sentinel', 'connector', 'logs', 'graph', 'entra', 'signl4', 'relay', 'callback'],
  'Which service.',
);

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

const acting: Readonly<Record<string, Node>> = {
  incident: incidentName,
  by: person,
  note: text('What the person types.'),
  alert: whole('Which alert where the incident raised several, from 1. Left out: the newest.', 1),
};
const act = (description: string): Node => section(description, acting, ['incident']);

/** What a step can do: exactly one of these. */
export const verbs: Readonly<Record<string, Node>> = {
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
    { incident: incidentName, alerts: list(alert, 'Alerts.') },
    ['incident', 'alerts'],
  ),
  change: section(
    'Somebody changes the incident in Sentinel.',
    {
      incident: incidentName,
      by: person,
      status,
      severity,
      owner: oneOf([...people, 'nobody'], 'New owner.'),
      classification,
      comment: text('A comment.'),
      addTags: list({ type: 'string' }, 'Tags to add.'),
      removeTags: list({ type: 'string' }, 'Tags to take away.'),
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
      times: whole('So often; left out: until it is mended.', 1),
      skip: whole('So many requests pass before.'),
      afterWork: flag('The service does its work, only the answer suffers.'),
      for: duration('So long; left out: until it is mended.'),
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

/** What an expectation can be about: exactly one of these. */
export const subjects: Readonly<Record<string, Node>> = {
  incident: section(
    'State of an incident.',
    {
      name: incidentName,
      status,
      severity,
      classification,
      classificationComment: texts('What it says.'),
      owner: oneOf([...people, 'nobody'], 'Owner.'),
      hasTags: list({ type: 'string' }, 'Tags that it carries.'),
      lacksTags: list({ type: 'string' }, 'Tags that it does not carry.'),
      comments: count('Number of comments.'),
      commentsSay: texts('Texts that comments contain.'),
      commentsDoNotSay: texts('Texts that no comment contains.'),
    },
    ['name'],
  ),
  graphIncident: section(
    'State of an incident in Defender XDR.',
    {
      name: incidentName,
      status: oneOf(['active', 'inProgress', 'resolved', 'redirected'], 'State.'),
      classification: text('Classification.'),
      assignedTo: text('Who has it.'),
      hasTags: list({ type: 'string' }, 'Tags that it carries.'),
      commentsSay: texts('Texts that comments contain.'),
    },
    ['name'],
  ),
  signl4: section(
    'The SIGNL4 alerts of an incident; all but "alerts" about the newest.',
    {
      name: incidentName,
      alerts: count('How many the incident raised.'),
      status: oneOf(['open', 'acknowledged', 'closed', 'noResponse'], 'State.'),
      title: texts('What the title contains.'),
      text: texts('What the text contains.'),
      textLacks: texts('What the text does not contain.'),
      parameters: mapOf({ type: 'string' }, 'Parameter to a text that it contains.'),
      acknowledgedBy: list(person, 'Who acknowledged.'),
      annotationsSay: texts('What annotations contain.'),
      called: list(person, 'Who was called.'),
    },
    ['name'],
  ),
  playbook: section(
    'Runs of a playbook.',
    {
      name: text('Name of the playbook.'),
      runs: count('How many.'),
      status: oneOf(['Succeeded', 'Failed', 'Cancelled', 'Skipped'], 'Of every run.'),
      actions: mapOf({ type: 'string' }, 'Action to its state in the last run.'),
    },
    ['name'],
  ),
  requests: section(
    'Requests to a service.',
    {
      service: breakable,
      method: text('Method.'),
      path: text('Path; * stands for anything.'),
      status: whole('Answered with.', 100, 599),
      count: count('How many.'),
    },
    ['service', 'count'],
  ),
  relay: section('Notifications in the relay.', {
    applied: count('Applied.'),
    retried: count('Failed attempts that were followed by another.'),
    dead: count('Given up.'),
    pending: count('Still waiting.'),
  }),
  quietFor: duration('Nothing has happened for so long before the end.'),
};

/** The JSON Schema of a scenario file, published as `scenarios/scenario.schema.json`. */
export const scenarioSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Scenario of SIGNL4 for Microsoft Sentinel',
  ...section(
    'A story that is played in a simulated world, and what must be true at the end.',
    {
      title: text('One line.'),
      story: text('What happens and why it matters.'),
      shows: list(whole('Row of the feature list.', 1, 12), 'Features that it shows.'),
      config: mapOf(true, 'As in signl4.yaml.'),
      stage: section('How the world is set up.', {
        relay: flag('Whether there is a relay. Left out: yes.'),
        callbacks: oneOf(
          ['relay', 'playbook'],
          'Who applies what SIGNL4 tells. Left out: the relay where there is one.',
        ),
        sweeps: flag('Whether the sweep runs on its schedule. Left out: no.'),
        hidesSources: flag('Whether Sentinel says that a user made every change. Left out: no.'),
        relayTimers: flag('Whether the relay forwards and syncs on its own. Left out: no.'),
        seed: text('Another seed gives other ids.'),
        connectorLatency: duration('Between reading and writing of the managed connector.'),
        triggers: section('Bodies that Sentinel sends to playbooks.', {
          casing: oneOf(['camel', 'pascal'], 'alerts or Alerts.'),
          omit: list({ type: 'string' }, 'Members that are missing.'),
        }),
        notifications: section('Webhooks that SIGNL4 sends.', {
          casing: oneOf(['documented', 'camel'], 'username or userName.'),
          copies: oneOf([1, 2], '2: everything arrives twice.'),
        }),
        mergeUpdates: duration('Changes within this time arrive as one, as with Defender.'),
        team: section('The SIGNL4 team.', {
          escalateAfter: duration('Until managers are called; 0: never.'),
          noResponseAfter: duration('Until nobody answered; 0: never.'),
          scenario: oneOf(['single_ack', 'multi_ack', 'emergency'], 'How many must acknowledge.'),
        }),
      }),
      logs: list(
        section(
          'What Log Analytics answers to a query.',
          {
            query: text('A part of the query.'),
            columns: mapOf(
              oneOf(
                ['datetime', 'string', 'long', 'int', 'real', 'bool', 'dynamic', 'guid', 'timespan', 'decimal'],
                'Type.',
              ),
              'Column to type.',
            ),
            rows: list({ type: 'array' }, 'Rows, in the order of the columns.'),
            partialError: text('The answer is partial, and why.'),
            semanticError: text('The query is refused, and why.'),
            takes: duration('How long it runs.'),
          },
          ['query'],
        ),
        'Tables.',
      ),
      steps: {
        type: 'array',
        minItems: 1,
        description: 'What happens, in order.',
        items: section('One thing that happens: a time and a verb.', {
          at: duration('From the start.'),
          after: duration('After the step before.'),
          ...verbs,
        }),
      },
      until: duration('End of the story. Left out: ten minutes after the last step.'),
      expect: {
        type: 'array',
        minItems: 1,
        description: 'What must be true at the end.',
        items: section('One thing that must be true.', subjects),
      },
    },
    ['title', 'steps', 'expect'],
  ),
};
