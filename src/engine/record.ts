import type { WdlObject, WdlValue } from '../wdl/values.ts';
import type { ActionNode } from './model.ts';
import type { ActionError, EndStatus } from './outcome.ts';
import { NO_CODE } from './outcome.ts';

/** A failed attempt that was followed by a retry. */
export interface RetryRecord {
  readonly startTime: number;
  readonly endTime: number;
  readonly code: string;
}

/** State of one execution of an action. Times in milliseconds since 1970. */
export interface ActionRecord {
  readonly node: ActionNode;
  readonly startTime: number;
  endTime: number;
  status: EndStatus | 'Running';
  code: string;
  error?: ActionError | undefined;
  inputs?: WdlValue | undefined;
  outputs?: WdlValue | undefined;
  readonly trackingId: string;
  trackedProperties?: WdlObject;
  retries?: readonly RetryRecord[];
  /** Foreach and Until: number of iterations. */
  iterations?: number;
  /** Set after the enclosing loop ended: the records of all iterations, in order. */
  repetitions?: readonly ActionRecord[];
}

/** ISO 8601 with seven decimals, as the service writes it. */
export function timeText(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '0000Z');
}

/** Cache: expressions read the same records repeatedly, and ended ones do not change. */
const ended = new WeakMap<ActionRecord, WdlObject>();

/** The record as `actions()` and `result()` return it. Containers have neither inputs nor outputs. */
export function recordObject(record: ActionRecord, clientTrackingId: string): WdlObject {
  const known = ended.get(record);
  if (known) return known;
  const object = objectOf(record, clientTrackingId);
  if (record.status !== 'Running') ended.set(record, object);
  return object;
}

function objectOf(record: ActionRecord, clientTrackingId: string): WdlObject {
  const { node, inputs, outputs, startTime, endTime, trackingId, code, status, error, repetitions } = record;
  return {
    name: node.name,
    ...(inputs !== undefined && { inputs }),
    ...(outputs !== undefined && { outputs }),
    startTime: timeText(startTime),
    endTime: timeText(endTime),
    trackingId,
    clientTrackingId,
    ...((code !== NO_CODE || repetitions) && { code }),
    status,
    ...(error && { error: { code: error.code, message: error.message } }),
    ...(repetitions && { repetitionCount: repetitions.length }),
  };
}

/**
 * An item of `result()` for an action in a loop. In a Foreach its outputs are the records of all iterations; in an Until, the
 * last iteration is used.
 */
export function repeatedObject(record: ActionRecord, clientTrackingId: string): WdlObject {
  const object = recordObject(record, clientTrackingId);
  if (!record.repetitions || record.node.parent?.type === 'Until') return object;
  return { ...object, outputs: record.repetitions.map((one) => repeatedObject(one, clientTrackingId)) };
}

/** The combined record for actions after a Foreach: its outputs are those of all iterations, as a list. */
export function joinForeach(records: readonly ActionRecord[]): ActionRecord {
  const [first] = records;
  if (!first) throw new RangeError('a loop without iterations has nothing to join');
  return {
    node: first.node,
    startTime: records.reduce((least, { startTime }) => Math.min(least, startTime), first.startTime),
    endTime: records.reduce((most, { endTime }) => Math.max(most, endTime), first.endTime),
    status: worst(records.map(({ status }) => status)),
    code: NO_CODE,
    outputs: records.map((record) => record.outputs ?? null),
    trackingId: first.trackingId,
    repetitions: records,
  };
}

/** The combined record for actions after an Until: the last iteration's, with all of them attached. */
export function joinUntil(records: readonly ActionRecord[]): ActionRecord {
  const last = records.at(-1);
  if (!last) throw new RangeError('a loop without iterations has nothing to join');
  return { ...last, repetitions: records };
}

const FROM_WORST: readonly ActionRecord['status'][] = ['Failed', 'TimedOut', 'Cancelled', 'Succeeded', 'Skipped'];

function worst(statuses: readonly ActionRecord['status'][]): ActionRecord['status'] {
  return FROM_WORST.find((status) => statuses.includes(status)) ?? 'Skipped';
}
