import { duration, flag, list, mapOf, oneOf, section, text, whole } from './schema-nodes.ts';
import { subjects } from './schema-subjects.ts';
import { verbs } from './schema-verbs.ts';

/** The JSON Schema of a scenario file, published as `scenarios/scenario.schema.json`. */
export const scenarioSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Scenario of SIGNL4 for Microsoft Sentinel',
  ...section(
    'A story that is played in a simulated world, and what must be true at the end.',
    {
      title: text('One line.'),
      story: text('What happens and why it matters.'),
      shows: list(whole('Row of the feature list.', 1, 13), 'Features that it shows.'),
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
        description: 'What happens, in order. A story in which nothing happens has an end: until.',
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
    ['title', 'expect'],
  ),
};
