import { createHash } from 'node:crypto';

/** What `build` writes: path below the output folder, with forward slashes, to content. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** A JSON file as every generated one is written: two blanks, a line feed at the end. */
export function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The same files below a folder. */
export function below(folder: string, files: Files): Files {
  return new Map([...files].map(([path, content]) => [`${folder}/${path}`, content]));
}

/** All files together; throws where two generators write the same path. */
export function merge(...parts: readonly Files[]): Files {
  const all = new Map<string, string | Uint8Array>();
  for (const [path, content] of parts.flatMap((files) => [...files])) {
    if (all.has(path)) throw new Error(`two generators write ${path}`);
    all.set(path, content);
  }
  return all;
}

/** What the files of a build came from. */
interface Origin {
  readonly version: string;
  readonly configHash: string;
  /** Where the deploy buttons of the guides lead: owner, name and branch. */
  readonly repository: string;
}

/** `manifest.json`: every file with its hash, and what they came from. Lists everything but itself, sorted by path. */
export function manifest(files: Files, origin: Origin): string {
  const hashes = [...files].map(([path, content]) => [path, sha256(content)] as const);
  hashes.sort(([a], [b]) => (a < b ? -1 : 1));
  return jsonFile({ ...origin, files: Object.fromEntries(hashes) });
}
