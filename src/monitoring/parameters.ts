import type { Json, JsonObject } from '../domain/json.ts';
import { latestRows } from './incident-life.ts';
import { nameId } from './name-id.ts';
import { healthColumns, incidentColumns, tableIfThere } from './tables.ts';

/** What people choose at the top of the workbook. Each is replaced in the text of the queries: `{Tag}`. */

/** Values that a config gives to the parameters. */
export interface ParameterValues {
  readonly tag: string;
  readonly playbooks: readonly string[];
  readonly machines: readonly string[];
}

/** Names of the parameters that say whether a source has data: `on` or `off`. */
export const stateParameter = { health: 'HealthState', diagnostics: 'DiagnosticsState' } as const;

const HOUR = 3_600_000;
const RANGES_HOURS = [24, 72, 168, 336, 720, 1_440, 2_160];
const VERSION = 'KqlParameterItem/1.0';
export const WORKSPACES = 'microsoft.operationalinsights/workspaces';

/** The content of the item of type 9. */
export function parameterItems(values: ParameterValues): JsonObject {
  return {
    version: VERSION,
    parameters: [
      {
        ...parameter('TimeRange', 'Time range', 4),
        isRequired: true,
        isGlobal: true,
        value: { durationMs: 720 * HOUR },
        typeSettings: {
          selectableValues: RANGES_HOURS.map((hours) => ({ durationMs: hours * HOUR })),
          allowCustom: true,
        },
      },
      {
        ...choice('Severity', 'Severity'),
        jsonData: JSON.stringify(['High', 'Medium', 'Low', 'Informational'].map((value) => ({ value, label: value }))),
      },
      { ...choice('Product', 'Product'), ...queried(valuesOf('Product', PRODUCT)) },
      { ...choice('Team', 'Team'), ...queried(valuesOf('Team', TEAM)) },
      text('Tag', 'Tag of paged incidents', values.tag, 'The tag that SIGNL4-Send-Incident sets.'),
      text('TeamPrefix', 'Team prefix', 'team:', 'A tag that begins so names the team, for example team:SOC.'),
      {
        ...parameter('AnswerMinutes', 'Unanswered after (min)', 2),
        isRequired: true,
        value: '30',
        jsonData: JSON.stringify(['15', '30', '60', '120'].map((value) => ({ value, label: value }))),
      },
      text(
        'UtcOffset',
        'Hours from UTC',
        '0',
        'For night, weekend and the hours of the week: 2 for Central European Summer Time.',
      ),
      text(
        'Playbooks',
        'Our playbooks',
        values.playbooks.join(','),
        'Names with commas and no blanks between. They are also what Microsoft Sentinel calls who wrote: add the name of a relay.',
      ),
      text(
        'Machines',
        'Machines',
        values.machines.join(','),
        'Values of ModifiedBy where neither a person nor SIGNL4 changed the incident, with commas between.',
      ),
      { ...hidden(stateParameter.health, healthState()) },
      { ...hidden(stateParameter.diagnostics, diagnosticsState()) },
    ],
    style: 'pills',
    queryType: 0,
    resourceType: WORKSPACES,
  };
}

function parameter(name: string, label: string, type: number): JsonObject {
  return { id: nameId(`parameter ${name}`), version: VERSION, name, label, type };
}

function text(name: string, label: string, value: string, description: string): JsonObject {
  return { ...parameter(name, label, 1), isRequired: true, value, description };
}

/** A list of which several may be chosen, or all. */
function choice(name: string, label: string): JsonObject {
  return {
    ...parameter(name, label, 2),
    isRequired: true,
    multiSelect: true,
    quote: "'",
    delimiter: ',',
    value: ['value::all'],
    typeSettings: { additionalResourceOptions: ['value::all'], selectAllValue: '*', showDefault: false },
  };
}

function queried(query: string): JsonObject {
  return {
    query,
    queryType: 0,
    resourceType: WORKSPACES,
    timeContextFromParameter: 'TimeRange',
    timeContext: { durationMs: 0 },
  } satisfies Record<string, Json>;
}

function hidden(name: string, query: string): JsonObject {
  return { ...parameter(name, name, 1), isHiddenWhenLocked: true, ...queried(query), criteriaData: [] };
}

/** The product and the team of an incident: the choices list what the tiles count by. */
export const PRODUCT = 'coalesce(tostring(AdditionalData.alertProductNames[0]), "(none)")';
export const TEAM = `coalesce(extract("\\"labelName\\":\\"{TeamPrefix}([^\\"]+)\\"", 1, tostring(Labels)), "(no team tag)")`;

function valuesOf(column: string, expression: string): string {
  return `${tableIfThere('SecurityIncident', incidentColumns)}
| where TimeGenerated {TimeRange}
${latestRows}
| extend ${column} = ${expression}
| distinct ${column}
| sort by ${column} asc`;
}

/** Whether Sentinel says anything of automation rules and playbooks. */
function healthState(): string {
  return `${tableIfThere('SentinelHealth', healthColumns)}
| where TimeGenerated {TimeRange} and SentinelResourceType in~ ("Automation rule", "Playbook")
| summarize Rows = count()
| project State = iff(Rows > 0, "on", "off")`;
}

/** Whether any of our playbooks writes its log to the workspace. */
function diagnosticsState(): string {
  return `${tableIfThere('AzureDiagnostics', { TimeGenerated: 'datetime', ResourceProvider: 'string', Category: 'string' })}
| where TimeGenerated {TimeRange} and ResourceProvider =~ "MICROSOFT.LOGIC" and Category == "WorkflowRuntime"
| extend Playbook = column_ifexists("resource_workflowName_s", "")
| where Playbook in (split("{Playbooks}", ","))
| summarize Rows = count()
| project State = iff(Rows > 0, "on", "off")`;
}
