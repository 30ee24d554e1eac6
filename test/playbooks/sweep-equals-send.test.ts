import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { IncidentFilter } from '../../src/rules/choices.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { Environment, switched } from '../../src/simulator/environment/environment.ts';
import { generateIncident, makerOf } from '../../src/simulator/incidents.ts';
import { createWorld } from '../../src/simulator/world.ts';

/*
 * The same incidents in two worlds: in one the automation rule runs SIGNL4-Send-Incident for each as it comes, in the other it is
 * off and SIGNL4-Sweep finds them later and has Microsoft Sentinel run SIGNL4-Send-Incident on them. Everything runs as deployed,
 * in the engine, against the stub world.
 */

const MINUTE = 60_000;
const INCIDENTS = 60;

interface Scene {
  readonly environment: Environment;
  readonly clock: VirtualClock;
}

/** A world with the incidents of a seed; `isOn` says for which of them the automation rule is on. */
async function scene(seed: string, filter: Partial<IncidentFilter>, isOn: (number: number) => boolean): Promise<Scene> {
  const clock = new VirtualClock();
  const world = createWorld({ clock, seed });
  // Nobody is on call: what SIGNL4 does by itself as time goes by would be told in comments.
  Object.assign(world.accounts.team, { escalateAfterMinutes: 0, noResponseAfterMinutes: 0 });
  const config: Config = { ...defaultConfig, filter: { ...defaultConfig.filter, ...filter } };
  const environment = new Environment({ world, config, hasRelay: false, callbacks: 'playbook', sweeps: false });
  const { rules } = world.sentinel.automation;
  const deployed = [...rules];
  for (let number = 0; number < INCIDENTS; number++) {
    for (const [name, rule] of deployed) rules.set(name, switched(rule, isOn(number)));
    const { incident } = generateIncident(makerOf(world), world.ids.random(`incident ${number}`));
    await clock.track(async () => void world.sentinel.store.createIncident(incident));
    await clock.advance(MINUTE);
  }
  await clock.advance(20 * MINUTE);
  return { environment, clock };
}

async function sweep({ environment, clock }: Scene): Promise<void> {
  const run = environment.run('SIGNL4-Sweep', undefined);
  await clock.advance(60 * MINUTE);
  expect((await run).result).toMatchObject({ status: 'Succeeded' });
}

/** How the runs of a playbook ended. */
const runsOf = ({ environment }: Scene, name: string) =>
  environment.history.runs.filter(({ playbook }) => playbook === name).map(({ result }) => result?.status);

/** What SIGNL4 has of each incident, by external id; the second alert for one would show as a longer list. */
function pages({ environment }: Scene): Readonly<Record<string, readonly object[]>> {
  const alerts = [...environment.world.signl4.store.alerts.values()];
  const ids = [...new Set(alerts.map(({ externalId }) => externalId))].sort();
  return Object.fromEntries(
    ids.map((id) => [
      id,
      alerts
        .filter(({ externalId }) => externalId === id)
        .map(({ title, text, category, sourceSystem, parameters }) => {
          const shown = parameters.map(({ name, value }) => [name, value]);
          return { title, text, category, sourceSystem, shown };
        }),
    ]),
  );
}

/** What the incidents say of having been sent. */
function marks({ environment }: Scene): readonly object[] {
  return [...environment.world.sentinel.store.incidents.values()].map(({ name, properties, comments }) => ({
    name,
    tags: properties.labels.map(({ labelName }) => labelName),
    comments: comments
      .filter((comment) => comment.name === name)
      .map((comment) => comment.properties.message.replace(/Event .*/, 'Event')),
  }));
}

const filters: readonly (readonly [string, Partial<IncidentFilter>])[] = [
  ['everything new', {}],
  [
    'some states and severities, and titles',
    { statuses: ['New', 'Active'], severities: ['High', 'Medium'], titleExcludes: ['dns'] },
  ],
  ['tags', { statuses: [], tags: ['VIP', "o'brien", 'süd'], excludeTags: ['PILOT'] }],
  ['products by their friendly name', { products: ['Microsoft Defender for Endpoint', 'Microsoft Sentinel'] }],
  [
    'tactics and owners',
    { statuses: ['New', 'Closed'], tactics: ['CredentialAccess', 'Persistence'], owners: ['unassigned'] },
  ],
];

describe.each(filters)('with a filter for %s, a sweep', (name, filter) => {
  it('sends exactly what SIGNL4-Send-Incident would have sent, word for word, and marks it alike', async () => {
    const sent = await scene(name, filter, () => true);
    const swept = await scene(name, filter, () => false);
    expect(pages(swept)).toEqual({});
    expect(runsOf(swept, 'SIGNL4-Send-Incident')).toEqual([]);
    await sweep(swept);
    expect(runsOf(swept, 'SIGNL4-Send-Incident').filter((status) => status === 'Succeeded')).toHaveLength(
      Object.keys(pages(sent)).length,
    );
    expect(Object.keys(pages(sent)).length).toBeGreaterThan(3);
    expect(Object.keys(pages(sent)).length).toBeLessThan(INCIDENTS - 3);
    expect(pages(swept)).toEqual(pages(sent));
    expect(marks(swept)).toEqual(marks(sent));
  });

  it('sends nothing that was sent before, by an automation rule or by the last sweep', async () => {
    const all = await scene(name, filter, () => true);
    const half = await scene(name, filter, (number) => number % 2 === 0);
    const before = pages(half);
    await sweep(half);
    expect(Object.keys(before).length).toBeLessThan(Object.keys(pages(all)).length);
    expect(pages(half)).toEqual(pages(all));
    await sweep(half);
    await sweep(all);
    expect(pages(half)).toEqual(pages(all));
    expect(Object.values(pages(all)).every((alerts) => alerts.length === 1)).toBe(true);
  });
});
