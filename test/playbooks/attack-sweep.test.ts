import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { Environment } from '../../src/simulator/environment/environment.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';

/* SIGNL4-Sweep beside automation rules that are late, and where it or the other playbooks may not do what they must. */

const MINUTE = 60_000;

describe('a sweep that comes while SIGNL4-Send-Incident is at work', () => {
  const playOnce = async (prepare: (world: World) => void) => {
    const clock = new VirtualClock();
    const world = createWorld({ clock, seed: 'at once' });
    const config = { ...defaultConfig, sweep: { everyMinutes: 5, lookBackHours: 24 } };
    const environment = new Environment({ world, config, hasRelay: false, callbacks: 'playbook', sweeps: true });
    prepare(world);
    await clock.advance(14.95 * MINUTE);
    await clock.track(async () => void world.sentinel.store.createIncident({ title: 'Brute force', severity: 'High' }));
    await clock.advance(60 * MINUTE);
    expect(environment.history.runs.filter(({ playbook }) => playbook === 'SIGNL4-Sweep').length).toBeGreaterThan(10);
    return world.signl4.store.alerts.size;
  };

  it('does not page a second time where SIGNL4 is busy and takes the event on a later try', async () => {
    const busy = { kind: 'status', status: 503 } as const;
    const fault = { service: 'signl4', method: 'POST', path: '/api/v2/events/*', fault: busy, times: 2 } as const;
    expect(await playOnce(({ faults }) => void faults.add(fault))).toBe(1);
  });

  it.each([1, 5, 9])('does not page a second time where the automation rule is %i minutes late', async (minutes) => {
    const late = ({ sentinel }: World) => Object.assign(sentinel.automation.settings, { delayMs: minutes * MINUTE });
    expect(await playOnce(late)).toBe(1);
  });
});

describe('a sweep that may not tag', () => {
  it('pages once, sweep after sweep, and shows as failed', async () => {
    const clock = new VirtualClock();
    const world = createWorld({ clock, seed: 'no tag' });
    const environment = new Environment({
      world,
      config: defaultConfig,
      hasRelay: false,
      callbacks: 'playbook',
      sweeps: true,
    });
    for (const { objectId } of environment.playbookIdentities()) {
      world.sentinel.access.revoke(objectId);
      world.sentinel.access.assign(objectId, 'Microsoft Sentinel Reader');
    }
    await clock.track(async () => void world.sentinel.store.createIncident({ title: 'Brute force', severity: 'High' }));
    await clock.advance(120 * MINUTE);
    const sweeps = environment.history.runs.filter(({ playbook }) => playbook === 'SIGNL4-Sweep');
    expect(new Set(sweeps.slice(1, -1).map(({ result }) => result?.status))).toEqual(new Set(['Failed']));
    expect(world.signl4.store.alerts.size).toBe(1);
  });
});
