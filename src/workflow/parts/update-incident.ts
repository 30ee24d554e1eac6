import { type Expr, equals, type Members, or } from '../expression.ts';
import { updateIncident } from '../sentinel.ts';
import { patientRetry, type Step, type StepOptions } from '../step.ts';
import { condition } from '../steps/condition.ts';
import { connector } from '../steps/connector.ts';
import { terminate } from '../steps/terminate.ts';
import { until } from '../steps/until.ts';
import { wait } from '../steps/wait.ts';

const ROUNDS = 5;

/** One update of an incident through the connector, which reads, merges and writes with the ETag. */
export function update(name: string, options: StepOptions & { readonly body: Expr | Members }): Step {
  return connector(name, updateIncident, { ...options, retry: patientRetry });
}

/** A pause before the next round. */
export function pauseAfter(what: string, options: Omit<StepOptions, 'description'> = {}): Step {
  return wait(`Wait before trying again to ${uncapital(what)}`, {
    ...options,
    description: 'Somebody else changed the incident at the same time: let that settle.',
    count: 10,
    unit: 'Second',
  });
}

/**
 * Repeats steps that end in an update until one of `updates` has succeeded: where two change an incident at the same time,
 * the service answers 409 or 412, which retry policies do not cover. Gives the loop, and the check that belongs after it:
 * a loop that meets its limit counts as succeeded.
 */
export function untilItHolds(
  what: string,
  options: Omit<StepOptions, 'description'> & {
    readonly steps: readonly Step[];
    /** Whether the last round got what it wanted. */
    readonly done: Expr;
  },
): { readonly loop: Step; readonly check: Step } {
  const { steps, done, ...start } = options;
  const loop = until(`${what} until it holds`, {
    ...start,
    description: `At most ${ROUNDS} rounds: other playbooks and people change the same incident.`,
    done,
    rounds: ROUNDS,
    timeout: 'PT30M',
    steps,
  });
  const check = condition(`Did it ${uncapital(what)}`, {
    description: 'A loop ends after its last round whether it worked or not.',
    on: 'finished',
    all: [done],
    yes: [],
    no: [
      terminate(`Could not ${uncapital(what)}`, {
        description: 'Shows the run as failed, so that somebody looks.',
        as: 'Failed',
        code: 'IncidentNotUpdated',
        message: `Microsoft Sentinel refused to change the incident ${ROUNDS} times. The last round of the loop has its answer.`,
      }),
    ],
  });
  return { loop, check };
}

export function succeeded(...steps: readonly Step[]): Expr {
  const [first, ...rest] = steps.map(({ status }) => equals(status, 'Succeeded'));
  if (first === undefined) throw new TypeError('no step to have succeeded');
  return rest.length === 0 ? first : or(first, ...rest);
}

function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
