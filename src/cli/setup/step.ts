/** How a step stands. */
export type StepState =
  | { readonly kind: 'done'; readonly note?: string }
  | { readonly kind: 'todo'; readonly note?: string }
  /** Something else must come first; `reason` says what. */
  | { readonly kind: 'blocked'; readonly reason: string };

/** One thing that must be in place outside the templates. Looking changes nothing; applying twice changes nothing more. */
export interface SetupStep {
  /** `Microsoft Sentinel Responder for SIGNL4-Callback` */
  readonly title: string;
  readonly look: () => Promise<StepState>;
  /** Gives what the person must know now, such as a new secret. */
  readonly apply: () => Promise<string | undefined>;
}
