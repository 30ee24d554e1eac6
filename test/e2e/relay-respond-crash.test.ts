import { afterEach, expect, it } from 'vitest';
import { startAzurite } from '../relay/support/azurite.ts';
import {
  type Environment,
  type RelayProcess,
  startEnvironment,
  startRelayProcess,
  WEBHOOK_SECRET,
} from '../relay/support/relay-process.ts';
import { response } from '../respond/support/on-call.ts';

/*
 * Thirty people each ask for a response on an incident of their own, while relays are killed at any moment. In the end Sentinel was called
 * once for each note at most, the incident says once who asked, and the phone is told at most once.
 */

const INCIDENTS = 30;
const KILLS = 12;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function ready() {
  const environment = await startEnvironment({
    respond: { playbooks: { report: { playbook: response('Write-Report').playbook } } },
  });
  cleanUps.push(() => environment.dispose());
  const { world } = environment;
  const { accounts, signl4, sentinel, clock } = world;
  for (const role of ['Microsoft Sentinel Playbook Operator', 'Reader'] as const)
    sentinel.access.assign(accounts.relay.objectId, role);
  const started: number[] = [];
  sentinel.automation.runPlaybook = async () => void started.push(clock.now());
  sentinel.automation.runsOf = (_, since) =>
    started
      .filter((at) => at >= since)
      .toReversed()
      .map((at) => ({ properties: { startTime: new Date(at).toISOString(), status: 'Succeeded' } }));
  // Every call takes a moment, so that relays die within calls, too.
  world.faults.add({ service: 'sentinel', fault: { kind: 'latency', ms: 60 } });
  const notes = Array.from({ length: INCIDENTS }, (_, n) => {
    const incident = sentinel.store.createIncident({ title: `Incident ${n}`, severity: 'High' });
    const externalEventId = `sentinel:${world.workspace.workspaceId}:${incident.name}`;
    const user = signl4.store.addUser(
      { username: `user${n}`, displayname: `User ${n}`, mail: `u${n}@contoso.com` },
      accounts.team,
    );
    const alert = signl4.store.raise(accounts.team, {
      title: 'A',
      text: '',
      externalId: externalEventId,
      parameters: [],
    });
    signl4.store.acknowledge(alert.id, user);
    signl4.store.annotate(alert.id, '#run report', user);
    const body = JSON.stringify({
      ...{ id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, eventType: 203 },
      eventRaisedUtc: new Date(clock.now()).toISOString(),
      user: { id: user.id, username: user.username },
      alert: { id: alert.id, statusCode: 2, externalEventId },
      annotation: { message: '#run report' },
    });
    return { incident, alert, body };
  });
  return { environment, notes };
}

/** Until a relay says that it has it. */
async function deliver(body: string, urlOf: () => string | undefined): Promise<void> {
  for (;;) {
    const url = urlOf();
    const status = await fetch(`${url}/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
    }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 202) return;
    await pause(50);
  }
}

async function check(
  relays: number,
  environment: Environment,
  notes: Awaited<ReturnType<typeof ready>>['notes'],
  env = {},
) {
  const { world } = environment;
  const alive: RelayProcess[] = [];
  cleanUps.push(async () => Promise.all(alive.map((relay) => relay.kill('SIGKILL'))));
  for (let n = 0; n < relays; n++) alive.push(await startRelayProcess(environment, env));
  const delivered = Promise.all(notes.map(({ body }) => deliver(body, () => alive[0]?.url)));
  const random = world.ids.random('kills');
  for (let kill = 0; kill < KILLS; kill++) {
    await pause(random.between(50, 700));
    await alive.shift()?.kill('SIGKILL');
    alive.push(await startRelayProcess(environment, env));
  }
  await delivered;
  const told = () =>
    notes.map(({ alert }) => alert.annotations.filter(({ text }) => text.startsWith('[Sentinel] "report"')).length);
  const until = Date.now() + 150_000;
  while (told().some((count) => count === 0) && Date.now() < until) await pause(500);
  const calls = world.log.find({ service: 'sentinel', method: 'POST', path: '*/runPlaybook' });
  const callsOf = notes.map(({ incident }) => calls.filter(({ path }) => path.includes(incident.name)).length);
  const asked = notes.map(
    ({ incident }) =>
      incident.comments.filter(({ properties }) => properties.message.includes('from the phone')).length,
  );
  console.log(`${calls.length} calls for ${notes.length} notes; told: ${told().join('')}`);
  expect(callsOf.filter((count) => count > 1)).toEqual([]);
  expect(asked).toEqual(notes.map(() => 1));
  expect(told().filter((count) => count > 1)).toEqual([]);
}

it('a relay that is killed again and again starts each response once', async () => {
  const { environment, notes } = await ready();
  await check(1, environment, notes);
});

it('so do two relays that share Azure Storage', async () => {
  const azurite = await startAzurite();
  cleanUps.push(() => azurite.stop());
  const { environment, notes } = await ready();
  await check(2, environment, notes, { RELAY_STORAGE_CONNECTION: azurite.connectionString });
});
