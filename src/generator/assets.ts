import type { Files } from './output.ts';

/** Files shipped with the product, which `build` copies or fills in. The caller decides where they come from. */
export interface Assets {
  /** `path` as in the repository: `playbooks/SIGNL4-Callback/readme.md`. Throws if it does not exist. */
  text(path: string): string;
  /** Files that are the same for every config (`publishedFiles`); a released bundle contains them. */
  published(): Files;
  /** The relay as one file, `relay.mjs`. */
  relay(): Promise<Uint8Array>;
}
