import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/config.ts';
import { applyDirectly } from '../../../src/relay/callback/apply.ts';
import { type Lease, LeaseLostError } from '../../../src/relay/store/store.ts';
import { type RelayWorld, relayWorld } from '../support/world.ts';

const ID = 'dd209a2d-e037-41ee-b37d-f605cc0a39fb';
const maria = { username: 'mlopez', mailaddress: 'm.lopez@contoso.com', id: 'u1' };

/** A lease on a notification as SIGNL4 sends it, held for half a minute from now. */
function leaseOf(relay: RelayWorld, externalEventId: string, more: Readonly<Record<string, unknown>> = {}): Lease {
  const { statusCode = 2, note, heldMs = 30_000, ...rest } = more;
  const now = relay.clock.now();
  const body = JSON.stringify({
    id: ID,
    eventType: 201,
    eventRaisedUtc: new Date(now).toISOString(),
    user: maria,
    team: { teamname: 'SOC' },
    alert: { id: 'alert-1', statusCode, externalEventId },
    annotation: note === undefined ? null : { message: note, id: 'n1' },
    ...rest,
  });
  const stored = { id: ID, session: externalEventId, body, receivedAt: now, arrival: 1, attempts: 0 };
  return {
    token: 't',
    notification: stored,
    until: now + Number(heldMs),
    unfinished: 0,
    since: now,
    appliedUntil: undefined,
  };
}

/** An incident of Sentinel, or of Graph, and what applies to it. */
function start(source: 'sentinel' | 'graph' = 'sentinel') {
  const relay = relayWorld({ config: { graph: { ...defaultConfig.graph, enabled: source === 'graph' } } });
  const sentinel = relay.world.sentinel.store.createIncident({ title: 'Sign-in', severity: 'High', labels: ['vip'] });
  const graph = relay.world.graph.store.createIncident({ displayName: 'Malware' });
  const externalId =
    source === 'sentinel'
      ? `sentinel:${relay.world.workspace.workspaceId}:${sentinel.name}`
      : `graph:${relay.world.workspace.tenantId}:${graph.id}`;
  const marks: string[] = [];
  const apply = async (more: Readonly<Record<string, unknown>> = {}) => {
    const lease = leaseOf(relay, externalId, more);
    await applyDirectly([relay.served], () => relay.clock.now())(lease, (mark) => marks.push(mark));
  };
  return { relay, sentinel, graph, apply, marks };
}
const messages = (incident: { comments: readonly { properties: { message: string } }[] }) =>
  incident.comments.map(({ properties }) => properties.message);

describe('a notification whose lease is nearly over', () => {
  it('writes nothing to Sentinel', async () => {
    const { sentinel, apply, marks } = start();
    await expect(apply({ heldMs: 5_000, note: 'On it' })).rejects.toThrow(LeaseLostError);
    expect([sentinel.properties.status, sentinel.comments, marks]).toEqual(['New', [], []]);
    await apply({ heldMs: 5_001 });
    expect([sentinel.properties.status, marks.length]).toEqual(['Active', 1]);
  });

  it('writes no comment either where there is nothing else to write', async () => {
    const { sentinel, apply } = start();
    await expect(apply({ heldMs: 5_000, eventType: 203, note: 'reimaged' })).rejects.toThrow(LeaseLostError);
    expect(sentinel.comments).toEqual([]);
  });

  it('writes nothing to Defender', async () => {
    const { graph, apply } = start('graph');
    await expect(apply({ heldMs: 5_000, note: 'On it' })).rejects.toThrow(LeaseLostError);
    await expect(apply({ heldMs: 5_000, eventType: 203, note: 'reimaged' })).rejects.toThrow(LeaseLostError);
    expect([graph.status, graph.assignedTo, graph.comments]).toEqual(['active', null, []]);
  });
});

