import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogsClient, type LogsClient } from '../../src/azure/logs.ts';
import { type Services, startServices } from './services.ts';

let services: Services;
let logs: LogsClient;
beforeAll(async () => {
  services = await startServices();
  const { world } = services;
  logs = createLogsClient({
    endpoint: services.logs,
    audience: 'https://api.loganalytics.io',
    credential: services.as(world.accounts.relay, 'https://api.loganalytics.io'),
    workspaceId: world.workspace.workspaceId,
    maxRetries: 0,
  });
  world.logs.answers.push(
    {
      when: 'SigninLogs',
      table: {
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Details', type: 'dynamic' },
        ],
        rows: [['2026-01-10T08:31:02.1872065Z', '{"city":"Köln"}']],
      },
    },
    { when: 'HalfTable', partialError: 'some shards did not answer' },
    {
      when: (query) => query.text.includes('Echo'),
      table: ({ timespan }) => ({ columns: [{ name: 'span', type: 'string' }], rows: [[timespan ?? 'none']] }),
    },
    { when: 'Broken', semanticError: "'Broken' is not a table" },
  );
});
afterAll(() => services.close());

describe('the logs client', () => {
  it('gives columns and rows', async () => {
    expect(await logs.query('SigninLogs', { timeoutSeconds: 20 })).toEqual({
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Details', type: 'dynamic' },
      ],
      rows: [['2026-01-10T08:31:02.187Z', { city: 'Köln' }]],
      partialError: undefined,
    });
  });

  it('says why rows are missing from a partial answer', async () => {
    const answer = await logs.query('HalfTable', { timeoutSeconds: 20 });
    expect(answer.partialError).toContain('errors when processing your query');
  });

  it('narrows the time only where a range is given', async () => {
    const range = { start: '2026-01-10 08:31:02Z', end: '2026-01-10T08:36:02Z' };
    expect((await logs.query('Echo', { range, timeoutSeconds: 20 })).rows).toEqual([
      ['2026-01-10T08:31:02.000Z/2026-01-10T08:36:02.000Z'],
    ]);
    expect((await logs.query('Echo', { timeoutSeconds: 20 })).rows).toEqual([['P4400D']]);
  });

  it('fails where the query is wrong or not allowed', async () => {
    await expect(logs.query('Broken', { timeoutSeconds: 20 })).rejects.toMatchObject({ statusCode: 400 });
    const { world } = services;
    const stranger = createLogsClient({
      endpoint: services.logs,
      audience: 'https://api.loganalytics.io',
      credential: services.as(world.accounts.relay, 'https://graph.microsoft.com'),
      workspaceId: world.workspace.workspaceId,
    });
    await expect(stranger.query('SigninLogs', { timeoutSeconds: 20 })).rejects.toMatchObject({ statusCode: 403 });
  });

  it('stops when its signal says so', async () => {
    const takeBack = services.world.faults.add({ service: 'logs', fault: { kind: 'hang' } });
    const going = logs.query('SigninLogs', { timeoutSeconds: 20 }, AbortSignal.timeout(20));
    await expect(going).rejects.toMatchObject({ name: 'AbortError' });
    takeBack();
  });
});
