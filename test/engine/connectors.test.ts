import { describe, expect, it } from 'vitest';
import { compose, following, run, scripted, span } from './support/workflow.ts';

const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/connections/azuresentinel-playbook';
const $connections = {
  azuresentinel: {
    connectionId: id,
    connectionName: 'azuresentinel-playbook',
    id: '/subscriptions/s/providers/Microsoft.Web/locations/westeurope/managedApis/azuresentinel',
  },
};
const host = { connection: { name: "@parameters('$connections')['azuresentinel']['connectionId']" } };

describe('ApiConnection', () => {
  it('calls an operation through its connection', async () => {
    const calls = scripted({ status: 200, body: { properties: { title: 'T' } } });
    const result = await run(
      {
        Get_incident: {
          type: 'ApiConnection',
          inputs: { host, method: 'post', path: '/Incidents', body: { incidentArmId: "@triggerBody()?['id']" } },
          runAfter: {},
        },
        Title: compose("@body('Get_incident')?['properties']?['title']", following('Get_incident')),
      },
      { calls, parameters: { $connections }, trigger: { body: { id: '/incidents/1' } } },
    );
    expect(calls.asked).toEqual([
      {
        kind: 'ApiConnection',
        action: 'Get_incident',
        method: 'POST',
        path: '/Incidents',
        connection: { key: 'azuresentinel', id, api: 'azuresentinel' },
        queries: {},
        headers: {},
        body: { incidentArmId: '/incidents/1' },
        retry: 0,
      },
    ]);
    expect(result.actions['Title']?.outputs).toBe('T');
    expect(result.actions['Get_incident']?.inputs).toMatchObject({
      host: { connection: { name: id } },
      path: '/Incidents',
    });
  });

  it('fails with InvalidTemplate when the connection has no value', async () => {
    const result = await run({
      Get: { type: 'ApiConnection', inputs: { host, method: 'get', path: '/x' }, runAfter: {} },
    });
    expect(result.actions['Get']?.error).toMatchObject({ code: 'InvalidTemplate' });
    expect(result.actions['Get']?.error?.message).toContain("property 'azuresentinel' doesn't exist");
  });

  it('is tried again like any call', async () => {
    const calls = scripted({ status: 500 }, { status: 200 });
    const result = await run(
      { Get: { type: 'ApiConnection', inputs: { host, method: 'get', path: '/x' }, runAfter: {} } },
      { calls, parameters: { $connections } },
    );
    expect(result.actions['Get']).toMatchObject({ status: 'Succeeded', retries: [{ code: 'InternalServerError' }] });
  });
});

describe('ApiConnectionWebhook', () => {
  const ask = {
    type: 'ApiConnectionWebhook',
    inputs: { host, path: '/mailapproval/$subscriptions', body: { notificationUrl: '@{listCallbackUrl()}' } },
    runAfter: {},
  };

  it('subscribes with its callback address and waits for what calls back', async () => {
    const calls = scripted({ status: 201, callback: { body: { SelectedOption: 'Approve' }, afterMs: 90_000 } });
    const result = await run(
      { Ask: ask, Answer: compose("@body('Ask')?['SelectedOption']", following('Ask')) },
      { calls, parameters: { $connections } },
    );
    expect(calls.asked[0]).toMatchObject({
      method: 'POST',
      body: { notificationUrl: expect.stringMatching(/^https:\/\/.*\/actions\/Ask\/run\?/) },
    });
    expect(result.actions['Answer']?.outputs).toBe('Approve');
    expect(span(result, 'Ask')[1]).toBe(90_000);
  });

  it('takes the body of the answer to its subscription where nothing is said of a callback', async () => {
    const calls = scripted({ status: 200, body: { SelectedOption: 'Reject' } });
    const result = await run({ Ask: ask }, { calls, parameters: { $connections } });
    expect(result.actions['Ask']?.outputs).toMatchObject({ body: { SelectedOption: 'Reject' } });
  });

  it('times out when nobody calls back', async () => {
    const calls = scripted({ status: 201, callback: null });
    const limited = await run({ Ask: { ...ask, limit: { timeout: 'PT1H' } } }, { calls, parameters: { $connections } });
    expect(limited.actions['Ask']?.status).toBe('TimedOut');
    const endless = await run({ Ask: ask }, { calls, parameters: { $connections } });
    expect(endless).toMatchObject({
      status: 'TimedOut',
      code: 'WorkflowRunTimedOut',
      actions: { Ask: { status: 'Cancelled' } },
    });
    expect(span(endless, 'Ask')[1]).toBe(90 * 86_400_000);
  });

  it('fails where the subscription is refused', async () => {
    const result = await run({ Ask: ask }, { calls: scripted({ status: 403 }), parameters: { $connections } });
    expect(result.actions['Ask']).toMatchObject({ status: 'Failed', code: 'Forbidden' });
  });
});

