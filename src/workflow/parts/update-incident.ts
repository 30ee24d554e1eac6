import type { Expr, Members } from '../../wdl/build.ts';
import { equals } from '../../wdl/build.ts';
import { updateIncident } from '../sentinel.ts';
import { patientRetry, type Step, type StepOptions } from '../step.ts';
import { connector } from '../steps/connector.ts';
import { until } from '../steps/until.ts';

/** Iterations of a loop that writes: on concurrent changes the service answers 409 or 412, which no retry policy covers. */
export const ROUNDS = 5;

/** One update of an incident through the connector, which reads, merges and writes with the ETag. */
export function update(
  name: string,
  options: StepOptions & { readonly incidentArmId: Expr; readonly change: Members },
): Step {
  const { incidentArmId, change, ...rest } = options;
  return connector(name, updateIncident, { ...rest, body: { incidentArmId, ...change }, retry: patientRetry });
}

/** A tag to add, as the connector wants it. */
export const tagsToAdd = (tag: Expr | string): Members => ({ tagsToAdd: { TagsToAdd: [{ Tag: tag }] } });

/** Repeats an update until it is accepted. */
export function untilItHolds(name: string, options: StepOptions & { readonly write: Step }): Step {
  const { write, ...rest } = options;
  return until(name, {
    ...rest,
    done: equals(write.outputs('statusCode'), 200),
    rounds: ROUNDS,
    timeout: 'PT10M',
    steps: [write],
  });
}
