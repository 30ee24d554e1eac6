/** Time as a command sees it; tests pass a clock that they control. */
export interface IoClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** A command's access to the outside world: `main.ts` passes the real one, tests one that records. */
export interface Io {
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stderr is a terminal; progress and colours are only written to one. */
  readonly isTerminal: boolean;
  readonly clock: IoClock;
  /** What a person types to start this tool. Default: `signl4-sentinel`. */
  readonly commandLine?: string;
  /**
   * Asks the user on the terminal; undefined at the end of input (Ctrl-D). Absent if there is no terminal.
   * @throws Interrupted on Ctrl-C
   */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Prints results to stdout, followed by a line break. */
  print(text: string): void;
  /** Prints progress, warnings and errors to stderr, followed by a line break. */
  note(text: string): void;
  /** Sets the exit code: 0 ok, 1 findings or failure, 2 usage, 130 interrupted. The last call wins. */
  setExitCode(code: 0 | 1 | 2 | 130): void;
}
