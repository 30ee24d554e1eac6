import type { CallResult, Calls, OutgoingCall } from './calls.ts';
import type { Clock } from './clock.ts';
import { Timers } from './timers.ts';

/**
 * A run's concurrent work as generators: a process yields what it waits for and is resumed when that is available. Processes run
 * one at a time, in the order in which they became ready, so equal runs always interleave in the same way.
 */
export type Process<T> = Generator<Effect, T, unknown>;

type Effect =
  | { readonly kind: 'turn' }
  | { readonly kind: 'sleep'; readonly until: number }
  | { readonly kind: 'call'; readonly call: OutgoingCall }
  | { readonly kind: 'fork'; readonly process: Process<unknown>; readonly group: TaskGroup | undefined }
  | { readonly kind: 'next'; readonly group: TaskGroup }
  | { readonly kind: 'any'; readonly tasks: readonly Task[]; readonly until: number | undefined }
  | { readonly kind: 'cancel'; readonly task: Task }
  | { readonly kind: 'stop' };

/** A forked process. */
export interface Task {
  readonly process: Process<unknown>;
  readonly children: Task[];
  readonly group: TaskGroup | undefined;
  /** Increases with every fork. */
  readonly order: number;
  isEnded: boolean;
  value: unknown;
  waiters: { readonly task: Task; readonly wait: number }[];
  /** Number of the current wait; a wake-up for an earlier one is ignored. */
  wait: number;
}

/** Tasks whose completions a process receives one after the other. */
export interface TaskGroup {
  /** Completed tasks not yet received. */
  readonly ended: Task[];
  /** The process that waits for the next completion. */
  waiter: Task | undefined;
}

export function newGroup(): TaskGroup {
  return { ended: [], waiter: undefined };
}

/** Sleeps until a time; returns at once if it has passed. */
export function* sleepUntil(until: number): Process<void> {
  yield { kind: 'sleep', until };
}

/** Lets other ready processes run first. */
export function* turn(): Process<void> {
  yield { kind: 'turn' };
}

/** Makes a call; returns after its duration has passed. */
export function* call(outgoing: OutgoingCall): Process<CallResult> {
  return (yield { kind: 'call', call: outgoing }) as CallResult;
}

/** Starts a concurrent process. */
export function* fork(process: Process<unknown>, group?: TaskGroup): Process<Task> {
  return (yield { kind: 'fork', process, group }) as Task;
}

/** The next task of a group to complete. If several have, the one started first. */
export function* nextOf(group: TaskGroup): Process<Task> {
  return (yield { kind: 'next', group }) as Task;
}

/** The first of these tasks to complete; undefined if none has by `until`. */
export function* firstOf(tasks: readonly Task[], until?: number): Process<Task | undefined> {
  return (yield { kind: 'any', tasks, until }) as Task | undefined;
}

/** Ends the whole run immediately. */
export function* stop(): Process<void> {
  yield { kind: 'stop' };
}

/** Runs a process until `deadline` at most; then it and everything it started are cancelled, and the result is undefined. */
export function* within<T>(process: Process<T>, deadline: number | undefined): Process<{ value: T } | undefined> {
  if (deadline === undefined) return { value: yield* process };
  const task = yield* fork(process);
  const ended = yield* firstOf([task], deadline);
  if (ended) return { value: ended.value as T };
  yield { kind: 'cancel', task };
  return undefined;
}

/** Runs `count` processes, at most `width` at a time, started in order. */
export function* inParallel(count: number, width: number, process: (index: number) => Process<void>): Process<void> {
  let next = 0;
  function* worker(): Process<void> {
    while (next < count) yield* process(next++);
  }
  if (Math.min(width, count) <= 1) return yield* worker();
  const workers: Task[] = [];
  for (let started = 0; started < Math.min(width, count); started++) workers.push(yield* fork(worker()));
  for (const task of workers) if (!task.isEnded) yield* firstOf([task]);
}

/** FIFO queue; `shift()` on a long array would move all other items. */
class Queue<T> {
  #items: T[] = [];
  #next = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  take(): T | undefined {
    if (this.#next >= this.#items.length) return undefined;
    const item = this.#items[this.#next++];
    if (this.#next >= 1_024 && this.#next * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#next);
      this.#next = 0;
    }
    return item;
  }
}

interface Flight {
  readonly task: Task;
  readonly wait: number;
  readonly answer: Promise<CallResult>;
}

/**
 * Runs a process to its end, or to the first `stop`.
 * @returns whether it reached its end
 * @throws what a process throws, or the rejection of `calls`
 */
