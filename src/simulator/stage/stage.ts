import type { WorkflowResource } from '../../arm/expressions/workflow-resource.ts';
import type { Config } from '../../config/config.ts';
import type { RunResult } from '../../engine/result.ts';
import { runWorkflow } from '../../engine/run.ts';
import type { WorkReport } from '../../relay/callback/worker.ts';
import type { Json, WorkflowDefinition } from '../../wdl/types.ts';
import type { Principal } from '../entra/directory.ts';
import { readJson } from '../http.ts';
import type { World } from '../world.ts';
import { deployAutomationRules, deployPlaybooks } from './deployment.ts';
import { worldCalls } from './playbook-calls.ts';
import { openRelayStore, type RelayOnStage, startRelay } from './relay-on-stage.ts';
import { type PlaybookRun, RunHistory } from './run-history.ts';

/** Where SIGNL4 tells what happened: the relay, or the playbook SIGNL4-Callback itself. */
export type CallbackRoute = 'relay' | 'playbook';

export interface StageOptions {
  readonly world: World;
  /** Its workspace is the world's, whatever it says. */
  readonly config: Config;
  /** False: the playbooks build the event themselves, and SIGNL4 calls the playbook. */
  readonly hasRelay: boolean;
  readonly callbacks: CallbackRoute;
  /** The sweep runs as often as the config says. */
  readonly sweeps: boolean;
  /** The relay's own timers: it forwards and syncs without playbooks. Left out: no. */
  readonly relayTimers?: boolean;
  /** Delay of the managed connector between reading and writing; left out: none. */
  readonly connectorLatencyMs?: number;
}

/** The product at work in a world: deployed playbooks, automation rules, relay and webhook. */
export interface Stage {
  readonly world: World;
  readonly history: RunHistory;
  readonly relay: RelayOnStage | undefined;
  readonly config: Config;
  /** What became of every notification that the relay tried to apply. */
  readonly relayReports: readonly WorkReport[];
  /** Calls `listener` with every further report; the result stops it. */
  onRelayReport(listener: (report: WorkReport) => void): () => void;
  /** Who the playbooks are to Azure. */
  playbookIdentities(): readonly Principal[];
  /** Runs a playbook by name, as its trigger would. */
  run(playbook: string, trigger: unknown): Promise<PlaybookRun>;
  /** Deploys again with another config: what runs goes on, what starts later is the new one. */
  reconfigure(config: Config): void;
  close(): Promise<void>;
}

const RELAY_HOST = 'relay.contoso.example';
const CALLBACK_HOST = 'prod-07.westeurope.logic.azure.com';
const CALLBACK_URL = `https://${CALLBACK_HOST}/workflows/signl4callback/triggers/When_SIGNL4_calls/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2FWhen_SIGNL4_calls%2Frun&sv=1.0&sig=simulated`;
const RELAY_KEY = 'simulated-relay-key-0123456789abcdef';
const SIGNL4_SECRET = 'simulated-webhook-secret-0123456789abcdef';
const MINUTE = 60_000;

