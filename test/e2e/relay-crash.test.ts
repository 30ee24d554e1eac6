import { afterEach, describe, expect, it } from 'vitest';
import { createIds } from '../../src/simulator/ids.ts';
import type { StoredIncident } from '../../src/simulator/sentinel/resources.ts';
import { type Azurite, startAzurite } from '../relay/support/azurite.ts';
import {
  type Environment,
  type RelayProcess,
  startEnvironment,
  startRelayProcess,
  WEBHOOK_SECRET,
} from '../relay/support/relay-process.ts';

/*
 * SIGNL4 sends notifications about 200 incidents, each incident's in order, one in twenty twice, and again and again until it
 * hears 202. Meanwhile relays die at any moment. In the end every notification is in Sentinel once, in order.
 */

/** The nightly run sends 10,000. */
const NOTIFICATIONS = Number(process.env['CRASH_NOTIFICATIONS'] ?? 2_000);
const INCIDENTS = 200;
const REPEATED = 0.05;
const SENDERS = 40;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Planned {
  readonly body: string;
  readonly text: string;
}

/** Per incident its notifications in order: notes, acknowledgements, closings, reopenings. */
function plan(environment: Environment, random: ReturnType<ReturnType<typeof createIds>['random']>) {
  const { store } = environment.world.sentinel;
  return Array.from({ length: INCIDENTS }, (_, index) => {
    const incident = store.createIncident({ title: `Incident ${index}`, severity: 'High' });
    const notifications = Array.from({ length: NOTIFICATIONS / INCIDENTS }, (_, n): Planned => {
      const text = `note ${n} of incident ${index}`;
      const happening = random.pick([
        { eventType: 203, alert: { statusCode: 1 } },
        { eventType: 201, alert: { statusCode: 2 } },
        { eventType: 201, alert: { statusCode: 4 } },
        { eventType: 201, alert: { statusCode: 1 } },
      ]);
      const id = `00000000-0000-4000-8000-${String(index * 1_000 + n).padStart(12, '0')}`;
      const externalEventId = `sentinel:${store.workspace.workspaceId}:${incident.name}`;
      const notification = {
        id,
        eventType: happening.eventType,
        eventRaisedUtc: new Date(Date.UTC(2026, 0, 10, 8, 0, n)).toISOString(),
        user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
        alert: { ...happening.alert, id: `alert-${index}`, externalEventId },
        annotation: { id: `a-${n}`, message: text },
      };
      return { body: JSON.stringify(notification), text };
    });
    return { incident, notifications };
  });
}

/** Sends one notification until a relay says that it is safe. `urlOf` names a relay that may be alive. */
async function deliver(body: string, urlOf: () => string | undefined): Promise<void> {
  for (;;) {
    const url = urlOf();
    if (url !== undefined) {
      try {
        const response = await fetch(`${url}/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        await response.body?.cancel();
        if (response.status === 202) return;
      } catch {
        // The relay died under our hands: SIGNL4 does not know whether it was taken, and sends again.
      }
    }
    await pause(20);
  }
}

async function deliverAll(
  sessions: readonly { readonly notifications: readonly Planned[] }[],
  urlOf: () => string | undefined,
  random: ReturnType<ReturnType<typeof createIds>['random']>,
): Promise<void> {
  const queue = [...sessions];
  async function sender(): Promise<void> {
    for (let session = queue.shift(); session; session = queue.shift()) {
      for (const { body } of session.notifications) {
        await deliver(body, urlOf);
        if (random.chance(REPEATED)) await deliver(body, urlOf);
      }
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const notesOf = (incident: StoredIncident) =>
  incident.comments.map(({ properties }) => /note \d+ of incident \d+/.exec(properties.message)?.[0]);

async function allApplied(sessions: ReturnType<typeof plan>): Promise<void> {
  while (sessions.some(({ incident, notifications }) => incident.comments.length < notifications.length))
    await pause(250);
}

/** None lost, none twice, none out of order. */
function check(sessions: ReturnType<typeof plan>): void {
  for (const { incident, notifications } of sessions) {
    expect(notesOf(incident)).toEqual(notifications.map(({ text }) => text));
  }
}

function tell(environment: Environment, what: string, startedAt: number): void {
  const writes = environment.world.log.find({ service: 'sentinel', method: 'PUT', path: '*/comments/*' }).length;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`${what}: ${NOTIFICATIONS} notifications applied in ${seconds} s with ${writes} writes of comments`);
}

describe('relay that is killed', () => {
  it('twenty times loses nothing, repeats nothing and keeps the order', { timeout: 3_600_000 }, async () => {
    const environment = await startEnvironment();
    cleanUps.push(() => environment.dispose());
    const random = createIds('kill -9').random('crash');
    const sessions = plan(environment, random);
    const startedAt = Date.now();
    let relay: RelayProcess | undefined = await startRelayProcess(environment);
    cleanUps.push(async () => relay?.kill('SIGKILL'));
    const delivered = deliverAll(sessions, () => relay?.url, random);
    for (let kills = 0; kills < 20; kills++) {
      await pause(random.between(100, 1_200));
      await relay.kill('SIGKILL');
      relay = undefined;
      relay = await startRelayProcess(environment);
    }
    await delivered;
    await allApplied(sessions);
    tell(environment, 'one relay, SQLite, killed 20 times', startedAt);
    check(sessions);
    expect(await relay.kill('SIGTERM')).toBe(0);
  });

  it('beside another on the same storage account leaves its work to the other', { timeout: 3_600_000 }, async () => {
    const azurite: Azurite = await startAzurite();
    cleanUps.push(() => azurite.stop());
    const environment = await startEnvironment();
    cleanUps.push(() => environment.dispose());
    const random = createIds('two relays').random('crash');
    const sessions = plan(environment, random);
    const startedAt = Date.now();
    const env = { RELAY_STORAGE_CONNECTION: azurite.connectionString };
    const relays: (RelayProcess | undefined)[] = [
      await startRelayProcess(environment, env),
      await startRelayProcess(environment, env),
    ];
    cleanUps.push(() => Promise.all(relays.map((relay) => relay?.kill('SIGKILL'))));
    const urlOf = () => random.pick(relays.filter((relay) => relay !== undefined)).url;
    const delivered = deliverAll(sessions, urlOf, random);
    for (let kills = 0; kills < 5; kills++) {
      await pause(random.between(1_000, 8_000));
      await relays[0]?.kill('SIGKILL');
      relays[0] = undefined;
      if (kills < 4) relays[0] = await startRelayProcess(environment, env);
    }
    await delivered;
    await allApplied(sessions);
    tell(environment, 'two relays, Azure Storage, one killed 5 times', startedAt);
    check(sessions);
  });
});
