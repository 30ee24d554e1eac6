import pino from 'pino';
import { UserError } from '../domain/errors.ts';
import { LeaseLostError } from './store/store.ts';
import { UpstreamError } from './upstream.ts';

/** Structured log of the relay. `incident` (the external id) is the thread from the playbook through SIGNL4 to the callback. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Should anybody ever log one of these members, its value does not come out. */
const secretMembers = ['authorization', 'secret', 'key', 'token', 'password', 'body', 'rows', 'url', '["x-api-key"]'];

/** Writes JSON lines to `destination`. Only members named by the caller are written: no bodies, no rows, no addresses. */
export function createLog(level: string, destination: pino.DestinationStream): pino.Logger {
  return pino(
    {
      level,
      base: { service: 'signl4-relay' },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: secretMembers.flatMap((name) => [name, name.startsWith('[') ? `*${name}` : `*.${name}`]),
        censor: '…',
      },
    },
    destination,
  );
}

/**
 * What a log may say of an error. Messages of our own errors are written for people and hold no secret; those of others may
 * quote what they failed on (JSON.parse does), so only their kind and the place in our code are told.
 */
export function describeError(error: unknown): Readonly<Record<string, string | number>> {
  if (error instanceof UpstreamError) {
    const cause = error.cause instanceof Error ? { cause: error.cause.name } : {};
    return {
      error: error.message,
      kind: error.kind,
      ...(error.status !== undefined && { status: error.status }),
      ...cause,
    };
  }
  if (error instanceof UserError || error instanceof LeaseLostError) return { error: error.message };
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    error: error.name,
    at: frames
      .slice(0, 6)
      .map((line) => line.trim())
      .join(' | '),
  };
}
