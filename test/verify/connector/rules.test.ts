import { describe, expect, it } from 'vitest';
import { connectorGroups } from '../../../src/verify/rules/connector/connector.ts';
import { verifyFiles } from '../../../src/verify/verify-files.ts';
import { files } from '../../connector/generated.ts';

/** Rules about shapes have their cases beside those of other files. */
const connectorRules = connectorGroups.filter(({ id }) => !id.endsWith('.shape'));

type Place = readonly (string | number)[];

/** A change that breaks one rule, and where the rule must find it; without `at`, at the place of the change. */
interface BadCase {
  readonly file?: string;
  readonly set: Place;
  /** Undefined removes the member. */
  readonly to: unknown;
  readonly at?: Place;
}

const alert = ['paths', '/v2/alerts/{alertId}'] as const;
const getAlert = [...alert, 'get'] as const;
const closeAlert = ['paths', '/v2/alerts/{alertId}/close', 'post'] as const;
const webhooks = ['paths', '/v2/webhooks'] as const;
const alertId = [...getAlert, 'parameters', 0] as const;
const alertText = ['definitions', 'Alert', 'properties', 'text'] as const;
const eventBody = ['definitions', 'EventToSend'] as const;
const apiProperties = 'apiProperties.json';
const template = 'azuredeploy.json';
const customApi = ['resources', 0, 'properties'] as const;

