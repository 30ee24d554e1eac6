import { expect } from 'vitest';
import { type Config, defaultConfig } from '../../../src/config/config.ts';
import { type JsonObject, memberAt } from '../../../src/domain/json.ts';
import type { RespondChoice, ResponsePlaybook } from '../../../src/rules/respond.ts';
import { VirtualClock } from '../../../src/simulator/clock.ts';
import { makeEntity } from '../../../src/simulator/entities.ts';
import { Environment } from '../../../src/simulator/environment/environment.ts';
import { makerOf } from '../../../src/simulator/incidents.ts';
import type { StoredIncident } from '../../../src/simulator/sentinel/resources.ts';
import type { S4Alert, User } from '../../../src/simulator/signl4/resources.ts';
import { createWorld } from '../../../src/simulator/world.ts';

/** Who hears what people write: the playbook SIGNL4-Respond, or the relay. */
export const sides = ['playbook', 'relay'] as const;
export type Side = (typeof sides)[number];

export const MINUTE = 60_000;
const workflows =
  '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-response/providers/Microsoft.Logic/workflows';

export const response = (name: string, own: Partial<ResponsePlaybook> = {}): ResponsePlaybook => ({
  ...{ playbook: `${workflows}/${name}`, on: 'host', who: 'holder', teams: [], people: [], confirm: false },
  ...own,
});

interface Beginning {
  readonly respond?: Partial<RespondChoice>;
  /** Names of the hosts of the incident. */
  readonly hosts?: readonly string[];
  /** Entities instead of the hosts. */
  readonly entities?: readonly NamedEntity[];
  readonly config?: Partial<Config>;
}

/** An entity as Microsoft Sentinel has it; `name`: its friendly name. */
export interface NamedEntity {
  readonly kind: 'Account' | 'Host' | 'Ip' | 'Url' | 'FileHash';
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Nothing ran, and the incident says why. */
export function expectRefused(scene: OnCall, reason: string): void {
  expect(scene.ran()).toEqual([]);
  expect(scene.comments().join('\n')).toContain(reason);
}

/**
 * An incident with a host was paged, and María, who is on call, has acknowledged the alert. `isolate` starts Isolate-Host on a host, `wipe`
 * starts Wipe-Host and asks twice, `report` starts Write-Report on the incident.
 */
export async function onCall(side: Side, { respond = {}, hosts = ['WS-042'], entities, config = {} }: Beginning = {}) {
  const clock = new VirtualClock();
  const world = createWorld({ clock });
  const { accounts, signl4, sentinel } = world;
  Object.assign(accounts.team, { escalateAfterMinutes: 0, noResponseAfterMinutes: 0 });
  const playbooks = {
    isolate: response('Isolate-Host'),
    wipe: response('Wipe-Host', { confirm: true }),
    report: response('Write-Report', { on: 'incident' }),
  };
  const environment = new Environment({
    world,
    config: { ...defaultConfig, ...config, respond: { playbooks, perHour: 5, protected: [], ...respond } },
    hasRelay: side === 'relay',
    callbacks: 'relay',
    sweeps: false,
  });
  const responses = { 'Isolate-Host': 0, 'Wipe-Host': 0, 'Write-Report': 0, 'Block-User': 0 };
  const minutes = (count: number) => clock.advance(count * MINUTE);
  const hostOf = (name: string): NamedEntity => ({ kind: 'Host', name, properties: { hostName: name } });
  const raise = async (title: string, all: readonly NamedEntity[]) => {
    const incident = await clock.track(async () =>
      sentinel.store.createIncident({
        title,
        severity: 'High',
        entities: all.map(({ kind, name, properties }) => makeEntity(makerOf(world), kind, name, properties)),
      }),
    );
    await minutes(2);
    const alert = alertOf(incident);
    await clock.track(async () => void signl4.store.acknowledge(alert.id, accounts.onCallUser));
    await minutes(1);
    return { incident, alert };
  };
  const alertOf = ({ name }: StoredIncident): S4Alert => {
    const [alert] = signl4.store.alertsOf(`sentinel:${world.workspace.workspaceId}:${name}`);
    if (!alert) throw new Error('nobody was paged');
    return alert;
  };
  const { incident, alert } = await raise('Ransomware activity', entities ?? hosts.map(hostOf));
  const hook = side === 'relay' ? 'Microsoft Sentinel' : 'Microsoft Sentinel responses';
  const url = signl4.store.webhooks.find(({ name }) => name === hook)?.url ?? '';

  return {
    ...{ side, world, environment, clock, accounts, incident, alert, minutes },
    raise: (title: string, names: readonly string[]) => raise(title, names.map(hostOf)),
    /** How often Microsoft Sentinel was asked to run something. */
    calls: () => world.log.find({ service: 'sentinel', method: 'POST', path: '*/runPlaybook' }).length,
    /** What SIGNL4 says of the alert from now on, instead of what it has. */
    signl4Says(details: JsonObject) {
      world.faults.add({
        ...{ service: 'signl4', method: 'GET', path: '*/alerts/*/details' },
        fault: { kind: 'status', status: 200, body: details },
      });
    },
    /** A person writes a note in the app; then some minutes pass. */
    async write(
      note: string,
      { by = accounts.onCallUser, to = alert, wait = 3 }: { by?: User; to?: S4Alert; wait?: number } = {},
    ) {
      await clock.track(async () => void signl4.store.annotate(to.id, note, by));
      await minutes(wait);
    },
    /** What SIGNL4 told last, as it told it. */
    lastTold: () => signl4.outbound.deliveries.at(-1)?.notification as unknown as JsonObject,
    /** Somebody who knows the address of the webhook calls it. Gives the status of the answer. */
    async forge(body: JsonObject, wait = 3): Promise<number> {
      const sent = clock.track(() =>
        world.fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
      await minutes(wait);
      return (await sent).status;
    },
    /** A notification as SIGNL4 would write it of a note. */
    notification: (note: string, own: JsonObject = {}): JsonObject => ({
      id: world.ids.guid('forged notification'),
      eventType: 203,
      eventRaisedUtc: new Date(clock.now()).toISOString(),
      user: {
        id: accounts.onCallUser.id,
        username: 'mlopez',
        displayname: 'María López',
        mailaddress: accounts.onCallUser.mail,
      },
      alert: { id: alert.id, statusCode: 2, externalEventId: alert.externalId },
      annotation: { message: note, id: 'n1' },
      ...own,
    }),
    /** Runs of the responses, in their order: `Isolate-Host WS-042`, `Write-Report`. */
    ran: () =>
      environment.history.runs
        .filter(({ playbook }) => Object.hasOwn(responses, playbook))
        .map(({ playbook, trigger }) =>
          [playbook, memberAt(trigger, 'Entity', 'properties', 'friendlyName')].filter(Boolean).join(' '),
        ),
    /** When the first Isolate-Host began. */
    firstStart: () => environment.history.runs.find(({ playbook }) => playbook === 'Isolate-Host')?.startedAt,
    comments: (of: StoredIncident = incident) => of.comments.map(({ properties }) => properties.message),
    /** What we wrote on the alert. */
    told: (of: S4Alert = alert) =>
      of.annotations.map(({ text }) => text).filter((text) => text.startsWith('[Sentinel] ')),
  };
}
export type OnCall = Awaited<ReturnType<typeof onCall>>;
