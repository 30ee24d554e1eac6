import { reasonText, refusalReasons, remedyOf } from '../azure/arm-error.ts';
import { isCredentialError } from '../azure/credential.ts';
import { UserError } from '../domain/errors.ts';
import { member, textOf } from '../domain/json.ts';
import { Signl4Error } from '../signl4/error.ts';

/** What to do about each HTTP status that Azure returns. */
const azureRemedies: Readonly<Record<number, string>> = {
  401: 'Sign in again: az login.',
  403: 'Ask for a role that allows it (to look: Reader on the resource group, Microsoft Sentinel Reader on the workspace; to change: Owner, or Contributor with User Access Administrator), or let somebody run this who has it.',
  404: 'Check subscription, resource group and names in signl4.yaml.',
  409: 'Somebody else changes it right now; run the command again.',
  429: 'Wait a minute and run the command again.',
};

const signl4Remedies: Readonly<Record<number, string>> = {
  401: 'Set SIGNL4_API_KEY. SIGNL4 portal: Integrations, API keys.',
  403: 'Set SIGNL4_API_KEY to a valid key with enough rights. SIGNL4 portal: Integrations, API keys.',
  404: 'Check SIGNL4_TEAM_SECRET. SIGNL4 portal: Teams, the team: the last part of its webhook address.',
  429: 'Wait a minute and run the command again.',
};

/** Without a status there was no response. */
function remedyFor(status: number): string {
  if (Number.isNaN(status)) return LATER;
  return (
    azureRemedies[status] ?? (status >= 500 ? 'Azure has trouble. Wait a minute and run the command again.' : UNKNOWN)
  );
}

const UNKNOWN =
  'Azure does not take what was sent. Check signl4.yaml; if it is right, report this with what SIGNL4_DEBUG=1 prints.';
const LATER = 'Check the network and run the command again.';

/** Turns an error of Azure or SIGNL4 into one for people; other errors are returned unchanged. */
export function liveError(error: unknown, tenantId: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  if (error instanceof Signl4Error) {
    const remedy = signl4Remedies[error.statusCode ?? 0] ?? LATER;
    return new UserError('signl4.refused', error.message, { remedy, cause: error });
  }
  if (isCredentialError(error)) return notSignedIn(error, tenantId);
  if (error.name !== 'RestError') return error;
  const status = Number(textOf(member(error, 'statusCode')));
  const reasons = refusalReasons(error);
  const known = remedyOf(reasons);
  const message =
    known === undefined
      ? firstLine(error.message) || `Azure answered ${status} to ${askedFor(error)}, and gave no reason`
      : reasons.map(reasonText).join('; ');
  return new UserError('azure.refused', message, { remedy: known ?? remedyFor(status), cause: error });
}

/** Method and path of the request, because responses to HEAD have no body. */
function askedFor(error: unknown): string {
  const { method, url } = Object(member(error, 'request')) as { method?: unknown; url?: unknown };
  return `${textOf(method) ?? 'a request'} ${URL.parse(textOf(url) ?? '')?.pathname ?? ''}`.trim();
}

export function notSignedIn(error: unknown, tenantId: string): UserError {
  const reason = firstLine(error instanceof Error ? error.message : String(error));
  // Drop "ChainedTokenCredential authentication failed.": the name of a class means nothing to the user.
  const isForPeople = reason !== '' && !/^\w+Credential\b/.test(reason);
  const remedy = `Install the Azure CLI and run: az login --tenant ${tenantId}`;
  const message = `nobody is signed in to Azure${isForPeople ? `: ${reason}` : ''}`;
  return new UserError('azure.sign-in', message, { remedy, cause: error });
}

/** The remaining lines only list what was tried. */
function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? '';
}
