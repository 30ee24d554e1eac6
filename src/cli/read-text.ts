import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../domain/errors.ts';
import type { Io } from './io.ts';
import { systemError } from './system-errors.ts';

interface ReadOptions {
  /** File names to look for if a folder is given; the first is the usual one. */
  readonly inFolder?: readonly string[];
  /** What to do if there is no file. Default: check the path. */
  readonly remedy?: string;
  /** Prefix of error codes. Default: `file`. */
  readonly kind?: string;
}

/**
 * Text of a file that the user named, and its name for messages. A byte order mark is kept.
 * @throws UserError `<kind>.not-found`, `<kind>.is-folder`, `<kind>.encoding`, or an error of the operating system
 */
export function readText(
  io: Pick<Io, 'cwd'>,
  named: string,
  options: ReadOptions = {},
): { text: string; file: string } {
  const { kind = 'file', remedy = 'Check the path.' } = options;
  const file = fileAt(io.cwd, named, options.inFolder ?? [], kind);
  try {
    return { text: decoded(readFileSync(resolve(io.cwd, file)), file, kind), file };
  } catch (cause) {
    const error = systemError(cause, file);
    if (!(error instanceof UserError) || error.code !== 'file.not-found') throw error;
    throw new UserError(`${kind}.not-found`, 'there is no such file', { where: { file }, remedy, cause });
  }
}

/** For a folder, the first of these files in it. */
function fileAt(cwd: string, path: string, names: readonly string[], kind: string): string {
  const place = resolve(cwd, path);
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return path;
  const found = names.find((name) => existsSync(join(place, name)));
  if (found !== undefined) return join(path, found);
  const other = readdirSync(place)
    .sort()
    .find((name) => (names.length > 0 ? /\.ya?ml$/i : /\.(json|ya?ml)$/i).test(name));
  throw new UserError(
    `${kind}.is-folder`,
    names.length > 0 ? `this is a folder without a ${names[0]}` : 'this is a folder, not a file',
    {
      where: { file: path },
      remedy: other === undefined ? 'Name a file.' : `Name a file, such as ${join(path, other)}`,
    },
  );
}

/** @throws UserError naming the encoding, or the line with the first invalid UTF-8 */
function decoded(bytes: Uint8Array, file: string, kind: string): string {
  if (isUtf8(bytes) && !bytes.includes(0)) return Buffer.from(bytes).toString('utf8');
  throw new UserError(`${kind}.encoding`, 'the file is not UTF-8', {
    where: { file },
    remedy: `${foundInstead(bytes)} Save it as UTF-8 (VS Code: click the encoding in the status bar; PowerShell: Set-Content -Encoding utf8).`,
  });
}

function foundInstead(bytes: Uint8Array): string {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex');
  if (mark === 'fffe' || mark === 'feff') return 'It is UTF-16, which Windows PowerShell writes.';
  if (isUtf8(bytes)) return 'It has null characters, as UTF-16 without a mark does.';
  return `Line ${firstOtherLine(bytes)} has characters of another encoding, such as Windows-1252.`;
}

function firstOtherLine(bytes: Uint8Array): number {
  for (let start = 0, line = 1; ; line++) {
    const end = bytes.indexOf(10, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
