import { UserError } from '../../domain/errors.ts';
import { member } from '../../domain/json.ts';
import type { Problem } from '../../domain/problem.ts';
import { liveError } from '../live-error.ts';

/** Result of a check. Every warning and failure has a remedy, or says whom to ask. */
export interface Finding extends Problem {
  readonly status: 'ok' | 'warning' | 'failure' | 'skipped';
}

/** One check of the live system. */
export interface Check<Context> {
  /** Stable, for scripts: `permissions`. */
  readonly id: string;
  /** Who may read what the check needs; shown if Azure refuses. Default: {@link rights.playbooks}. */
  readonly right?: string;
  /** Returns at least one finding; what it throws becomes a failure. */
  readonly run: (context: Context) => Promise<readonly Finding[]>;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const skipped = (message: string): Finding => ({ status: 'skipped', message });
export const warning = (message: string, remedy: string): Finding => ({ status: 'warning', message, remedy });
export const failure = (message: string, remedy: string): Finding => ({ status: 'failure', message, remedy });

/**
 * A finding for what a provider cannot see in the customer's tenant (Azure Lighthouse); the remedy says how the customer can
 * check it.
 */
export const unseen = (message: string, remedy: string): Finding => ({ status: 'skipped', message, remedy });

/** Which role may read what. The two directories are separate: Azure roles grant nothing in Entra. */
export const rights = {
  playbooks: 'Ask for the Azure role Reader on the resource group of the playbooks.',
  relay: 'Ask for the Azure role Website Contributor on the resource group of the playbooks.',
  callbackUrl:
    'The role Reader is not enough for addresses that start a playbook: ask for the Azure role Logic App Contributor on its resource group (action Microsoft.Logic/workflows/triggers/listCallbackUrl/action).',
  directory:
    'Azure roles do not help here: ask for the Entra role Directory Readers, or, for an application, for the permission Application.Read.All of Microsoft Graph.',
  roles: 'Ask for the Azure role Reader on the workspace and on the resource group of the playbooks.',
  sentinel: 'Ask for the Azure role Microsoft Sentinel Reader on the workspace.',
  incidents: 'Ask for the Azure role Microsoft Sentinel Responder on the workspace.',
  logs: 'Ask for the Azure role Log Analytics Reader, or Microsoft Sentinel Reader, on the workspace.',
} as const;

/** A check that could not run; `right` is the remedy if access was denied. */
export function findingOfError(error: unknown, tenantId: string, right: string = rights.playbooks): Finding {
  const told = liveError(error, tenantId);
  if (told instanceof UserError)
    return failure(told.message, isRefused(error) ? right : (told.remedy ?? 'Run the command again.'));
  const message = error instanceof Error ? error.message : String(error);
  return failure(message, 'Run the command again with SIGNL4_DEBUG=1 and report what it prints.');
}

/** A part of a check that could not run: what it was about, and why. */
export function unread(what: string, error: unknown, tenantId: string, right?: string): Finding {
  const finding = findingOfError(error, tenantId, right);
  return { ...finding, message: `${what} cannot be read: ${finding.message}` };
}

/** Whether Azure or Entra denied access; errors of SIGNL4 have their own remedies. */
function isRefused(error: unknown): boolean {
  return member(error, 'name') === 'RestError' && Number(member(error, 'statusCode')) === 403;
}
