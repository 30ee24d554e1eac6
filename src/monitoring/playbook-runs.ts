import { diagnosticsColumns, healthColumns, tableIfThere } from './tables.ts';

/*
 * Runs of the playbooks. What Sentinel's health says ends with the start; how a run ended only the Logic App's own log knows.
 */

/** Columns of Logic Apps in AzureDiagnostics by the name that the queries give them, and what to use for one that is not there yet. */
const runColumns = {
  Playbook: ['resource_workflowName_s', '""'],
  RunId: ['resource_runId_s', '""'],
  Action: ['resource_actionName_s', '""'],
  State: ['status_s', '""'],
  Code: ['code_s', '""'],
  Message: ['error_message_s', '""'],
  Began: ['startTime_t', 'datetime(null)'],
  Ended: ['endTime_t', 'datetime(null)'],
} as const;

/**
 * `let events = …`: what the playbooks' log says of runs and actions.
 * @param when condition on TimeGenerated, without the column
 * @param ours list of the playbooks' names
 */
export function runEvents(when: string, ours: string): string {
  const columns = Object.entries(runColumns).map(
    ([name, [column, fallback]]) => `${name} = column_ifexists("${column}", ${fallback})`,
  );
  return `let events = ${tableIfThere('AzureDiagnostics', diagnosticsColumns)}
| where TimeGenerated ${when} and ResourceProvider =~ "MICROSOFT.LOGIC" and Category == "WorkflowRuntime"
| extend ${columns.join(', ')}
| where Playbook in (${ours});
let ends = events
| where OperationName endswith "workflowRunCompleted"
| summarize arg_max(TimeGenerated, Playbook, State, Began, Ended) by RunId;`;
}

/**
 * `let errors = …`: the first action of a run that failed. A scope that failed says only that something in it did.
 */
export const firstErrors = `let errors = events
| where OperationName endswith "workflowActionCompleted" and State in ("Failed", "TimedOut") and Code != "ActionFailed"
| summarize arg_min(Began, Action, Code, Message) by RunId;`;

/**
 * `let health = …` and `let started = …`: what Sentinel says of rules and playbooks, and which incident a run was about. A playbook that a rule
 * started is in the row of the rule.
 */
export function startedRuns(when: string): string {
  return `let health = ${tableIfThere('SentinelHealth', healthColumns)}
| where TimeGenerated ${when};
let started = union
    (health | where OperationName =~ "Automation rule run" | mv-expand Item = ExtendedProperties.TriggeredPlaybooks | project RunId = tostring(Item.RunId), Rule = SentinelResourceName, Incident = tostring(ExtendedProperties.IncidentNumber)),
    (health | where OperationName =~ "Playbook was triggered" | project RunId = tostring(ExtendedProperties.RunId), Rule = strcat("by ", tostring(ExtendedProperties.TriggeredByName)), Incident = tostring(ExtendedProperties.IncidentNumber))
| where isnotempty(RunId)
| summarize Rule = take_any(Rule), Incident = take_any(Incident) by RunId;`;
}

/**
 * Condition on rows of SentinelHealth: a playbook of `ours` was not started by a rule, nor by hand or for one of ours. A rule says in its description
 * which playbook it could not start; where it names none, a rule of ours that started none of ours is meant.
 */
export const refusedStart = `Status !~ "Success"
| where (OperationName == "Playbook was triggered" and (SentinelResourceName has_any (ours) or tostring(ExtendedProperties) has_any (ours)))
    or (OperationName == "Automation rule run" and Description has_any (ours))
    or (OperationName == "Automation rule run" and (SentinelResourceName has "SIGNL4" or SentinelResourceName has_any (ours))
        and not(Description contains "playbook:") and not(tostring(ExtendedProperties.TriggeredPlaybooks) has_any (ours)))`;
