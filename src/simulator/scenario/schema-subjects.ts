import type { SchemaNode } from '../../config/schema/node.ts';
import { people } from './scenario.ts';
import { count, duration, list, mapOf, oneOf, section, text, texts, whole } from './schema-nodes.ts';
import { breakable, classification, incidentName, person, severity, status } from './schema-words.ts';

/** What an expectation can be about: exactly one of these. */
export const subjects: Readonly<Record<string, SchemaNode>> = {
  incident: section(
    'State of an incident.',
    {
      name: incidentName,
      status,
      severity,
      classification,
      classificationComment: texts('What it says.'),
      owner: oneOf([...people, 'nobody', 'group'], 'Owner.'),
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
      text: texts('What the text or an annotation contains.'),
      textLacks: texts('What neither contains.'),
      parameters: mapOf({ type: 'string' }, 'Parameter to a string that it contains.'),
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
