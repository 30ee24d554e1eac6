import pino from 'pino';
import { isCredentialError } from '../azure/credential.ts';
import { UserError } from '../domain/errors.ts';
import { member, textOf } from '../domain/json.ts';
import { cut } from '../domain/text.ts';
import { remedyOfCredentialError } from './connect/identity-remedy.ts';
import { LeaseLostError } from './store/store.ts';
import { StoreError, sqliteCode } from './store/store-error.ts';
import { UpstreamError } from './upstream.ts';

/** Structured log of the relay. `incident` (the external id) links the entries of playbook, SIGNL4 and callback. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Safety net: values of these members are redacted if they are ever logged. */
const secretMembers = ['authorization', 'secret', 'key', 'token', 'password', 'body', 'rows', 'url', '["x-api-key"]'];

/** Writes JSON lines to `destination`. Callers only log named members: no bodies, rows or addresses. */
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

type Described = Readonly<Record<string, string | number>>;

/**
 * What may be logged of an error. Our own messages are written for people and hold no secrets. For SQLite, Azure and credentials,
 * the code and a cleaned message. Other errors may quote their input (as JSON.parse does): only their type, system code and the
 * location in our code.
 */
export function describeError(error: unknown): Described {
  if (error instanceof UpstreamError) return describeUpstream(error);
  if (error instanceof StoreError) return { error: error.message, code: error.code };
  if (error instanceof UserError && error.remedy !== undefined) return { error: error.message, remedy: error.remedy };
  if (error instanceof UserError || error instanceof LeaseLostError) return { error: error.message };
  if (!(error instanceof Error)) return { error: typeof error };
  const sqlite = sqliteCode(error);
  if (sqlite !== undefined) return { error: error.message, code: sqlite };
  if (isCredentialError(error))
    return { error: words(error.message), code: error.name, remedy: remedyOfCredentialError(error) };
  if (error.name === 'RestError') return describeRestError(error);
  const { code, syscall } = error as NodeJS.ErrnoException;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    error: error.name,
    ...(typeof code === 'string' && { code }),
    ...(syscall !== undefined && { syscall }),
    at: frames
      .slice(0, 6)
      .map((line) => line.trim())
      .join(' | '),
  };
}

function describeUpstream({ message, kind, status, cause, remedy }: UpstreamError): Described {
  const told = {
    error: message,
    kind,
    ...(status !== undefined && { status }),
    ...(remedy !== undefined && { remedy }),
  };
  if (!(cause instanceof Error)) return told;
  const { code, error } = describeError(cause.cause instanceof Error ? cause.cause : cause);
  return { ...told, cause: [code, error].filter((part) => part !== undefined).join(': ') };
}

/** A message about an invalid request may quote it; those about denied access or failures are worth logging. */
function describeRestError(error: Error): Described {
  const code = textOf(member(error, 'code'));
  const status = Number(member(error, 'statusCode') ?? 0);
  const quotes = status >= 400 && status < 500 && status !== 401 && status !== 403;
  return {
    error: quotes ? error.name : words(error.message),
    ...(code && { code }),
    ...(status > 0 && { status }),
  };
}

const MOST_WORDS = 300;

/** The first line, without addresses and anything that looks like a token or signature. */
function words(message: string): string {
  const [first = ''] = message.trim().split('\n');
  const shown = first
    .replaceAll(/https?:\/\/\S+/g, '…')
    .replaceAll(/\b(sig|signature|secret|key|token)=[^\s&;,]+/gi, '$1=…')
    .replaceAll(/\beyJ[\w.-]+/g, '…');
  return cut(shown, MOST_WORDS);
}
