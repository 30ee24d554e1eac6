import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { Environment } from '../../src/simulator/environment/environment.ts';
import { createWorld } from '../../src/simulator/world.ts';
import { withoutRelay } from './support/defender.ts';

/* The pair of playbooks for Microsoft Defender in the simulated world, where Graph gives fifty incidents at a time. */

const MINUTE = 60_000;

function start() {
  const clock = new VirtualClock();
  const world = createWorld({ clock, seed: 'defender' });
  const environment = new Environment({
    world,
    config: withoutRelay,
    hasRelay: false,
    callbacks: 'playbook',
    sweeps: false,
  });
  const { store } = world.graph;
  const page = (title: string) => store.createIncident({ displayName: title, severity: 'high', alerts: [{ title }] });
  return { clock, environment, store, page, alerts: () => [...world.signl4.store.alerts.values()] };
}

describe('Defender without a relay', () => {
  it('pages about each of 120 incidents that come at once, once', async () => {
    const { clock, page, alerts } = start();
    for (let number = 1; number <= 120; number++) page(`Incident ${number}`);
    await clock.advance(10 * MINUTE);
    expect(new Set(alerts().map(({ externalId }) => externalId)).size).toBe(120);
    expect(alerts()).toHaveLength(120);
  });

  it('follows each merge of a chain whose incidents were paged', async () => {
    const { clock, store, page, alerts } = start();
    const [first, second, last] = ['First', 'Second', 'Last'].map(page);
    await clock.advance(5 * MINUTE);
    store.merge(first?.id ?? '', second?.id ?? '');
    await clock.advance(5 * MINUTE);
    store.merge(second?.id ?? '', last?.id ?? '');
    await clock.advance(5 * MINUTE);
    expect(alerts().map(({ status }) => status === 4)).toEqual([true, true, false]);
  });
});
