import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { hidingSecrets } from '../../../src/cli/hidden-secrets.ts';
import type { Io } from '../../../src/cli/io.ts';
import { reportError } from '../../../src/cli/report.ts';
import type { Json, JsonObject } from '../../../src/domain/json.ts';
import type { VirtualClock } from '../../../src/simulator/clock.ts';
import { type AzureStub, startAzure } from '../../support/azure.ts';
import { capturedIo } from '../../support/captured-io.ts';

type MakeCommand = (io: Io, credential: AzureStub['credential']) => Command;

/** A folder with a `signl4.yaml`, the simulated Azure, and the live commands in between. */
export interface LiveBench {
  readonly azure: AzureStub;
  run(
    make: MakeCommand,
    args?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly out: string; readonly err: string; readonly code: number }>;
  /** Writes `signl4.yaml`: the workspace, and what follows. */
  configure(rest: string): void;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Saves a workflow as the designer does; `edit` gets the definition with the values of `$connections` as `connections`. */
  save(name: string, edit: (definition: never) => void): void;
  close(): Promise<void>;
}

/** With a virtual clock, time moves as the commands wait. `answers` are given to questions in turn. */
export async function liveBench(clock?: VirtualClock, answers?: string[]): Promise<LiveBench> {
  const azure = await startAzure(clock);
  const folder = mkdtempSync(join(tmpdir(), 'signl4-live-'));
  return {
    azure,
    async run(make, args = [], env = {}) {
      const io = capturedIo(folder, {
        env: { ...azure.env, ...env },
        ...(answers && { answers: answers.splice(0) }),
        ...(clock && { clock: { now: () => clock.now(), sleep: (ms) => clock.advance(ms) } }),
      });
      const guarded = hidingSecrets(io);
      try {
        await make(guarded, azure.credential)
          .exitOverride()
          .parseAsync([...args], { from: 'user' });
      } catch (error) {
        reportError(error, guarded);
      }
      return { out: io.printed.join('\n'), err: io.noted.join('\n'), code: io.exitCode() };
    },
    configure: (rest) =>
      writeFileSync(join(folder, 'signl4.yaml'), `workspace: ${JSON.stringify(azure.world.workspace)}\n${rest}`),
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    write: (file, text) => writeFileSync(join(folder, file), text),
    save(name, edit) {
      const workflow = azure.workflow(name);
      const { parameters: declared, ...definition } = structuredClone(workflow.definition) as Record<string, Json>;
      const { $connections, ...parameters } = (declared ?? {}) as Record<string, Json>;
      const draft = { ...definition, parameters, connections: structuredClone(workflow.parameters['$connections']) };
      edit(draft as never);
      const { connections, ...saved } = draft as unknown as Record<string, Json>;
      workflow.definition = {
        ...saved,
        parameters: { $connections: { type: 'Object', defaultValue: {} }, ...(saved['parameters'] as JsonObject) },
      };
      if ($connections !== undefined) workflow.parameters = { ...workflow.parameters, $connections: connections ?? {} };
      workflow.version = String(BigInt(workflow.version) - 1n);
      workflow.versions.unshift({
        version: workflow.version,
        changedTime: workflow.changedTime,
        definition: workflow.definition,
        parameters: workflow.parameters,
      });
    },
    async close() {
      await azure.close();
      rmSync(folder, { recursive: true });
    },
  };
}
