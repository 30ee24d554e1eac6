import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparison } from '../../src/relay/timers/sync.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import type { ServiceName } from '../../src/simulator/http.ts';
import { type Machine, machines, type OwnerInStory } from '../../src/simulator/scenario/scenario.ts';
import { changerOf, ownerOf } from '../../src/simulator/scenario/story-world.ts';
import type { WritableProperties } from '../../src/simulator/sentinel/resources.ts';
import { propertySeed } from '../support/seed.ts';
import { relayWorld, WEBHOOK_SECRET } from './support/world.ts';

/*
 * The same as test/rules/converge.property.test.ts with the relay's own code, its store, and the simulated Sentinel, SIGNL4
 * and Log Analytics, which refuse, answer wrongly or not at all.
 */

const MINUTE = 60_000;
const HISTORIES = 40;

const change = fc.record(
  {
    status: fc.constantFrom('New' as const, 'Active' as const, 'Closed' as const),
    severity: fc.constantFrom('High' as const, 'Low' as const),
    owner: fc.constantFrom<OwnerInStory>('analyst', 'nobody', 'group'),
  },
  { requiredKeys: [] },
);
const step = fc.oneof(
  fc.record({ kind: fc.constant('change' as const), by: fc.constantFrom('analyst' as const, ...machines), change }),
  fc.record({
    kind: fc.constant('phone' as const),
    act: fc.constantFrom('acknowledge' as const, 'close' as const, 'undoAcknowledge' as const, 'undoClose' as const),
    alert: fc.nat({ max: 3 }),
  }),
  fc.record({
    kind: fc.constant('break' as const),
    // Refusals that no client repeats by itself: repetitions wait on the computer's clock.
    fault: fc.constantFrom<readonly [ServiceName, Fault]>(
      ['signl4', { kind: 'status', status: 400 }],
      ['sentinel', { kind: 'status', status: 409 }],
      ['sentinel', { kind: 'status', status: 403 }],
      ['logs', { kind: 'status', status: 403 }],
      ['outside', { kind: 'status', status: 503 }],
      ['outside', { kind: 'reset' }],
    ),
    afterWork: fc.boolean(),
    times: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 12 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function start() {
  const relay = relayWorld();
  const { world, clock, served } = relay;
  const { name } = world.sentinel.store.createIncident({ title: 'Beaconing', severity: 'Medium' });
  await relay.post('/api/incidents/forward', { incidentArmId: world.sentinel.store.armId('Incidents', name) });
  const host = 'relay.contoso.example';
  world.route(host, async (request) => relay.app.fetch(request));
  world.signl4.store.webhooks.push({
    ...{ id: 'w1', name: 'relay', teamId: '', enabled: true, description: '' },
    url: `https://${host}/api/signl4/events?secret=${WEBHOOK_SECRET}`,
  });
  const log = { info: () => {}, warn: () => {} } as never;
  const compare = comparison({
    workspaces: [served],
    store: relay.store,
    now: () => clock.now(),
    budgetMs: 20_000,
    log,
  });
  return {
    ...{ relay, world, name },
    externalId: `sentinel:${world.workspace.workspaceId}:${name}`,
    async minutes(count: number) {
      for (let minute = 0; minute < count; minute++) {
        await clock.advance(MINUTE);
        await relay.applyAll();
        await compare();
      }
    },
  };
}
type Scene = Awaited<ReturnType<typeof start>>;

function act({ world, name, externalId }: Scene, one: Step): 'analyst' | Machine | undefined {
  const { store } = world.sentinel;
  if (one.kind === 'break') {
    const { afterWork, times } = one;
    const [service, fault] = one.fault;
    world.faults.add({ service, fault, afterWork, times });
  } else if (one.kind === 'change') {
    const { owner, status, severity } = one.change;
    const properties: Partial<WritableProperties> = {
      ...(status && { status }),
      ...(status === 'Closed' && { classification: 'Undetermined' }),
      ...(severity && { severity }),
      ...(owner && { owner: ownerOf(world, owner) }),
    };
    store.update(name, properties, changerOf(world, one.by).actor);
    return one.by;
  } else if (one.kind === 'phone') {
    const alerts = world.signl4.store.alertsOf(externalId);
    const id = alerts[one.alert % alerts.length]?.id ?? '';
    try {
      world.signl4.store[one.act](id, world.accounts.onCallUser);
    } catch {
      // The life cycle forbids it: the button is not there.
    }
  }
  return undefined;
}

const sentEvents = ({ world }: Scene, status: string) =>
  world.log
    .find({ service: 'signl4', path: '*/events/*' })
    .filter(({ body }) => (body as Record<string, unknown>)['X-S4-Status'] === status);

describe('relay, Sentinel and SIGNL4', () => {
  it('agree in the end, and only a person acknowledges', async () => {
    const seed = propertySeed('relay, two-way', 20_260_111);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const scene = await start();
        let hasPersonChanged = false;
        for (const one of steps) {
          await scene.minutes(one.kind === 'wait' ? one.minutes : 1);
          if (act(scene, one) === 'analyst') hasPersonChanged = true;
        }
        scene.world.faults.clear();
        await scene.minutes(100);
        const { status } = scene.world.sentinel.store.incident(scene.name).properties;
        const alerts = scene.world.signl4.store.alertsOf(scene.externalId);
        expect(alerts.every((alert) => alert.status === 4)).toBe(status === 'Closed');
        if (!hasPersonChanged) expect(sentEvents(scene, 'acknowledged')).toEqual([]);
        const before = sentEvents(scene, 'new').length;
        await scene.minutes(20);
        expect(sentEvents(scene, 'new')).toHaveLength(before);
      }),
      { numRuns: HISTORIES, seed },
    );
  });
});
