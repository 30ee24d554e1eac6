/** The state of a step. */
export type StepState =
  | { readonly kind: 'done'; readonly note?: string }
  | { readonly kind: 'todo'; readonly note?: string }
  /** Whether it is in place cannot be told from here; applying it again changes nothing. */
  | { readonly kind: 'unseen'; readonly note: string }
  /** Something else must come first; `reason` says what. */
  | { readonly kind: 'blocked'; readonly reason: string };

/** One thing that must be in place outside the templates. Looking changes nothing; applying twice changes nothing more. */
export interface SetupStep {
  /** `Microsoft Sentinel Responder for SIGNL4-Callback` */
  readonly title: string;
  readonly look: () => Promise<StepState>;
  /**
   * `tell` says at once what the person must know now, such as a new secret. What it could not do, it throws: a step that
   * returns is done.
   */
  readonly apply: (tell: (text: string) => void) => Promise<void>;
}
