import type { Files } from './output.ts';

/** Texts and files that the product ships and `build` copies or fills in; the edge says where they come from. */
export interface Assets {
  /** `path` as in the repository: `playbooks/SIGNL4-Callback/readme.md`. Throws where there is none. */
  text(path: string): string;
  /** The files of the connector: the same for every config, so that a released bundle has them ready. */
  connector(): Files;
}
