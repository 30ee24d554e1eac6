import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAlert } from '../../src/domain/alert.ts';
import { readEntity } from '../../src/domain/entity.ts';
import { readIncident } from '../../src/domain/incident.ts';
import { type JsonObject, listOf, memberAt } from '../../src/domain/json.ts';
import { defaultMessage, type MessageChoice } from '../../src/rules/choices.ts';
import { renderEvent } from '../../src/rules/event.ts';
import { eventWdl } from '../../src/rules/event-wdl.ts';
import { messageFields } from '../../src/rules/fields.ts';
import { externalIdWdl, incidentFieldsWdl } from '../../src/rules/incident-fields-wdl.ts';
import { messageParameters, nameParameters } from '../../src/rules/message-parameters.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { incidentResource, many } from './support/random-incident.ts';
import { runLocals } from './support/run-locals.ts';

const workspaceId = 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b';
const tenantId = '2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10';
const names = nameTables({
  products: { 'Fabrikam Mail Guard': 'Mail gateway' },
  companies: { [tenantId]: 'Contoso' },
  entities: { 'SRV-0042': 'Payroll server' },
});
const scope = { workspaceId, workspaceName: 'law-soc', tenantId, company: '' };

/** The event as the playbook makes it of an incident resource. */
function inWorkflow(resource: unknown, choice: MessageChoice, typed: MessageChoice = choice): JsonObject {
  const incident = "triggerBody()?['object']";
  const source = incidentFieldsWdl({
    incident,
    alerts: `${incident}?['properties']?['alerts']`,
    entities: `${incident}?['properties']?['relatedEntities']`,
    workspaceId: "triggerBody()?['workspaceId']",
    workspaceName: "triggerBody()?['workspaceInfo']?['WorkspaceName']",
    tenantId: `'${tenantId}'`,
  });
  const { locals, event } = eventWdl(choice, {
    ...source,
    externalId: externalIdWdl("triggerBody()?['workspaceId']", incident),
    severity: source.fields['incident.severity'],
  });
  const { evaluate } = runLocals(locals, {
    triggerBody: { object: resource, workspaceId, workspaceInfo: { WorkspaceName: 'law-soc' } },
    parameters: { ...messageParameters(typed), ...nameParameters(names, '') },
  });
  return evaluate(event) as JsonObject;
}

/** The event as the relay makes it. */
function inTypeScript(resource: unknown, choice: MessageChoice) {
  const incident = readIncident(resource);
  if (!incident) throw new Error('not an incident');
  const properties = (name: string) => listOf(memberAt(resource, 'properties', name));
  return renderEvent(
    {
      incident,
      alerts: properties('alerts').flatMap((alert) => readAlert(alert) ?? []),
      entities: properties('relatedEntities').flatMap((entity) => readEntity(entity) ?? []),
      queries: '',
    },
    choice,
    names,
    scope,
  );
}

/** As text: the order of the members is the order on the phone. */
function agree(resource: unknown, choice: MessageChoice): void {
  const [workflow, relay] = [inWorkflow(resource, choice), inTypeScript(resource, choice)];
  expect(JSON.stringify(workflow, null, 1)).toBe(JSON.stringify(relay, null, 1));
}

const listFields = Object.entries(messageFields).flatMap(([name, { kind }]) => (kind === 'list' ? [name] : []));
const placeholder = fc.oneof(
  fc.constantFrom(...Object.keys(messageFields), 'alert.count', 'Incident.Title', 'no.such.field'),
  fc
    .tuple(
      fc.constantFrom(...listFields),
      fc.constantFrom('', ' | first 2'),
      fc.constantFrom('', ' | join " + "', " | join ' \\n '"),
      fc.constantFrom('', ' | upper', '|lower', ' | truncate 12', ' | default "none \\"at all\\""'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('incident.title | truncate 10 | upper', 'company | default "nobody"', 'queries.list | default "-"'),
);
const template = fc
  .array(
    fc.oneof(
      { arbitrary: placeholder.map((text) => `{{${text}}}`), weight: 4 },
      { arbitrary: fc.constantFrom(' ', '\n\n', '"', '\\', '{', '}}', "it's ", '🚨', 'é{{', ' {{x'), weight: 2 },
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const message: fc.Arbitrary<MessageChoice> = fc.record({
  title: template,
  text: template,
  parameters: fc.dictionary(fc.constantFrom('Incident', 'Hosts', 'IP addresses', 'Größe', 'a "b"'), template),
  category: fc.constantFrom('', 'Security'),
  scenarios: fc.constantFrom({}, { High: 'emergency', Low: 'single_ack' } as const),
  maxAlerts: fc.integer({ min: 1, max: 4 }),
  maxEntities: fc.integer({ min: 1, max: 4 }),
});

describe('the event in a workflow', () => {
  it('agrees with the relay on the default message', () => {
    fc.assert(
      fc.property(incidentResource, (resource) => agree(resource, defaultMessage)),
      many,
    );
  });

  it('agrees with the relay on any message', () => {
    fc.assert(
      fc.property(incidentResource, message, (resource, choice) => agree(resource, choice)),
      many,
    );
  });

  it('cuts texts as the relay does, between characters', () => {
    const resource = (title: string, description: string) => ({
      id: '/x/incidents/73e01a99-5cd7-4139-a149-9f2736ff2ab5',
      properties: { title, description, severity: 'High', status: 'New' },
    });
    const siren = '🚨'.repeat(6_000);
    for (const title of [siren, `x${siren}`, 'x'.repeat(250), 'x'.repeat(251)]) {
      agree(resource(title, title), { ...defaultMessage, title: '{{incident.title}}' });
    }
    expect(inWorkflow(resource(siren, ''), { ...defaultMessage, title: '{{incident.title}}' })['Title']).toBe(
      `${'🚨'.repeat(124)}…`,
    );
  });

  it('takes what people change in the designer', () => {
    const resource = {
      id: '/x/incidents/73e01a99-5cd7-4139-a149-9f2736ff2ab5',
      properties: { title: 'Sign-in', severity: 'High', status: 'New' },
    };
    const typed: MessageChoice = {
      ...defaultMessage,
      title: '{{incident.status}} {{incident.title}}{{incident.title | upper}}',
      parameters: { Link: 'https://wiki.example/{{incident.severity}}', Empty: '{{incident.owner}}' },
    };
    const event = inWorkflow(resource, defaultMessage, typed);
    expect(event).toMatchObject({ Title: 'New Sign-in', Link: 'https://wiki.example/High' });
    expect(Object.keys(event)).not.toContain('Empty');
  });

  it('has a title and a text on the empty body of the designer', () => {
    expect(inWorkflow(undefined, { ...defaultMessage, title: '{{incident.title}}' })).toMatchObject({
      Title: 'Microsoft Sentinel incident',
      'X-S4-Status': 'new',
    });
  });
});