/** For each rule what it must catch. */
const badCases: Readonly<Record<string, readonly BadCase[]>> = {
  'file.openapi-version': [{ set: ['swagger'], to: '3.0.0' }],
  'file.member-order': [
    {
      set: [],
      to: (definition: Record<string, unknown>) => ({ info: definition['info'], ...definition }),
      at: ['info'],
    },
  ],
  'file.host': [
    { set: ['host'], to: "@{parameters('host')}" },
    { set: ['schemes'], to: ['https', 'http'] },
    { set: ['basePath'], to: '/api/' },
  ],
  'file.security': [
    { set: ['security'], to: undefined },
    { set: ['securityDefinitions'], to: { Other: { type: 'apiKey', in: 'header', name: 'X-Key' } }, at: ['security'] },
  ],
  'file.no-empty-operations': [
    { set: [...getAlert, 'responses'], to: {}, at: getAlert },
    { set: ['paths', '/v2/nothing'], to: {} },
  ],
  'file.references': [{ set: [...alertText, '$ref'], to: '#/definitions/Txt' }],
  'file.no-circular-definitions': [
    {
      set: ['definitions', 'Alert', 'properties', 'parent'],
      to: { $ref: '#/definitions/Alert' },
      at: ['definitions', 'Alert'],
    },
  ],
  'file.no-combined-schemas': [
    { set: alertText, to: { allOf: [{ type: 'string' }] }, at: [...alertText, 'allOf'] },
    { set: alertText, to: { oneOf: [{ type: 'string' }] }, at: [...alertText, 'oneOf'] },
  ],
  'file.no-untyped-schemas': [
    { set: alertText, to: { title: 'Text', description: 'The text.' } },
    { set: alertText, to: { type: 'object', title: 'Text', description: 'The text.' } },
    { set: alertText, to: { type: 'array', title: 'Texts', description: 'The texts.' } },
  ],
  'info.title': [
    { set: ['info', 'title'], to: 'SIGNL4 API' },
    { set: ['info', 'title'], to: 'SIGNL4 Connector' },
    { set: ['info', 'title'], to: 'SIGNL4 for Power Automate' },
    { set: ['info', 'title'], to: 'SIGNL4, the mobile alerting service' },
    { set: ['info', 'title'], to: 'SIGNL4!' },
  ],
  'info.description': [
    { set: ['info', 'description'], to: 'Alerts people.' },
    { set: ['info', 'description'], to: 'Sends alerts through the API of SIGNL4 to people.' },
    { set: ['info', 'description'], to: `${'Alerts people. '.repeat(40)}` },
  ],
  'info.contact': [{ set: ['info', 'contact', 'email'], to: undefined }],
  'info.metadata': [
    { set: ['x-ms-connector-metadata'], to: undefined },
    {
      set: ['x-ms-connector-metadata', 2, 'propertyValue'],
      to: 'On-Call',
      at: ['x-ms-connector-metadata'],
    },
    {
      set: ['x-ms-connector-metadata', 2, 'propertyValue'],
      to: 'IT Operations;Communication;AI',
      at: ['x-ms-connector-metadata'],
    },
  ],
  'operation.id': [
    { set: [...getAlert, 'operationId'], to: 'getAlert' },
    { set: [...getAlert, 'operationId'], to: 'Get_Alert' },
    { set: [...getAlert, 'operationId'], to: 'AlertsGet' },
    { set: [...getAlert, 'operationId'], to: undefined },
  ],
  'operation.unique-id': [{ set: [...getAlert, 'operationId'], to: 'CloseALERT' }],
  'operation.summary': [
    { set: [...getAlert, 'summary'], to: undefined },
    { set: [...getAlert, 'summary'], to: `Get ${'a very '.repeat(12)}long alert` },
    { set: [...getAlert, 'summary'], to: 'Get an alert/event' },
    { set: [...getAlert, 'summary'], to: 'Get an alert.' },
    { set: [...getAlert, 'summary'], to: 'Get An Alert' },
    { set: [...getAlert, 'summary'], to: 'When an alert is read' },
    { set: [...webhooks, 'post', 'summary'], to: 'Alert changes' },
  ],
  'operation.description': [
    { set: [...getAlert, 'description'], to: undefined },
    { set: [...getAlert, 'description'], to: 'Reads one alert' },
    { set: [...getAlert, 'description'], to: 'Get an alert.' },
  ],
  'operation.unique-summary': [{ set: [...getAlert, 'summary'], to: 'Close an alert' }],
  'operation.deprecation': [{ set: [...getAlert, 'deprecated'], to: true }],
  'parameter.summary': [
    { set: [...alertId, 'x-ms-summary'], to: undefined },
    { set: [...alertId, 'x-ms-summary'], to: 'Alert id' },
    { set: [...alertId, 'x-ms-summary'], to: 'Alert ID '.repeat(10).trim() },
  ],
  'parameter.description': [
    { set: [...alertId, 'description'], to: undefined },
    { set: [...alertId, 'description'], to: 'The ID of the alert' },
    { set: [...alertId, 'description'], to: 'Alert ID.' },
  ],
  'parameter.type': [
    { set: [...alertId, 'type'], to: undefined, at: alertId },
    { set: [...alertId, 'in'], to: 'cookie', at: alertId },
    { set: [...alertId, 'type'], to: 'array', at: alertId },
    { set: [...closeAlert, 'parameters', 1, 'schema'], to: undefined, at: [...closeAlert, 'parameters', 1] },
  ],
  'parameter.visibility': [
    { set: [...alertId, 'x-ms-visibility'], to: undefined },
    { set: [...alertId, 'x-ms-visibility'], to: 'hidden' },
    { set: [...alertId, 'x-ms-visibility'], to: 'internal' },
    { set: [...eventBody, 'properties', 'Title', 'x-ms-visibility'], to: 'internal' },
  ],
  'parameter.url-encoding': [{ set: [...alertId, 'x-ms-url-encoding'], to: undefined, at: alertId }],
  'property.title': [
    { set: [...alertText, 'title'], to: undefined },
    { set: [...alertText, 'title'], to: 'text of the alert' },
    { set: ['definitions', 'Alert', 'properties', 'id', 'title'], to: undefined },
  ],
  'property.description': [
    { set: [...alertText, 'description'], to: undefined },
    { set: [...alertText, 'description'], to: 'Text.' },
    { set: [...eventBody, 'additionalProperties', 'description'], to: 'A field' },
  ],
  'property.required': [{ set: [...eventBody, 'required', 0], to: 'Subject', at: [...eventBody, 'required'] }],
  'property.example': [{ set: [...alertText, 'example'], to: undefined, at: alertText }],
  'property.date-format': [{ set: [...alertText, 'example'], to: '2026-04-27T15:15:06Z', at: alertText }],
  'property.binary-format': [
    { set: [...alertText, 'type'], to: 'file', at: alertText },
    {
      set: ['definitions', 'AttachmentToSend', 'properties', 'content', 'format'],
      to: undefined,
      at: ['definitions', 'AttachmentToSend', 'properties', 'content'],
    },
  ],
  'property.enum-names': [
    { set: ['definitions', 'AlertStatusCode', 'x-ms-enum-values'], to: undefined },
    {
      set: ['definitions', 'AlertStatusCode', 'enum', 7],
      to: 64,
      at: ['definitions', 'AlertStatusCode', 'x-ms-enum-values'],
    },
    {
      set: ['definitions', 'AlertStatusCode', 'enum'],
      to: [0, 1],
      at: ['definitions', 'AlertStatusCode', 'x-ms-enum-values'],
    },
  ],
  'picker.target': [
    {
      set: [...alertId, 'x-ms-dynamic-values'],
      to: { operationId: 'ListAll', 'value-path': 'id', 'value-title': 'name' },
    },
    {
      set: [...alertId, 'x-ms-dynamic-values'],
      to: { operationId: 'ListTeams', 'value-path': 'key', 'value-title': 'name' },
    },
    { set: [...alertId, 'x-ms-dynamic-values'], to: { operationId: 'ListTeams', 'value-path': 'id' } },
    {
      set: [...alertId, 'x-ms-dynamic-values'],
      to: { operationId: 'GetUserLicenses', 'value-path': 'id', 'value-title': 'name' },
    },
    {
      set: [...alertId, 'x-ms-dynamic-values'],
      to: { operationId: 'ListTeamCategories', 'value-path': 'id', 'value-title': 'name' },
    },
  ],
  'picker.arguments': [
    {
      set: [...alertId, 'x-ms-dynamic-values'],
      to: {
        operationId: 'ListTeamCategories',
        parameters: { teamId: { parameter: 'team' } },
        'value-path': 'id',
        'value-title': 'name',
      },
      at: alertId,
    },
  ],
  'response.success': [
    { set: [...getAlert, 'responses', '200'], to: undefined, at: [...getAlert, 'responses'] },
    { set: [...getAlert, 'responses', '200'], to: { description: 'The alert.' } },
  ],
  'response.codes': [
    { set: [...getAlert, 'responses', '302'], to: { description: 'No content. The alert is elsewhere.' } },
    {
      set: [...getAlert, 'responses'],
      to: { default: { description: 'The alert.' } },
      at: [...getAlert, 'responses', 'default'],
    },
  ],
  'response.errors': [{ set: [...getAlert, 'responses', '429'], to: undefined, at: [...getAlert, 'responses'] }],
  'response.error-schema': [{ set: [...getAlert, 'responses', '404'], to: { description: 'There is no such alert.' } }],
  'response.description': [{ set: [...getAlert, 'responses', '200', 'description'], to: 'the alert' }],
  'trigger.callback-url': [
    {
      set: ['definitions', 'WebhookSubscription', 'properties', 'extUrl', 'x-ms-notification-url'],
      to: undefined,
      at: [...webhooks, 'post'],
    },
    {
      set: ['definitions', 'WebhookSubscription', 'properties', 'extUrl', 'x-ms-visibility'],
      to: 'important',
      at: [...webhooks, 'post'],
    },
  ],
  'trigger.kind': [
    { set: [...webhooks, 'post', 'x-ms-trigger'], to: 'sometimes' },
    {
      set: [...webhooks, 'post'],
      to: (post: Record<string, unknown>) => ({ ...post, 'x-ms-trigger': 'batch', 'x-ms-trigger-hint': undefined }),
      at: [...webhooks, 'post', 'x-ms-trigger'],
    },
    { set: [...webhooks, 'get', 'x-ms-trigger'], to: 'single' },
  ],
  'trigger.notification': [
    { set: [...webhooks, 'x-ms-notification-content'], to: undefined, at: [...webhooks, 'post'] },
  ],
  'trigger.registration': [
    { set: [...webhooks, 'post', 'responses', '201'], to: undefined, at: [...webhooks, 'post', 'responses'] },
  ],
  'trigger.delete': [
    { set: ['paths', '/v2/webhooks/{webhookId}', 'delete'], to: undefined, at: [...webhooks, 'post'] },
    {
      set: ['paths', '/v2/webhooks/{webhookId}', 'delete', 'x-ms-visibility'],
      to: 'advanced',
      at: [...webhooks, 'post'],
    },
  ],
  'trigger.own-path': [{ set: [...webhooks, 'get', 'x-ms-visibility'], to: 'advanced', at: [...webhooks, 'get'] }],
  'designer.path': [
    { set: [...alertId, 'name'], to: 'id', at: getAlert },
    { set: [...alertId, 'required'], to: false, at: getAlert },
    {
      set: ['paths', 'v2/ping'],
      to: { get: { operationId: 'GetPing', responses: {} } },
      at: ['paths', 'v2/ping', 'get'],
    },
  ],
  'designer.finds-operation': [
    {
      set: ['paths', '/v2/alerts/{id}'],
      to: { get: { operationId: 'GetOther', responses: {} } },
      at: ['paths', '/v2/alerts/{id}', 'get'],
    },
  ],
  'designer.unambiguous-paths': [
    { set: ['paths', '/v2/alerts/{id}'], to: { get: { operationId: 'GetOther', responses: {} } } },
  ],
  'designer.written-out': [
    { set: alertId, to: { $ref: '#/parameters/AlertId' } },
    { set: [...getAlert, 'responses', '200'], to: { $ref: '#/responses/Alert' } },
    { set: [...alert, 'parameters'], to: [{ name: 'a', in: 'query', type: 'string' }] },
  ],
  'designer.one-body': [
    { set: [...getAlert, 'parameters', 1], to: { name: 'body', in: 'body', schema: { type: 'string' } }, at: getAlert },
  ],
  'content-hub.operation-id': [{ set: [...getAlert, 'operationId'], to: 'GetAlertById' }],
  'content-hub.operation-count': [
    {
      set: ['paths'],
      to: (paths: object) => ({
        ...paths,
        ...Object.fromEntries([...'abc'].map((name) => [`/v2/${name}`, { get: {} }])),
      }),
    },
  ],
  'content-hub.brackets': [{ set: [...alertText, 'description'], to: '[Beta] The text.' }],
  'content-hub.no-empty-values': [
    { set: [...alertText, 'default'], to: '' },
    { set: [...alertText, 'default'], to: null },
    { set: ['parameters'], to: {} },
    { set: [...getAlert, 'tags'], to: [] },
  ],
  'content-hub.string-ids': [{ set: [...alertText, 'x-sample', 'alertId'], to: '2518' }],
  'content-hub.cloud-hosts': [{ set: [...alertText, 'description'], to: 'See https://management.azure.com for more.' }],
  'content-hub.branding': [{ set: [...alertText, 'description'], to: 'The text from Sentinel.' }],
  'properties.brand-color': [
    { file: apiProperties, set: ['properties', 'iconBrandColor'], to: '#FFFFFF' },
    { file: apiProperties, set: ['properties', 'iconBrandColor'], to: '#007ee5' },
    { file: apiProperties, set: ['properties', 'iconBrandColor'], to: 'navy' },
  ],
  'properties.publisher': [{ file: apiProperties, set: ['properties', 'stackOwner'], to: undefined }],
  'properties.connection-parameters': [
    { file: apiProperties, set: ['properties', 'connectionParameters'], to: {} },
    {
      file: apiProperties,
      set: ['properties', 'connectionParameters', 'api_key', 'uiDefinition', 'tooltip'],
      to: undefined,
    },
    {
      file: apiProperties,
      set: ['properties', 'connectionParameters', 'api_key', 'uiDefinition', 'constraints', 'required'],
      to: true,
    },
  ],
  'template.service-url': [
    {
      file: template,
      set: [...customApi, 'backendService', 'serviceUrl'],
      to: 'https://connect.signl4.com',
      at: ['resources', 0],
    },
    {
      file: template,
      set: [...customApi, 'backendService', 'serviceUrl'],
      to: 'http://connect.signl4.com/api',
      at: ['resources', 0],
    },
  ],
  'template.members': [
    { file: template, set: [...customApi, 'apiDefinitions'], to: { originalSwaggerUrl: 'x' }, at: ['resources', 0] },
    { file: template, set: [...customApi, 'runtimeUrls'], to: ['x'], at: ['resources', 0] },
    { file: template, set: [...customApi, 'wsdlDefinition'], to: { url: 'x' }, at: ['resources', 0] },
  ],
  'template.resource': [
    { file: template, set: ['resources', 0, 'apiVersion'], to: '2018-07-01-preview' },
    { file: template, set: ['resources', 0, 'name'], to: 'SIGNL4CustomConnector' },
  ].map((badCase) => ({ ...badCase, at: ['resources', 0] })),
  'template.connection-parameters': [
    {
      file: template,
      set: [...customApi, 'connectionParameters', 'api_key', 'type'],
      to: 'string',
      at: ['resources', 0],
    },
    { file: template, set: [...customApi, 'connectionParameters'], to: undefined, at: ['resources', 0] },
  ],
  'template.connector-name': [
    {
      file: template,
      set: ['parameters', 'CustomConnectorName', 'defaultValue'],
      to: 'SIGNL4',
      at: ['parameters', 'CustomConnectorName'],
    },
    { file: template, set: ['parameters', 'CustomConnectorName'], to: undefined },
  ],
  'template.gallery': [
    { file: template, set: ['metadata', 'title'], to: undefined },
    { file: template, set: ['metadata', 'lastUpdateTime'], to: '24.11.2026' },
  ],
};

