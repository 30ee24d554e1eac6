/** A playbook that pages somebody about every alert of an incident: nothing in it breaks a rule. */
const connections = "@parameters('$connections')";

const retryPolicy = { type: 'exponential', count: 4, interval: 'PT10S' };

function call(connection: string, method: string, path: string, more: object = {}) {
  return {
    host: { connection: { name: `${connections}['${connection}']['connectionId']` } },
    method,
    path,
    ...more,
    retryPolicy,
  };
}

const definition = {
  $schema: 'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
  contentVersion: '1.0.0.0',
  parameters: {
    $connections: { defaultValue: {}, type: 'Object' },
    Severity: { type: 'String', defaultValue: "[parameters('Severity')]" },
    TeamSecret: { type: 'SecureString' },
  },
  triggers: {
    Microsoft_Sentinel_incident: {
      type: 'ApiConnectionWebhook',
      inputs: {
        body: { callback_url: '@{listCallbackUrl()}' },
        host: { connection: { name: `${connections}['azuresentinel']['connectionId']` } },
        path: '/incident-creation',
      },
    },
  },
  actions: {
    Count_of_alerts: {
      type: 'InitializeVariable',
      inputs: { variables: [{ name: 'Count', type: 'integer', value: 0 }] },
      runAfter: {},
    },
    Get_incident: {
      type: 'ApiConnection',
      inputs: call('azuresentinel', 'post', '/Incidents', {
        body: { incidentArmId: "@triggerBody()?['object']?['id']" },
      }),
      runAfter: { Count_of_alerts: ['Succeeded'] },
    },
    For_each_alert: {
      type: 'Foreach',
      foreach: "@coalesce(body('Get_incident')?['properties']?['alerts'], json('[]'))",
      runtimeConfiguration: { concurrency: { repetitions: 1 } },
      actions: {
        Page: {
          type: 'ApiConnection',
          inputs: call('contoso', 'post', "/v2/pages/@{encodeURIComponent(parameters('TeamSecret'))}", {
            queries: { urgent: true },
            body: { Title: "@items('For_each_alert')?['properties']?['alertDisplayName']", Severity: 1 },
          }),
          runtimeConfiguration: { secureData: { properties: ['inputs'] } },
          runAfter: {},
        },
        Count: {
          type: 'IncrementVariable',
          inputs: { name: 'Count', value: 1 },
          runAfter: { Page: ['Succeeded'] },
        },
      },
      runAfter: { Get_incident: ['Succeeded'] },
    },
    Until_it_is_seen: {
      type: 'Until',
      expression: "@equals(body('Look_again')?['properties']?['status'], 'Active')",
      limit: { count: 5, timeout: 'PT10M' },
      actions: {
        Look_again: {
          type: 'Http',
          inputs: { method: 'GET', uri: 'https://status.contoso.com/pages', retryPolicy },
          runAfter: {},
        },
      },
      runAfter: { For_each_alert: ['Succeeded'] },
    },
    Update_incident: {
      type: 'ApiConnection',
      inputs: call('azuresentinel', 'put', '/Incidents', {
        body: {
          incidentArmId: "@triggerBody()?['object']?['id']",
          severity: "@parameters('Severity')",
          status: 'Active',
        },
      }),
      runAfter: { Until_it_is_seen: ['Succeeded', 'TimedOut'] },
    },
    Give_up: {
      type: 'Terminate',
      inputs: { runStatus: 'Failed' },
      runAfter: { Update_incident: ['Failed', 'TimedOut'] },
    },
  },
  outputs: {},
};

const subscription = "'/subscriptions/', subscription().subscriptionId, ";
const sentinelApi = `[concat(${subscription}'/providers/Microsoft.Web/locations/', resourceGroup().location, '/managedApis/azuresentinel')]`;
const contosoApi = `[concat(${subscription}'/resourceGroups/', resourceGroup().name, '/providers/Microsoft.Web/customApis/', parameters('CustomConnectorName'))]`;

function connection(variable: string, api: string, settings: { outer?: object; inner?: object } = {}) {
  return {
    type: 'Microsoft.Web/connections',
    apiVersion: '2016-06-01',
    name: `[variables('${variable}')]`,
    location: '[resourceGroup().location]',
    ...settings.outer,
    properties: { displayName: `[variables('${variable}')]`, ...settings.inner, api: { id: api } },
  };
}

function connectionValue(variable: string, api: string, more: object = {}) {
  return {
    connectionId: `[resourceId('Microsoft.Web/connections', variables('${variable}'))]`,
    connectionName: `[variables('${variable}')]`,
    id: api,
    ...more,
  };
}

export const playbookTemplate = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  metadata: {
    title: 'Page the team',
    description: 'Pages somebody about every alert of a Microsoft Sentinel incident.',
    prerequisites: ['The custom connector is deployed.'],
    postDeployment: ['Authorise the connection of Contoso.'],
    prerequisitesDeployTemplateFile: '../CustomConnector/ContosoCustomConnector/azuredeploy.json',
    lastUpdateTime: '2026-01-10T00:00:00Z',
    entities: ['Account'],
    tags: ['Notification'],
    support: { tier: 'partner' },
    author: { name: 'Contoso' },
    releaseNotes: [{ version: '3.0.1', title: 'Page the team', notes: ['First version'] }],
  },
  parameters: {
    PlaybookName: { type: 'string', defaultValue: 'Contoso-Page', metadata: { description: 'Name of the playbook.' } },
    CustomConnectorName: {
      type: 'string',
      defaultValue: 'ContosoCustomConnector',
      metadata: { description: 'Name of the custom connector.' },
    },
    Severity: { type: 'string', defaultValue: 'High', metadata: { description: 'Severity of paged incidents.' } },
    TeamSecret: { type: 'securestring', metadata: { description: 'Secret of the team.' } },
  },
  variables: {
    SentinelConnectionName: "[concat('MicrosoftSentinel-', parameters('PlaybookName'))]",
    ContosoConnectionName: "[concat('Contoso-', parameters('PlaybookName'))]",
  },
  resources: [
    connection('SentinelConnectionName', sentinelApi, {
      outer: { kind: 'V1' },
      inner: { parameterValueType: 'Alternative' },
    }),
    connection('ContosoConnectionName', contosoApi),
    {
      type: 'Microsoft.Logic/workflows',
      apiVersion: '2019-05-01',
      name: "[parameters('PlaybookName')]",
      location: '[resourceGroup().location]',
      tags: {
        LogicAppsCategory: 'security',
        'hidden-SentinelTemplateName': 'Contoso-Page',
        'hidden-SentinelTemplateVersion': '3.0.1',
      },
      identity: { type: 'SystemAssigned' },
      dependsOn: [
        "[resourceId('Microsoft.Web/connections', variables('SentinelConnectionName'))]",
        "[resourceId('Microsoft.Web/connections', variables('ContosoConnectionName'))]",
      ],
      properties: {
        state: 'Enabled',
        definition,
        parameters: {
          $connections: {
            value: {
              azuresentinel: connectionValue('SentinelConnectionName', sentinelApi, {
                connectionProperties: { authentication: { type: 'ManagedServiceIdentity' } },
              }),
              contoso: connectionValue('ContosoConnectionName', contosoApi),
            },
          },
          TeamSecret: { value: "[parameters('TeamSecret')]" },
        },
      },
    },
  ],
};
