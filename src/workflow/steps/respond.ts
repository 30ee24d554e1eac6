import { type Input, type Members, toJson } from '../../wdl/build.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** Answers the caller of a Request trigger. */
export function respond(
  name: string,
  options: StepOptions & {
    readonly statusCode: number;
    readonly headers?: Members;
    readonly body?: Input;
  },
): Step {
  const { statusCode, headers, body } = options;
  return step(name, options, {
    type: 'Response',
    kind: 'Http',
    inputs: {
      statusCode,
      ...(headers && { headers: toJson(headers) }),
      ...(body !== undefined && { body: toJson(body) }),
    },
  });
}
