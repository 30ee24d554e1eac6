import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { syncIncident } from '../../playbooks/SIGNL4-Sync-Incident/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { readIncidentTrigger } from '../../src/domain/incident.ts';
import { externalIdOf } from '../../src/relay/external-id.ts';
import type { JsonObject } from '../../src/wdl/types.ts';
import { alertsOf, answersToPage, incident, taken } from './support/incidents.ts';
import { playbookUnderTest, sample, withValue } from './support/playbook.ts';

/* Where Graph is a source of incidents too, playbooks and relay call an incident of Defender by the same id. */

/** `subscription().tenantId`, as the deployment of the tests has it. */
const TENANT_ID = '11111111-1111-1111-1111-111111111111';
const graph: Config = { ...defaultConfig, graph: { enabled: true, everyMinutes: 1, hunting: false } };
const ofDefender = sample(sendIncident, 'defender-incident');
const provided = (properties: JsonObject) =>
  Object.entries(properties).reduce(
    (body, [name, value]) => withValue(body, ['object', 'properties', name], value),
    incident,
  );

const bodies: readonly (readonly [string, JsonObject, boolean])[] = [
  ['Defender', ofDefender, true],
  ['Sentinel', incident, false],
  ['Sentinel, with the number of one of Defender', provided({ providerIncidentId: '90210' }), false],
  ['nobody that is named', provided({ providerName: null }), false],
];

/** What the relay calls it. */
function relaysId(body: JsonObject): string {
  const found = readIncidentTrigger(body);
  if (!found) throw new Error('no incident');
  const { workspaceId } = found;
  const workspace = { workspaceId, tenantId: TENANT_ID };
  return externalIdOf({ workspace, graph: {} } as Parameters<typeof externalIdOf>[0], found.incident);
}

describe.each(bodies)('an incident made by %s', (_, body, isDefenders) => {
  it('is looked for and sent under the id that the relay gives it', async () => {
    const { sent } = await playbookUnderTest(sendIncident, answersToPage, graph).run(body);
    const externalId = relaysId(body);
    expect(externalId.startsWith('graph:')).toBe(isDefenders);
    expect(sent('Find_it_in_SIGNL4')).toEqual({ externalId });
    expect(sent('Send_to_SIGNL4')).toMatchObject({ 'X-S4-ExternalID': externalId });
  });

  it('has its alerts looked for under that id when it changes', async () => {
    const tagged = withValue(body, ['object', 'properties', 'labels'], [{ labelName: 'SIGNL4', labelType: 'User' }]);
    const usual = { List_alerts: alertsOf(1), Annotate: taken };
    const { sent } = await playbookUnderTest(syncIncident, usual, graph).run(tagged);
    expect(sent('List_alerts')).toEqual({ externalId: relaysId(body) });
  });

  it('has the id of Sentinel where Graph is not a source', async () => {
    const { sent } = await playbookUnderTest(sendIncident, answersToPage).run(body);
    expect(sent('Find_it_in_SIGNL4')).toEqual({ externalId: expect.stringMatching(/^sentinel:/) });
  });
});
