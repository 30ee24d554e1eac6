import type { RunResult } from '../../engine/result.ts';

/** A run of a playbook, under way or ended. */
export interface PlaybookRun {
  readonly order: number;
  readonly playbook: string;
  readonly startedAt: number;
  readonly trigger: unknown;
  endedAt?: number;
  result?: RunResult;
  /** Why it could not run at all. */
  problem?: string;
}

/** The runs of all playbooks in the order in which they started. */
export class RunHistory {
  readonly runs: PlaybookRun[] = [];
  readonly #listeners = new Set<(run: PlaybookRun) => void>();

  /** Calls `listener` when a run starts and when it ends; the result stops it. */
  onChange(listener: (run: PlaybookRun) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(playbook: string, trigger: unknown, at: number): PlaybookRun {
    const run = { order: this.runs.length, playbook, startedAt: at, trigger };
    this.runs.push(run);
    this.#tell(run);
    return run;
  }

  end(run: PlaybookRun, at: number, outcome: { result: RunResult } | { problem: string }): void {
    Object.assign(run, outcome, { endedAt: at });
    this.#tell(run);
  }

  #tell(run: PlaybookRun): void {
    for (const listener of this.#listeners) listener(run);
  }
}
