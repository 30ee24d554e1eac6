import { Worker } from 'node:worker_threads';
import type { GateOptions, GateVerdict } from './judge.ts';
import type { JudgeRequest } from './parser-worker.ts';
import { threadCode } from './thread-code.ts';

/** The parser in its own thread. */
export interface ParserThread {
  /** Checks one query at a time, the shortest waiting one first. `signal` withdraws a waiting query. Never rejects. */
  judge(text: string, options: GateOptions, signal?: AbortSignal): Promise<GateVerdict>;
  close(): Promise<void>;
}

/** Memory limit of the parser in MB. It needs less than 100; without a limit, garbage would pile up far beyond that. */
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

const ENDED = 'was asked for while the relay ended';

interface Task extends JudgeRequest {
  readonly resolve: (verdict: GateVerdict) => void;
}

/**
 * Starts the thread, which loads the parser at once. A query that takes longer than `deadlineMs` or crashes the thread is
 * refused; the thread is then killed and replaced. Loading the parser does not count.
 */
export function createParserThread(deadlineMs: number): ParserThread {
  const waiting: Task[] = [];
  let current: Task | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isReady = false;
  let worker: Worker | undefined = start();

  function start(): Worker {
    const { code, isText } = threadCode();
    const started = new Worker(code, { eval: isText, resourceLimits: MEMORY });
    // An idle parser must not keep the process alive.
    started.unref();
    started.on('message', (message: GateVerdict | 'ready') => {
      if (started !== worker) return;
      if (message === 'ready') isReady = true;
      else finish(message);
      next();
    });
    started.on('error', (error: Error) => {
      if (started === worker) died(error);
    });
    return started;
  }

  function next(): void {
    if (waiting.length > 0) worker ??= start();
    if (current) return;
    if (waiting.length === 0) worker?.unref();
    else worker?.ref();
    if (!isReady || waiting.length === 0) return;
    current = takeShortest();
    worker?.postMessage({ text: current?.text, options: current?.options });
    timer = setTimeout(() => {
      kill(refusal(`takes longer than ${deadlineMs / 1000} seconds to read`));
    }, deadlineMs);
  }

  /** Long queries take longest to check, so shorter ones go first. */
  function takeShortest(): Task | undefined {
    const shortest = waiting.reduce(
      (best, { text }, index) => (text.length < (waiting[best]?.text.length ?? 0) ? index : best),
      0,
    );
    return waiting.splice(shortest, 1)[0];
  }

  function finish(verdict: GateVerdict): void {
    clearTimeout(timer);
    const done = current;
    current = undefined;
    done?.resolve(verdict);
  }

  function kill(verdict: GateVerdict): void {
    void worker?.terminate();
    isReady = false;
    worker = start();
    finish(verdict);
    next();
  }

  /**
   * A thread that dies before it is ready would do so again: fail the waiting queries and start another one with the next query.
   */
  function died({ message }: Error): void {
    if (isReady) {
      kill(refusal(`made the parser fail (${message})`));
      return;
    }
    worker = undefined;
    refuseWaiting(`could not be checked: the parser does not start (${message})`);
  }

  function refuseWaiting(reason: string): void {
    for (const { resolve } of waiting.splice(0)) resolve(refusal(reason));
  }

  return {
    judge(text, options, signal) {
      return new Promise((resolve) => {
        const task = { text, options, resolve };
        waiting.push(task);
        next();
        signal?.addEventListener('abort', () => takeBack(task), { once: true });
      });
    },
    async close() {
      const ending = worker;
      worker = undefined;
      finish(refusal(ENDED));
      refuseWaiting(ENDED);
      await ending?.terminate();
    },
  };

  function takeBack(task: Task): void {
    const index = waiting.indexOf(task);
    if (index < 0) return;
    waiting.splice(index, 1);
    task.resolve(refusal('was not checked in time'));
  }
}

function refusal(reason: string): GateVerdict {
  return { passes: false, rule: 'deadline', reason };
}