/** Rules on texts and pictures, which no change of a member can break. */
const badFiles: Readonly<Record<string, readonly (readonly [file: string, content: string | Uint8Array])[]>> = {
  'file.layout': [
    ['apiDefinition.swagger.json', '{\n  "swagger": "2.0",\n  "paths": {}\n}\n'],
    ['apiDefinition.swagger.json', '{\n\t"swagger": "2.0",\n\t"paths": {}\n}\n'],
    ['apiDefinition.swagger.json', '{\n    "swagger": "2.0", \n    "paths": {}\n}\n'],
    ['apiDefinition.swagger.json', '\ufeff{ "swagger": "2.0", "paths": {} }\n'],
  ],
  'file.size': [
    ['apiDefinition.swagger.json', JSON.stringify({ swagger: '2.0', paths: {}, 'x-text': 'ä'.repeat(500_000) })],
  ],
  'icon.size': [
    ['icon.png', new Uint8Array(40)],
    ['icon.png', pngHeader(160, 120)],
    ['icon.png', pngHeader(96, 96)],
    ['icon.png', pngHeader(256, 256)],
  ],
};

describe('the rules of a connector', () => {
  const good = verifyFiles(files, '', { every: true }).findings;

  describe.each(connectorRules.map(({ id, help }) => [id, help] as const))('%s: %s', (id) => {
    it('is kept by the generated connector', () => {
      expect(good.filter(({ rule }) => rule === id)).toEqual([]);
    });

    it('is found broken where it is', () => {
      const places = (badCases[id] ?? []).map((badCase) => [
        pointerTo(badCase.at ?? badCase.set),
        placesFound(id, badCase),
      ]);
      for (const [wanted, found] of places) expect(found).toContain(wanted);
      const contents = badFiles[id] ?? [];
      for (const bad of contents) expect(findings(id, new Map([...files, bad]))).not.toEqual([]);
      expect(places.length + contents.length).toBeGreaterThan(0);
    });
  });

  it('have an id of their own, a source and a remedy', () => {
    expect(new Set(connectorRules.map(({ id }) => id)).size).toBe(connectorRules.length);
    for (const { id, source, help } of connectorRules)
      expect([source.length > 10, help.endsWith('.')], id).toEqual([true, true]);
  });

  it('check no file that is absent', () => {
    expect(verifyFiles(new Map()).findings).toEqual([]);
  });

  it('name the file of a finding', () => {
    const subject = broken({ file: apiProperties, set: ['properties', 'publisher'], to: undefined });
    expect(findings('properties.publisher', subject)).toEqual([
      {
        file: 'apiProperties.json',
        rule: 'properties.publisher',
        level: 'warning',
        pointer: '/properties/publisher',
        message: 'is missing',
        help: 'Name who publishes the connector and who owns the service behind it.',
        line: 2,
        column: 5,
      },
    ]);
  });
});

function placesFound(id: string, badCase: BadCase): string[] {
  return findings(id, broken(badCase)).map(({ pointer }) => pointer);
}

function findings(id: string, subject: ReadonlyMap<string, string | Uint8Array>) {
  return verifyFiles(subject, '', { every: true }).findings.filter(({ rule }) => rule === id);
}

/** The generated files with one change in one of them. */
function broken({ file = 'apiDefinition.swagger.json', set, to }: BadCase): Map<string, string | Uint8Array> {
  const content = JSON.parse(String(files.get(file)));
  return new Map([[file, JSON.stringify(changed(content, set, to), null, 4)]]);
}

function changed(value: unknown, place: Place, to: unknown): unknown {
  const [name, ...rest] = place;
  if (name === undefined) return typeof to === 'function' ? to(value) : to;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const members = copy as Record<string | number, unknown>;
  members[name] = changed(members[name], rest, to);
  return copy;
}

function pointerTo(place: Place): string {
  return ['', ...place.map((name) => String(name).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}

function pngHeader(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}
