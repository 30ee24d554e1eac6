const text = (name: string, description: string) => ({
  type: 'string',
  title: name,
  description,
  example: name,
});

const failure = (description: string) => ({ description, schema: { $ref: '#/definitions/Failure' } });

/** A connector with one operation, described as certification asks. */
export const connectorDefinition = {
  swagger: '2.0',
  info: {
    title: 'Contoso Paging',
    description: 'Pages the people on duty by text message and voice call, and shows who answered.',
    version: '1.0',
    contact: { name: 'Contoso', url: 'https://www.contoso.com', email: 'help@contoso.com' },
  },
  host: 'paging.contoso.com',
  basePath: '/api',
  schemes: ['https'],
  consumes: ['application/json'],
  produces: ['application/json'],
  securityDefinitions: { 'API Key': { type: 'apiKey', in: 'header', name: 'X-Api-Key' } },
  security: [{ 'API Key': [] }],
  paths: {
    '/v2/pages/{team}': {
      post: {
        operationId: 'SendPage',
        summary: 'Send a page',
        description: 'Pages everybody in the team who is on duty.',
        parameters: [
          {
            name: 'team',
            in: 'path',
            required: true,
            type: 'string',
            'x-ms-summary': 'Team',
            description: 'The secret of the team that is paged.',
            'x-ms-visibility': 'important',
            'x-ms-url-encoding': 'single',
          },
          {
            name: 'urgent',
            in: 'query',
            required: true,
            type: 'boolean',
            'x-ms-summary': 'Urgent',
            description: 'Yes pages people who sleep, too.',
            'x-ms-visibility': 'important',
          },
          {
            name: 'body',
            in: 'body',
            required: true,
            'x-ms-summary': 'Page',
            description: 'What people hear and read.',
            'x-ms-visibility': 'important',
            schema: { $ref: '#/definitions/Page' },
          },
        ],
        responses: {
          '201': { description: 'The page is on its way.', schema: { $ref: '#/definitions/Receipt' } },
          '400': failure('The request is not valid.'),
          '401': failure('The key is not valid.'),
          '429': failure('Too many requests came in a short time.'),
          '500': failure('Contoso has a fault of its own.'),
        },
      },
    },
  },
  definitions: {
    Page: {
      type: 'object',
      title: 'Page to Send',
      description: 'What people hear and read.',
      required: ['Title'],
      properties: {
        Title: text('Title', 'What people hear first.'),
        Severity: {
          type: 'integer',
          format: 'int32',
          title: 'Severity',
          description: 'How bad it is, from 0 to 3.',
          example: 1,
        },
      },
    },
    Failure: {
      type: 'object',
      title: 'Failure',
      description: 'Says what went wrong.',
      properties: { message: text('Message', 'What went wrong.') },
    },
    Receipt: {
      type: 'object',
      title: 'Receipt',
      description: 'Shows what became of the page.',
      properties: { number: text('Number', 'The number of the page.') },
    },
  },
  'x-ms-connector-metadata': [
    { propertyName: 'Website', propertyValue: 'https://www.contoso.com' },
    { propertyName: 'Privacy policy', propertyValue: 'https://www.contoso.com/privacy' },
    { propertyName: 'Categories', propertyValue: 'Communication' },
  ],
};

export const connectorTemplate = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  metadata: {
    title: 'Contoso custom connector',
    description: 'Custom connector for Contoso.',
    lastUpdateTime: '2026-01-10T00:00:00Z',
    support: { tier: 'partner' },
    author: { name: 'Contoso' },
    releaseNotes: [{ version: '3.0.1', title: 'Contoso custom connector', notes: ['First version'] }],
  },
  parameters: {
    CustomConnectorName: {
      type: 'string',
      defaultValue: 'ContosoCustomConnector',
      metadata: { description: 'Name of the custom connector.' },
    },
  },
  variables: {},
  resources: [
    {
      type: 'Microsoft.Web/customApis',
      apiVersion: '2016-06-01',
      name: "[parameters('CustomConnectorName')]",
      location: '[resourceGroup().location]',
      properties: {
        displayName: "[parameters('CustomConnectorName')]",
        backendService: { serviceUrl: 'https://paging.contoso.com/api' },
        connectionParameters: {
          api_key: {
            type: 'securestring',
            uiDefinition: {
              displayName: 'API key',
              description: 'The API key.',
              tooltip: 'Enter your API key',
              constraints: { required: 'true' },
            },
          },
        },
        swagger: connectorDefinition,
      },
    },
  ],
};

export const apiProperties = {
  properties: {
    connectionParameters: connectorTemplate.resources[0]?.properties.connectionParameters,
    iconBrandColor: '#12395b',
    publisher: 'Contoso',
    stackOwner: 'Contoso',
  },
};
