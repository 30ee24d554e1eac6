import { loadKqlParser } from '../../src/relay/kql/parser.ts';

/*
 * Microsoft's parser with the tables of a workspace declared: what a query says of tables and columns that are not there is an error, as it would be
 * in the service.
 */

/** Source: Azure Monitor table reference; AzureDiagnostics as Microsoft's KQL validation declares it, with what every workspace has of it. */
const workspace = {
  SecurityIncident: `AdditionalData:dynamic, AlertIds:dynamic, BookmarkIds:dynamic, Classification:string, ClassificationComment:string,
    ClassificationReason:string, ClosedTime:datetime, Comments:dynamic, CreatedTime:datetime, Description:string, FirstActivityTime:datetime,
    FirstModifiedTime:datetime, IncidentName:string, IncidentNumber:int, IncidentUrl:string, Labels:dynamic, LastActivityTime:datetime,
    LastModifiedTime:datetime, ModifiedBy:string, Owner:dynamic, ProviderIncidentId:string, ProviderName:string, RelatedAnalyticRuleIds:dynamic,
    Severity:string, SourceSystem:string, Status:string, Tasks:dynamic, TenantId:string, TimeGenerated:datetime, Title:string, Type:string`,
  SentinelHealth: `Description:string, ExtendedProperties:dynamic, OperationName:string, Reason:string, RecordId:string, SentinelResourceId:string,
    SentinelResourceKind:string, SentinelResourceName:string, SentinelResourceType:string, SourceSystem:string, Status:string, TenantId:string,
    TimeGenerated:datetime, Type:string, WorkspaceId:string`,
  AzureDiagnostics: `TimeGenerated:datetime, Category:string, ResourceGroup:string, ResourceProvider:string, Resource:string, ResourceType:string,
    ResourceId:string, OperationName:string`,
};

/** Columns of Logic Apps, which come with the first row of one; a workspace where nothing failed has no error_message_s. */
export const logicAppsColumns = `resource_workflowName_s:string, resource_runId_s:string, resource_actionName_s:string, status_s:string, code_s:string,
  startTime_t:datetime, endTime_t:datetime`;

interface Diagnostic {
  readonly Message: string;
  readonly Severity: string;
}
interface Named {
  WithName(name: string): Named;
}
interface Language {
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): Named };
    readonly DatabaseSymbol: {
      readonly $ctor1: new (name: string, members: readonly Named[], isOpen: boolean) => unknown;
    };
  };
  readonly KustoCode: {
    ParseAndAnalyze(
      query: string,
      globals: unknown,
    ): { GetDiagnostics(): { readonly Count: number; getItem(index: number): Diagnostic } };
  };
}

/** Says what is wrong with a query; nothing where it is right. */
export type SchemaCheck = (query: string, tables?: Readonly<Record<string, string>>) => readonly string[];

export async function loadSchemaCheck(): Promise<SchemaCheck> {
  await loadKqlParser();
  const { GlobalState, Symbols, KustoCode }: Language = Reflect.get(globalThis, 'Kusto').Language;
  return (query, tables: Readonly<Record<string, string>> = workspace) => {
    const members = Object.entries(tables).map(([name, schema]) =>
      Symbols.TableSymbol.From(`(${schema})`).WithName(name),
    );
    const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1('workspace', members, false));
    const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
    const all = Array.from({ length: found.Count }, (_, index) => found.getItem(index));
    return all.filter(({ Severity }) => Severity === 'Error').map(({ Message }) => Message);
  };
}

/** The workspace with the columns of Logic Apps. */
export const withLogicApps = {
  ...workspace,
  AzureDiagnostics: `${workspace.AzureDiagnostics}, ${logicAppsColumns}`,
};
