import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Returns a check whether a string is one of the secrets: the current one, or the previous one during a rotation. Constant time:
 * compares whole hashes of all secrets.
 */
export function secretCheck(secrets: readonly string[]): (presented: string) => boolean {
  const known = secrets.map(hashOf);
  return (presented) => {
    const given = hashOf(presented);
    let found = false;
    for (const secret of known) found = timingSafeEqual(given, secret) || found;
    return found;
  };
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