/** Deploys the product into a world, as `deploy` and `setup` would do it in Azure. */
export function createStage(options: StageOptions): Stage {
  const { world } = options;
  const { clock } = world;
  const history = new RunHistory();
  const identities = new Map<string, Principal>();
  let deployed: ReadonlyMap<string, WorkflowResource> = new Map();
  let config = options.config;
  let relay: RelayOnStage | undefined;
  const relayStore = options.hasRelay ? openRelayStore(world) : undefined;
  const relayReports: WorkReport[] = [];
  const reportListeners = new Set<(report: WorkReport) => void>();
  const report = (one: WorkReport) => {
    relayReports.push(one);
    for (const listener of reportListeners) listener(one);
  };

  /** Every playbook has an identity of its own, known to Sentinel by the playbook's name. */
  function identityOf(playbook: string): Principal {
    const known = identities.get(playbook);
    if (known) return known;
    const [objectId, appId] = [world.ids.guid('playbook identity'), world.ids.guid('playbook application')];
    const identity = world.entra.directory.add({
      objectId,
      appId,
      kind: 'ManagedIdentity',
      displayName: playbook,
      isPlaybook: true,
    });
    world.sentinel.access.assign(objectId, 'Microsoft Sentinel Responder');
    identities.set(playbook, identity);
    return identity;
  }

  async function run(playbook: string, trigger: unknown, onResponse?: (status: number) => void): Promise<PlaybookRun> {
    const workflow = deployed.get(playbook);
    if (!workflow) throw new Error(`The workflow '${playbook}' could not be found`);
    const entry = history.start(playbook, trigger, clock.now());
    try {
      const result = await clock.track(() =>
        runWorkflow(workflow.definition as unknown as WorkflowDefinition, {
          parameters: workflow.parameters,
          trigger: trigger === undefined ? {} : { body: trigger as Json },
          calls: worldCalls(world, identityOf(playbook), options.connectorLatencyMs),
          clock,
          random: world.ids.random(`run ${entry.order}`).fraction,
          workflowInfo: { name: workflow.name, id: workflow.id, location: workflow.location },
          onResponse: ({ status }) => onResponse?.(status),
        }),
      );
      history.end(entry, clock.now(), { result });
    } catch (error) {
      history.end(entry, clock.now(), { problem: error instanceof Error ? error.message : String(error) });
    }
    return entry;
  }

  /** The caller is answered when the playbook answers; what it does then, it does on its own time. */
  function callPlaybook(playbook: string, trigger: unknown): Promise<Response> {
    const answered = new Promise<Response>((resolve) => {
      clock.after(0, async () => {
        const entry = await run(playbook, trigger, (status) => resolve(new Response(null, { status })));
        resolve(responseOf(entry.result));
      });
    });
    return clock.wait(answered);
  }

  function reconfigure(wanted: Config): void {
    const url = options.hasRelay ? `https://${RELAY_HOST}` : '';
    config = { ...wanted, workspace: world.workspace, targets: [], relay: { ...wanted.relay, url } };
    const secrets = { teamSecret: world.cast.team.secret, relayKey: options.hasRelay ? RELAY_KEY : '' };
    deployed = deployPlaybooks(config, secrets, world.workspace);
    for (const playbook of deployed.keys()) identityOf(playbook);
    const isOn = [...world.sentinel.automation.rules.values()].every(
      ({ properties }) => properties.triggeringLogic.isEnabled,
    );
    for (const rule of deployAutomationRules(config, world.workspace))
      world.sentinel.automation.rules.set(rule.name, isOn ? rule : switched(rule, false));
    if (!relayStore) return;
    const choices = {
      apiKey: RELAY_KEY,
      signl4Secret: SIGNL4_SECRET,
      teamSecret: world.cast.team.secret,
      syncs: options.relayTimers === true,
      report,
    };
    relay = startRelay(
      world,
      config,
      relayStore,
      options.callbacks === 'playbook' ? { ...choices, callbackUrl: CALLBACK_URL } : choices,
    );
  }

  function sweepLater(): void {
    clock.after(config.sweep.everyMinutes * MINUTE, async () => {
      sweepLater();
      await run('SIGNL4-Sweep', undefined);
    });
  }

  function relayLater(everyMs: () => number, job: (relay: RelayOnStage) => Promise<void>): void {
    clock.after(everyMs(), async () => {
      relayLater(everyMs, job);
      if (relay) await job(relay);
    });
  }

  reconfigure(options.config);
  world.route(RELAY_HOST, (request) => (relay ? relay.fetch(request) : Promise.reject(new TypeError('fetch failed'))));
  world.route(CALLBACK_HOST, async (request) => callPlaybook('SIGNL4-Callback', await readJson(request)));
  world.sentinel.automation.runPlaybook = (resourceId, body) => run(resourceId.split('/').at(-1) ?? '', body);
  const address = options.hasRelay ? `https://${RELAY_HOST}/api/signl4/events?secret=${SIGNL4_SECRET}` : CALLBACK_URL;
  const webhook = {
    id: world.ids.guid('s4 webhook'),
    name: 'Microsoft Sentinel',
    url: address,
    teamId: world.cast.team.id,
  };
  world.signl4.store.webhooks.push({ ...webhook, enabled: true, description: '' });
  if (options.sweeps) sweepLater();
  if (options.relayTimers) {
    relayLater(
      () => config.sweep.everyMinutes * MINUTE,
      (one) => one.sweep(),
    );
    relayLater(
      () => MINUTE,
      (one) => one.sync(),
    );
  }
  return {
    world,
    history,
    get relay() {
      return relay;
    },
    get config() {
      return config;
    },
    relayReports,
    onRelayReport(listener) {
      reportListeners.add(listener);
      return () => reportListeners.delete(listener);
    },
    playbookIdentities: () => [...identities.values()],
    run,
    reconfigure,
    close: async () => relayStore?.close(),
  };
}

/** The same rule switched on or off. */
export function switched<T extends { readonly properties: { readonly triggeringLogic: object } }>(
  rule: T,
  isEnabled: boolean,
): T {
  const { properties } = rule;
  return { ...rule, properties: { ...properties, triggeringLogic: { ...properties.triggeringLogic, isEnabled } } };
}

function responseOf(result: RunResult | undefined): Response {
  return new Response(null, { status: result?.response?.status ?? (result?.status === 'Skipped' ? 400 : 502) });
}
