/** Something wrong and how to correct it. The code that finds it adds the location: a path, a JSON pointer, a line. */
export interface Problem {
  /** Without a full stop: `must be one of High, Medium; got "Hgih"`. */
  readonly message: string;
  /** A sentence: `Write High.` */
  readonly remedy?: string;
}

/** A problem with a stable code for scripts: `config.unknown-key`, `workflow.run-after`. */
export interface CodedProblem extends Problem {
  readonly code: string;
}
