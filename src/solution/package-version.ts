import { UserError } from '../domain/errors.ts';

/** The first version that Microsoft's V3 packaging tool gives. */
const FIRST = '3.0.0';

/**
 * The version of the package: the wished one, else the data file's, where 1.x and 2.x become 3.0.0. (The official tool asks
 * the marketplace catalogue first and counts on from what it finds; this one works offline.)
 * @throws UserError for a version that is not three numbers, or a wished one below 3.0.0
 */
export function packageVersion(wished: string | undefined, listed: string | undefined, dataFile: string): string {
  if (wished !== undefined) {
    if (majorOf(wished) >= 3) return wished;
    throw new UserError('solution.version', `"${wished}" is not a version of a V3 package`, {
      remedy: 'Give three numbers, the first at least 3, e.g. 3.1.0.',
    });
  }
  if (listed === undefined) return FIRST;
  if (majorOf(listed) >= 3) return listed;
  if (/^[0-2](?:\.\d+)*$/.test(listed)) return FIRST;
  throw new UserError('solution.version', `"${listed}" is not a version`, {
    where: { file: dataFile, path: 'Version' },
    remedy: 'Write three numbers, e.g. "3.0.0".',
  });
}

function majorOf(version: string): number {
  const major = /^(\d+)\.\d+\.\d+$/.exec(version)?.[1];
  return major === undefined ? 0 : Number(major);
}
