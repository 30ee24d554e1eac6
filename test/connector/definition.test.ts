import SwaggerParser from '@apidevtools/swagger-parser';
import type { OpenAPIV2 } from 'openapi-types';
import { describe, expect, it } from 'vitest';
import { buildDefinition } from '../../src/connector/definition.ts';
import { operations } from '../../src/connector/operations.ts';
import type { SpecDocument } from '../../src/connector/spec.ts';
import { lookUp, type Schema } from '../../src/connector/swagger.ts';
import { operationsOf, schemasOf, valuesOf } from '../../src/verify/rules/connector/walk.ts';
import { definition } from './generated.ts';

describe('the definition', () => {
  it('is valid OpenAPI 2.0', async () => {
    const document = structuredClone(definition) as unknown as OpenAPIV2.Document;
    const validated = await SwaggerParser.validate(document);
    expect(validated.info.title).toBe('SIGNL4 Mobile Alerting');
  });

  it('puts no title in front of the fields of an object: "Title", not "Event Title"', () => {
    const groups = schemasOf(definition).filter(({ value }) => value.type === 'object' && value.properties);
    expect(groups.length).toBeGreaterThan(50);
    expect(groups.filter(({ value }) => value.title !== undefined)).toEqual([]);
  });

  it('has at least 60 operations, 100 of them for people to choose', () => {
    const all = operations(definition);
    expect(all.length).toBeGreaterThanOrEqual(60);
    expect(all.filter(({ visibility }) => visibility !== 'internal').length).toBeGreaterThanOrEqual(100);
  });

  it.each([
    ['events', ['SendEvent', 'ListEvents', 'GetEvent']],
    [
      'alerts',
      [
        'TriggerAlert',
        'GetAlert',
        'ListAlerts',
        'GetAlertDetails',
        'ListAlertTimeline',
        'ListAlertNotifications',
        'ListAlertAttachments',
      ],
    ],
    [
      'acting on an alert',
      ['AcknowledgeAlert', 'CloseAlert', 'AnnotateAlert', 'EscalateAlert', 'UndoAcknowledgeAlert', 'UndoCloseAlert'],
    ],
    [
      'acting on many alerts',
      ['AcknowledgeMultipleAlerts', 'CloseMultipleAlerts', 'AcknowledgeAllAlerts', 'CloseAllAlerts'],
    ],
    ['teams and users', ['ListTeams', 'GetTeam', 'ListUsers', 'GetUser', 'GetUserDutyStatus']],
    ['duty', ['PunchIn', 'PunchOut', 'GetDutySummary', 'ListSchedules', 'SaveSchedule']],
    [
      'categories, event sources and webhooks',
      ['ListCategories', 'ListEventSources', 'UpdateWebhook', 'SubscribeToAlertChanges'],
    ],
    ['remote actions', ['ListRemoteActions', 'RunRemoteAction', 'GetRemoteActionJob']],
  ])('covers %s', (_, ids) => {
    expect(operations(definition).map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(ids));
  });

  it('refers to schemas, and to answers of failure, only', () => {
    const references = valuesOf(definition).filter(({ pointer }) => pointer.endsWith('/$ref'));
    expect(references.length).toBeGreaterThan(100);
    const others = references.filter(({ value }) => !String(value).startsWith('#/definitions/'));
    expect(others.filter(({ pointer }) => !/^\/paths\/[^/]+\/\w+\/responses\/[45]\d\d\/\$ref$/.test(pointer))).toEqual(
      [],
    );
    expect(others.filter(({ value }) => lookUp(definition, String(value)) === undefined)).toEqual([]);
  });

  it('has required parameters first, the body among them', () => {
    const all = operationsOf(definition).map(({ value: { operationId, parameters = [] } }) => ({
      operationId,
      isRequired: parameters.map(({ required }) => required === true),
    }));
    expect(all.length).toBeGreaterThan(100);
    const wrong = all.filter(
      ({ isRequired }) => isRequired.indexOf(false) >= 0 && isRequired.lastIndexOf(true) > isRequired.indexOf(false),
    );
    expect(wrong.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('offers categories by name wherever an id of one is asked for', () => {
    const { definitions } = definition;
    const category = { operationId: 'ListCategories', 'value-path': 'id', 'value-title': 'name' };
    for (const name of ['StatusChangeFilter', 'AlertFilter']) {
      expect(definitions?.[name]?.properties?.['categoryIds'], name).toMatchObject({
        items: { 'x-ms-dynamic-values': category },
      });
    }
    expect(definitions?.['CalloutTemplate']?.properties?.['categoryId']).toMatchObject({
      'x-ms-dynamic-values': category,
    });
  });

  it('has required members first, as the designer shows them', () => {
    for (const [name, { properties = {}, required = [] }] of Object.entries(definition.definitions ?? {})) {
      const first = Object.keys(properties).slice(0, required.length);
      expect(new Set(first), name).toEqual(new Set(required));
    }
  });

  it('leaves nothing of the authoring in', () => {
    const members = valuesOf(definition).map(({ pointer }) => pointer.slice(pointer.lastIndexOf('/') + 1));
    expect(members.filter((member) => /^x-(picker|pickers|every-operation)$/.test(member))).toEqual([]);
  });

  it('uses every schema it has', () => {
    const used = new Set(
      valuesOf(definition)
        .filter(({ pointer }) => pointer.endsWith('/$ref'))
        .map(({ value }) => value),
    );
    const unused = Object.keys(definition.definitions ?? {}).filter((name) => !used.has(`#/definitions/${name}`));
    expect(unused).toEqual([]);
  });

  it('gives examples of the type that the schema asks for', () => {
    const wrong = schemasOf(definition).filter(
      ({ value }) => value.example !== undefined && typeOf(value) !== jsonType(value.type),
    );
    expect(wrong.map(({ pointer }) => pointer)).toEqual([]);
  });
});

describe('SendEvent', () => {
  const sendEvent = operations(definition).find(({ operationId }) => operationId === 'SendEvent');
  const body = sendEvent?.parameters.find((parameter) => parameter.in === 'body')?.schema;

  it('posts to the team secret in the path', () => {
    expect(sendEvent).toMatchObject({ method: 'post', path: '/v2/events/{teamSecret}', visibility: 'important' });
    expect(sendEvent?.parameters[0]).toMatchObject({
      name: 'teamSecret',
      in: 'path',
      required: true,
      visibility: 'important',
    });
  });

  it('takes title, message, the reserved fields and any field of the sender', () => {
    expect(Object.keys(body?.properties ?? {})).toEqual([
      'Title',
      'Message',
      'X-S4-ExternalID',
      'X-S4-Status',
      'X-S4-Service',
      'X-S4-AlertingScenario',
      'X-S4-Location',
      'X-S4-Filtering',
      'X-S4-SourceSystem',
    ]);
    expect(body?.required).toEqual(['Title', 'Message']);
    expect(body?.additionalProperties).toMatchObject({ type: 'string' });
  });

  it('answers the id of the event', () => {
    const answer = lookUp<Schema>(definition, sendEvent?.responses['201']?.schema?.$ref ?? '');
    expect(answer?.properties).toHaveProperty('eventId.type', 'string');
  });
});

describe('the trigger', () => {
  const item = definition.paths?.['/v2/webhooks'];

  it('hands the notification to the workflow', () => {
    const notification = lookUp<Schema>(definition, item?.['x-ms-notification-content']?.schema?.$ref ?? '');
    expect(Object.keys(notification?.properties ?? {})).toEqual(
      expect.arrayContaining(['id', 'eventType', 'alert', 'user', 'annotation', 'team']),
    );
  });

  it('is called after what happens', () => {
    expect(item?.post).toMatchObject({ summary: 'When an alert changes', 'x-ms-trigger': 'single' });
  });
});

describe('building a definition', () => {
  const shared: SpecDocument = {
    file: 'common.yaml',
    content: {
      swagger: '2.0',
      info: { title: 'Doors', version: '1' },
      host: 'doors.example.com',
      basePath: '/api',
      schemes: ['https'],
      consumes: ['application/json'],
      produces: ['application/json'],
      securityDefinitions: { Key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
      security: [{ Key: [] }],
      'x-ms-connector-metadata': [{ propertyName: 'Website', propertyValue: 'https://doors.example.com' }],
      'x-every-operation': { responses: { 401: { $ref: '#/responses/Unauthorized' } } },
      'x-pickers': { door: { operationId: 'ListDoors', 'value-path': 'id', 'value-title': 'name' } },
      responses: { Unauthorized: { description: 'The key is wrong.' } },
      parameters: { DoorId: { name: 'doorId', in: 'path', required: true, type: 'string', 'x-picker': 'door' } },
    },
  };
  const doors: SpecDocument = {
    file: 'doors.yaml',
    content: {
      tags: [{ name: 'Doors', description: 'Things that open.' }],
      paths: {
        '/doors/{doorId}': {
          get: {
            responses: {
              404: { description: 'No door.' },
              200: { description: 'The door.', schema: { $ref: '#/definitions/Door' } },
            },
            parameters: [{ $ref: '#/parameters/DoorId' }],
            operationId: 'GetDoor',
          },
        },
      },
      definitions: { Door: { type: 'object', properties: { gate: { type: 'string', 'x-picker': 'door' } } } },
    },
  };
  const built = buildDefinition([doors, shared]);

  it('puts the members in the order of the standard, whatever document they come from', () => {
    expect(Object.keys(built)).toEqual([
      'swagger',
      'info',
      'host',
      'basePath',
      'schemes',
      'consumes',
      'produces',
      'securityDefinitions',
      'security',
      'paths',
      'definitions',
      'responses',
      'x-ms-connector-metadata',
    ]);
  });

  it('writes parameters and answers of success out and leaves references to schemas and answers of failure', () => {
    expect(built.paths?.['/doors/{doorId}']?.get).toEqual({
      operationId: 'GetDoor',
      parameters: [
        {
          name: 'doorId',
          in: 'path',
          required: true,
          type: 'string',
          'x-ms-dynamic-values': { operationId: 'ListDoors', 'value-path': 'id', 'value-title': 'name' },
        },
      ],
      responses: {
        200: { description: 'The door.', schema: { $ref: '#/definitions/Door' } },
        401: { $ref: '#/responses/Unauthorized' },
        404: { description: 'No door.' },
      },
    });
  });

  it('puts the id of an operation first and its answers in order', () => {
    const operation = built.paths?.['/doors/{doorId}']?.get;
    expect(Object.keys(operation ?? {})[0]).toBe('operationId');
    expect(Object.keys(operation?.responses ?? {})).toEqual(['200', '401', '404']);
  });

  it('turns pickers of members into dynamic values', () => {
    expect(built.definitions?.['Door']?.properties?.['gate']?.['x-ms-dynamic-values']?.operationId).toBe('ListDoors');
  });

  it('lets an operation say better what holds for every operation', () => {
    const get = {
      operationId: 'GetDoor',
      responses: { 200: { description: 'The door.' }, 401: { description: 'Locked.' } },
    };
    const own = { file: 'doors.yaml', content: { tags: doors.content['tags'] ?? [], paths: { '/doors': { get } } } };
    const { parameters: _, 'x-pickers': __, ...rest } = shared.content;
    const { paths } = buildDefinition([own, { file: 'common.yaml', content: rest }]);
    expect(paths?.['/doors']?.get?.responses?.['401']?.description).toBe('Locked.');
  });

  it('names document and place of what does not fit', () => {
    const dangling = { file: 'gates.yaml', content: { definitions: { Gate: { $ref: '#/definitions/Fence' } } } };
    expect(() => buildDefinition([shared, doors, dangling])).toThrow(
      expect.objectContaining({
        message: 'there is no "Fence" in definitions',
        where: { file: 'gates.yaml', path: 'definitions.Gate.$ref' },
      }),
    );
  });
});

function typeOf({ example }: Schema): string {
  return Array.isArray(example) ? 'array' : typeof example;
}

function jsonType(type: string | undefined): string {
  return type === 'integer' ? 'number' : (type ?? '');
}
