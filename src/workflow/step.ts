import { at, call, type Expr } from '../wdl/build.ts';
import type { Action, ActionRuntimeConfiguration, RetryPolicy, RunAfterStatus, SecuredProperty } from '../wdl/types.ts';

/** An action before its place in the sequence is known: everything but `runAfter`. */
export type Definition = Action extends infer A ? (A extends Action ? Omit<A, 'runAfter'> : never) : never;

/**
 * One action of a playbook. A step is a value: other steps refer to its outputs through it, so a reference to a step that
 * does not exist does not compile.
 */
export interface Step {
  /** Name in the designer: "Get incident". */
  readonly name: string;
  /** The name in the definition: "Get_incident". */
  readonly key: string;
  readonly definition: Definition;
  readonly start: Start;
  /** Steps inside, in the order drawn; empty for a simple action. */
  readonly children: readonly Step[];
  /** `body('Get_incident')?['properties']?['title']` */
  body(...path: readonly (string | number)[]): Expr;
  /** `outputs('Get_incident')?['statusCode']`: `statusCode` and `headers` of a call. */
  outputs(...path: readonly (string | number)[]): Expr;
  /** `actions('Get_incident')?['status']`: Succeeded, Failed, Skipped or TimedOut. */
  readonly status: Expr;
}

/** When a step starts. Default: after the previous step has succeeded. */
export interface Start {
  /**
   * Required outcome of the previous step: a list of statuses, `finished` (it ran, successfully or not), or `any` (even if
   * skipped).
   */
  readonly on?: readonly RunAfterStatus[] | 'finished' | 'any';
  /** Predecessors instead of the previous step. With an empty list, it starts with the scope. */
  readonly after?: readonly Step[];
}

/** Options of every step. */
export interface StepOptions extends Start {
  /** One sentence for readers of the playbook in the designer. */
  readonly description: string;
  /** Parts that the run history must hide: inputs or outputs with a secret. */
  readonly secure?: readonly SecuredProperty[];
}

/** The states that the words of `Start.on` stand for. */
export const outcomes = {
  finished: ['Succeeded', 'Failed', 'TimedOut'],
  any: ['Succeeded', 'Failed', 'TimedOut', 'Skipped'],
} as const satisfies Record<string, readonly RunAfterStatus[]>;

/** Retry policy of important calls: 4 retries, from 10 s growing to an hour, on 408, 429, 5xx and broken connections. */
export const patientRetry = {
  type: 'exponential',
  count: 4,
  interval: 'PT10S',
  minimumInterval: 'PT5S',
  maximumInterval: 'PT1H',
} as const satisfies RetryPolicy;

/** For calls that have a fallback. */
export const noRetry = { type: 'none' } as const satisfies RetryPolicy;

/** Letters, digits, blanks and hyphens; the designer refuses most others, and expressions would need them escaped. */
const READABLE = /^[A-Za-z][A-Za-z0-9 -]*[A-Za-z0-9]$/;
const NAME_LIMIT = 80;

/** Makes a step of a definition; the files in `steps/` call it, one per action type. */
export function step(name: string, options: StepOptions, definition: Definition, children: readonly Step[] = []): Step {
  if (!READABLE.test(name) || name.length > NAME_LIMIT) {
    throw new TypeError(
      `"${name}" is not an action name: use letters, digits, blanks and hyphens, at most ${NAME_LIMIT} characters`,
    );
  }
  const key = name.replaceAll(' ', '_');
  const { type, ...members } = definition;
  const runtimeConfiguration = withSecureData(definition.runtimeConfiguration, options.secure);
  return {
    name,
    key,
    children,
    start: { ...(options.on && { on: options.on }), ...(options.after && { after: options.after }) },
    definition: {
      type,
      description: options.description,
      ...members,
      ...(runtimeConfiguration && { runtimeConfiguration }),
    } as Definition,
    body: (...path) => at(call('body', key), ...path),
    outputs: (...path) => at(call('outputs', key), ...path),
    status: at(call('actions', key), 'status'),
  };
}

function withSecureData(
  configuration: ActionRuntimeConfiguration | undefined,
  secure: readonly SecuredProperty[] | undefined,
): ActionRuntimeConfiguration | undefined {
  if (!secure || secure.length === 0) return configuration;
  return { ...configuration, secureData: { properties: secure } };
}