describe('a change of state', () => {
  it('that nobody made changes nothing, unless the comparison found that a person made it', async () => {
    const { sentinel, apply } = start();
    await apply({ user: null });
    await apply({ user: null, id: 'x missed:1' });
    expect([sentinel.properties.status, sentinel.comments]).toEqual(['New', []]);
    await apply({ user: null, id: 'missed:1' });
    expect(sentinel.properties.status).toBe('Active');
    expect(sentinel.comments).toHaveLength(1);
  });

  it('is tried five times where somebody changes the incident in between, and then again later', async () => {
    const conflict = (times: number) => {
      const started = start();
      const fault = { kind: 'status', status: 412 } as const;
      started.relay.world.faults.add({ service: 'sentinel', method: 'PUT', path: '*/incidents/*', times, fault });
      return started;
    };
    const four = conflict(4);
    await four.apply();
    expect(four.sentinel.properties.status).toBe('Active');
    const five = conflict(5);
    await expect(five.apply()).rejects.toMatchObject({ kind: 'conflict', isPassing: true });
    expect([five.sentinel.properties.status, five.sentinel.comments, five.marks]).toEqual(['New', [], []]);
  });

  it('moves the mark of the session also where it is in the incident already, and not for a note', async () => {
    const { apply, marks } = start();
    await apply();
    await apply();
    expect(marks).toHaveLength(2);
    await apply({ eventType: 203, note: 'reimaged' });
    expect(marks).toHaveLength(2);
  });

  it('of an incident that is nobody’s is refused for good', async () => {
    const { relay } = start();
    const apply = (externalId: string) =>
      applyDirectly([relay.served], () => relay.clock.now())(leaseOf(relay, externalId), () => {});
    for (const externalId of ['somebody else’s', `sentinel:${ID}:${ID}`])
      await expect(apply(externalId)).rejects.toMatchObject({ isPassing: false });
  });
});

describe('a notification about an incident of Defender', () => {
  it('is commented once, however often it is applied', async () => {
    const { graph, apply } = start('graph');
    await apply({ eventType: 203, note: 'reimaged' });
    await apply({ eventType: 203, note: 'reimaged' });
    expect(graph.comments.map(({ comment }) => comment)).toEqual(['SIGNL4: mlopez: reimaged [dd209a2d]']);
  });

  it('gives it back: nobody’s, and active again', async () => {
    const { graph, apply } = start('graph');
    await apply();
    expect(graph.assignedTo).toBe('m.lopez@contoso.com');
    await apply({ statusCode: 1 });
    expect([graph.status, graph.assignedTo]).toEqual(['active', null]);
  });

  it('comments first on what no person did, and last on what one did', async () => {
    const order = async (more: Readonly<Record<string, unknown>>) => {
      const { relay, apply } = start('graph');
      await apply(more);
      const writes = relay.world.log.find({ service: 'graph' }).filter(({ method }) => method !== 'GET');
      return writes.map(({ method }) => method);
    };
    expect(await order({ user: null, id: 'missed:1' })).toEqual(['POST', 'PATCH']);
    expect(await order({ note: 'On it' })).toEqual(['PATCH', 'POST']);
    expect(await order({ eventType: 203, note: 'x' })).toEqual(['POST']);
  });

  it('is refused for good where Defender is not a source any more', async () => {
    const { relay, graph } = start('sentinel');
    const lease = leaseOf(relay, `graph:${relay.world.workspace.tenantId}:${graph.id}`);
    await expect(applyDirectly([relay.served], () => relay.clock.now())(lease, () => {})).rejects.toMatchObject({
      isPassing: false,
    });
  });
});

describe('a notification of the system', () => {
  it('comments before it tags: what is tagged already looks like an echo', async () => {
    const { relay, sentinel, apply } = start();
    await apply({ eventType: 201, statusCode: 8, user: null });
    const writes = relay.world.log
      .find({ service: 'sentinel', method: 'PUT' })
      .map(({ path }) => path.includes('/comments/'));
    expect(writes).toEqual([true, false]);
    expect(messages(sentinel)).toEqual(['SIGNL4: No response from the team SOC.']);
    expect(sentinel.properties.labels.map(({ labelName }) => labelName)).toEqual(['vip', 'SIGNL4-NoResponse']);
  });
});
