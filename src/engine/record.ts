import type { WdlObject, WdlValue } from '../wdl/values.ts';
import type { ActionNode } from './model.ts';
import type { ActionError, EndStatus } from './outcome.ts';
import { NO_CODE } from './outcome.ts';

/** One failed try of a call that was made again. */
export interface RetryRecord {
  readonly startTime: number;
  readonly endTime: number;
  readonly code: string;
}

/** What is known of one execution of an action. Times in milliseconds since 1970. */
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
  /** Foreach and Until: how many iterations there were. */
  iterations?: number;
  /** After the end of a loop around it: its record of every iteration, in order. */
  repetitions?: readonly ActionRecord[];
}

/** ISO 8601 with seven decimals, as the service writes times. */
export function timeText(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '0000Z');
}

/** Expressions look at the same records again and again; one that has ended does not change any more. */
const ended = new WeakMap<ActionRecord, WdlObject>();

/** The record as `actions()` and the items of `result()` show it. Containers have neither inputs nor outputs. */
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
 * An item of `result()` for an action inside a Foreach: its outputs are its records of all iterations. For one inside an
 * Until the last iteration stands for all.
 */
export function repeatedObject(record: ActionRecord, clientTrackingId: string): WdlObject {
  const object = recordObject(record, clientTrackingId);
  if (!record.repetitions || record.node.parent?.type === 'Until') return object;
  return { ...object, outputs: record.repetitions.map((one) => repeatedObject(one, clientTrackingId)) };
}

/** The record that stands for all iterations of a Foreach, to the actions after the loop: its outputs are theirs, as a list. */
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

/** The record that stands for all iterations of an Until: the last one, with all beside it. */
export function joinUntil(records: readonly ActionRecord[]): ActionRecord {
  const last = records.at(-1);
  if (!last) throw new RangeError('a loop without iterations has nothing to join');
  return { ...last, repetitions: records };
}

const FROM_WORST: readonly ActionRecord['status'][] = ['Failed', 'TimedOut', 'Cancelled', 'Succeeded', 'Skipped'];

function worst(statuses: readonly ActionRecord['status'][]): ActionRecord['status'] {
  return FROM_WORST.find((status) => statuses.includes(status)) ?? 'Skipped';
}
