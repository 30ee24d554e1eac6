import { Interrupted } from '../../src/cli/interrupted.ts';
import type { Io, IoClock } from '../../src/cli/io.ts';

/** The outside world of a command, as seen by a test. */
export interface CapturedIo extends Io {
  /** What went to stdout. */
  readonly printed: readonly string[];
  /** What went to stderr. */
  readonly noted: readonly string[];
  /** The questions that were asked. */
  readonly asked: readonly string[];
  /** 0 until the command sets another. */
  exitCode(): number;
}

/** Time that a sleep moves on at once. */
function impatientClock(): IoClock {
  let slept = 0;
  return {
    now: () => Date.now() + slept,
    sleep: async (ms) => {
      slept += ms;
    },
  };
}

/**
 * An `Io` that keeps what is written. `answers` are given to questions in turn, after `asking` was called; then the person ends the input,
 * or interrupts. Without answers nobody can answer.
 */
export function capturedIo(
  cwd: string,
  options: {
    env?: Readonly<Record<string, string>>;
    answers?: readonly string[];
    asking?: () => void;
    end?: 'end of input' | 'interrupt';
    clock?: IoClock;
  } = {},
): CapturedIo {
  const printed: string[] = [];
  const noted: string[] = [];
  const asked: string[] = [];
  const answers = [...(options.answers ?? [])];
  let exitCode = 0;
  async function ask(question: string): Promise<string | undefined> {
    asked.push(question);
    options.asking?.();
    if (answers.length === 0 && options.end === 'interrupt') throw new Interrupted();
    return answers.shift();
  }
  return {
    cwd,
    env: options.env ?? {},
    isTerminal: false,
    clock: options.clock ?? impatientClock(),
    ...(options.answers ? { ask } : {}),
    print: (text) => void printed.push(text),
    note: (text) => void noted.push(text),
    setExitCode: (code) => {
      exitCode = code;
    },
    printed,
    noted,
    asked,
    exitCode: () => exitCode,
  };
}
