import type { Io, IoClock } from '../../src/cli/io.ts';

/** The outside world of a command, as seen by a test. */
export interface CapturedIo extends Io {
  /** What went to stdout. */
  readonly printed: readonly string[];
  /** What went to stderr. */
  readonly noted: readonly string[];
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

/** An `Io` that keeps what is written. `answers` are given to questions in turn; without them nobody can answer. */
export function capturedIo(
  cwd: string,
  options: { env?: Readonly<Record<string, string>>; answers?: readonly string[]; clock?: IoClock } = {},
): CapturedIo {
  const printed: string[] = [];
  const noted: string[] = [];
  const answers = [...(options.answers ?? [])];
  let exitCode = 0;
  return {
    cwd,
    env: options.env ?? {},
    isTerminal: false,
    clock: options.clock ?? impatientClock(),
    ...(options.answers ? { ask: async () => answers.shift() } : {}),
    print: (text) => void printed.push(text),
    note: (text) => void noted.push(text),
    setExitCode: (code) => {
      exitCode = code;
    },
    printed,
    noted,
    exitCode: () => exitCode,
  };
}