describe('HttpWebhook', () => {
  const hook = {
    type: 'HttpWebhook',
    inputs: {
      subscribe: {
        method: 'POST',
        uri: 'https://api.contoso.com/subscriptions',
        body: { callback: '@{listCallbackUrl()}' },
      },
      unsubscribe: { method: 'DELETE', uri: 'https://api.contoso.com/subscriptions/1' },
    },
    runAfter: {},
  };

  it('takes its subscription back when it is cut off', async () => {
    const calls = scripted({ status: 200, callback: null }, { status: 204 });
    const result = await run({ Hook: { ...hook, limit: { timeout: 'PT5M' } } }, { calls });
    expect(result.actions['Hook']?.status).toBe('TimedOut');
    expect(calls.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /subscriptions',
      'DELETE /subscriptions/1',
    ]);
  });

  it('ends with the callback', async () => {
    const calls = scripted({ status: 200, callback: { body: { ok: true }, headers: { 'x-id': '1' } } });
    const result = await run({ Hook: hook }, { calls });
    expect(result.actions['Hook']?.outputs).toEqual({ headers: { 'x-id': '1' }, body: { ok: true } });
  });
});

describe('other calls', () => {
  it('reach workflows, functions and published APIs by their ids', async () => {
    const calls = scripted({ status: 200, body: 'ok' });
    await run(
      {
        Child: {
          type: 'Workflow',
          inputs: {
            host: { workflow: { id: '/subscriptions/s/workflows/Child' }, triggerName: 'manual' },
            body: { n: 1 },
          },
          runAfter: {},
        },
        Function: {
          type: 'Function',
          inputs: { function: { id: '/subscriptions/s/sites/f/functions/enrich' }, body: 1 },
          runAfter: following('Child'),
        },
        Api: {
          type: 'ApiManagement',
          inputs: {
            api: { id: '/subscriptions/s/service/apim/apis/users' },
            method: 'get',
            pathTemplate: { template: '/users/{id}', parameters: { id: 'a/b' } },
          },
          runAfter: following('Function'),
        },
      },
      { calls },
    );
    expect(calls.asked.map(({ kind, method, path }) => `${kind} ${method} ${path}`)).toEqual([
      'Workflow POST /subscriptions/s/workflows/Child/triggers/manual/run',
      'Function POST /subscriptions/s/sites/f/functions/enrich',
      'ApiManagement GET /users/a%2Fb',
    ]);
  });
});

describe('a batch', () => {
  const receiver = '/subscriptions/s/resourceGroups/r/providers/Microsoft.Logic/workflows/Receiver';
  const host = { triggerName: 'Batch_messages', workflow: { id: receiver } };

  it('gets one message from every SendToBatch', async () => {
    const inputs = { host, batchName: 'alerts', partitionName: 'p', content: { id: '@add(1, 1)' } };
    const calls = scripted({ status: 202 });
    const { actions } = await run({ Send: { type: 'SendToBatch', inputs, runAfter: {} } }, { calls });
    expect(actions['Send']?.status).toBe('Succeeded');
    expect(calls.asked).toEqual([
      expect.objectContaining({
        method: 'POST',
        path: `${receiver}/triggers/Batch_messages/run`,
        body: { batchName: 'alerts', partitionName: 'p', content: { id: 2 } },
      }),
    ]);
    const lost = await run({ Send: { type: 'SendToBatch', inputs: { ...inputs, host: {} }, runAfter: {} } });
    expect(lost.actions['Send']?.error?.message).toContain("'host.workflow.id' of the batch receiver is missing");
  });

  it('starts its receiver with all messages, and not without any', async () => {
    const triggers = { Batch_messages: { type: 'Batch', inputs: { mode: 'Inline', configurations: {} } } };
    const read = { Read: compose("@length(triggerBody()?['items'])") };
    const body = { items: [{ content: 1 }, { content: 2 }] };
    const released = await run(read, { definition: { triggers }, trigger: { body } });
    expect(released.actions['Read']?.outputs).toBe(2);
    const empty = await run(read, { definition: { triggers } });
    expect(empty).toMatchObject({
      status: 'Skipped',
      trigger: { reason: expect.stringContaining('no batch to release') },
    });
  });
});
