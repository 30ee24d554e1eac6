import { describe, expect, it } from 'vitest';
import { findOperation, operations } from '../../src/connector/operations.ts';
import { definition } from './generated.ts';

const all = operations(definition);
const idAt = (method: string, path: string) => findOperation(all, method, path)?.operationId;

describe('operations', () => {
  it('describes an operation with its parameters', () => {
    expect(all.find(({ operationId }) => operationId === 'CloseAlert')).toMatchObject({
      method: 'post',
      path: '/v2/alerts/{alertId}/close',
      summary: 'Close an alert',
      trigger: undefined,
      deprecated: false,
      parameters: [
        { name: 'alertId', in: 'path', required: true, type: 'string', visibility: 'important' },
        { name: 'body', in: 'body', required: true, type: 'object', schema: { required: ['uid'] } },
      ],
    });
  });

  it('knows triggers and internal operations', () => {
    expect(all.filter(({ trigger }) => trigger !== undefined).map(({ operationId }) => operationId)).toEqual([
      'SubscribeToAlertChanges',
    ]);
    expect(all.filter(({ visibility }) => visibility === 'internal').map(({ operationId }) => operationId)).toEqual([
      'ListWebhooks',
      'DeleteWebhook',
    ]);
  });
});

describe('finding the operation of a saved action', () => {
  it.each([
    ['post', "/v2/events/@{encodeURIComponent(parameters('TeamSecret'))}", 'SendEvent'],
    ['post', '/v2/events/paged', 'ListEvents'],
    ['post', "/v2/alerts/@{encodeURIComponent(triggerBody()?['alert']?['id'])}/acknowledge", 'AcknowledgeAlert'],
    ['post', '/v2/alerts/acknowledgeAll', 'AcknowledgeAllAlerts'],
    ['get', "/v2/teams/@{encodeURIComponent('4f6a')}", 'GetTeam'],
    ['get', '/v2/teams/public', 'ListPublicTeams'],
    ['get', "/v2/categories/@{encodeURIComponent('4f6a')}/metrics", 'ListCategoryMetrics'],
    ['get', "/v2/categories/@{encodeURIComponent('4f6a')}/@{encodeURIComponent('9d1f')}", 'GetCategory'],
    ['post', '/v2/webhooks', 'SubscribeToAlertChanges'],
  ])('takes %s %s for %s', (method, path, operationId) => {
    expect(idAt(method, path)).toBe(operationId);
  });

  it('finds no internal operation, as the designer does not', () => {
    expect(idAt('get', '/v2/webhooks')).toBeUndefined();
  });

  it('finds nothing for an unknown path', () => {
    expect(idAt('get', '/v2/nothing')).toBeUndefined();
  });
});
