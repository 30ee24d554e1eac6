/** Where in a user's file something is wrong. Lines and columns count from 1. */
export interface Where {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Path inside the document, e.g. `filter.severities[1]`. */
  readonly path?: string;
}

/** An error caused by the user's input or environment: says what is wrong, where, and how to correct it. */
export class UserError extends Error {
  /** Stable code for scripts: `config.unknown-key`, `file.not-found`, … */
  readonly code: string;
  readonly where: Where;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, options: { where?: Where; remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.code = code;
    this.where = options.where ?? {};
    this.remedy = options.remedy;
  }
}

/** `signl4.yaml:12:5 (filter.severities)`; empty if nothing is known. */
export function formatWhere({ file, line, column, path }: Where): string {
  const position = [file, line, column].filter((part) => part !== undefined).join(':');
  if (!path) return position;
  return position ? `${position} (${path})` : path;
}
