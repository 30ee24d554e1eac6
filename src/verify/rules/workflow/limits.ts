import { isJsonObject, type Json } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { largestMember } from '../../../solution/limits.ts';
import { MAX_EXPRESSION_CHARACTERS } from '../../../wdl/limits.ts';
import { at, objectAt, textAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

/** Limits of a definition that the engine does not check ("Limits and configuration", multitenant). */
const LIMITS = {
  triggers: 10,
  parameters: 50,
  outputs: 10,
  descriptionCharacters: 256,
  trackedPropertiesCharacters: 16_000,
  retryCount: 90,
  retryMinimumMs: 5_000,
  retryMaximumMs: 86_400_000,
  /** Limits of Azure Resource Manager for a resource and a template. */
  resourceBytes: 1_048_576,
} as const;

export const workflowLimitRules: readonly SubjectRule<WorkflowSubject>[] = [
  {
    id: 'workflow.definition-limit',
    level: 'error',
    source: sources.limits,
    help: 'Stay below the limits of the service: 10 triggers, 50 parameters, 10 outputs, 131,072 characters per expression.',
    check: ({ definition }) => [
      ...(['triggers', 'parameters', 'outputs'] as const).flatMap((member) => {
        const count = Object.keys(objectAt(definition, member)).length;
        return count <= LIMITS[member]
          ? []
          : [{ pointer: `/${member}`, message: `there are ${count} ${member}; the limit is ${LIMITS[member]}` }];
      }),
      ...textsOf(definition)
        .filter(({ text }) => text.includes('@') && text.length > MAX_EXPRESSION_CHARACTERS)
        .map(({ pointer, text }) => ({
          pointer,
          message: `the expression has ${text.length} characters; the limit is ${MAX_EXPRESSION_CHARACTERS}`,
        })),
    ],
  },
  {
    id: 'workflow.definition-size',
    level: 'error',
    source: sources.armLimits,
    help: 'Divide the workflow: Azure Resource Manager takes up to 1 MB for one resource.',
    check: ({ definition }) => {
      const bytes = new TextEncoder().encode(JSON.stringify(definition)).length;
      if (bytes <= LIMITS.resourceBytes) return [];
      const largest = largestMember(objectAt(definition, 'actions'));
      const advice = largest ? `; its largest action is "${largest.name}" with ${largest.bytes}` : '';
      return [
        { pointer: '', message: `the definition has ${bytes} bytes, the limit is ${LIMITS.resourceBytes}${advice}` },
      ];
    },
  },
  {
    id: 'workflow.description-limit',
    level: 'error',
    source: sources.limits,
    help: 'Shorten the description to 256 characters.',
    check: ({ definition, model }) => {
      const described = [
        ['', definition] as const,
        ...Object.entries(objectAt(definition, 'triggers')).map(
          ([name, trigger]) => [`/triggers${pointerStep(name)}`, trigger] as const,
        ),
        ...model.nodes.map(({ pointer, action }) => [pointer, action as unknown as Json] as const),
      ];
      return described.flatMap(([pointer, json]) => {
        const length = textAt(json, 'description')?.length ?? 0;
        return length <= LIMITS.descriptionCharacters
          ? []
          : [
              {
                pointer: `${pointer}/description`,
                message: `the description has ${length} characters, the limit is ${LIMITS.descriptionCharacters}`,
              },
            ];
      });
    },
  },
  {
    id: 'workflow.tracked-properties',
    level: 'error',
    source: sources.limits,
    help: 'Track less: up to 16,000 characters are allowed.',
    check: ({ model }) =>
      model.nodes.flatMap(({ pointer, action }) => {
        const length = JSON.stringify(at(action as unknown as Json, 'trackedProperties') ?? null).length;
        return length <= LIMITS.trackedPropertiesCharacters
          ? []
          : [
              {
                pointer: `${pointer}/trackedProperties`,
                message: `the tracked properties have ${length} characters, the limit is ${LIMITS.trackedPropertiesCharacters}`,
              },
            ];
      }),
  },
  {
    id: 'workflow.retry-limit',
    level: 'error',
    source: sources.limits,
    help: 'Retry at most 90 times, between 5 seconds and one day apart.',
    check: ({ model }) =>
      model.nodes.flatMap(({ pointer, action }) => {
        const policy = at(action as unknown as Json, 'inputs', 'retryPolicy');
        return policy !== undefined && isJsonObject(policy)
          ? retryProblems(policy, `${pointer}/inputs/retryPolicy`)
          : [];
      }),
  },
  {
    id: 'workflow.concurrency-limit',
    level: 'error',
    source: sources.limits,
    help: 'Run 1 to 50 iterations or runs at once, with up to 100 runs waiting.',
    check: ({ definition, model }) =>
      [
        ...Object.entries(objectAt(definition, 'triggers')).map(
          ([name, trigger]) => [`/triggers${pointerStep(name)}`, trigger] as const,
        ),
        ...model.nodes.map(({ pointer, action }) => [pointer, action as unknown as Json] as const),
      ].flatMap(([pointer, json]) => {
        const concurrency = objectAt(json, 'runtimeConfiguration', 'concurrency');
        const place = `${pointer}/runtimeConfiguration/concurrency`;
        return [
          ...outside(concurrency['repetitions'], 1, 50).map((value) => ({
            pointer: `${place}/repetitions`,
            message: `${value} iterations at once are not possible`,
          })),
          ...outside(concurrency['runs'], 1, 100).map((value) => ({
            pointer: `${place}/runs`,
            message: `${value} runs at once are not possible`,
          })),
          ...outside(concurrency['maximumWaitingRuns'], 1, 100).map((value) => ({
            pointer: `${place}/maximumWaitingRuns`,
            message: `${value} waiting runs are not possible`,
          })),
        ];
      }),
  },
];

function outside(value: Json | undefined, low: number, high: number): number[] {
  return typeof value === 'number' && (value < low || value > high) ? [value] : [];
}

const TYPES = ['none', 'fixed', 'exponential'];

function retryProblems(policy: Json, pointer: string): Violation[] {
  const type = textAt(policy, 'type') ?? '';
  if (!TYPES.includes(type.toLowerCase()))
    return [{ pointer: `${pointer}/type`, message: `the retry policy is of type "${type}"` }];
  if (type.toLowerCase() === 'none') return [];
  const count = at(policy, 'count');
  const missing = ['count', 'interval'].filter((name) => at(policy, name) === undefined);
  return [
    ...missing.map((name) => ({ pointer, message: `the retry policy has no ${name}` })),
    ...outside(count, 1, LIMITS.retryCount).map((value) => ({
      pointer: `${pointer}/count`,
      message: `${value} tries are not possible`,
    })),
    ...['interval', 'minimumInterval', 'maximumInterval'].flatMap((name) =>
      intervalProblem(textAt(policy, name), `${pointer}/${name}`),
    ),
  ];
}

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

function intervalProblem(text: string | undefined, pointer: string): Violation[] {
  if (text === undefined || text.startsWith('@')) return [];
  const match = DURATION.exec(text);
  if (!match || text === 'P' || text.endsWith('T'))
    return [{ pointer, message: `"${text}" is not a duration such as PT10S` }];
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const ms = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  return ms >= LIMITS.retryMinimumMs && ms <= LIMITS.retryMaximumMs
    ? []
    : [{ pointer, message: `the interval ${text} is outside of 5 seconds to one day` }];
}
