import { UserError } from '../domain/errors.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { bodyOfType } from '../wdl/content/body.ts';
import type { EvaluationContext } from '../wdl/context.ts';
import { WdlError } from '../wdl/errors.ts';
import { evaluateTemplate } from '../wdl/evaluate.ts';
import type { Trigger, WorkflowDefinition } from '../wdl/types.ts';
import { isArray, typeName, type WdlObject, type WdlValue } from '../wdl/values.ts';
import { type SchemaViolation, schemaViolations } from './json-schema.ts';
import type { ActionError } from './outcome.ts';
import { requestOutputs, texts, triggerInputs } from './request-trigger.ts';
import { headerOf } from './retry-policy.ts';
import type { ChosenTrigger, TriggerInput } from './trigger-input.ts';

/** One run, or one per item if the trigger splits an array; none if the trigger does not fire. */
export type Firing =
  | { readonly kind: 'fires'; readonly outputs: readonly WdlObject[] }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: ActionError };

const TYPES: readonly Trigger['type'][] = [
  'Request',
  'ApiConnection',
  'ApiConnectionWebhook',
  'Http',
  'HttpWebhook',
  'Recurrence',
  'SlidingWindow',
  'Batch',
];

/** @throws UserError `workflow.trigger` if name or type is unknown, or there are several and none was chosen */
export function chooseTrigger({ triggers }: WorkflowDefinition, wanted: string | undefined): ChosenTrigger {
  const names = Object.keys(triggers);
  const name = wanted === undefined ? names[0] : names.find((one) => one.toLowerCase() === wanted.toLowerCase());
  const trigger = name === undefined ? undefined : triggers[name];
  if (name === undefined || !trigger) {
    throw new UserError('workflow.trigger', `The workflow has no trigger '${wanted ?? ''}'.`, {
      where: { path: '/triggers' },
      remedy: `It has: ${names.join(', ') || 'none'}.`,
    });
  }
  if (wanted === undefined && names.length > 1) {
    throw new UserError('workflow.trigger', `The workflow has ${names.length} triggers: ${names.join(', ')}.`, {
      where: { path: '/triggers' },
      remedy: 'Say which one fires (--trigger-name <name>).',
    });
  }
  const type = TYPES.find((known) => known.toLowerCase() === String(trigger.type).toLowerCase());
  if (!type) {
    throw new UserError(
      'workflow.trigger',
      `The trigger '${name}' is of type '${String(trigger.type)}', which this engine cannot fire.`,
      {
        where: { path: `/triggers${pointerStep(name)}/type` },
      },
    );
  }
  return { name, type, trigger };
}

/** Whether a trigger polls an address or a connector, and so makes a call unless a body is given. */
export function isPolling({ type }: ChosenTrigger): boolean {
  return type === 'Http' || type === 'ApiConnection';
}

/** `triggerOutputs()` for the input, or why no run starts. Recurrences have none. */
export function triggerOutputs(
  chosen: ChosenTrigger,
  input: TriggerInput,
): { readonly outputs: WdlObject } | { readonly error: ActionError } {
  if (input.outputs) return { outputs: input.outputs };
  if (chosen.type === 'Recurrence' || chosen.type === 'SlidingWindow') return { outputs: {} };
  const { body, headers } = input;
  const request = requestOutputs(chosen, input);
  if ('error' in request) return request;
  return {
    outputs: {
      headers: headers
        ? texts(headers)
        : body === undefined
          ? {}
          : { 'Content-Type': 'application/json; charset=utf-8' },
      ...request,
      ...(body !== undefined && { body: bodyOfType(body, headerOf(headers, 'content-type')) }),
    },
  };
}

/**
 * Whether a trigger with these outputs fires, and for which items: batch messages, schema (only with `EnableSchemaValidation`),
 * conditions, splitOn ("Schema reference guide for trigger and action types", trigger conditions and debatching).
 */
