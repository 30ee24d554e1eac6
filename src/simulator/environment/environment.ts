import { PLAYBOOK_RUNNER, playbooksOfDefender } from '../../arm/setup/template.ts';
import type { Config } from '../../config/config.ts';
import type { WorkReport } from '../../relay/callback/worker.ts';
import type { RelayStore } from '../../relay/store/store.ts';
import { hasResponses } from '../../rules/respond.ts';
import type { Principal } from '../entra/directory.ts';
import { readJson } from '../http.ts';
import type { Access } from '../sentinel/access.ts';
import type { World } from '../world.ts';
import { deployAutomationRules, deployPlaybooks, responsePlaybooks } from './deployment.ts';
import { type DeployedPlaybook, PlaybookHost } from './playbook-host.ts';
import { openRelayStore, type RelayInEnvironment, startRelay } from './relay-in-environment.ts';
import type { PlaybookRun, RunHistory } from './run-history.ts';

export interface EnvironmentOptions {
  readonly world: World;
  /** Its workspace is the world's, whatever it says. */
  readonly config: Config;
  /** False: the playbooks build the event themselves, and SIGNL4 calls the callback playbooks. */
  readonly hasRelay: boolean;
  /** Who applies what SIGNL4 tells the relay: the relay itself, or the playbook that it hands on to. */
  readonly callbacks: 'relay' | 'playbook';
  /** The sweep runs as often as the config says. */
  readonly sweeps: boolean;
  /** The relay's own timers: it forwards and syncs without playbooks. Left out: no. */
  readonly relayTimers?: boolean;
  /** Delay of the managed connector between reading and writing; left out: none. */
  readonly connectorLatencyMs?: number;
}

const RELAY_HOST = 'relay.contoso.example';
const CALLBACK = 'SIGNL4-Callback';
const RESPOND = 'SIGNL4-Respond';
const CALLBACK_HOST = 'prod-07.westeurope.logic.azure.com';
const CALLBACK_URL = callbackUrl(CALLBACK);
const [DEFENDER_INCIDENTS, DEFENDER_CALLBACK] = playbooksOfDefender;
/** Playbooks that some configs alone have a use for. */
const optional = [RESPOND, ...playbooksOfDefender];
const RELAY_KEY = 'simulated-relay-key-0123456789abcdef';
const SIGNL4_SECRET = 'simulated-webhook-secret-0123456789abcdef';
const MINUTE = 60_000;

/** The product at work in a world, as `deploy` and `setup` would bring it there: playbooks, automation rules, relay, webhook. */
export class Environment {
  readonly world: World;
  /** What became of every notification that the relay tried to apply. */
  readonly relayReports: WorkReport[] = [];
  config: Config;
  readonly #options: EnvironmentOptions;
  readonly #host: PlaybookHost;
  readonly #playbooks = new Map<string, DeployedPlaybook>();
  readonly #relayStore: RelayStore | undefined;
  #relay: RelayInEnvironment | undefined;
  readonly #listeners = new Set<(report: WorkReport) => void>();

