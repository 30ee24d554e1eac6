import { uuid5 } from '../../domain/uuid.ts';
import { type KqlTable, type KqlTableColumn, type KqlValue, Moment, nothing } from '../kql/values.ts';
import type { IncidentPlan } from './plan.ts';

/*
 * The rows that a plan leaves in the workspace, as the services write them: a row per change in SecurityIncident, runs of rules in SentinelHealth,
 * runs and actions of playbooks in AzureDiagnostics.
 */

const NAMESPACE = '5b1f0c77-1d0b-4b51-9a3c-0f7d0c2b8e22';
const WORKFLOWS =
  '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-soc/providers/Microsoft.Logic/workflows';
const SEND = 'SIGNL4-Send-Incident';
const CALLBACK = 'SIGNL4-Callback';

type Cells = Readonly<Record<string, KqlValue>>;

/** Tables of the workspace by name. */
export function monthTables(plans: readonly IncidentPlan[]): ReadonlyMap<string, KqlTable> {
  return new Map([
    ['SecurityIncident', tableOf(plans.flatMap(incidentRows))],
    ['SentinelHealth', tableOf(plans.flatMap(healthRows))],
    ['AzureDiagnostics', tableOf(plans.flatMap(diagnosticsRows))],
  ]);
}

function tableOf(rows: readonly Cells[]): KqlTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.map((name): KqlTableColumn => {
    const value = rows.map((row) => row[name]).find((one) => one !== null && one !== undefined);
    if (value instanceof Moment) return { name, type: 'datetime' };
    if (typeof value === 'string') return { name, type: 'string' };
    return { name, type: typeof value === 'number' ? 'int' : 'dynamic' };
  });
  const sorted = [...rows].sort((a, b) => at(a) - at(b));
  return {
    columns,
    rows: sorted.map((row) => columns.map(({ name, type }) => row[name] ?? nothing(type))),
  };
}

const at = (row: Cells) => (row['TimeGenerated'] instanceof Moment ? row['TimeGenerated'].ms : 0);

interface Change {
  readonly at: number;
  readonly by: string;
  readonly status?: 'New' | 'Active' | 'Closed';
  readonly owner?: string;
  readonly tag?: string;
  readonly severity?: string;
}

/** Changes of an incident in their order, who made them in the words of `ModifiedBy`. */
function changesOf(plan: IncidentPlan): readonly Change[] {
  const { created, paged, activated, acked, closed } = plan;
  const changes: Change[] = [{ at: created + 1_000, by: 'Automation rule - Name the team', tag: `team:${plan.team}` }];
  if (activated !== undefined) changes.push({ at: activated, by: 'Automation rule - Enrich', status: 'Active' });
  if (paged !== undefined) {
    changes.push({ at: paged, by: SEND, tag: 'SIGNL4' }, { at: paged + 2_000, by: SEND });
  }
  if (plan.wasRaised) changes.push({ at: created + 240_000, by: 'Alert Grouping', severity: plan.severity });
  if (acked) {
    const by = acked.onPhone ? CALLBACK : acked.by;
    changes.push({ at: acked.at, by, status: 'Active', owner: acked.by });
  }
  if (closed) {
    const by = { phone: CALLBACK, portal: acked?.by ?? 'Maria Lopez', machine: 'Automation rule - Close old ones' };
    changes.push({ at: closed.at, by: by[closed.by], status: 'Closed' });
  }
  return changes.sort((a, b) => a.at - b.at);
}

function incidentRows(plan: IncidentPlan): readonly Cells[] {
  let state = { status: 'New', owner: '', tags: [] as readonly string[], closed: null as Moment | null };
  let severity = plan.wasRaised ? 'Low' : plan.severity;
  const row = (ms: number, by: string): Cells => ({
    TimeGenerated: new Moment(ms + lagOf(plan, ms)),
    IncidentName: plan.name,
    IncidentNumber: plan.number,
    IncidentUrl: `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident/${plan.name}`,
    Title: plan.title,
    Severity: severity,
    Status: state.status,
    Owner: ownerOf(state.owner),
    Labels: state.tags.map((tag) => ({ labelName: tag, labelType: 'User' })),
    AdditionalData: { alertsCount: 1, alertProductNames: [plan.product], tactics: ['InitialAccess'] },
    RelatedAnalyticRuleIds: [uuid5(plan.title, NAMESPACE)],
    CreatedTime: new Moment(plan.created),
    LastModifiedTime: new Moment(ms),
    ClosedTime: state.closed,
    ModifiedBy: by,
  });
  const first = row(plan.created, 'Incident created from alert');
  const rows = changesOf(plan).map((change) => {
    severity = (change.severity ?? severity) as typeof severity;
    state = {
      status: change.status ?? state.status,
      owner: change.owner ?? state.owner,
      tags: change.tag === undefined ? state.tags : [...state.tags, change.tag],
      closed: change.status === 'Closed' ? new Moment(change.at) : state.closed,
    };
    return row(change.at, change.by);
  });
  return [first, ...rows];
}

