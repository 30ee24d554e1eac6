import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** Reference material that lies beside the checkout, never in it. */
const root = fileURLToPath(new URL('../../../shared/', import.meta.url));

export const sharedExists = existsSync(root);

/** Absolute path of a file below `../shared`, e.g. `sharedPath('reference/expressions/public.json')`. */
export function sharedPath(relative: string): string {
  return root + relative;
}

/** A JSON file below `../shared`. Call it inside `describeShared` only. */
export function readSharedJson<T>(relative: string): T {
  return JSON.parse(readFileSync(sharedPath(relative), 'utf8')) as T;
}

/** A `describe` that is skipped, with the reason in its title, where `../shared` is absent. */
export function describeShared(title: string, body: () => void): void {
  if (sharedExists) describe(title, body);
  else describe(title, () => it.skip('needs the reference folder ../shared, which is not here', () => {}));
}
