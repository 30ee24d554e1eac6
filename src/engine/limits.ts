/** Limits of Consumption workflows ("Limits and configuration reference for Azure Logic Apps"). Durations in milliseconds. */
export interface Limits {
  /** Triggers of a workflow. */
  readonly triggers: number;
  /** Actions of a workflow. */
  readonly actions: number;
  /** Depth of nested scopes, conditions and loops. */
  readonly nesting: number;
  readonly switchCases: number;
  readonly parameters: number;
  readonly outputs: number;
  readonly variables: number;
  readonly foreachItems: number;
  readonly splitOnItems: number;
  /** Parallel iterations of a Foreach. */
  readonly foreachParallel: number;
  /** Parallel runs of a workflow, and runs that wait for them. */
  readonly triggerParallel: number;
  readonly untilCount: number;
  readonly untilDefaultCount: number;
  readonly untilDefaultTimeoutMs: number;
  /** Timeout of an outbound request, and of a caller waiting for the Response. */
  readonly requestMs: number;
  readonly runMs: number;
  readonly nameCharacters: number;
}

const HOUR = 3_600_000;

export const serviceLimits: Limits = {
  triggers: 10,
  actions: 500,
  nesting: 8,
  switchCases: 25,
  parameters: 50,
  outputs: 10,
  variables: 250,
  foreachItems: 100_000,
  splitOnItems: 100_000,
  foreachParallel: 50,
  triggerParallel: 100,
  untilCount: 5_000,
  untilDefaultCount: 60,
  untilDefaultTimeoutMs: HOUR,
  requestMs: 120_000,
  runMs: 90 * 24 * HOUR,
  nameCharacters: 80,
};

/** Default number of parallel iterations of a Foreach. */
export const FOREACH_DEFAULT_PARALLEL = 20;
