/** Texts of the workbook that are not a tile. Markdown. */

export const INTRODUCTION = `## SIGNL4 on-call

How fast incidents of Microsoft Sentinel reach the person on call, how fast somebody takes them, and where the paging fails. Each incident counts once, as it is now. An acknowledgement is a change of status or owner that a person made, on the phone (our playbooks write it) or in Sentinel; what automation rules, Defender or our own page write counts as none.`;

/** Stands in place of the tiles that read SentinelHealth. */
export const HEALTH_OFF = `### No data: health monitoring is off

Nothing of automation rules and playbooks was found in the table SentinelHealth in this time range. Either no rule ran, or health monitoring is off: then this does **not** mean that all is well.

To switch it on: Microsoft Sentinel, *Settings*, *Settings*, *Auditing and health monitoring*, *Enable*; or deploy the template \`monitoring/workspace\`, which sets the category Automation. Rows come with the next run, some minutes later.`;

/** Stands in place of the tiles that read AzureDiagnostics. */
export const DIAGNOSTICS_OFF = `### No data: the playbooks send no log

None of the playbooks named above has a row in the table AzureDiagnostics in this time range. Either none ran, or they have no diagnostic setting: then this does **not** mean that no run failed.

To switch it on: open each playbook, *Diagnostic settings*, *Add*, category *Workflow runtime diagnostic events*, this workspace; or deploy the template \`monitoring/playbooks\`, which sets it for all. Nothing may come for half an hour after that; later, events are ten to fifteen minutes behind.`;
