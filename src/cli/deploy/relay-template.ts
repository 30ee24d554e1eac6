import type { DeploymentClient } from '../../azure/deployments.ts';
import type { FunctionApp } from '../../azure/function-app.ts';
import { UserError } from '../../domain/errors.ts';
import type { PlannedDeployment } from '../deployments.ts';
import type { Live } from '../live.ts';

/**
 * Deploys the template. A soft-deleted key vault keeps its name, so it is recovered first; its role assignments were deleted with
 * it and are created again.
 */
export async function deployRelayTemplate(
  client: DeploymentClient,
  planned: PlannedDeployment,
  note: (text: string) => void,
): Promise<void> {
  try {
    await client.deploy(planned);
  } catch (error) {
    if (!(error instanceof UserError) || !/already exists in deleted state/i.test(error.message)) throw error;
    note('The key vault of the relay was deleted: it is recovered, with new secrets.');
    await client.deploy({ ...planned, parameters: { ...planned.parameters, RecoverVault: true } });
  }
}

/** @throws UserError if the relay has another address than the one that the playbooks and SIGNL4 would call */
export function assertAddress({ config }: Live, { name, host }: FunctionApp): void {
  const wanted = URL.parse(config.relay.url)?.hostname ?? '';
  // The user's own address reaches the app through a gateway or a custom domain.
  if (wanted === host.toLowerCase() || wanted !== `${name.toLowerCase()}.azurewebsites.net`) return;
  throw new UserError('deploy.relay-address', `the relay has the address ${host}, not ${wanted}`, {
    where: { file: 'signl4.yaml', path: 'relay.url' },
    remedy: `Write url: https://${host} into "relay", then deploy again.`,
  });
}