  constructor(options: EnvironmentOptions) {
    const { world } = options;
    this.world = world;
    this.#options = options;
    this.config = options.config;
    this.#host = new PlaybookHost(world, (name) => this.#playbooks.get(name), {
      latencyMs: options.connectorLatencyMs ?? 0,
    });
    this.#relayStore = options.hasRelay ? openRelayStore(world) : undefined;
    this.reconfigure(options.config);
    this.#connect();
    this.#startTimers();
  }

  get history(): RunHistory {
    return this.#host.history;
  }

  get relay(): RelayInEnvironment | undefined {
    return this.#relay;
  }

  /** Calls `listener` with every further report; the result stops it. */
  onRelayReport(listener: (report: WorkReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  playbookIdentities(): readonly Principal[] {
    return [...this.#playbooks.values()].map(({ identity }) => identity);
  }

  /** Runs a playbook by name, as its trigger would. */
  run(playbook: string, trigger: unknown): Promise<PlaybookRun> {
    return this.#host.run(playbook, trigger);
  }

  /**
   * Deploys again with another config: what runs goes on, what starts later is the new one. A playbook that the config has no use for
   * any more starts nothing, and SIGNL4 no longer calls it.
   */
  reconfigure(wanted: Config): void {
    const { world } = this;
    const { hasRelay } = this.#options;
    const relay = { ...wanted.relay, url: hasRelay ? `https://${RELAY_HOST}` : '' };
    this.config = { ...wanted, workspace: world.workspace, targets: [], relay };
    const secrets = { teamSecret: world.accounts.team.secret, relayKey: hasRelay ? RELAY_KEY : '' };
    const all = [...deployPlaybooks(this.config, secrets, world.workspace), ...responsePlaybooks(this.config)];
    for (const [name, workflow] of all)
      this.#playbooks.set(name, {
        workflow,
        identity: this.#playbooks.get(name)?.identity ?? identityFor(world, name),
      });
    for (const name of optional) if (!all.some(([wanted]) => wanted === name)) this.#retire(name);
    const { rules } = world.sentinel.automation;
    const isOn = [...rules.values()].every(({ properties }) => properties.triggeringLogic.isEnabled);
    for (const rule of deployAutomationRules(this.config, world.workspace))
      rules.set(rule.name, isOn ? rule : switched(rule, false));
    if (this.#relayStore) this.#relay = this.#startRelay(this.#relayStore);
  }

  #retire(playbook: string): void {
    const { webhooks } = this.world.signl4.store;
    this.#playbooks.delete(playbook);
    const stale = webhooks.findIndex(({ url }) => url === callbackUrl(playbook));
    if (stale >= 0) webhooks.splice(stale, 1);
  }

  async close(): Promise<void> {
    await this.#relayStore?.close();
  }

  #startRelay(store: RelayStore): RelayInEnvironment {
    const { relayTimers, callbacks } = this.#options;
    const { accounts, signl4, sentinel } = this.world;
    if (hasResponses(this.config.respond)) mayRespond(sentinel.access, accounts.relay);
    return startRelay(this.world, this.config, store, {
      env: {
        RELAY_KEY,
        RELAY_SIGNL4_SECRET: SIGNL4_SECRET,
        SIGNL4_TEAM_SECRET: accounts.team.secret,
        SIGNL4_API_KEY: signl4.apiKey,
        RELAY_READ_USERS: 'true',
        RELAY_SYNC: String(relayTimers === true),
      },
      identity: accounts.relay,
      ...(callbacks === 'playbook' && { callbackUrl: CALLBACK_URL }),
      report: (report) => {
        this.relayReports.push(report);
        for (const listener of this.#listeners) listener(report);
      },
    });
  }

  /** Sentinel finds the playbooks, SIGNL4 the relay or the playbook. */
  #connect(): void {
    const { world } = this;
    const { automation } = world.sentinel;
    automation.runPlaybook = (resourceId, body) => this.run(lastSegment(resourceId), body);
    automation.runsOf = (resourceId, since) => this.#host.runsOf(lastSegment(resourceId), since);
    automation.problemOf = (resourceId, trigger) => this.#host.problemOf(lastSegment(resourceId), trigger);
    world.route(CALLBACK_HOST, async (request) => {
      const called = [DEFENDER_CALLBACK, RESPOND].find((name) => request.url.startsWith(callbackUrl(name)));
      return this.#host.call(called ?? CALLBACK, await readJson(request));
    });
    world.route(RELAY_HOST, async (request) => {
      if (!this.#relay) throw new TypeError('fetch failed');
      return this.#relay.fetch(request);
    });
    const isToRelay = this.#options.hasRelay;
    const webhook = (name: string, url: string) => ({
      ...{ id: world.ids.guid('s4 webhook'), name, url, teamId: world.accounts.team.id },
      ...{ enabled: true, description: '' },
    });
    const { webhooks } = world.signl4.store;
    webhooks.push(
      webhook(
        'Microsoft Sentinel',
        isToRelay ? `https://${RELAY_HOST}/api/signl4/events?secret=${SIGNL4_SECRET}` : CALLBACK_URL,
      ),
    );
    const others = { 'Microsoft Defender': DEFENDER_CALLBACK, 'Microsoft Sentinel responses': RESPOND };
    for (const [name, playbook] of Object.entries(others))
      if (this.#playbooks.has(playbook)) webhooks.push(webhook(name, callbackUrl(playbook)));
  }

  #startTimers(): void {
    const { sweeps, relayTimers } = this.#options;
    const sweepMs = () => this.config.sweep.everyMinutes * MINUTE;
    if (this.#playbooks.has(DEFENDER_INCIDENTS))
      this.#repeat(
        () => this.config.graph.everyMinutes * MINUTE,
        () => (this.#playbooks.has(DEFENDER_INCIDENTS) ? this.run(DEFENDER_INCIDENTS, undefined) : undefined),
      );
    if (sweeps) this.#repeat(sweepMs, () => this.run('SIGNL4-Sweep', undefined));
    if (!relayTimers) return;
    this.#repeat(sweepMs, () => this.#relay?.sweep());
    this.#repeat(
      () => MINUTE,
      () => this.#relay?.retrieve(),
    );
    this.#repeat(
      () => MINUTE,
      () => this.#relay?.sync(),
    );
  }

  #repeat(everyMs: () => number, job: () => Promise<unknown> | undefined): void {
    this.world.clock.after(everyMs(), async () => {
      this.#repeat(everyMs, job);
      await job();
    });
  }
}