function ownerOf(person: string): KqlValue {
  if (person === '') return { assignedTo: null, email: null, objectId: null, userPrincipalName: null };
  const mail = `${person.toLowerCase().replace(' ', '.')}@contoso.example`;
  return { assignedTo: person, email: mail, objectId: uuid5(person, NAMESPACE), userPrincipalName: mail };
}

/** 40 to 219 seconds, the same for the same change. */
function lagOf(plan: IncidentPlan, ms: number): number {
  return (40 + ((plan.number * 37 + Math.floor(ms / 1_000)) % 180)) * 1_000;
}

const runId = (plan: IncidentPlan, what: string) =>
  `0858${uuid5(`${what} ${plan.number}`, NAMESPACE).replaceAll('-', '').toUpperCase().slice(0, 24)}CU01`;

function healthRows(plan: IncidentPlan): readonly Cells[] {
  const run = runId(plan, SEND);
  const isRefused = plan.paged === undefined && !plan.runFailed;
  return [
    {
      TimeGenerated: new Moment(plan.created + 70_000),
      OperationName: 'Automation rule run',
      SentinelResourceName: 'SIGNL4: page the on-call team',
      SentinelResourceType: 'Automation rule',
      Status: isRefused ? 'Failure' : 'Success',
      Description: isRefused ? `Could not trigger playbook: ${SEND}.` : 'Automation rule executed successfully.',
      Reason: isRefused ? 'Missing permissions.' : '',
      ExtendedProperties: {
        IncidentName: plan.name,
        IncidentNumber: String(plan.number),
        TriggeredWhen: 'Created',
        TriggeredPlaybooks: isRefused ? [] : [{ RunId: run, WorkflowId: `${WORKFLOWS}/${SEND}` }],
      },
    },
  ];
}

function diagnosticsRows(plan: IncidentPlan): readonly Cells[] {
  const send = runId(plan, SEND);
  const ended = plan.paged ?? plan.created + 65_000;
  const sendRows = plan.runFailed
    ? [
        actionRow(
          send,
          SEND,
          plan.created + 9_000,
          'Page_the_team',
          'ActionFailed',
          'An action failed. No dependent actions succeeded.',
        ),
        actionRow(send, SEND, plan.created + 10_000, 'Send_to_SIGNL4', 'Unauthorized', 'The team secret is not known.'),
        runRow(send, SEND, plan.created + 8_000, ended, 'Failed'),
      ]
    : plan.paged === undefined
      ? []
      : [runRow(send, SEND, plan.created + 8_000, ended, 'Succeeded')];
  const back = [
    ...(plan.acked?.onPhone ? [['acknowledged', plan.acked.at] as const] : []),
    ...(plan.closed?.by === 'phone' ? [['closed', plan.closed.at] as const] : []),
  ].map(([what, ms]) => runRow(runId(plan, what), CALLBACK, ms - 3_000, ms + 1_000, 'Succeeded'));
  return [...sendRows, ...back];
}

function logRow(run: string, playbook: string, ms: number, operation: string): Cells {
  return {
    TimeGenerated: new Moment(ms + 240_000),
    ResourceProvider: 'MICROSOFT.LOGIC',
    Category: 'WorkflowRuntime',
    OperationName: `Microsoft.Logic/workflows/${operation}`,
    resource_workflowName_s: playbook,
    resource_runId_s: run,
  };
}

function runRow(run: string, playbook: string, began: number, ended: number, status: string): Cells {
  return {
    ...logRow(run, playbook, ended, 'workflowRunCompleted'),
    status_s: status,
    startTime_t: new Moment(began),
    endTime_t: new Moment(ended),
  };
}

function actionRow(run: string, playbook: string, began: number, action: string, code: string, message: string): Cells {
  return {
    ...logRow(run, playbook, began + 2_000, 'workflowActionCompleted'),
    resource_actionName_s: action,
    status_s: 'Failed',
    code_s: code,
    error_message_s: message,
    startTime_t: new Moment(began),
    endTime_t: new Moment(began + 2_000),
  };
}
