import { isCredentialError } from '../../azure/credential.ts';
import { UserError } from '../../domain/errors.ts';
import { member, textOf } from '../../domain/json.ts';

const remedies: Readonly<Record<string, string>> = {
  403: 'Give the identity that runs this the roles Storage Table Data Contributor and Storage Queue Data Contributor on the account, and check its network rules.',
  404: 'Check RELAY_STORAGE_ACCOUNT: the account needs tables and queues.',
  ENOTFOUND: 'Check RELAY_STORAGE_ACCOUNT and RELAY_STORAGE_SUFFIX, or the endpoints in RELAY_STORAGE_CONNECTION.',
  ECONNREFUSED: 'Check the endpoints in RELAY_STORAGE_CONNECTION, and whether the storage account is there.',
};
const OTHERWISE = 'Check RELAY_STORAGE_ACCOUNT or RELAY_STORAGE_CONNECTION, and the network.';
const SIGN_IN =
  'Sign in (az login), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. Or ask the relay itself: --url, with RELAY_KEY.';

/** Explains why the storage account cannot be used, to the person who starts the relay or a command; contains no key. */
export function storageProblem(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  if (isCredentialError(error)) {
    return new UserError('relay.storage-sign-in', 'nobody is signed in to the storage account', {
      remedy: SIGN_IN,
      cause: error,
    });
  }
  if (error.name !== 'RestError') return error;
  const code = textOf(member(error, 'code'));
  const status = textOf(member(error, 'statusCode'));
  const reason = [code, status && `HTTP ${status}`].filter((part) => part).join(', ') || 'no reason given';
  return new UserError('relay.storage-unusable', `the storage account cannot be used (${reason})`, {
    remedy: remedies[status ?? ''] ?? remedies[code ?? ''] ?? OTHERWISE,
    cause: error,
  });
}
