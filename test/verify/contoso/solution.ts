/** Files of the solution folder that are neither playbook nor connector. */
export const dataFile = {
  Name: 'Contoso',
  Author: 'Contoso - help@contoso.com',
  Logo: '<img src="https://raw.githubusercontent.com/Azure/Azure-Sentinel/master/Logos/contoso.svg" width="75px" height="75px">',
  Description:
    '[Contoso](https://www.contoso.com) pages people about Microsoft Sentinel incidents.\n\n**Underlying Microsoft technologies used:** a. [Azure Logic Apps](https://learn.microsoft.com/azure/logic-apps/logic-apps-overview)',
  'Data Connectors': ['Data Connectors/Contoso.json'],
  Playbooks: [
    'Playbooks/CustomConnector/ContosoCustomConnector/azuredeploy.json',
    'Playbooks/Contoso-Page/azuredeploy.json',
  ],
  Workbooks: ['Workbooks/Contoso.json'],
  'Analytic Rules': ['Analytic Rules/ContosoPageFailed.yaml'],
  BasePath: 'C:\\GitHub\\Azure-Sentinel\\Solutions\\Contoso',
  Version: '3.0.1',
  Metadata: 'SolutionMetadata.json',
  TemplateSpec: false,
  Is1PConnector: false,
};

export const solutionMetadata = {
  publisherId: 'contoso',
  offerId: 'azure-sentinel-solution-contoso',
  firstPublishDate: '2025-12-01',
  lastPublishDate: '2026-01-10',
  providers: ['Contoso'],
  categories: { domains: ['DevOps', 'Security - Automation (SOAR)'], verticals: ['Finance'] },
  support: { name: 'Contoso', email: 'help@contoso.com', tier: 'Partner', link: 'https://www.contoso.com' },
};

export const releaseNotes = `| **Version** | **Date Modified (DD-MM-YYYY)** | **Change History** |
| --- | --- | --- |
| 3.0.1 | 10-01-2026 | Custom connector. |
| 3.0.0 | 01-12-2025 | First version. |
`;

export const dataConnector = {
  id: 'Contoso',
  title: 'Contoso',
  publisher: 'Contoso',
  descriptionMarkdown: 'Shows the Microsoft Sentinel incidents that were paged.',
  graphQueries: [{ metricName: 'Incidents', legend: 'Incidents', baseQuery: 'SecurityIncident' }],
  sampleQueries: [{ description: 'All incidents', query: 'SecurityIncident' }],
  dataTypes: [
    {
      name: 'SecurityIncident (Paged Events)',
      lastDataReceivedQuery: 'SecurityIncident | summarize max(TimeGenerated)',
    },
  ],
  connectivityCriterias: [{ type: 'IsConnectedQuery', value: ['SecurityIncident'] }],
  availability: { status: 1, isPreview: false },
  permissions: {
    resourceProvider: [
      {
        provider: 'Microsoft.OperationalInsights/workspaces',
        permissionsDisplayText: 'read permission is required.',
        providerDisplayName: 'Workspace',
        scope: 'Workspace',
        requiredPermissions: { read: true },
      },
    ],
  },
  instructionSteps: [{ title: 'Install', description: 'Deploy the playbooks.' }],
};

export const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 75 75" width="75" height="75">
  <g id="f1f2b1a0-6a0b-4c53-9d52-1b3f3a3a7c11"><rect width="75" height="75" fill="#0b2e4f"/></g>
</svg>
`;

const raw = 'https%3A%2F%2Fraw.githubusercontent.com%2FAzure%2FAzure-Sentinel%2Fmaster%2FSolutions%2FContoso%2F';

/** The guide of a template, `Playbooks/<folder>`, with the table of its parameters. */
export function guide(folder: string, parameters: readonly (readonly [name: string, fallback: string])[]): string {
  const address = `${raw}Playbooks%2F${folder.replaceAll('/', '%2F')}%2Fazuredeploy.json`;
  return `# ${folder}

Pages people.

## Prerequisites

A [team](./readme.md) in Contoso.

## Deployment

[![Deploy to Azure](https://aka.ms/deploytoazurebutton)](https://portal.azure.com/#create/Microsoft.Template/uri/${address})
[![Deploy to Azure Gov](https://aka.ms/deploytoazuregovbutton)](https://portal.azure.us/#create/Microsoft.Template/uri/${address})

| Parameter | Default |
| --- | --- |
${parameters.map(([name, fallback]) => `| ${name} | ${fallback} |`).join('\n')}

## After the deployment

Authorise the connection.

## Usage

Run it from an automation rule.

## Troubleshooting

Look at the run history.
`;
}

export const automationRules = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: {
    WorkspaceName: { type: 'string', metadata: { description: 'Workspace of Microsoft Sentinel.' } },
  },
  resources: [
    {
      type: 'Microsoft.SecurityInsights/automationRules',
      apiVersion: '2025-09-01',
      scope: "[concat('Microsoft.OperationalInsights/workspaces/', parameters('WorkspaceName'))]",
      name: "[guid(resourceGroup().id, 'page')]",
      properties: {
        displayName: 'Page the team',
        order: 1,
        triggeringLogic: {
          isEnabled: true,
          triggersOn: 'Incidents',
          triggersWhen: 'Updated',
          conditions: [
            {
              conditionType: 'PropertyChanged',
              conditionProperties: {
                propertyName: 'IncidentSeverity',
                changeType: 'ChangedTo',
                operator: 'Equals',
                propertyValues: ['High'],
              },
            },
          ],
        },
        actions: [
          {
            order: 1,
            actionType: 'RunPlaybook',
            actionConfiguration: {
              logicAppResourceId: "[resourceId('Microsoft.Logic/workflows', 'Contoso-Page')]",
            },
          },
        ],
      },
    },
  ],
};
