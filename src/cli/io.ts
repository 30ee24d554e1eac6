/** Time as a command sees it; tests have one that they move. */
export interface IoClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What a command may touch of the outside world; `main.ts` gives the real one, tests a captured one. */
export interface Io {
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stderr is a terminal: progress and colours go only there. */
  readonly isTerminal: boolean;
  readonly clock: IoClock;
  /** What has to be typed to start this tool; absent: `signl4-sentinel`. */
  readonly commandLine?: string;
  /**
   * Asks the person at the terminal; undefined at the end of input (Ctrl-D). Absent where nobody can answer.
   * @throws Interrupted at Ctrl-C
   */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Results; ends the line itself. */
  print(text: string): void;
  /** Progress, warnings, errors; ends the line itself. */
  note(text: string): void;
  /** What the process will exit with: 0 ok, 1 findings or failure, 2 usage, 130 ended by Ctrl-C. The last call before the end counts. */
  setExitCode(code: 0 | 1 | 2 | 130): void;
}
