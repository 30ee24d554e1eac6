import { listOf, memberAt, textOf } from '../../domain/json.ts';
import { SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import { assignmentCommand, hasRole, indispensable, roleOfSentinel, rolesOfPlaybook } from '../permissions.ts';
import type { DoctorContext } from './context.ts';
import { type Check, type Finding, failure, ok, skipped, warning } from './finding.ts';

const RUNS = 10;

/** Deployed, switched on, open to Sentinel, and their latest runs went well. */
export const playbooksCheck: Check<DoctorContext> = {
  id: 'playbooks',
  async run({ playbooks, workflows, live }) {
    const findings = playbooks.map(async ({ playbook, deployed }): Promise<readonly Finding[]> => {
      const { name } = playbook;
      const deploy = `Run "signl4-sentinel deploy ${name}".`;
      if (!deployed)
        return [
          indispensable.has(name)
            ? failure(`${name} is not in ${live.group.resourceGroup}`, deploy)
            : skipped(`${name} is not deployed`),
        ];
      const problems: Finding[] = [];
      if (!deployed.isEnabled) problems.push(failure(`${name} is switched off`, `Portal: ${name}, Overview, Enable.`));
      if (deployed.principalId === undefined)
        problems.push(failure(`${name} has no managed identity`, `Portal: ${name}, Identity, System assigned, On.`));
      if (deployed.hasCallerRestrictions && !playbook.restrictCallers)
        problems.push(
          failure(
            `${name} only takes calls from certain addresses or tokens: Microsoft Sentinel cannot run it`,
            `Portal: ${name}, Workflow settings, Access control: any IP, no policies.`,
          ),
        );
      const failed = (await workflows.runs(name, RUNS)).filter(({ status }) => status === 'Failed');
      const [latest] = failed;
      if (latest)
        problems.push(
          warning(
            `${failed.length} of the last ${RUNS} runs of ${name} failed, the latest at ${latest.startTime} (${latest.error ?? 'no reason given'})`,
            `Portal: ${name}, Run history, the failed run: the red action says why.`,
          ),
        );
      return problems.length > 0 ? problems : [ok(`${name} is deployed and on`)];
    });
    return (await Promise.all(findings)).flat();
  },
};

/** The roles without which playbooks cannot change incidents, and Sentinel cannot run playbooks. */
export const permissionsCheck: Check<DoctorContext> = {
  id: 'permissions',
  async run({ live, playbooks, roles, directory }) {
    const needs = playbooks.flatMap(({ deployed }) => (deployed ? rolesOfPlaybook(live, deployed) : []));
    const sentinelId = await directory.servicePrincipal(SECURITY_INSIGHTS_APP_ID);
    const noPrincipal = failure(
      'the tenant does not know "Azure Security Insights", the application of Microsoft Sentinel',
      'Switch Sentinel on for the workspace; the application comes with it.',
    );
    const all = [...needs, ...(sentinelId === undefined ? [] : [roleOfSentinel(live, sentinelId)])];
    const findings = all.map(async (needed) => {
      const { who, roleName, scope } = needed;
      if (await hasRole(roles, needed)) return ok(`${who} has the role ${roleName}`);
      const remedy = `Run "signl4-sentinel setup apply", or: ${assignmentCommand(needed)}`;
      return failure(`${who} lacks the role ${roleName} on ${scope}`, remedy);
    });
    return [...(await Promise.all(findings)), ...(sentinelId === undefined ? [noPrincipal] : [])];
  },
};

/** An automation rule runs each playbook that starts on incidents. */
export const automationRulesCheck: Check<DoctorContext> = {
  id: 'automation-rules',
  async run({ sentinel, playbooks, now }) {
    const rules = (await sentinel.automationRules()).map(readRule);
    return triggered.flatMap(({ name, when }) => {
      const id = playbooks.find(({ playbook }) => playbook.name === name)?.deployed?.id.toLowerCase();
      if (id === undefined) return [skipped(`${name} is not deployed, so no rule needs to run it`)];
      const own = rules.filter((rule) => rule.runs.includes(id));
      const live = own.filter((rule) => rule.isEnabled && !(rule.ends <= now()) && rule.when === when);
      if (live.length > 0) return [ok(`"${live[0]?.name}" runs ${name} when an incident is ${when.toLowerCase()}`)];
      const asleep = own.find((rule) => rule.when === when);
      if (!asleep)
        return [
          failure(
            `no automation rule runs ${name} when an incident is ${when.toLowerCase()}`,
            'Run "signl4-sentinel deploy".',
          ),
        ];
      const why = asleep.isEnabled ? 'has expired' : 'is switched off';
      return [
        failure(
          `the automation rule "${asleep.name}" ${why}`,
          `Portal: Microsoft Sentinel, Automation, "${asleep.name}".`,
        ),
      ];
    });
  },
};

const triggered = [
  { name: 'SIGNL4-Send-Incident', when: 'Created' },
  { name: 'SIGNL4-Sync-Incident', when: 'Updated' },
] as const;

function readRule(rule: unknown) {
  const expires = textOf(memberAt(rule, 'properties', 'triggeringLogic', 'expirationTimeUtc'));
  return {
    name: textOf(memberAt(rule, 'properties', 'displayName')) ?? '',
    isEnabled: memberAt(rule, 'properties', 'triggeringLogic', 'isEnabled') === true,
    when: textOf(memberAt(rule, 'properties', 'triggeringLogic', 'triggersWhen')) ?? '',
    ends: expires ? Date.parse(expires) : Number.POSITIVE_INFINITY,
    runs: listOf(memberAt(rule, 'properties', 'actions')).flatMap(
      (action) => textOf(memberAt(action, 'actionConfiguration', 'logicAppResourceId'))?.toLowerCase() ?? [],
    ),
  };
}

/** Source: azure-docs, monitor-automation-health. */
const healthQuery = `SentinelHealth
| where TimeGenerated > ago(7d) and OperationName in ("Automation rule run", "Playbook was triggered")
| summarize Runs = count(), Failed = countif(Status != "Success"), Reasons = make_set_if(Description, Status != "Success", 3)`;

/** What Sentinel itself recorded about rules and playbooks. No record is not the same as no failure. */
export const healthCheck: Check<DoctorContext> = {
  id: 'health',
  async run({ logs }) {
    const off = warning(
      'Sentinel keeps no record of its automation, so failures cannot be seen here',
      'Portal: Microsoft Sentinel, Settings, Auditing and health monitoring, Enable.',
    );
    try {
      const { rows } = await logs.query(healthQuery, { timeoutSeconds: 30 });
      const [runs = 0, failed = 0, reasons] = rows[0] ?? [];
      if (Number(runs) === 0) return [off];
      if (Number(failed) === 0) return [ok(`Sentinel ran its automation ${runs} times in 7 days without a failure`)];
      const why = listOf(reasons)
        .flatMap((reason) => textOf(reason) ?? [])
        .join('; ');
      return [
        warning(
          `${failed} of ${runs} automation runs failed in 7 days: ${why || 'no reason recorded'}`,
          'Portal: Microsoft Sentinel, Workbooks, Automation health.',
        ),
      ];
    } catch (error) {
      // The table only exists once health monitoring has been on.
      if (Number(memberAt(error, 'statusCode')) === 400) return [off];
      throw error;
    }
  },
};
