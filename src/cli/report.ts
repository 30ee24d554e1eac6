import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../config/problem.ts';
import { calledAs } from '../domain/command-line.ts';
import { formatWhere, UserError, type Where } from '../domain/errors.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** Tells a person what went wrong and sets the exit code: 2 for codes `usage.…`, else 1. */
export function reportError(error: unknown, io: Io): void {
  const problems = error instanceof ConfigError ? error.problems : [error];
  const secretPlaces = new Set(problems.flatMap((problem) => (isSecret(problem) ? [lineOf(problem.where)] : [])));
  const blocks = problems.map((problem) => describe(problem, secretPlaces, io));
  io.note(blocks.join('\n\n'));
  if (problems.length > 1) io.note(`\n${problems.length} problems`);
  if (io.env['SIGNL4_DEBUG'] === '1' && error instanceof Error) io.note(`\n${error.stack}`);
  io.setExitCode(error instanceof UserError && error.code.startsWith('usage.') ? 2 : 1);
}

/** The same for scripts: `{ error: { code, message, remedy?, where? }, problems? }`. */
export function errorAsJson(error: unknown, { commandLine }: Pick<Io, 'commandLine'>): string {
  const problems = error instanceof ConfigError ? error.problems : [error];
  const [first, ...others] = problems.map((problem) => asJson(problem, commandLine));
  return JSON.stringify({ error: first, ...(others.length > 0 && { problems: [first, ...others] }) }, null, 2);
}

function asJson(error: unknown, commandLine: string | undefined) {
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  const where = error instanceof UserError ? formatWhere(error.where) : '';
  const remedy = error instanceof UserError && error.remedy ? calledAs(error.remedy, commandLine) : undefined;
  const code = error instanceof UserError ? error.code : 'code' in error ? String(error.code) : 'internal';
  return { code, message: error.message, ...(where && { where }), ...(remedy !== undefined && { remedy }) };
}

function describe(error: unknown, secretPlaces: ReadonlySet<string>, io: Io): string {
  if (error instanceof UserError) return describeUserError(error, secretPlaces, io);
  const systemText = systemErrorText(error);
  if (systemText !== undefined) return `error: ${systemText}`;
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

/** The line in question with a mark under the column; nothing where the file cannot be read (again). */
function excerpt({ file, line, column }: Where, io: Io): readonly string[] {
  if (file === undefined || line === undefined) return [];
  const text = readLine(resolve(io.cwd, file), line);
  if (text === undefined) return [];
  const at = (column ?? 1) - 1;
  const start = Math.max(0, at - EXCERPT_WIDTH + 20);
  const margin = String(line).padStart(5);
  const shown = [`${margin} | ${text.slice(start, start + EXCERPT_WIDTH).replaceAll('\t', '→')}`];
  return column === undefined ? shown : [...shown, `${' '.repeat(margin.length)} | ${' '.repeat(at - start)}^`];
}

function readLine(path: string, line: number): string | undefined {
  try {
    return readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}

/** What the operating system refuses, in words. */
const systemTexts: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EEXIST: 'it exists already',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  EADDRINUSE: 'the port is in use; choose another with --port',
};

function systemErrorText(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const text = systemTexts[String(error.code)];
  const subject = 'path' in error ? String(error.path) : 'port' in error ? `port ${error.port}` : String(error.syscall);
  return text === undefined ? undefined : `${subject}: ${text} [${error.code}]`;
}