/** Address of the trigger of a playbook that SIGNL4 calls. */
function callbackUrl(playbook: string): string {
  const workflow = playbook.toLowerCase().replaceAll('-', '');
  return `https://${CALLBACK_HOST}/workflows/${workflow}/triggers/When_SIGNL4_calls/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2FWhen_SIGNL4_calls%2Frun&sv=1.0&sig=simulated`;
}

const GRAPH = 'https://graph.microsoft.com';
/** Every playbook has an identity of its own, known to Sentinel by the playbook's name. */
function identityFor({ ids, entra, sentinel }: World, playbook: string): Principal {
  const identity = entra.directory.add({
    objectId: ids.guid('playbook identity'),
    appId: ids.guid('playbook application'),
    kind: 'ManagedIdentity',
    displayName: playbook,
    isPlaybook: true,
    ...(playbooksOfDefender.some((name) => name === playbook) && {
      appRoles: { [GRAPH]: ['SecurityIncident.ReadWrite.All'] },
    }),
  });
  sentinel.access.assign(identity.objectId, 'Microsoft Sentinel Responder');
  // To have Sentinel run other playbooks takes a right on them.
  if (playbook === PLAYBOOK_RUNNER) sentinel.access.assign(identity.objectId, 'Microsoft Sentinel Playbook Operator');
  if (playbook === RESPOND) mayRespond(sentinel.access, identity);
  return identity;
}

/** What it takes to have Sentinel run the response playbooks, and to see how their runs end. */
function mayRespond(access: Access, { objectId }: Principal): void {
  for (const role of ['Microsoft Sentinel Playbook Operator', 'Reader'] as const) {
    access.withdraw(objectId, role);
    access.assign(objectId, role);
  }
}

const lastSegment = (id: string) => id.split('/').at(-1) ?? '';

/** The same rule switched on or off. */
export function switched<T extends { readonly properties: { readonly triggeringLogic: object } }>(
  rule: T,
  isEnabled: boolean,
): T {
  const { properties } = rule;
  return { ...rule, properties: { ...properties, triggeringLogic: { ...properties.triggeringLogic, isEnabled } } };
}
