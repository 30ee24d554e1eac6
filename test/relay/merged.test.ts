import { describe, expect, it } from 'vitest';
import { forward, MINUTE, pagedByOthers, shown, start } from './support/both-worlds.ts';

/*
 * Merging is what a machine does: it closes a page only where somebody is paged about the incident that goes on, or where a
 * person closed that one.
 */

/** Whether it still calls somebody: SIGNL4 reports no response after a while, and goes on. */
const sounding = (scene: Parameters<typeof shown>[0]) =>
  shown(scene).map(([title, status]) => [title, status === 4 ? 'closed' : 'rings']);

const FIRST = 'High: Access from a Tor exit node';
const ANALYST = 'a.tanaka@contoso.com';
const ROBOT = 'Automated investigation';

/** A page of an incident, and another incident that pages nobody by itself. */
async function paged() {
  const scene = start();
  await scene.minutes(2);
  const goesOn = scene.world.graph.store.createIncident({ displayName: 'Goes on', severity: 'low' });
  const annotations = () =>
    scene.world.log.find({ service: 'signl4', path: '*/annotate' }).map(({ body }) => (body as { text: string }).text);
  return { ...scene, goesOn, annotations, graph: scene.world.graph.store };
}

describe('an incident that was merged into another one', () => {
  it('rings on where Defender does not say into which, and says so, once', async () => {
    const scene = await paged();
    scene.graph.merge(scene.incident.id, scene.goesOn.id);
    scene.incident.redirectIncidentId = null;
    await scene.minutes(20);
    expect(sounding(scene)).toEqual([[FIRST, 'rings']]);
    expect(scene.annotations()).toEqual([
      '[Sentinel] Merged into another incident in Microsoft Defender, and nobody says into which one. Look for it there, then close this alert.',
    ]);
  });

  it('is paged by nobody where it comes so', async () => {
    const scene = start({ filter: { statuses: [] } });
    Object.assign(scene.incident, { status: 'redirected', redirectIncidentId: null });
    await scene.minutes(2);
    expect(shown(scene)).toEqual([]);
  });

  it.each([
    ['a machine resolved, nobody’s', {}],
    ['a machine resolved after a person had taken it', { assignedTo: ANALYST }],
  ])('rings on where that one was never paged, and is one that %s', async (_, own) => {
    const scene = await paged();
    const { incident, goesOn, graph } = scene;
    graph.merge(incident.id, goesOn.id);
    graph.change(goesOn.id, { status: 'resolved', ...own }, ROBOT);
    await scene.minutes(20);
    expect(sounding(scene)).toEqual([[FIRST, 'rings']]);
    expect(scene.annotations()).toEqual([
      `[Sentinel] Merged into incident ${goesOn.id} in Microsoft Defender, which was resolved, perhaps by a machine, before anybody was paged about it. Look at it, then close this alert.`,
    ]);
  });

  it('is closed where a person resolved that one', async () => {
    const scene = await paged();
    const { incident, goesOn, graph } = scene;
    graph.merge(incident.id, goesOn.id);
    graph.change(goesOn.id, { status: 'resolved', assignedTo: ANALYST }, ANALYST);
    await scene.minutes(2);
    expect(shown(scene)).toEqual([[FIRST, 4]]);
  });

  it('is closed where somebody was paged about that one, and a machine resolved it since', async () => {
    const scene = await paged();
    const { incident, goesOn, graph } = scene;
    goesOn.severity = 'high';
    await scene.minutes(2);
    graph.merge(incident.id, goesOn.id);
    graph.change(goesOn.id, { status: 'resolved' }, ROBOT);
    await scene.minutes(2);
    expect(shown(scene).map(([, status]) => status)).toEqual([4, 4]);
  });

  it.each([
    ['that merges in a circle', 'circle'],
    ['that leads to one that is merged into nobody knows what', 'nowhere'],
    ['that was deleted', 'deleted'],
  ])('rings on where that one is one %s, and keeps nothing back', async (_, kind) => {
    const scene = await paged();
    const { incident, goesOn, graph } = scene;
    graph.merge(incident.id, goesOn.id);
    if (kind === 'deleted') graph.incidents.delete(goesOn.id);
    else Object.assign(goesOn, { status: 'redirected', redirectIncidentId: kind === 'circle' ? incident.id : null });
    await scene.minutes(20);
    expect(sounding(scene)).toEqual([[FIRST, 'rings']]);
    expect(scene.annotations()).toHaveLength(1);
    expect(scene.warnings).toEqual([]);
  });

  it('is closed once the one that goes on has its page', async () => {
    const scene = await paged();
    const { incident, goesOn, graph } = scene;
    graph.merge(incident.id, goesOn.id);
    incident.redirectIncidentId = null;
    await scene.minutes(3);
    incident.redirectIncidentId = goesOn.id;
    graph.touch(incident);
    await scene.minutes(2);
    expect(shown(scene)).toEqual([
      [FIRST, 4],
      ['Low: Goes on', 1],
    ]);
  });

  it('and never sent is asked for in SIGNL4 once, and again when it changes', async () => {
    const scene = start({ filter: { severities: ['Informational'] } });
    const { world, incident } = scene;
    const goesOn = world.graph.store.createIncident({ displayName: 'Goes on', severity: 'low' });
    const asked = () => world.log.find({ service: 'signl4', path: '*/alerts/paged*' }).length;
    await scene.minutes(1);
    world.graph.store.merge(incident.id, goesOn.id);
    await scene.minutes(5);
    expect(asked()).toBe(1);
    world.graph.store.touch(incident);
    await scene.minutes(1);
    expect(asked()).toBe(2);
  });

  it('and paged by others rings on, too, and is told once', async () => {
    const scene = start();
    await pagedByOthers(scene);
    Object.assign(scene.incident, { status: 'redirected', redirectIncidentId: null });
    await scene.minutes(20);
    expect(sounding(scene)).toEqual([['By others', 'rings']]);
    expect(scene.world.log.find({ service: 'signl4', path: '*/annotate' })).toHaveLength(1);
  });

  it('rings on where Sentinel shows it closed with the tag of Defender, and is told once', async () => {
    const scene = start({ graph: false });
    const { name } = scene.copy();
    await forward(scene.relay, name);
    await scene.minutes(1);
    scene.relay.world.sentinel.store.update(
      name,
      { status: 'Closed', labels: [{ labelName: 'redirected', labelType: 'AutoAssigned' }] },
      { name: 'Microsoft XDR', source: 'Application' },
    );
    await scene.clock.advance(MINUTE);
    await scene.minutes(20);
    expect(sounding(scene)).toEqual([[FIRST, 'rings']]);
    expect(scene.world.log.find({ service: 'signl4', path: '*/annotate' })).toHaveLength(1);
  });
});