export function fire(
  { name, type, trigger }: ChosenTrigger,
  outputs: WdlObject,
  context: EvaluationContext,
  splitOnItems: number,
): Firing {
  if (type === 'Batch' && outputs['body'] === undefined) {
    return {
      kind: 'skipped',
      reason: `The trigger '${name}' has no batch to release: give it {"items": [{"content": …}]}.`,
    };
  }
  const mismatch = schemaMismatch(name, trigger, outputs);
  if (mismatch) return { kind: 'failed', error: mismatch };
  try {
    for (const { expression } of trigger.conditions ?? []) {
      if (evaluateTemplate(expression, context) === true) continue;
      return { kind: 'skipped', reason: `The condition ${expression} of the trigger '${name}' is not met.` };
    }
    if (trigger.splitOn === undefined) return { kind: 'fires', outputs: [outputs] };
    const items = evaluateTemplate(trigger.splitOn, context);
    if (items === null)
      return { kind: 'skipped', reason: `The splitOn ${trigger.splitOn} of the trigger '${name}' is null.` };
    if (!isArray(items)) throw splitOnError(trigger.splitOn, items);
    if (items.length > splitOnItems) {
      const message = `The splitOn of the trigger '${name}' gives ${items.length} items; the limit is ${splitOnItems}.`;
      return { kind: 'failed', error: { code: 'SplitOnLimitExceeded', message } };
    }
    if (items.length === 0) return { kind: 'skipped', reason: `The splitOn of the trigger '${name}' has no items.` };
    return { kind: 'fires', outputs: items.map((body) => ({ ...outputs, body })) };
  } catch (error) {
    if (!(error instanceof WdlError)) throw error;
    const message = `Unable to process template language expressions for trigger '${name}' at line '0' and column '0': '${error.message}'.`;
    return { kind: 'failed', error: { code: error.code, message, pointer: `/triggers${pointerStep(name)}` } };
  }
}

function splitOnError(expression: string, value: WdlValue): WdlError {
  return new WdlError(
    'wdl.argument-type',
    `the result of the evaluation of 'splitOn' expression '${expression}' is of type '${typeName(value)}'. The result must be a valid array.`,
  );
}

function schemaMismatch(name: string, trigger: Trigger, outputs: WdlObject): ActionError | undefined {
  if (
    !String(trigger.operationOptions ?? '')
      .toLowerCase()
      .includes('enableschemavalidation')
  )
    return undefined;
  const inputs = 'inputs' in trigger ? trigger.inputs : undefined;
  const schema = inputs && typeof inputs === 'object' && 'schema' in inputs ? inputs.schema : undefined;
  if (schema === undefined || schema === null) return undefined;
  const pointer = `/triggers${pointerStep(name)}/inputs/schema`;
  const violations = violationsOf(schema as WdlValue, outputs['body'] ?? null);
  if ('problem' in violations) {
    const message = `The 'schema' of trigger '${name}' is not valid JSON schema: ${violations.problem}.`;
    return { code: 'BadRequest', message, pointer };
  }
  const [first] = violations;
  if (!first) return undefined;
  const message = `The input body for trigger '${name}' of type '${trigger.type}' did not match its schema definition. Error details: '${first.message} Path '${first.path}'.'.`;
  return { code: 'TriggerInputSchemaMismatch', message, pointer };
}

function violationsOf(schema: WdlValue, body: WdlValue): readonly SchemaViolation[] | { readonly problem: string } {
  try {
    return schemaViolations(schema, body);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** `trigger()` of a run. */
export function triggerObject(chosen: ChosenTrigger, outputs: WdlObject, time: string, runName: string): WdlObject {
  const inputs = triggerInputs(chosen);
  return {
    name: chosen.name,
    ...(inputs && { inputs }),
    outputs,
    startTime: time,
    endTime: time,
    trackingId: '00000000-0000-4000-8000-000000000000',
    clientTrackingId: runName,
    originHistoryName: runName,
    status: 'Succeeded',
  };
}
