import fc from 'fast-check';
import type { JsonObject } from '../../../src/domain/json.ts';
import { severities } from '../../../src/domain/severity.ts';
import { incidentStatuses } from '../../../src/domain/status.ts';
import { tactics } from '../../../src/domain/tactics.ts';
import type { IncidentFilter } from '../../../src/rules/choices.ts';
import { propertySeed } from '../../support/seed.ts';

/*
 * Incidents as the trigger and the REST API send them, with members missing or null, and filters out of the same few values,
 * so that hits and misses are both common.
 */

const words = [
  'Ransomware',
  'sign-in',
  'ÜBERWACHUNG',
  "O'Brien",
  'drill',
  '日本語 🚨',
  '[Test]',
  '{{incident.title}}',
  '<b>&amp;</b>',
];
const tags = ['SIGNL4', 'vip', 'Known-Issue', 'ünïcode', 'signl4-escalated'];
const productsSent = ['Azure Sentinel', 'MDATP', 'WDATP', 'Azure Security Center', 'Fabrikam Mail Guard', 'IPC'];
const productsTyped = [...productsSent, 'Microsoft Defender for Endpoint', 'mail gateway', 'Microsoft Sentinel'];
const ruleGuids = ['a1d7ba82-a14c-4245-a781-81481901f558', 'b2d7ba82-a14c-4245-a781-81481901f559'];
const people = ['m.lopez@contoso.com', 'j.müller@contoso.com', '2046feea-040d-4a46-9e2b-91c2941bfa70'];

const missing = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: value, weight: 8 }, { arbitrary: fc.constantFrom(null, undefined), weight: 1 });
const some = (values: readonly string[], longest = 3) => fc.array(fc.constantFrom(...values), { maxLength: longest });
const anyCase = (text: string) => fc.constantFrom(text, text.toLowerCase(), text.toUpperCase());
/** White space is left to other tests: what `trim` strips differs between languages. */
const phrase = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'grapheme-ascii', maxLength: 6 })), { maxLength: 4 })
  .map((parts) => parts.join(' '));

/** Nobody, as Sentinel writes it; a person, who has a user principal name; or a group, which has none. */
const owner = fc.oneof(
  fc.constant({ objectId: null, email: null, userPrincipalName: null, assignedTo: null }),
  fc.record({
    objectId: fc.constant(people[2]),
    email: fc.constantFrom(null, undefined, ...people.slice(0, 2)),
    userPrincipalName: fc.constant('M.LOPEZ@contoso.com'),
    assignedTo: fc.constantFrom(null, 'Maria López', undefined),
  }),
  fc.constant({
    objectId: '9b1f6c1e-7f6e-4a55-8a77-5d3c8e1b6a10',
    email: 'soc@contoso.com',
    userPrincipalName: null,
    assignedTo: 'SOC',
    ownerType: 'Group',
  }),
);

const alert = fc.record({
  id: fc.constant('/subscriptions/x/entities/1'),
  kind: fc.constant('SecurityAlert'),
  properties: fc.record({
    systemAlertId: fc.uuid(),
    alertDisplayName: missing(phrase),
    friendlyName: missing(phrase),
    description: missing(
      fc.oneof(
        phrase,
        phrase.map((text) => text.repeat(40)),
        fc.constant('Said already.'),
      ),
    ),
    severity: missing(fc.constantFrom(...severities, 'Unknown')),
    productName: missing(fc.constantFrom(...productsSent)),
  }),
});

/** One name each: the relay tells entities apart by more than a workflow reads. */
const namedBy = (kind: string, property: string, ...names: readonly string[]) =>
  fc.record({ kind: fc.constant(kind), properties: fc.record({ [property]: fc.constantFrom(...names) }) });
