/** The state of a step. */
export type StepState =
  | { readonly kind: 'done'; readonly note?: string }
  | { readonly kind: 'todo'; readonly note?: string }
  /** Cannot be checked from here; applying again changes nothing. */
  | { readonly kind: 'unseen'; readonly note: string }
  /** Something else must be done first; `reason` says what. */
  | { readonly kind: 'blocked'; readonly reason: string };

/** Something that must exist besides the templates. Looking changes nothing, and applying twice has no further effect. */
export interface SetupStep {
  /** `Microsoft Sentinel Responder for SIGNL4-Callback` */
  readonly title: string;
  readonly look: () => Promise<StepState>;
  /** Throws if it fails; returning means done. `tell` passes on at once what the user must know, such as a new secret. */
  readonly apply: (tell: (text: string) => void) => Promise<void>;
}
