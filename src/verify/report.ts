import type { Problem } from '../domain/problem.ts';
import type { Level, RuleEntry } from './rule.ts';

/** One violation of a rule in a file. */
export interface Finding extends Problem {
  readonly rule: string;
  readonly level: Level;
  /** Path as passed in. */
  readonly file: string;
  /** JSON pointer (RFC 6901); `#line=12` in files that are not JSON; empty for a whole file. */
  readonly pointer: string;
  /** What to do about it. */
  readonly help: string;
  /** Both starting at 1. */
  readonly line: number;
  readonly column: number;
}

export interface Report {
  /** No findings of level error. */
  readonly ok: boolean;
  /** By file and line. */
  readonly findings: readonly Finding[];
  /** All rules that were applied. */
  readonly rules: readonly RuleEntry[];
}

/** The same report with paths as written outside the folder. */
export function withPaths(report: Report, path: (file: string) => string): Report {
  return { ...report, findings: report.findings.map((finding) => ({ ...finding, file: path(finding.file) })) };
}
