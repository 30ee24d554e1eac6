import type { WorkflowResource } from '../../arm-expressions/workflow-resource.ts';
import { isJsonObject, type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import type { RunResult } from '../../engine/result.ts';
import { runWorkflow } from '../../engine/run.ts';
import type { Json, WorkflowDefinition } from '../../wdl/types.ts';
import { isoTime } from '../clock.ts';
import type { Principal } from '../entra/directory.ts';
import type { PlaybookTrigger } from '../sentinel/automation-rule.ts';
import type { World } from '../world.ts';
import { type ConnectorChoices, worldCalls } from './playbook-calls.ts';
import { type PlaybookRun, RunHistory } from './run-history.ts';

/** How a definition tells what triggers it. */
const triggerPaths: Readonly<Record<PlaybookTrigger, string>> = { incident: '/incident-creation', entity: '/entity/' };

/** A playbook as it is deployed, and who it is to Azure. */
export interface DeployedPlaybook {
  readonly workflow: WorkflowResource;
  readonly identity: Principal;
}

/** Runs deployed playbooks in a world: Logic Apps, as far as this project is concerned. */
export class PlaybookHost {
  readonly history = new RunHistory();
  readonly #world: World;
  readonly #find: (playbook: string) => DeployedPlaybook | undefined;
  readonly #connectors: ConnectorChoices;

  /** `find` is asked at each start: runs that are under way go on as they were deployed. */
  constructor(
    world: World,
    find: (playbook: string) => DeployedPlaybook | undefined,
    connectors: ConnectorChoices = {},
  ) {
    this.#world = world;
    this.#find = find;
    this.#connectors = connectors;
  }

  /** What keeps Sentinel from running a playbook on an incident or entity: none of that name, or another trigger. */
  problemOf(playbook: string, trigger: PlaybookTrigger): string | undefined {
    const workflow = this.#find(playbook)?.workflow;
    if (!workflow) return 'The workflow could not be found.';
    const path = triggerPaths[trigger];
    const triggers = Object.values(
      isJsonObject(workflow.definition['triggers']) ? workflow.definition['triggers'] : {},
    );
    const fits = triggers.some((found) => textOf(memberAt(found, 'inputs', 'path'))?.startsWith(path));
    return fits ? undefined : 'It contains an unsupported trigger type.';
  }

  /** Its runs as Logic Apps lists them, newest first; undefined where there is no such playbook. */
  runsOf(playbook: string, since: number): readonly JsonObject[] | undefined {
    if (!this.#find(playbook)) return undefined;
    return this.history.runs
      .filter((run) => run.playbook === playbook && run.startedAt >= since)
      .toReversed()
      .map(({ order, startedAt, endedAt, result }) => ({
        name: `08584${order}CU00`,
        properties: {
          startTime: isoTime(startedAt),
          status: endedAt === undefined ? 'Running' : (result?.status ?? 'Failed'),
        },
      }));
  }

  /** Runs a playbook as its trigger would. Rejects where there is no such playbook; what fails in the run is in its result. */
  async run(playbook: string, trigger: unknown, onResponse?: (status: number) => void): Promise<PlaybookRun> {
    const deployed = this.#find(playbook);
    if (!deployed) throw new Error(`The workflow '${playbook}' could not be found`);
    const { workflow, identity } = deployed;
    const { clock, ids } = this.#world;
    const entry = this.history.start(playbook, trigger, clock.now());
    try {
      const result = await clock.track(() =>
        runWorkflow(workflow.definition as unknown as WorkflowDefinition, {
          parameters: workflow.parameters,
          trigger: trigger === undefined ? {} : { body: trigger as Json },
          calls: worldCalls(this.#world, identity, this.#connectors),
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
}

function responseOf(result: RunResult | undefined): Response {
  return new Response(null, { status: result?.response?.status ?? (result?.status === 'Skipped' ? 400 : 502) });
}
