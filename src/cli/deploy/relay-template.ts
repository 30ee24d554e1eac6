import type { DeploymentClient } from '../../azure/deployments.ts';
import type { FunctionApp } from '../../azure/function-app.ts';
import { UserError } from '../../domain/errors.ts';
import type { PlannedDeployment } from '../deployments.ts';
import type { Live } from '../live.ts';

/** A deleted key vault keeps its name, and is brought back; its roles, which went with it, are given anew. */
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

/** @throws UserError where the playbooks and SIGNL4 would call another address than the app has */
export function assertAddress({ config }: Live, { name, host }: FunctionApp): void {
  const wanted = URL.parse(config.relay.url)?.hostname ?? '';
  // An address of the user's own leads there through a gateway or a domain.
  if (wanted === host.toLowerCase() || wanted !== `${name.toLowerCase()}.azurewebsites.net`) return;
  throw new UserError('deploy.relay-address', `the relay has the address ${host}, not ${wanted}`, {
    where: { file: 'signl4.yaml', path: 'relay.url' },
    remedy: `Write url: https://${host} into "relay", then deploy again.`,
  });
}
