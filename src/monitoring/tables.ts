/** Tables of the Log Analytics workspace that the workbook and the rules read, with the columns that they read. */

/** Types as KQL writes them. */
type KqlType = 'datetime' | 'string' | 'int' | 'long' | 'dynamic';

/** Source: Azure Monitor table reference, SecurityIncident. A row for each creation and each change of an incident. */
export const incidentColumns = {
  TimeGenerated: 'datetime',
  IncidentName: 'string',
  IncidentNumber: 'int',
  IncidentUrl: 'string',
  Title: 'string',
  Severity: 'string',
  Status: 'string',
  Owner: 'dynamic',
  Labels: 'dynamic',
  AdditionalData: 'dynamic',
  RelatedAnalyticRuleIds: 'dynamic',
  CreatedTime: 'datetime',
  LastModifiedTime: 'datetime',
  ClosedTime: 'datetime',
  ModifiedBy: 'string',
} as const satisfies Readonly<Record<string, KqlType>>;

/** Source: Azure Monitor table reference, SentinelHealth. There with the first event after health monitoring was switched on. */
export const healthColumns = {
  TimeGenerated: 'datetime',
  OperationName: 'string',
  SentinelResourceName: 'string',
  SentinelResourceType: 'string',
  Status: 'string',
  Description: 'string',
  Reason: 'string',
  ExtendedProperties: 'dynamic',
} as const satisfies Readonly<Record<string, KqlType>>;

/**
 * Columns of AzureDiagnostics that every workspace has with the table. Those of Logic Apps (`status_s`, `error_message_s`, …) come with the
 * first row that fills them, so queries ask for them by `column_ifexists`.
 */
export const diagnosticsColumns = {
  TimeGenerated: 'datetime',
  ResourceProvider: 'string',
  Category: 'string',
  OperationName: 'string',
} as const satisfies Readonly<Record<string, KqlType>>;

/** A table that may be missing: without a row of it a query sees the columns and no rows. */
export function tableIfThere(table: string, columns: Readonly<Record<string, KqlType>>): string {
  const schema = Object.entries(columns).map(([name, type]) => `${name}:${type}`);
  return `union isfuzzy=true (datatable(${schema.join(', ')})[]), ${table}`;
}

/** A step for each condition, with a line break behind it. */
export function whereAll(conditions: readonly string[]): string {
  return conditions.map((condition) => `| where ${condition}\n`).join('');
}