export async function runProcess(main: Process<unknown>, clock: Clock, calls: Calls): Promise<boolean> {
  const ready = new Queue<{ readonly task: Task; readonly value: unknown }>();
  const timers = new Timers<Task>();
  const flights: Flight[] = [];
  let order = 0;
  let isStopped = false;

  let forks = 0;
  const newTask = (process: Process<unknown>, group: TaskGroup | undefined): Task => ({
    process,
    children: [],
    group,
    order: forks++,
    isEnded: false,
    value: undefined,
    waiters: [],
    wait: 0,
  });
  const wake = (task: Task, wait: number, value: unknown): void => {
    if (task.isEnded || task.wait !== wait) return;
    task.wait++;
    ready.push({ task, value });
  };
  const wakeAt = (at: number, task: Task, value: unknown): void =>
    timers.add({ at, order: order++, task, wait: task.wait, value });
  const cancel = (task: Task): void => {
    for (const child of task.children) cancel(child);
    if (task.isEnded) return;
    task.isEnded = true;
    task.process.return(undefined);
  };

  const perform = (task: Task, effect: Effect): void => {
    switch (effect.kind) {
      case 'turn':
        wake(task, task.wait, undefined);
        break;
      case 'sleep':
        if (effect.until <= clock.now()) wake(task, task.wait, undefined);
        else wakeAt(effect.until, task, undefined);
        break;
      case 'call': {
        const answer = Promise.resolve(calls(effect.call));
        answer.catch(() => {});
        flights.push({ task, wait: task.wait, answer });
        break;
      }
      case 'fork': {
        const child = newTask(effect.process, effect.group);
        task.children.push(child);
        ready.push({ task: child, value: undefined });
        wake(task, task.wait, child);
        break;
      }
      case 'next': {
        const { group } = effect;
        if (group.ended.length > 0) wake(task, task.wait, takeFirst(group));
        else group.waiter = task;
        break;
      }
      case 'any': {
        const ended = effect.tasks.find(({ isEnded }) => isEnded);
        if (ended) wake(task, task.wait, ended);
        else {
          for (const other of effect.tasks) other.waiters.push({ task, wait: task.wait });
          if (effect.until !== undefined) wakeAt(effect.until, task, undefined);
        }
        break;
      }
      case 'cancel':
        cancel(effect.task);
        wake(task, task.wait, undefined);
        break;
      case 'stop':
        isStopped = true;
    }
  };

  const step = (task: Task, value: unknown): void => {
    const result = task.process.next(value);
    if (!result.done) {
      perform(task, result.value);
      return;
    }
    task.isEnded = true;
    task.value = result.value;
    task.children.length = 0;
    for (const waiter of task.waiters) wake(waiter.task, waiter.wait, task);
    task.waiters = [];
    const { group } = task;
    if (!group) return;
    group.ended.push(task);
    const { waiter } = group;
    group.waiter = undefined;
    if (waiter) wake(waiter, waiter.wait, takeFirst(group));
  };

  const land = (flight: Flight, result: CallResult): void => {
    if (flight.task.isEnded || flight.task.wait !== flight.wait) return;
    const duration = clock.waitsForCalls ? (result.durationMs ?? 0) : 0;
    if (duration > 0) wakeAt(clock.now() + duration, flight.task, result);
    else wake(flight.task, flight.wait, result);
  };

  const root = newTask(main, undefined);
  ready.push({ task: root, value: undefined });
  for (;;) {
    for (let next = ready.take(); next && !isStopped; next = ready.take()) step(next.task, next.value);
    if (isStopped) cancel(root);
    if (root.isEnded) return !isStopped;
    const timer = timers.first();
    const [flight] = flights;
    if (flight && (clock.waitsForCalls || !timer)) {
      flights.shift();
      land(flight, await flight.answer);
      continue;
    }
    if (!timer) throw new Error('the run waits for nothing: a defect of the engine');
    if (!flight) await clock.sleep(timer.at - clock.now());
    else if (!(await sleepOrLand(clock, timer.at, flights, land))) continue;
    timers.take();
    wake(timer.task, timer.wait, timer.value);
  }
}

function takeFirst({ ended }: TaskGroup): Task {
  const first = ended.reduce((least, task) => (task.order < least.order ? task : least));
  ended.splice(ended.indexOf(first), 1);
  return first;
}

/** On a clock that runs during calls: waits for whichever comes first. True if it was the timer. */
async function sleepOrLand(
  clock: Clock,
  at: number,
  flights: Flight[],
  land: (flight: Flight, result: CallResult) => void,
): Promise<boolean> {
  const abort = new AbortController();
  const sleep = clock.sleep(at - clock.now(), abort.signal).then(
    () => undefined,
    () => undefined,
  );
  const landed = await Promise.race([
    sleep,
    ...flights.map((flight) => flight.answer.then((result) => ({ flight, result }))),
  ]);
  if (landed === undefined) return true;
  abort.abort();
  flights.splice(flights.indexOf(landed.flight), 1);
  land(landed.flight, landed.result);
  return false;
}
