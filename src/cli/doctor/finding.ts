import { UserError } from '../../domain/errors.ts';
import { liveError } from '../live-error.ts';

/** What a check found. */
export interface Finding {
  readonly status: 'ok' | 'warning' | 'failure' | 'skipped';
  readonly message: string;
  /** What to do about it; every warning and failure has one. */
  readonly remedy?: string;
}

/** One question to the live system. */
export interface Check<Context> {
  /** Stable, for scripts: `permissions`. */
  readonly id: string;
  /** Gives at least one finding; what it throws becomes a failure. */
  readonly run: (context: Context) => Promise<readonly Finding[]>;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const skipped = (message: string): Finding => ({ status: 'skipped', message });
export const warning = (message: string, remedy: string): Finding => ({ status: 'warning', message, remedy });
export const failure = (message: string, remedy: string): Finding => ({ status: 'failure', message, remedy });

/** A check that could not be made. */
export function findingOfError(error: unknown, tenantId: string): Finding {
  const told = liveError(error, tenantId);
  if (told instanceof UserError) return failure(told.message, told.remedy ?? 'Run the command again.');
  const message = error instanceof Error ? error.message : String(error);
  return failure(message, 'Run the command again with SIGNL4_DEBUG=1 and report what it prints.');
}
