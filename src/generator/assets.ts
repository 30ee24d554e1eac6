import type { Files } from './output.ts';

/** What the product ships and `build` copies or fills in; the edge says where it comes from. */
export interface Assets {
  /** `path` as in the repository: `playbooks/SIGNL4-Callback/readme.md`. Throws where there is none. */
  text(path: string): string;
  /** The files that are the same for every config (`publishedFiles`); a released bundle has them ready. */
  published(): Files;
  /** The relay as one file, `relay.mjs`. */
  relay(): Promise<Uint8Array>;
}
