/** Something that we created: what people call it, and how to remove it. */
export interface Made {
  readonly title: string;
  readonly remove: () => Promise<void>;
}

export interface Inventory {
  /** In the order of removal: things that refer to others come first. */
  readonly made: readonly Made[];
  /** What looks like ours but is kept, with the reason. */
  readonly kept: readonly string[];
}
