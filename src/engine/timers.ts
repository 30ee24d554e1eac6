/** A task that a timer wakes. */
interface Waiting {
  readonly isEnded: boolean;
  /** The wait that the timer belongs to. */
  readonly wait: number;
}

/** Wakes a task at a time, unless it has continued in the meantime. */
interface Timer<T> {
  readonly at: number;
  /** Decides between timers for the same time: the one set first comes first. */
  readonly order: number;
  readonly task: T;
  readonly wait: number;
  readonly value: unknown;
}

/** Timers by instant, then by order: a binary heap. */
export class Timers<T extends Waiting> {
  readonly #heap: Timer<T>[] = [];

  add(timer: Timer<T>): void {
    let at = this.#heap.length;
    this.#heap.push(timer);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = this.#heap[up];
      if (!parent || !isBefore(timer, parent)) break;
      this.#heap[at] = parent;
      at = up;
    }
    this.#heap[at] = timer;
  }

  /** The next timer whose task still waits for it, without removing it. */
  first(): Timer<T> | undefined {
    for (let next = this.#heap[0]; next; next = this.#heap[0]) {
      if (!next.task.isEnded && next.task.wait === next.wait) return next;
      this.take();
    }
    return undefined;
  }

  /** Removes the next timer. */
  take(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = this.#heap[2 * at + 1];
      const right = this.#heap[2 * at + 2];
      const child = left && right && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
      const next = this.#heap[child];
      if (!next || !isBefore(next, last)) break;
      this.#heap[at] = next;
      at = child;
    }
    this.#heap[at] = last;
  }
}

function isBefore(a: Timer<unknown>, b: Timer<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
