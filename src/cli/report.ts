import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../config/problem.ts';
import { formatWhere, UserError, type Where } from '../domain/errors.ts';
import { Interrupted } from './interrupted.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** Prints an error and sets the exit code: 2 for codes `usage.…`, 130 if the user interrupted, otherwise 1. */
export function reportError(error: unknown, io: Io): void {
  const problems = error instanceof ConfigError ? error.problems : [error];
  const secretPlaces = new Set(problems.flatMap((problem) => (isSecret(problem) ? [lineOf(problem.where)] : [])));
  const blocks = problems.map((problem) => describe(problem, secretPlaces, io));
  io.note(blocks.join('\n\n'));
  if (problems.length > 1) io.note(`\n${problems.length} problems`);
  if (io.env['SIGNL4_DEBUG'] === '1' && error instanceof Error) io.note(`\n${error.stack}`);
  io.setExitCode(exitCodeOf(error));
}

function exitCodeOf(error: unknown): 1 | 2 | 130 {
  if (error instanceof Interrupted) return 130;
  return error instanceof UserError && error.code.startsWith('usage.') ? 2 : 1;
}

function describe(error: unknown, secretPlaces: ReadonlySet<string>, io: Io): string {
  if (error instanceof Interrupted) return [error.message, error.remedy].filter(Boolean).join('\n');
  if (error instanceof UserError) return describeUserError(error, secretPlaces, io);
  const message = error instanceof Error ? error.message : String(error);
  return [
    `internal error: ${message}`,
    `This is a fault of signl4-sentinel ${version}, not yours. Please report it with the command you ran`,
    'and what it prints with SIGNL4_DEBUG=1 set.',
  ].join('\n');
}

function describeUserError(error: UserError, secretPlaces: ReadonlySet<string>, io: Io): string {
  const place = formatWhere(error.where);
  const isHidden = secretPlaces.has(lineOf(error.where));
  return [
    `error: ${place === '' ? '' : `${place}: `}${error.message} [${error.code}]`,
    ...(isHidden ? [] : excerpt(error.where, io)),
    ...(error.remedy === undefined ? [] : [`  ${error.remedy}`]),
  ].join('\n');
}

function isSecret(problem: unknown): problem is UserError {
  return problem instanceof UserError && problem.code === 'config.secret';
}

function lineOf({ file, line }: Where): string {
  return `${file}:${line}`;
}

const EXCERPT_WIDTH = 100;

/** The line in question with a mark under the column; empty if the file cannot be read. */
function excerpt({ file, line, column }: Where, io: Io): readonly string[] {
  if (file === undefined || line === undefined) return [];
  const text = readLine(resolve(io.cwd, file), line);
  if (text === undefined) return [];
  const at = (column ?? 1) - 1;
  const start = Math.max(0, at - EXCERPT_WIDTH + 20);
  const margin = String(line).padStart(5);
  const shown = [
    `${margin} | ${text
      .slice(start, start + EXCERPT_WIDTH)
      .replaceAll('\t', '→')
      .replaceAll(/\p{Cc}/gu, '·')}`,
  ];
  return column === undefined ? shown : [...shown, `${' '.repeat(margin.length)} | ${' '.repeat(at - start)}^`];
}

function readLine(path: string, line: number): string | undefined {
  try {
    return readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r\n?|\n/)[line - 1];
  } catch {
    return undefined;
  }
}
