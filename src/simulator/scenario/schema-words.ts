import { classifications } from '../../domain/classification.ts';
import { severities } from '../../domain/severity.ts';
import { incidentStatuses } from '../../domain/status.ts';
import { people } from './scenario.ts';
import { oneOf, text } from './schema-nodes.ts';

/* Values that several parts of a scenario use. */

export const person = oneOf(people, 'Who acts.');
export const severity = oneOf(severities, 'Severity of Sentinel.');
export const status = oneOf(incidentStatuses, 'State of the incident.');
export const classification = oneOf(classifications, 'Classification and reason, as the portal writes them.');
export const incidentName = text('Name of an incident of this story.');
export const breakable = oneOf(
  ['sentinel', 'connector', 'logs', 'graph', 'entra', 'signl4', 'relay', 'callback'],
  'Which service.',
);
