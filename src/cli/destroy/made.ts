/** Something that we made: how people call it, and how it goes. */
export interface Made {
  readonly title: string;
  readonly remove: () => Promise<void>;
}

export interface Inventory {
  /** In the order in which it has to go: what refers to others first. */
  readonly made: readonly Made[];
  /** What looks like ours and stays, with the reason. */
  readonly kept: readonly string[];
}
