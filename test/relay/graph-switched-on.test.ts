import { describe, expect, it } from 'vitest';
import { startBudget } from '../../src/relay/deadline.ts';
import { forwardIncident } from '../../src/relay/forward/forward.ts';
import { acknowledged, forward, MINUTE, shown, start } from './support/both-worlds.ts';

/*
 * A workspace with the Defender connector had its incidents paged from Sentinel, under Sentinel's ids. Then `graph.enabled` is
 * switched on, while pages are open.
 */

const ANALYST = 'a.tanaka@contoso.com';

/** An incident that was paged from Sentinel's copy before, and the world in which Graph is a source. */
async function switchedOn({ byPlaybook = false, isTagged = true } = {}) {
  const scene = start();
  const { relay, world, incident } = scene;
  const { name } = scene.copy();
  const externalId = `sentinel:${world.workspace.workspaceId}:${name}`;
  if (byPlaybook) {
    const event = { Title: 'From Sentinel', 'X-S4-ExternalID': externalId, 'X-S4-Status': 'new' };
    await relay.served.signl4.sendEvent({ ...event, Message: '', 'X-S4-SourceSystem': 'MicrosoftSentinel' } as never);
  } else {
    const withoutGraph = { ...relay.served, graph: undefined };
    await forwardIncident(withoutGraph, name, undefined, relay.store.forwards, startBudget(20_000));
  }
  if (byPlaybook && isTagged)
    world.sentinel.store.update(
      name,
      { labels: [{ labelName: 'SIGNL4', labelType: 'User' }] },
      { name: 'SIGNL4', source: 'Playbook' },
    );
  if (!isTagged) world.sentinel.store.incident(name).properties.labels = [];
  return { ...scene, name, externalId, graph: world.graph.store, incident };
}

describe.each([
  ['by this relay', {}],
  ['by a playbook', { byPlaybook: true }],
  ['by a playbook that could not tag it', { byPlaybook: true, isTagged: false }],
])('Graph as a source of incidents that were paged from Sentinel %s', (_, how) => {
  it('pages about none again, no matter who asks', async () => {
    const scene = await switchedOn(how);
    await scene.minutes(3);
    await scene.sweep();
    await forward(scene.relay, scene.name);
    expect(shown(scene)).toHaveLength(1);
    expect(scene.incident.customTags).toEqual(['SIGNL4']);
  });

  it('settles the page when an analyst resolves it in Defender and Microsoft carries that over', async () => {
    const scene = await switchedOn(how);
    await scene.minutes(2);
    scene.graph.change(scene.incident.id, { status: 'resolved' }, ANALYST);
    scene.relay.world.sentinel.store.update(scene.name, { status: 'Closed' }, { name: 'XDR', source: 'Application' });
    await scene.minutes(3);
    expect(shown(scene).map(([, status]) => status)).toEqual([4]);
  });

  it('has what people do on the phone done to the incident', async () => {
    const scene = await switchedOn(how);
    await scene.minutes(2);
    await scene.relay.notify(acknowledged(scene.relay, scene.externalId));
    await scene.relay.applyAll();
    expect(scene.relay.world.sentinel.store.incident(scene.name).properties.status).toBe('Active');
  });

  it('pages about what such an incident is merged into, and settles it then', async () => {
    const scene = await switchedOn(how);
    await scene.minutes(2);
    const goesOn = scene.graph.createIncident({ displayName: 'Goes on', severity: 'low' });
    scene.graph.merge(scene.incident.id, goesOn.id);
    scene.relay.world.sentinel.store.update(
      scene.name,
      {
        status: 'Closed',
        labels: [
          { labelName: 'Redirected', labelType: 'AutoAssigned' },
          { labelName: 'SIGNL4', labelType: 'User' },
        ],
      },
      { name: 'XDR', source: 'Application' },
    );
    await scene.minutes(3);
    expect(shown(scene).map(([, status]) => status)).toEqual([4, 1]);
    const bodies = scene.world.log
      .find({ service: 'signl4', method: 'POST', path: '*/events/*' })
      .map(({ body }) => body);
    expect(JSON.stringify(bodies)).toContain(`Merged into incident ${goesOn.id} in Microsoft `);
  });
});

it('Graph pages where Sentinel cannot be asked for a copy', async () => {
  const scene = start();
  scene.copy();
  scene.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 503 } });
  await scene.retrieve();
  expect(shown(scene)).toHaveLength(1);
});

it('a copy that was never paged keeps nothing back', async () => {
  const scene = start();
  scene.copy();
  await scene.minutes(2);
  await scene.clock.advance(MINUTE);
  expect(shown(scene)).toHaveLength(1);
});
