import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Incident, readIncident } from '../../src/domain/incident.ts';
import { messageFields } from '../../src/rules/fields.ts';
import { placeholdersOf } from '../../src/rules/template.ts';
import { compileTemplate, relayOnly, type TokenSource } from '../../src/rules/template-tokens.ts';
import { at, list, triggerBody } from '../../src/wdl/build.ts';
import { textOf } from './support/evaluate.ts';
import { incidentResource, many } from './support/random-incident.ts';

const properties = at(triggerBody, 'object', 'properties');
const tokens = {
  'incident.title': at(properties, 'title'),
  'incident.severity': at(properties, 'severity'),
  'incident.status': at(properties, 'status'),
  'incident.number': at(properties, 'incidentNumber'),
  'incident.provider': at(properties, 'providerName'),
  'incident.tactics': list(at(properties, 'additionalData', 'tactics')),
};
const source: TokenSource = { fields: messageFields, tokens, limitOf: () => undefined };
const compiled = (template: string) => compileTemplate(template, source)?.interpolated;

describe('a template of the config in a field of an action', () => {
  it('is the tokens that a person would pick there', () => {
    expect(compiled('{{incident.severity}}: {{incident.title}}')).toBe(
      "@{triggerBody()?['object']?['properties']?['severity']}: @{triggerBody()?['object']?['properties']?['title']}",
    );
  });

  it('joins lists, and shows as many items as the template says', () => {
    expect(compiled('{{incident.tactics | first 2 | join " / "}}')).toBe(
      "@{join(take(coalesce(triggerBody()?['object']?['properties']?['additionalData']?['tactics'], json('[]')), 2), ' / ')}",
    );
  });

  it('leaves out the paragraphs that only the relay fills, with their headings', () => {
    expect(compiled('{{incident.title}}\n\nRows:\n{{queries.list}}\n\nSee the runbook.')).toBe(
      "@{triggerBody()?['object']?['properties']?['title']}\n\nSee the runbook.",
    );
    expect(relayOnly('{{incident.title}} {{queries.list}}', source)).toEqual(['queries.list']);
    expect(compileTemplate('{{queries.list}}', source)).toBeUndefined();
  });

  it('keeps what looks like an expression as text', () => {
    expect(compiled('mail @{x} to {{incident.title}}')).toBe(
      "mail @@{x} to @{triggerBody()?['object']?['properties']?['title']}",
    );
  });

  it('says of every incident what the same template says in TypeScript', () => {
    const templates = [
      '{{incident.severity}}: {{incident.title}}',
      '#{{incident.number}} {{incident.status | upper}} {{incident.title | lower}} {{incident.provider | default "unknown"}}',
      'Tactics: {{incident.tactics | join ", "}}. First: {{incident.tactics | first 1 | join "-"}}',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...templates), incidentResource, (template, resource) => {
        const incident = readIncident(resource);
        const text = compileTemplate(template, source);
        if (!incident || !text) throw new Error('not an incident');
        expect(textOf(text, { trigger: { object: resource } })).toBe(inTypeScript(template, incident, resource));
      }),
      many,
    );
  });
});

/** The placeholders of the templates above, each by its own line of TypeScript. */
function inTypeScript(template: string, incident: Incident, resource: object): string {
  const provider = (resource as { properties: { providerName?: string | null } }).properties.providerName;
  const values: Readonly<Record<string, string>> = {
    'incident.severity': incident.severity ?? '',
    'incident.title': incident.title,
    'incident.number': incident.number,
    'incident.status | upper': (incident.status ?? '').toUpperCase(),
    'incident.title | lower': incident.title.toLowerCase(),
    'incident.provider | default "unknown"': provider ?? 'unknown',
    'incident.tactics | join ", "': incident.tactics.join(', '),
    'incident.tactics | first 1 | join "-"': incident.tactics.slice(0, 1).join('-'),
  };
  return placeholdersOf(template).reduce(
    (text, placeholder) => text.replace(`{{${placeholder}}}`, () => values[placeholder] ?? '?'),
    template,
  );
}
