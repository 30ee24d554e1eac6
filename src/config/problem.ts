import { formatWhere, UserError, type Where } from '../domain/errors.ts';
import type { CodedProblem } from '../domain/problem.ts';

/** Keys and list positions from the root of the document: `['filter', 'severities', 1]`. */
export type Path = readonly (string | number)[];

/** A problem in the file, before its line is known. */
export interface ConfigProblem extends CodedProblem {
  readonly path: Path;
  /** Whether the key is wrong or its value. */
  readonly at: 'key' | 'value';
}

/** `filter.severities[1]`; keys that are not plain words are quoted: `owners["m.lopez@contoso.com"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/**
 * All problems of a configuration file, in the order of its lines. As a `UserError` it has the message of the first problem;
 * callers that can show more use `problems`.
 */
export class ConfigError extends UserError {
  readonly problems: readonly UserError[];

  constructor(problems: readonly [UserError, ...UserError[]]) {
    const [first] = problems;
    super(first.code, first.message, {
      where: first.where,
      ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
    });
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Sorts by position and drops duplicates: a wrong common value is found once per target. */
export function configError(problems: readonly (ConfigProblem & { readonly where: Where })[]): ConfigError | undefined {
  const seen = new Set<string>();
  const errors = problems
    .filter(({ where, message }) => {
      const key = `${where.line}:${where.column}:${message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => (a.where.line ?? 0) - (b.where.line ?? 0) || (a.where.column ?? 0) - (b.where.column ?? 0))
    .map(
      ({ code, message, remedy, where }) =>
        new UserError(code, message, { where, ...(remedy === undefined ? {} : { remedy }) }),
    );
  const [first, ...others] = errors;
  return first && new ConfigError([first, ...others]);
}

/**
 * An error as JSON for scripts, printed to standard output by every command with `--json`: `{ error: { code, message, where?,
 * remedy? }, problems? }`. If there are several, `problems` lists all of them, including the first.
 */
export function errorAsJson(error: unknown): string {
  return JSON.stringify(errorObject(error), null, 2);
}

/** The same as an object, to be combined with other members. */
export function errorObject(error: unknown) {
  const problems = error instanceof ConfigError ? error.problems : [error];
  const [first, ...others] = problems.map(asJson);
  return { error: first, ...(others.length > 0 && { problems: [first, ...others] }) };
}

function asJson(error: unknown) {
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  const where = error instanceof UserError ? formatWhere(error.where) : '';
  const remedy = error instanceof UserError ? error.remedy : undefined;
  const code = error instanceof UserError ? error.code : 'code' in error ? String(error.code) : 'internal';
  // Prefix added by Commander.
  const message = error.message.replace(/^error: /, '');
  return { code, message, ...(where && { where }), ...(remedy !== undefined && { remedy }) };
}

/** Nobody reads more at once, and finding the place of each takes time. */
export const MOST_PROBLEMS = 200;

export function furtherProblems(count: number): CodedProblem {
  const message = `there are ${count} more problems than these`;
  return { code: 'config.too-many-problems', message, remedy: 'Correct these first.' };
}
