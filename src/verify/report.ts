import type { Problem } from '../domain/problem.ts';
import type { Level, RuleEntry } from './rule.ts';

/** One place that breaks a rule. */
export interface Finding extends Problem {
  readonly rule: string;
  readonly level: Level;
  /** Path as given. */
  readonly file: string;
  /** JSON pointer (RFC 6901); `#line=12` in files that are not JSON; empty for a file as a whole. */
  readonly pointer: string;
  /** What to do about it. */
  readonly help: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface Report {
  /** No finding of level error. */
  readonly ok: boolean;
  /** By file and line. */
  readonly findings: readonly Finding[];
  /** Every rule that was applied. */
  readonly rules: readonly RuleEntry[];
}

/** The same report with paths as a person outside of the folder writes them. */
export function withPaths(report: Report, path: (file: string) => string): Report {
  return { ...report, findings: report.findings.map((finding) => ({ ...finding, file: path(finding.file) })) };
}
