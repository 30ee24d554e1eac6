import { listOf, member, memberAt, textOf } from '../../domain/json.ts';
import { relayFromHere } from '../relay-in-azure.ts';
import type { DoctorContext } from './context.ts';
import { type Check, type Finding, failure, ok, rights, unread } from './finding.ts';

/** The relay answers; if `deploy` created it, it exists and can read its secrets. */
export const relayCheck: Check<DoctorContext> = {
  id: 'relay',
  async run(context) {
    const { url, azure } = context.live.config.relay;
    if (url === '') return [ok('no relay: the playbooks build the alerts themselves')];
    const inAzure = azure.app === '' ? [] : await azureFindings(context);
    const isMissing = inAzure.some(({ status }) => status === 'failure');
    return isMissing ? inAzure : [...inAzure, await answering(context)];
  },
};

async function azureFindings({ live, relay, apps }: DoctorContext): Promise<readonly Finding[]> {
  const { app } = live.config.relay.azure;
  try {
    const found = await relay();
    if (!found)
      return [
        failure(`the function app ${app} is not in ${live.group.resourceGroup}`, 'Run "signl4-sentinel deploy".'),
      ];
    if (found.app.principalId === undefined)
      return [failure(`the function app ${app} has no identity`, 'Run "signl4-sentinel deploy".')];
    const unresolved = (await apps.references(app)).filter(({ status }) => status !== 'Resolved');
    return unresolved.map(({ setting, status }) =>
      failure(
        `the relay does not get ${setting} from its key vault (${status})`,
        'Run "signl4-sentinel deploy": it gives the role Key Vault Secrets User and has the app read its secrets again.',
      ),
    );
  } catch (error) {
    return [unread(`the function app ${app}`, error, live.signedInTo, rights.relay)];
  }
}

async function answering({ live, fetch }: DoctorContext): Promise<Finding> {
  const { url } = live.config.relay;
  const remedy = 'Look at the log of the relay; until it works, the playbooks build the alerts themselves.';
  try {
    const address = `${relayFromHere(live)}/health/ready`;
    const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
    const body: unknown = await answer.json().catch(() => undefined);
    const without = listOf(member(body, 'without')).join(', ');
    if (answer.status !== 200) {
      const reason = textOf(memberAt(body, 'error', 'message'));
      return failure(
        `the relay ${url} is not ready (HTTP ${answer.status}${reason === undefined ? '' : `: ${reason}`})`,
        remedy,
      );
    }
    return without === ''
      ? ok(`the relay ${url} is ready`)
      : failure(`the relay ${url} answers, but has no ${without} in Azure any more`, remedy);
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return failure(`the relay ${url} does not answer: ${reason}`, remedy);
  }
}