const entity = fc.oneof(
  namedBy('Account', 'friendlyName', 'administrator', 'ünïcode 🚨'),
  namedBy('Account', 'accountName', 'administrator', 'm.lopez'),
  namedBy('Host', 'hostName', 'srv-0042', 'srv-0043'),
  namedBy('Host', 'friendlyName', 'srv-0042'),
  namedBy('Ip', 'address', '192.0.2.38', '2001:db8::1'),
  namedBy('Url', 'url', 'https://contoso.example/?a=1&b={{2}}'),
  namedBy('FileHash', 'hashValue', 'd41d8cd98f00b204e9800998ecf8427e'),
  namedBy('File', 'friendlyName', 'srv-0042'),
  namedBy('Mailbox', 'friendlyName', 'administrator'),
);

export const incidentResource: fc.Arbitrary<JsonObject> = fc
  .record({
    guid: fc.uuid(),
    properties: fc.record({
      title: phrase.filter((text) => text !== ''),
      description: missing(fc.oneof(phrase, fc.constant('Said already.'))),
      severity: fc.constantFrom(...severities),
      status: fc.constantFrom(...incidentStatuses),
      owner: missing(owner),
      labels: missing(
        fc.array(
          fc
            .constantFrom(...tags)
            .chain(anyCase)
            .map((labelName) => ({ labelName })),
          { maxLength: 3 },
        ),
      ),
      incidentNumber: fc.oneof(fc.nat(), fc.nat().map(String)),
      incidentUrl: missing(fc.constant('https://portal.azure.com/#asset/x')),
      providerName: missing(fc.constantFrom('Azure Sentinel', 'Microsoft XDR')),
      createdTimeUtc: missing(fc.constant('2026-01-10T08:41:41.7433333Z')),
      lastModifiedTimeUtc: fc.constant('2026-01-10T08:41:41.7833333Z'),
      additionalData: missing(
        fc.record({
          alertsCount: missing(fc.nat({ max: 150 })),
          alertProductNames: missing(some(productsSent)),
          tactics: missing(some(tactics)),
          techniques: missing(some(['T1078', 'T1110'])),
          providerIncidentUrl: missing(fc.constant('https://security.microsoft.com/incidents/7')),
        }),
      ),
      relatedAnalyticRuleIds: missing(
        some(ruleGuids).map((ids) =>
          ids.map((id) => `/subscriptions/x/providers/Microsoft.SecurityInsights/alertRules/${id}`),
        ),
      ),
      alerts: missing(fc.array(alert, { maxLength: 5 })),
      relatedEntities: missing(fc.array(entity, { maxLength: 8 })),
    }),
  })
  .map(({ guid, properties }) => JSON.parse(JSON.stringify(resource(guid, properties))) as JsonObject);

function resource(guid: string, properties: unknown) {
  const workspace = '/subscriptions/x/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law';
  const id = `${workspace}/providers/Microsoft.SecurityInsights/Incidents/${guid}`;
  return { id, name: guid, type: 'Microsoft.SecurityInsights/Incidents', properties };
}

/** Half of the choices are empty, so that a filter passes often enough. */
const choice = (values: readonly string[]) =>
  fc.oneof(fc.constant([]), fc.array(fc.constantFrom(...values).chain(anyCase), { maxLength: 3 }));

export const incidentFilter: fc.Arbitrary<IncidentFilter> = fc.record({
  statuses: fc.subarray([...incidentStatuses]),
  severities: fc.subarray([...severities]),
  titleContains: choice(words),
  titleExcludes: choice(words),
  tags: choice(tags),
  excludeTags: choice(tags),
  products: choice(productsTyped),
  analyticsRules: choice(ruleGuids),
  owners: fc.oneof(fc.constant([]), fc.array(fc.constantFrom('unassigned', ...people.slice(0, 2)), { maxLength: 3 })),
  tactics: fc.oneof(fc.constant([]), fc.subarray(tactics.slice(0, 4))),
});

/** Properties run on this many incidents, from a fixed seed. */
export const many = { numRuns: 1_000, seed: propertySeed('random incidents', 4711) } as const;
