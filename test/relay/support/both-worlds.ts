import type { Config } from '../../../src/config/config.ts';
import { retrieval } from '../../../src/relay/timers/retrieve.ts';
import { sweep } from '../../../src/relay/timers/sweep.ts';
import { comparison } from '../../../src/relay/timers/sync.ts';
import { defaultFilter, type IncidentFilter } from '../../../src/rules/choices.ts';
import type { GraphIncident } from '../../../src/simulator/graph/resources.ts';
import { type RelayWorld, relayWorld } from './world.ts';

export const MINUTE = 60_000;

interface Start {
  readonly hunting?: boolean;
  /** Left out: Graph is a source. */
  readonly graph?: boolean;
  readonly filter?: Partial<IncidentFilter>;
  /** Further choices of the config. */
  readonly config?: Partial<Config>;
}

/** A relay that has Graph as a source, its timers, and an incident that only Defender has so far. */
export function start({ hunting = false, graph = true, filter = {}, config = {} }: Start = {}) {
  const relay = relayWorld({
    config: {
      ...config,
      graph: { enabled: graph, everyMinutes: 1, hunting },
      filter: { ...defaultFilter, severities: ['High'], ...filter },
    },
  });
  const { world, clock, store, served } = relay;
  const incident = world.graph.store.createIncident({
    displayName: 'Access from a Tor exit node',
    severity: 'high',
    alerts: [{ title: 'Access to a storage account', serviceSource: 'microsoftDefenderForEndpoint' }],
  });
  const warnings: object[] = [];
  const log = { info: () => {}, warn: (line: object) => void warnings.push(line) } as never;
  const settings = {
    workspaces: [served],
    store,
    forwards: store.forwards,
    now: () => clock.now(),
    budgetMs: 20_000,
    log,
  };
  const sending = { ...settings, forwarded: () => {} };
  const retrieve = retrieval(sending);
  const compare = comparison(settings);
  return {
    ...{ relay, world, clock, incident, retrieve, warnings },
    externalId: `graph:${world.workspace.tenantId}:${incident.id}`,
    alerts: () => [...world.signl4.store.alerts.values()],
    sweep: () => sweep(sending),
    /** Both timers, minute by minute. */
    async minutes(count: number) {
      for (let minute = 0; minute < count; minute++) {
        await retrieve();
        await compare();
        await relay.applyAll();
        await clock.advance(MINUTE);
      }
    },
    /** Sentinel's copy, as the Defender connector makes it some minutes later. */
    copy: (given: Partial<GraphIncident> = {}) =>
      world.sentinel.store.createIncident({
        title: incident.displayName,
        severity: 'High',
        provider: 'Microsoft XDR',
        providerIncidentId: given.id ?? incident.id,
      }),
  };
}

/** What the automation rule has the relay do with Sentinel's copy. */
export const forward = async (relay: RelayWorld, name: string) => {
  const incidentArmId = relay.world.sentinel.store.armId('Incidents', name);
  return (await relay.post('/api/incidents/forward', { incidentArmId })).json();
};

export const acknowledged = (relay: RelayWorld, externalEventId: string, statusCode = 2) => ({
  id: `5f2b9a2d-e037-41ee-b37d-0000000000${statusCode}0`,
  eventType: 201,
  eventRaisedUtc: new Date(relay.clock.now()).toISOString(),
  user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com', id: 'u1' },
  alert: { id: 'alert-1', statusCode, externalEventId },
});

/** An event of somebody else: a playbook, or a relay that lost its store. */
export const pagedByOthers = ({ world, externalId }: ReturnType<typeof start>) =>
  world.fetch(
    new Request(`https://connect.signl4.com/api/v2/events/${world.accounts.team.secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Title: 'By others', 'X-S4-ExternalID': externalId, 'X-S4-Status': 'new' }),
    }),
  );
/** Title and state of each alert in SIGNL4: 1 open, 2 acknowledged, 4 closed. */
export const shown = ({ alerts }: ReturnType<typeof start>) => alerts().map(({ title, status }) => [title, status]);
