import { UserError } from '../../domain/errors.ts';
import { member, textOf } from '../../domain/json.ts';

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

/** What a refusal means to the person who runs the check. */
const remedies: Readonly<Record<number, string>> = {
  401: 'Sign in again: az login.',
  403: 'Ask for read access (role Reader on the resource group, Microsoft Sentinel Reader on the workspace), or let somebody run this who has it.',
  404: 'Check subscription, resource group and names in signl4.yaml.',
  429: 'Wait a minute and run it again.',
};

/** A check that could not be made. */
export function findingOfError(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UserError && error.remedy !== undefined) return failure(message, error.remedy);
  const status = Number(textOf(member(error, 'statusCode')));
  return failure(message, remedies[status] ?? 'Check the network and run it again.');
}
