import { UserError } from '../domain/errors.ts';

/**
 * Content of the community, or that is on its own, must not be in a solution.
 * @param kind what the content says of its source
 * @param member how the message names that
 * @throws UserError `solution.foreign-source`
 */
export function refuseForeignSource(
  kind: string | undefined,
  member: string,
  { where, remedy }: { readonly where: { readonly file: string; readonly path?: string }; readonly remedy: string },
): void {
  if (kind === undefined || !['community', 'standalone'].includes(kind.toLowerCase())) return;
  throw new UserError('solution.foreign-source', `${member} is "${kind}", which no solution may ship`, {
    where,
    remedy,
  });
}
