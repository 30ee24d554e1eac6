import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { sweep } from '../../playbooks/SIGNL4-Sweep/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { readIncident } from '../../src/domain/incident.ts';
import { listOf, memberAt, textOf } from '../../src/domain/json.ts';
import type { IncidentFilter } from '../../src/rules/choices.ts';
import { matches } from '../../src/rules/filter.ts';
import { ruleConditions } from '../../src/rules/filter-targets.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { parseFilter, matches as passes } from '../../src/simulator/odata.ts';
import type { Condition } from '../../src/simulator/sentinel/automation-rule.ts';
import { conditionsHold, type Subject } from '../../src/simulator/sentinel/conditions.ts';
import type { JsonObject } from '../../src/wdl/types.ts';
import { incidentFilter, incidentResource } from '../rules/support/random-incident.ts';
import { alertsOf, answersToPage } from './support/incidents.ts';
import { playbookUnderTest } from './support/playbook.ts';

/*
 * The filter once more, this time as whole playbooks in the engine: what an automation rule and SIGNL4-Send-Incident let
 * through together, and what SIGNL4-Sweep and SIGNL4-Send-Incident do, is what the predicate of the relay takes.
 */

const SEED = 4711;
const INCIDENTS_OF_A_FILTER = 20;
const FILTERS = 60;

const friendlyNames = { products: { 'Fabrikam Mail Guard': 'Mail gateway' }, companies: {}, entities: {} };
const names = nameTables(friendlyNames);
const configOf = (filter: IncidentFilter): Config => ({ ...defaultConfig, friendlyNames, filter });

/** An incident that every sweep looks at: it changed lately and is older than the grace. */
const timed = incidentResource.map((resource): JsonObject => {
  const properties = resource['properties'] as JsonObject;
  return { ...resource, properties: { ...properties, createdTimeUtc: '2026-01-10T01:00:00Z' } } as JsonObject;
});
/** With ids that no two of them share. */
const eachOfItsOwn = (resources: readonly JsonObject[]) =>
  resources.map((resource, index) => ({ ...resource, id: `${resource['id']}${index}`, name: `incident ${index}` }));
const scenes = [
  incidentFilter,
  fc.array(timed, { minLength: INCIDENTS_OF_A_FILTER, maxLength: INCIDENTS_OF_A_FILTER }).map(eachOfItsOwn),
] as const;

/** What the predicate takes, but for what carries the tag of an earlier page. */
function isWanted(filter: IncidentFilter, resource: JsonObject): boolean {
  const incident = readIncident(resource);
  if (!incident) throw new Error('not an incident');
  return matches(filter, incident, names) && !incident.tags.includes(defaultConfig.tag);
}

/** The incident as the rule engine of the simulated Microsoft Sentinel keeps it. */
function subject(resource: JsonObject): Subject {
  const incident = readIncident(resource);
  if (!incident) throw new Error('not an incident');
  const { title, severity, status, tags, tactics, ruleIds, products } = incident;
  const stored = {
    properties: { title, severity, status, labels: tags.map((labelName) => ({ labelName })) },
    tactics,
    ruleIds,
    alerts: products.map((productName) => ({ properties: { productName, additionalData: {} } })),
    entities: [],
  };
  return { incident: stored, change: {} } as unknown as Subject;
}

function ruleLetsThrough(filter: IncidentFilter, resource: JsonObject): boolean {
  const conditions = ruleConditions(filter, names).map(
    (conditionProperties) => ({ conditionType: 'Property', conditionProperties }) as unknown as Condition,
  );
  return conditionsHold(conditions, subject(resource));
}

