import type { Config } from '../../config/config.ts';
import { isJsonObject, type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import type { Fault } from '../faults.ts';
import type { Answer, ColumnType } from '../logs/answers.ts';
import { durationOf } from './duration.ts';
import type { Action, BreakInStory, EnvironmentChoices, Expectation, Step } from './scenario.ts';
import { subjects } from './schema-subjects.ts';
import { verbs } from './schema-verbs.ts';

/*
 * Converts the checked tree of a scenario file to the data that a story is played from. Every member has been validated by the
 * schema; those with the right shape are used as they are.
 */

export function readStep(entry: JsonObject, place: { at: number; line: number }, config: () => Config): Step {
  const verb = Object.keys(verbs).find((name) => name in entry) ?? '';
  const value = entry[verb];
  const read = { config: () => config(), break: () => readBreak(value as JsonObject) }[verb];
  return { verb, with: read ? read() : value, ...place } as unknown as Action & { at: number; line: number };
}

function readBreak(value: JsonObject): BreakInStory {
  const { service, fault, status, retryAfter, delay, bytes, for: duration, ...rest } = value;
  return {
    ...(rest as object),
    service: service as BreakInStory['service'],
    fault: readFault(String(fault), { status, retryAfter, delay, bytes }),
    ...(duration !== undefined && { forMs: durationOf(duration) }),
  };
}

const DEFAULT_HUGE_BYTES = 50_000_000;

function readFault(kind: string, given: Readonly<Record<'status' | 'retryAfter' | 'delay' | 'bytes', unknown>>): Fault {
  switch (kind) {
    case 'status': {
      const headers = given.retryAfter === undefined ? undefined : { 'retry-after': String(given.retryAfter) };
      return { kind, status: Number(given.status ?? 503), ...(headers && { headers }) };
    }
    case 'latency':
      return { kind, ms: durationOf(given.delay ?? '30s') };
    case 'huge':
      return { kind, bytes: Number(given.bytes ?? DEFAULT_HUGE_BYTES) };
    default:
      return { kind } as Fault;
  }
}

export function readEnvironment(value: unknown): EnvironmentChoices {
  const environment = isJsonObject(value) ? value : {};
  const relay = environment['relay'] !== false;
  const triggers = member(environment, 'triggers');
  const notifications = member(environment, 'notifications');
  const team = member(environment, 'team');
  const optional = (duration: unknown) => (duration === undefined ? undefined : durationOf(duration));
  return {
    relay,
    callbacks: (textOf(environment['callbacks']) ?? (relay ? 'relay' : 'playbook')) as EnvironmentChoices['callbacks'],
    sweeps: environment['sweeps'] === true,
    hidesSources: environment['hidesSources'] === true,
    relayTimers: environment['relayTimers'] === true,
    seed: textOf(environment['seed']) ?? 'story',
    connectorLatencyMs: durationOf(environment['connectorLatency'] ?? 0),
    triggers: {
      casing: member(triggers, 'casing') === 'pascal' ? 'pascal' : 'camel',
      omit: listOf(member(triggers, 'omit')).map(String),
    },
    notifications: {
      casing: member(notifications, 'casing') === 'camel' ? 'camel' : 'documented',
      copies: member(notifications, 'copies') === 2 ? 2 : 1,
    },
    mergeUpdatesMs: durationOf(environment['mergeUpdates'] ?? 0),
    team: {
      escalateAfterMs: optional(member(team, 'escalateAfter')),
      noResponseAfterMs: optional(member(team, 'noResponseAfter')),
      scenario: (textOf(member(team, 'scenario')) ?? 'single_ack') as EnvironmentChoices['team']['scenario'],
    },
  };
}

export function readAnswers(value: unknown): readonly Answer[] {
  return listOf(value).map((entry): Answer => {
    const columns = Object.entries((member(entry, 'columns') ?? {}) as Record<string, ColumnType>);
    const [partialError, semanticError] = [
      textOf(member(entry, 'partialError')),
      textOf(member(entry, 'semanticError')),
    ];
    return {
      when: textOf(member(entry, 'query')) ?? '',
      table: {
        columns: columns.map(([name, type]) => ({ name, type })),
        rows: listOf(member(entry, 'rows')) as readonly (readonly unknown[])[],
      },
      ...(partialError && { partialError }),
      ...(semanticError && { semanticError }),
      takesMs: durationOf(member(entry, 'takes') ?? 0),
    };
  });
}

export function readExpectation(entry: JsonObject, line: number): Expectation {
  const subject = Object.keys(subjects).find((name) => name in entry) ?? '';
  const value = entry[subject];
  return { line, subject, of: subject === 'quietFor' ? durationOf(value) : value } as unknown as Expectation;
}
