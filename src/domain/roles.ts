/**
 * Built-in Azure roles that the setup assigns, and the two that include most of them (their GUIDs are the same in every tenant;
 * built-in roles reference).
 */
export const builtInRoles = {
  sentinelContributor: 'ab8e14d6-4a74-4a29-9ba8-549422addade',
  sentinelResponder: '3e150937-b8fe-4cfb-8069-0eaf05ecd056',
  sentinelAutomationContributor: 'f4c81013-99ee-4d62-a7ee-b3f1f648599a',
  sentinelPlaybookOperator: '51d6186e-6489-4900-b93f-92e23144cca5',
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893',
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
} as const;

/** The custom role of SIGNL4's setup guide: queries on the workspace, without permission to change access. */
export const customRole = {
  name: 'SIGNL4 Sentinel and Log Analytics Access',
  description: 'Custom role for SIGNL4 to read and update Sentinel incidents and query Log Analytics',
  actions: [
    'Microsoft.OperationalInsights/workspaces/query/read',
    'Microsoft.OperationalInsights/workspaces/query/*/read',
    'Microsoft.OperationalInsights/workspaces/read',
  ],
  notActions: [
    'Microsoft.Authorization/*/Delete',
    'Microsoft.Authorization/*/Write',
    'Microsoft.Authorization/elevateAccess/Action',
    'Microsoft.Blueprint/blueprintAssignments/write',
    'Microsoft.Blueprint/blueprintAssignments/delete',
  ],
} as const;

/** The application of Microsoft Graph, the same in every tenant. */
export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/** Microsoft Sentinel's own application, which runs playbooks ("Azure Security Insights"); its object id differs by tenant. */
export const SECURITY_INSIGHTS_APP_ID = '98785600-1bb7-4fb9-b9fa-19afe2c8a360';

/** An application permission of Microsoft Graph (Graph permissions reference). */
export interface GraphPermission {
  readonly name: string;
  readonly id: string;
  /** May `…`. */
  readonly says: string;
}

/** For reading and answering incidents of Defender, their alerts included. */
export const incidentPermission: GraphPermission = {
  name: 'SecurityIncident.ReadWrite.All',
  id: '34bf0e97-1971-4929-b999-9e2442d941d7',
  says: 'read and update its incidents',
};

/** For the second source of incidents. */
export const graphPermissions: readonly GraphPermission[] = [
  {
    name: 'SecurityAlert.Read.All',
    id: '472e4a4d-bb4a-4026-98d1-0b0d74cb74a5',
    says: 'read the alerts of Microsoft Defender',
  },
  incidentPermission,
];

/** For `graph.hunting`. */
export const huntingPermission: GraphPermission = {
  name: 'ThreatHunting.Read.All',
  id: 'dd98c7f5-2d42-42d3-a0e4-633161547251',
  says: 'run queries in advanced hunting',
};

/** For `relay.azure.readUsers`. */
export const readUsersPermission: GraphPermission = {
  name: 'User.Read.All',
  id: 'df021288-bdef-4463-88db-98f22de89214',
  says: 'look owners up',
};

/** Roles of the relay's identity on its own resources (built-in roles reference). */
export const relayDataRoles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
} as const;

/** Name of the Entra application in SIGNL4's setup guide. */
export const APPLICATION_NAME = 'AzureSentinel and LogAnalytics Client for SIGNL4';
