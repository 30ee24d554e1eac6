import { UserError } from '../domain/errors.ts';

/** Errors of the operating system: code for scripts, message and remedy. */
const refusals: Readonly<Record<string, readonly [code: string, message: string, remedy: string]>> = {
  ENOENT: ['file.not-found', 'there is no such file or folder', 'Check the path.'],
  EACCES: ['file.denied', 'permission denied', 'Check who owns it and its permissions, or choose another place.'],
  EPERM: ['file.denied', 'permission denied', 'Check who owns it and its permissions, or choose another place.'],
  // Of Node's own permission model.
  ERR_ACCESS_DENIED: ['file.denied', 'Node may not use it here', 'Allow it: --allow-fs-read, --allow-fs-write.'],
  EEXIST: ['file.exists', 'it exists already', 'Remove it, or choose another name.'],
  EISDIR: ['file.is-folder', 'it is a folder', 'Name a file.'],
  ENOTDIR: [
    'file.not-folder',
    'a part of the path is a file',
    'Check the path: everything before the last "/" must be a folder.',
  ],
  ENOTEMPTY: ['file.not-empty', 'the folder is not empty', 'Empty it, or choose another one.'],
  ELOOP: ['file.loop', 'its symbolic links lead in a circle', 'Remove the link, or name another path.'],
  EMFILE: [
    'file.too-many-open',
    'too many files are open',
    'Raise the limit of open files (ulimit -n) and run the command again.',
  ],
  ENOSPC: [
    'file.disk-full',
    'the disk is full',
    'Free some space, or choose a folder on another disk, and run the command again.',
  ],
  EDQUOT: [
    'file.disk-full',
    'your disk quota is used up',
    'Free some space, or choose a folder on another disk, and run the command again.',
  ],
  EFBIG: [
    'file.too-large',
    'the file would be larger than is allowed here',
    'Raise the limit of file sizes (ulimit -f), or choose another disk.',
  ],
  EROFS: ['file.read-only', 'the file system is read-only', 'Choose a folder that can be written to.'],
  ENAMETOOLONG: ['file.name-too-long', 'the name or path is too long', 'Choose a shorter name, or a folder higher up.'],
  EBUSY: ['file.busy', 'another program holds it', 'Close that program and run the command again.'],
  EIO: ['file.damaged', 'the disk reports an error', 'Check the disk, or choose a folder on another one.'],
  EADDRINUSE: [
    'port.taken',
    'the port is in use',
    'Choose another with --port, or end the program that listens there.',
  ],
};

/** Whether it is an error of Node or the operating system with one of these codes: `ENOENT`. */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Of a file, whatever the reason. */
const otherRefusal = [
  'file.refused',
  'the operating system refuses it',
  'Look at the file or folder itself, or choose another place.',
] as const;

/**
 * Turns an error of the operating system into one for people; other errors are returned unchanged. `path` is the file's name in
 * messages.
 */
export function systemError(error: unknown, path?: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (!('syscall' in error) && error.code !== 'ERR_ACCESS_DENIED') return error;
  const file = path ?? ('path' in error ? String(error.path) : 'port' in error ? `port ${error.port}` : undefined);
  const known = refusals[String(error.code)] ?? (file === undefined ? undefined : otherRefusal);
  if (!known) return error;
  const [code, message, remedy] = known;
  return new UserError(code, `${message} (${error.code})`, {
    ...(file !== undefined && { where: { file } }),
    remedy,
    cause: error,
  });
}
