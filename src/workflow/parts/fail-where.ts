import { contains, not, raw } from '../expression.ts';
import type { Step } from '../step.ts';
import { condition } from '../steps/condition.ts';
import { terminate } from '../steps/terminate.ts';

const failures = raw("createArray('Failed', 'TimedOut')");

/**
 * Fails the run where one of some earlier steps failed. A run is what its last action was: where later steps go on after a
 * failure, it would show as succeeded, and nobody would look.
 */
export function failWhere(
  steps: readonly Step[],
  { question, end, code, message }: { question: string; end: string; code: string; message: string },
): Step {
  return condition(question, {
    description: 'What came after a failure went on; the run shows as failed all the same, so that somebody looks.',
    on: 'finished',
    all: steps.map(({ status }) => not(contains(failures, status))),
    yes: [],
    no: [
      terminate(end, {
        description: 'The failed actions above have the answers.',
        as: 'Failed',
        code,
        message,
      }),
    ],
  });
}
