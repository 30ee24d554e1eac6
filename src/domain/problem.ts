/** Something wrong: what, and how to correct it. What finds it adds where it is: a path, a JSON pointer, a line. */
export interface Problem {
  /** Without a full stop: `must be one of High, Medium; got "Hgih"`. */
  readonly message: string;
  /** A sentence: `Write High.` */
  readonly remedy?: string;
}

/** A problem with a name for scripts, which stays the same: `config.unknown-key`, `workflow.run-after`. */
export interface CodedProblem extends Problem {
  readonly code: string;
}
