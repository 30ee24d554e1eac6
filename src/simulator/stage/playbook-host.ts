import type { WorkflowResource } from '../../arm/expressions/workflow-resource.ts';
import { PLAYBOOK_RUNNER } from '../../arm/setup/template.ts';
import { isJsonObject, memberAt, textOf } from '../../domain/json.ts';
import type { RunResult } from '../../engine/result.ts';
import { runWorkflow } from '../../engine/run.ts';
import type { Json, WorkflowDefinition } from '../../wdl/types.ts';
import type { Principal } from '../entra/directory.ts';
import type { PlaybookTrigger } from '../sentinel/run-playbook.ts';
import type { World } from '../world.ts';
import { worldCalls } from './playbook-calls.ts';
import { type PlaybookRun, RunHistory } from './run-history.ts';

/** How a definition tells what triggers it. */
const triggerPaths: Readonly<Record<PlaybookTrigger, string>> = { incident: '/incident-creation', entity: '/entity/' };

/** Runs deployed playbooks in a world: Logic Apps, as far as this project is concerned. */
export class PlaybookHost {
  readonly history = new RunHistory();
  readonly #world: World;
  readonly #connectorLatencyMs: number;
  readonly #identities = new Map<string, Principal>();
  #deployed: ReadonlyMap<string, WorkflowResource> = new Map();

  constructor(world: World, connectorLatencyMs: number) {
    this.#world = world;
    this.#connectorLatencyMs = connectorLatencyMs;
  }

  /** Runs that are under way go on as they were deployed. */
  deploy(playbooks: ReadonlyMap<string, WorkflowResource>): void {
    this.#deployed = playbooks;
    for (const playbook of playbooks.keys()) this.#identityOf(playbook);
  }

  /** Who the playbooks are to Azure. */
  identities(): readonly Principal[] {
    return [...this.#identities.values()];
  }

  /** What keeps Sentinel from running a playbook on an incident or entity: none of that name, or another trigger. */
  problemOf(playbook: string, trigger: PlaybookTrigger): string | undefined {
    const workflow = this.#deployed.get(playbook);
    if (!workflow) return 'The workflow could not be found.';
    const path = triggerPaths[trigger];
    const triggers = Object.values(
      isJsonObject(workflow.definition['triggers']) ? workflow.definition['triggers'] : {},
    );
    const fits = triggers.some((found) => textOf(memberAt(found, 'inputs', 'path'))?.startsWith(path));
    return fits ? undefined : 'It contains an unsupported trigger type.';
  }

  /** Runs a playbook as its trigger would. Rejects where there is no such playbook; what fails in the run is in its result. */
  async run(playbook: string, trigger: unknown, onResponse?: (status: number) => void): Promise<PlaybookRun> {
    const workflow = this.#deployed.get(playbook);
    if (!workflow) throw new Error(`The workflow '${playbook}' could not be found`);
    const { clock, ids } = this.#world;
    const entry = this.history.start(playbook, trigger, clock.now());
    try {
      const result = await clock.track(() =>
        runWorkflow(workflow.definition as unknown as WorkflowDefinition, {
          parameters: workflow.parameters,
          trigger: trigger === undefined ? {} : { body: trigger as Json },
          calls: worldCalls(this.#world, this.#identityOf(playbook), this.#connectorLatencyMs),
          clock,
          random: ids.random(`run ${entry.order}`).fraction,
          workflowInfo: { name: workflow.name, id: workflow.id, location: workflow.location },
          onResponse: ({ status }) => onResponse?.(status),
        }),
      );
      this.history.end(entry, clock.now(), { result });
    } catch (error) {
      this.history.end(entry, clock.now(), { problem: error instanceof Error ? error.message : String(error) });
    }
    return entry;
  }

  /** A call of a Request trigger: answered when the playbook answers; what it does then, it does on its own time. */
  call(playbook: string, trigger: unknown): Promise<Response> {
    const { clock } = this.#world;
    const answered = new Promise<Response>((resolve) => {
      clock.after(0, async () => {
        const entry = await this.run(playbook, trigger, (status) => resolve(new Response(null, { status })));
        resolve(responseOf(entry.result));
      });
    });
    return clock.wait(answered);
  }

  /** Every playbook has an identity of its own, known to Sentinel by the playbook's name. */
  #identityOf(playbook: string): Principal {
    const known = this.#identities.get(playbook);
    if (known) return known;
    const { ids, entra, sentinel } = this.#world;
    const identity = entra.directory.add({
      objectId: ids.guid('playbook identity'),
      appId: ids.guid('playbook application'),
      kind: 'ManagedIdentity',
      displayName: playbook,
      isPlaybook: true,
    });
    sentinel.access.assign(identity.objectId, 'Microsoft Sentinel Responder');
    // To have Sentinel run other playbooks takes a right on them.
    if (playbook === PLAYBOOK_RUNNER) sentinel.access.assign(identity.objectId, 'Microsoft Sentinel Playbook Operator');
    this.#identities.set(playbook, identity);
    return identity;
  }
}

function responseOf(result: RunResult | undefined): Response {
  return new Response(null, { status: result?.response?.status ?? (result?.status === 'Skipped' ? 400 : 502) });
}
