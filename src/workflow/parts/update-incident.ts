import { equals, type Input } from '../expression.ts';
import { updateIncident } from '../sentinel.ts';
import { patientRetry, type Step, type StepOptions } from '../step.ts';
import { condition } from '../steps/condition.ts';
import { connector } from '../steps/connector.ts';
import { terminate } from '../steps/terminate.ts';
import { until } from '../steps/until.ts';
import { wait } from '../steps/wait.ts';

const ROUNDS = 5;

/**
 * Updates an incident and tries again when somebody else was faster: the service answers 409 or 412 then, which retry
 * policies do not cover. Gives the loop and the check that follows it.
 */
export function updateUntilItHolds(
  what: string,
  options: StepOptions & { readonly before?: readonly Step[]; readonly body: Input },
): { readonly loop: Step; readonly update: Step; readonly check: Step } {
  const { before = [], body, description } = options;
  const update = connector(what, updateIncident, { description, body, retry: patientRetry });
  const pause = wait(`Wait before trying again to ${uncapital(what)}`, {
    description: 'Somebody else changed the incident at the same time: let that settle.',
    count: 10,
    unit: 'Second',
    on: ['Failed', 'TimedOut'],
  });
  const loop = until(`${what} until it holds`, {
    ...(options.on && { on: options.on }),
    ...(options.after && { after: options.after }),
    description: `At most ${ROUNDS} rounds, since other playbooks and people change the same incident.`,
    done: equals(update.status, 'Succeeded'),
    rounds: ROUNDS,
    timeout: 'PT15M',
    steps: [...before, update, pause],
  });
  const check = condition(`Did it ${uncapital(what)}`, {
    description: 'The loop ends after its last round whether it worked or not.',
    on: 'finished',
    all: [equals(update.status, 'Succeeded')],
    yes: [],
    no: [
      terminate(`Could not ${uncapital(what)}`, {
        description: 'Shows the run as failed, so that somebody looks.',
        as: 'Failed',
        code: 'IncidentNotUpdated',
        message: `Microsoft Sentinel refused to change the incident ${ROUNDS} times. See the last round of the loop for its answer.`,
      }),
    ],
  });
  return { loop, update, check };
}

function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
