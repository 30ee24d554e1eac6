import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/config.ts';
import { readGraphIncident } from '../../../src/relay/graph/incident.ts';
import { pageEvent } from '../../../src/relay/render/event.ts';
import { relayWorld } from '../support/world.ts';

const cloudAlert = {
  title: 'Access from a Tor exit node to a storage account',
  serviceSource: 'microsoftDefenderForCloud',
  detectionSource: 'microsoftDefenderForStorage',
  category: 'InitialAccess',
  evidence: [
    {
      '@odata.type': '#microsoft.graph.security.azureResourceEvidence',
      resourceName: 'contosodata',
      resourceType: 'Storage account',
    },
    { '@odata.type': '#microsoft.graph.security.ipEvidence', ipAddress: '203.0.113.7', roles: ['attacker'] },
  ],
};

/** The relay's own client, the service as the simulator plays it, and the page. */
async function paged(from: 'one' | 'list', input: Parameters<typeof create>[1]) {
  const relay = relayWorld({ config: { graph: { ...defaultConfig.graph, enabled: true } } });
  const { id } = create(relay, input);
  const { graph } = relay.served;
  if (!graph) throw new Error('the relay has no Graph');
  const signal = AbortSignal.timeout(60_000);
  const [resource] =
    from === 'one'
      ? [await graph.incident(id, signal)]
      : await Array.fromAsync(graph.incidents('2026-01-01T00:00:00Z', signal));
  const incident = readGraphIncident(resource);
  if (!incident) throw new Error('not an incident');
  const { alerts, entities } = incident;
  return pageEvent({ incident, alerts, entities, queries: [] }, relay.served);
}
const create = (
  { world }: ReturnType<typeof relayWorld>,
  input: Parameters<typeof world.graph.store.createIncident>[0],
) => world.graph.store.createIncident(input);

describe.each(['one', 'list'] as const)('an incident that the service gives as %s', (from) => {
  it('of Defender for Cloud shows severity, product, and the storage account', async () => {
    const event = await paged(from, { displayName: 'Suspicious access', severity: 'high', alerts: [cloudAlert] });
    expect(event).toMatchObject({ Title: 'High: Suspicious access', Products: 'Microsoft Defender for Cloud' });
    expect(event.Message).toContain('Where: 203.0.113.7; contosodata (Storage account)');
    expect(JSON.stringify(event)).not.toContain('unknownFutureValue');
  });

  it('that waits for an action says so', async () => {
    const event = await paged(from, { displayName: 'Look at this', status: 'awaitingAction', alerts: [cloudAlert] });
    expect(event.Message).toContain('Waits for your action (Defender Experts)');
  });

  it('whose severity nobody knows is Unknown', async () => {
    const event = await paged(from, { displayName: 'Look at this', severity: 'unknown' });
    expect(event.Title).toBe('Unknown: Look at this');
  });
});