/** Runs SIGNL4-Send-Incident on incidents as they are; gives those that it pages about. */
async function paged(filter: IncidentFilter, resources: readonly JsonObject[]): Promise<readonly JsonObject[]> {
  const { run } = playbookUnderTest(
    sendIncident,
    { ...answersToPage, Ask_SIGNL4_again: alertsOf(1) },
    configOf(filter),
  );
  const pages: JsonObject[] = [];
  for (const object of resources) {
    const { calls, result } = await run({ object, workspaceId: 'w' }, { Get_incident: { status: 200, body: object } });
    const isPaged = calls('Send_to_SIGNL4').length > 0;
    expect(result.status).toBe(isPaged ? 'Succeeded' : 'Cancelled');
    if (isPaged) pages.push(object);
  }
  return pages;
}

/** Runs SIGNL4-Sweep on a workspace with these incidents; gives those that it has SIGNL4-Send-Incident run on. */
async function swept(filter: IncidentFilter, resources: readonly JsonObject[]): Promise<readonly JsonObject[]> {
  const started = { 'Run_Send-Incident': { status: 204 }, List_closed_incidents: { status: 200, body: { value: [] } } };
  const { run } = playbookUnderTest(sweep, started, configOf(filter));
  const list = (value: readonly JsonObject[]) => ({ List_incidents: { status: 200, body: { value } } });
  const [asked] = (await run(undefined, list([]))).calls('List_incidents');
  const condition = textOf(memberAt(asked?.queries, '$filter')) ?? '';
  const { calls, result } = await run(undefined, list(resources.filter((one) => passes(parseFilter(condition), one))));
  expect(result.status).toBe('Succeeded');
  const ids = calls('Run_Send-Incident').map(({ path }) => path.replace('/runPlaybook', ''));
  return ids.flatMap((id) => resources.filter((one) => one['id'] === id));
}

const namesOf = (resources: readonly JsonObject[]) => resources.map(({ name }) => name);

describe(`on ${FILTERS * INCIDENTS_OF_A_FILTER} random incidents (seed ${SEED})`, () => {
  // Shrinking would run thousands of playbooks: the message names the incidents that differ, which says enough.
  const many = { numRuns: FILTERS, seed: SEED, endOnFailure: true } as const;

  it('an automation rule and SIGNL4-Send-Incident page about what the predicate takes', async () => {
    const count = { wanted: 0, unwanted: 0, keptByRule: 0 };
    await fc.assert(
      fc.asyncProperty(...scenes, async (filter, resources) => {
        const wanted = resources.filter((one) => isWanted(filter, one));
        const through = resources.filter((one) => ruleLetsThrough(filter, one));
        expect(namesOf(await paged(filter, through))).toEqual(namesOf(wanted));
        count.wanted += wanted.length;
        count.unwanted += resources.length - wanted.length;
        count.keptByRule += resources.length - through.length;
      }),
      many,
    );
    // The generators are of use only while all outcomes are common.
    expect(Math.min(...Object.values(count))).toBeGreaterThan(50);
  });

  it('SIGNL4-Sweep and SIGNL4-Send-Incident page about what the predicate takes', async () => {
    const count = { wanted: 0, unwanted: 0, leftToSend: 0 };
    await fc.assert(
      fc.asyncProperty(...scenes, async (filter, resources) => {
        const wanted = resources.filter((one) => isWanted(filter, one));
        const found = await swept(filter, resources);
        expect(namesOf(await paged(filter, found))).toEqual(namesOf(wanted));
        count.wanted += wanted.length;
        count.unwanted += resources.length - wanted.length;
        count.leftToSend += found.length - wanted.length;
      }),
      many,
    );
    expect(Math.min(count.wanted, count.unwanted)).toBeGreaterThan(50);
    // What a sweep starts for nothing it starts again and again: that must be rare.
    expect(count.leftToSend).toBeLessThan(count.unwanted / 20);
  });

  it('the sample has owners of every kind', () => {
    const owners = fc.sample(timed, { numRuns: 1_000, seed: SEED }).map((one) => memberAt(one, 'properties', 'owner'));
    const isSomebody = owners.map((owner) => textOf(memberAt(owner, 'objectId')) !== undefined);
    expect(new Set(isSomebody)).toEqual(new Set([true, false]));
    expect(listOf(owners).length).toBe(1_000);
  });
});
