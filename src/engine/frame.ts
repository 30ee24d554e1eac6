import type { WdlValue } from '../wdl/values.ts';
import type { ActionNode } from './model.ts';
import type { ActionRecord } from './record.ts';

/** An iteration of a loop. */
export interface Iteration {
  readonly loop: ActionNode;
  /** From 0. */
  readonly index: number;
  /** Foreach only. */
  readonly item?: WdlValue;
  /** Foreach only: whether iterations may run in parallel. */
  readonly isParallel?: boolean;
}

/**
 * The records visible to an action: those of its own iteration, then those of the enclosing iterations, up to the run. Every
 * iteration has its own frame, so parallel iterations do not see each other.
 */
export class Frame {
  readonly parent: Frame | undefined;
  readonly iteration: Iteration | undefined;
  readonly #records = new Map<string, ActionRecord>();

  constructor(parent?: Frame, iteration?: Iteration) {
    this.parent = parent;
    this.iteration = iteration;
  }

  put(record: ActionRecord): void {
    this.#records.set(record.node.id, record);
  }

  /** The record of an action in this iteration. */
  own(id: string): ActionRecord | undefined {
    return this.#records.get(id);
  }

  find(id: string): ActionRecord | undefined {
    return this.#records.get(id) ?? this.parent?.find(id);
  }

  /** The frame that contains a record, for looking up records beside it. */
  holding(id: string): Frame | undefined {
    return this.#records.has(id) ? this : this.parent?.holding(id);
  }

  /** The innermost iteration that passes a test. */
  iterationWhere(test: (iteration: Iteration) => boolean): Iteration | undefined {
    if (this.iteration && test(this.iteration)) return this.iteration;
    return this.parent?.iterationWhere(test);
  }

  records(): IterableIterator<ActionRecord> {
    return this.#records.values();
  }
}
