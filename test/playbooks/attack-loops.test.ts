import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { CallbackMapping } from '../../src/rules/choices.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { Environment } from '../../src/simulator/environment/environment.ts';
import type { Random } from '../../src/simulator/ids.ts';
import { authorOf } from '../../src/simulator/sentinel/setting.ts';
import { createWorld } from '../../src/simulator/world.ts';

/*
 * docs/two-way-sync.md claims that playbooks that act on each other's writes come to rest, also where no guard holds. Here
 * the generated playbooks themselves run, all of them, and people act at random on both sides.
 */

const MINUTE = 60_000;
const ACTS = 6;

/** A mapping that nobody should choose: it writes wherever it can. */
const restless: CallbackMapping = {
  acknowledged: {
    status: 'Active',
    assignOwner: true,
    tag: 'seen',
    comment: '{{note}} by {{user.name}}',
    severity: 'Medium',
    releaseOwner: false,
  },
  closed: {
    status: 'Closed',
    assignOwner: true,
    tag: 'done',
    comment: 'done {{note}}',
    severity: 'High',
    releaseOwner: false,
  },
  annotated: {
    status: 'Active',
    assignOwner: true,
    tag: 'noted',
    comment: '{{note}}',
    severity: 'High',
    releaseOwner: false,
  },
  escalated: {
    status: 'New',
    assignOwner: true,
    tag: 'up',
    comment: 'escalated',
    severity: 'High',
    releaseOwner: false,
  },
  noResponse: {
    status: 'New',
    assignOwner: false,
    tag: 'silent',
    comment: 'nobody',
    severity: 'High',
    releaseOwner: false,
  },
  reopened: {
    status: 'New',
    assignOwner: true,
    tag: 'again',
    comment: 'reopened',
    severity: 'Low',
    releaseOwner: false,
  },
};

/** Whether updates tell who made them. Without that every write looks like a person's. */
type Guards = 'all guards' | 'no sources';

async function tell(
  seed: string,
  guards: Guards,
  callback: CallbackMapping,
  sweeps: boolean,
): Promise<{ environment: Environment; clock: VirtualClock }> {
  const clock = new VirtualClock();
  const world = createWorld({ clock, seed, ...(guards !== 'all guards' && { sourceOf: () => 'User' as const }) });
  const config: Config = { ...defaultConfig, callback };
  const environment = new Environment({ world, config, hasRelay: false, callbacks: 'playbook', sweeps });
  const random = world.ids.random('acts');
  const { name } = await clock.track(async () =>
    world.sentinel.store.createIncident({ title: 'Brute force', severity: 'Medium' }),
  );
  await clock.advance(2 * MINUTE);
  for (let number = 0; number < ACTS; number++) {
    await clock.track(async () => act(environment, name, random));
    await clock.advance(random.between(0, 8) * MINUTE);
  }
  return { environment, clock };
}

/** Something a person does in Microsoft Sentinel or in SIGNL4; what the life cycle forbids, the person gives up. */
function act({ world }: Environment, incident: string, random: Random): void {
  const { sentinel, signl4, accounts } = world;
  const analyst = { name: accounts.analyst.displayName, source: 'User' } as const;
  const alert = random.pick([...signl4.store.alerts.keys()]);
  const user = random.pick([accounts.onCallUser, accounts.secondUser, accounts.stranger]);
  const owner = {
    objectId: accounts.analyst.objectId,
    email: 'aoi.tanaka@contoso.com',
    userPrincipalName: 'a',
    assignedTo: 'Aoi',
  };
  const acts: readonly (() => void)[] = [
    () => void sentinel.store.update(incident, { status: random.pick(['New', 'Active', 'Closed']) }, analyst),
    () => void sentinel.store.update(incident, { severity: random.pick(['High', 'Low', 'Informational']) }, analyst),
    () => void sentinel.store.update(incident, { owner }, analyst),
    () =>
      void sentinel.store.putComment(
        incident,
        { message: '<p>Look at <b>srv-1</b></p>' },
        authorOf(accounts.analyst),
        analyst,
      ),
    () => void signl4.store.acknowledge(alert, user, 'mine'),
    () => void signl4.store.close(alert, user, '#fp scanner'),
    () => void signl4.store.annotate(alert, 'a note', user),
    () => void signl4.store.undoClose(alert, user),
    () => void signl4.store.undoAcknowledge(alert, user),
  ];
  try {
    random.pick(acts)();
  } catch {
    // The app would not have offered it.
  }
}

const mappings: readonly (readonly [string, CallbackMapping])[] = [
  ['the default mapping', defaultConfig.callback],
  ['a restless mapping', restless],
];
const guards: readonly Guards[] = ['all guards', 'no sources'];
const stories = Array.from({ length: 8 }, (_, number) => `story ${number}`);

describe.each(mappings)('with %s', (_, mapping) => {
  describe.each(guards)('and %s, all playbooks', (guard) => {
    it.each(stories)('come to rest after %s, and SIGNL4 is not flooded', async (seed) => {
      const { environment, clock } = await tell(seed, guard, mapping, false);
      await clock.advance(180 * MINUTE);
      const runs = environment.history.runs.length;
      const requests = environment.world.log.entries.length;
      await clock.advance(24 * 60 * MINUTE);
      expect(environment.history.runs.length - runs).toBe(0);
      expect(environment.world.log.entries.length - requests).toBe(0);
      expect(runs).toBeLessThan(ACTS * 6);
      expect(environment.world.signl4.store.alerts.size).toBeLessThanOrEqual(1 + ACTS);
    });
  });
});

describe('sweeps', () => {
  it.each(stories)('do not page again about what people worked on in %s', async (seed) => {
    const { environment, clock } = await tell(seed, 'all guards', defaultConfig.callback, true);
    const { size } = environment.world.signl4.store.alerts;
    await clock.advance(24 * 60 * MINUTE);
    expect(environment.world.signl4.store.alerts.size).toBe(size);
  });
});
