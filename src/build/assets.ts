/** Texts and files that the product ships and `build` copies or fills in; the edge says where they lie. */
export interface Assets {
  /** `path` as in the repository: `playbooks/SIGNL4-Callback/readme.md`. Throws where there is none. */
  text(path: string): string;
  bytes(path: string): Uint8Array;
}
