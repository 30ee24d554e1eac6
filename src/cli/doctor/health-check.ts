import { listOf, memberAt, textOf } from '../../domain/json.ts';
import type { DoctorContext } from './context.ts';
import { type Check, ok, rights, warning } from './finding.ts';

/** Health records about runs of our playbooks and the rules that start them. Source: azure-docs, monitor-automation-health. */
const healthQuery = (playbooks: readonly string[]) => `SentinelHealth
| where TimeGenerated > ago(7d) and OperationName in ("Automation rule run", "Playbook was triggered")
| where SentinelResourceName in~ (${playbooks.map((name) => JSON.stringify(name)).join(', ')})
    or tostring(ExtendedProperties.TriggeredPlaybooks) has_any (${playbooks.map((name) => JSON.stringify(name)).join(', ')})
| summarize Runs = count(), Failed = countif(Status != "Success"), Reasons = make_set_if(Description, Status != "Success", 3)`;

/** Failures that Sentinel recorded about rules and playbooks. Having no record does not prove that nothing failed. */
export const healthCheck: Check<DoctorContext> = {
  id: 'health',
  right: rights.logs,
  async run({ logs, playbooks }) {
    const off = warning(
      'Sentinel keeps no record of its automation, so failures cannot be seen here',
      'Azure portal: Microsoft Sentinel, Configuration, Settings, Settings, Auditing and health monitoring, Enable. Defender portal: System, Settings, Microsoft Sentinel.',
    );
    try {
      const names = playbooks.map(({ playbook }) => playbook.name);
      const { rows } = await logs.query(healthQuery(names), { timeoutSeconds: 30 });
      const [runs = 0, failed = 0, reasons] = rows[0] ?? [];
      if (Number(runs) === 0) return [off];
      if (Number(failed) === 0) return [ok(`Sentinel ran its automation ${runs} times in 7 days without a failure`)];
      const why = listOf(reasons)
        .flatMap((reason) => textOf(reason) ?? [])
        .join('; ');
      return [
        warning(
          `${failed} of ${runs} automation runs failed in 7 days: ${why || 'no reason recorded'}`,
          'Portal: Microsoft Sentinel, Threat management, Workbooks, Automation health.',
        ),
      ];
    } catch (error) {
      // The table is created only after health monitoring is enabled.
      if (Number(memberAt(error, 'statusCode')) === 400) return [off];
      throw error;
    }
  },
};
