import { pointerStep } from '../../domain/json-pointer.ts';
import { type Action, isJsonObject, type WorkflowDefinition } from '../../wdl/types.ts';
import type { Limits } from '../limits.ts';
import { problem, type WorkflowProblem } from './problem.ts';

/** Counts that exceed the limits for saving a workflow ("Limits and configuration reference for Azure Logic Apps"). */
export function limitProblems(definition: WorkflowDefinition, limits: Limits): WorkflowProblem[] {
  const counted = (['triggers', 'parameters', 'outputs'] as const).flatMap((member) => {
    const value: unknown = definition[member];
    const count = isJsonObject(value) ? Object.keys(value).length : 0;
    if (count <= limits[member]) return [];
    return [problem('limit', `/${member}`, `The workflow has ${count} ${member}; the limit is ${limits[member]}.`)];
  });
  const triggers = Object.entries(isJsonObject(definition.triggers) ? definition.triggers : {});
  return [...counted, ...triggers.flatMap(([name, trigger]) => triggerProblems(name, trigger, limits.triggerParallel))];
}

function triggerProblems(name: string, trigger: unknown, most: number): WorkflowProblem[] {
  const concurrency = concurrencyOf(trigger);
  const at = `/triggers${pointerStep(name)}`;
  return [
    ...(['runs', 'maximumWaitingRuns'] as const).flatMap((member) =>
      rangeProblem(
        concurrency[member],
        most,
        `${at}/runtimeConfiguration/concurrency/${member}`,
        `The trigger '${name}' has the ${member === 'runs' ? 'concurrency' : 'number of waiting runs'}`,
      ),
    ),
    ...twiceProblem(trigger, 'SingleInstance', concurrency['runs'], at, `The trigger '${name}'`),
  ];
}

/**
 * `Sequential` or `SingleInstance` together with a concurrency is a validation error ("Schema reference guide for trigger and
 * action types").
 */
function twiceProblem(
  operation: unknown,
  option: string,
  concurrency: unknown,
  at: string,
  subject: string,
): WorkflowProblem[] {
  const options = isJsonObject(operation) ? String(operation['operationOptions'] ?? '') : '';
  if (concurrency === undefined || !options.toLowerCase().includes(option.toLowerCase())) return [];
  const message = `${subject} has the option ${option} and a concurrency; the service refuses both together.`;
  return [problem('limit', `${at}/operationOptions`, message, 'Leave one of them out.')];
}

/** Limits of a single action: parallel iterations of a Foreach, count of an Until. */
export function actionLimitProblems(name: string, action: Action, at: string, limits: Limits): WorkflowProblem[] {
  const type = String(action.type).toLowerCase();
  if (type === 'foreach') {
    const pointer = `${at}/runtimeConfiguration/concurrency/repetitions`;
    const subject = `The Foreach '${name}'`;
    const { repetitions } = concurrencyOf(action);
    return [
      ...rangeProblem(repetitions, limits.foreachParallel, pointer, `${subject} has the concurrency`),
      ...twiceProblem(action, 'Sequential', repetitions, at, subject),
    ];
  }
  if (type !== 'until') return [];
  const count = action.limit?.count;
  return rangeProblem(count, limits.untilCount, `${at}/limit/count`, `The Until '${name}' has the limit`);
}

/** Two cases of a Switch with the same value, which the service refuses to save ("Create switch statements"). */
export function caseProblems(name: string, cases: unknown, at: string): WorkflowProblem[] {
  if (!isJsonObject(cases)) return [];
  const seen = new Map<string, string>();
  return Object.entries(cases).flatMap(([label, one]) => {
    const value = isJsonObject(one) ? one['case'] : undefined;
    if (value === undefined) return [];
    const key = JSON.stringify(value);
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, label);
      return [];
    }
    const message = `The cases '${other}' and '${label}' of the Switch '${name}' have one value: ${key}.`;
    return [
      problem('switch-case', `${at}/cases${pointerStep(label)}/case`, message, 'Give each case a value of its own.'),
    ];
  });
}

function concurrencyOf(operation: unknown): Readonly<Record<string, unknown>> {
  const configuration = isJsonObject(operation) ? operation['runtimeConfiguration'] : undefined;
  const concurrency = isJsonObject(configuration) ? configuration['concurrency'] : undefined;
  return isJsonObject(concurrency) ? concurrency : {};
}

/** Expressions are only checked at run time, by Foreach and Until. The numbers of a trigger do not affect a single run. */
function rangeProblem(value: unknown, most: number, pointer: string, subject: string): WorkflowProblem[] {
  if (typeof value !== 'number' || (Number.isInteger(value) && value >= 1 && value <= most)) return [];
  return [problem('limit', pointer, `${subject} ${value}; it must be a whole number from 1 to ${most}.`)];
}
