import { describe, expect, it } from 'vitest';
import type { Principal } from '../../src/simulator/entra/directory.ts';
import type { Table } from '../../src/simulator/logs/answers.ts';
import { armWorld, jsonOf } from './client.ts';

const table: Table = {
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'IPAddress', type: 'string' },
  ],
  rows: [
    ['2026-01-10T08:31:02Z', '192.0.2.38'],
    ['2026-01-10T08:32:02Z', '192.0.2.39'],
    ['2026-01-10T08:33:02Z', null],
  ],
};

function logs() {
  const { world, clock } = armWorld();
  const host = 'https://api.loganalytics.azure.com/v1';
  const query = async (text: unknown, options: { as?: Principal; path?: string; prefer?: string } = {}) => {
    const token = await world.entra.token(options.as ?? world.accounts.relay, 'https://api.loganalytics.azure.com');
    const response = await world.fetch(`${host}/${options.path ?? `workspaces/${world.workspace.workspaceId}/query`}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...(options.prefer && { prefer: options.prefer }) },
      body: JSON.stringify({ query: text, timespan: 'P1D' }),
    });
    return { status: response.status, headers: response.headers, json: await jsonOf(response) };
  };
  return { world, clock, query };
}

describe('the query API', () => {
  it('answers a registered query, by workspace and by resource, and no rows to any other', async () => {
    const { world, query } = logs();
    world.logs.answers.push({ when: 'SigninLogs | where ResultType == 0', table });
    const found = await query('set query_now = datetime(2026-01-10T08:36:02Z);\nSigninLogs\n| where ResultType == 0');
    expect(found.json).toEqual({ tables: [{ name: 'PrimaryResult', ...table }] });
    const { subscriptionId, resourceGroup, name } = world.workspace;
    const path = `subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${name}/query`;
    expect((await query('SigninLogs | where ResultType == 0', { path })).json.tables[0].rows).toHaveLength(3);
    expect((await query('Other')).json.tables[0].rows).toEqual([]);
  });

  it('cuts rows as the end of the query says', async () => {
    const { world, query } = logs();
    world.logs.answers.push({ when: /SigninLogs/, table });
    expect((await query('SigninLogs\n| take 2')).json.tables[0].rows).toHaveLength(2);
    expect((await query('SigninLogs | top 1 by TimeGenerated desc')).json.tables[0].rows).toHaveLength(1);
  });

  it('marks partial results inside a 200, and adds statistics on request', async () => {
    const { world, query } = logs();
    world.logs.answers.push({ when: () => true, table, partialError: 'one shard was down' });
    const { status, json } = await query('T', { prefer: 'wait=30, include-statistics=true' });
    expect(status).toBe(200);
    expect(json.error).toMatchObject({ code: 'PartialError', details: [{ message: 'one shard was down' }] });
    expect(json.tables[0].rows).toHaveLength(3);
    expect(json.statistics.query.executionTime).toBe(0);
  });

  it('refuses nonsense with 400', async () => {
    const { world, query } = logs();
    world.logs.answers.push({ when: 'NoSuchTable', semanticError: "'NoSuchTable' does not refer to any known table" });
    expect((await query('NoSuchTable')).json.error.innererror.innererror.message).toContain('NoSuchTable');
    expect((await query('')).json.error.code).toBe('BadArgumentError');
  });

  it('gives up after the time the caller allows with 504', async () => {
    const { world, query, clock } = logs();
    world.logs.answers.push({ when: 'Slow', table, takesMs: 60_000 });
    const short = clock.track(() => query('Slow', { prefer: 'wait=10' }));
    const long = clock.track(() => query('Slow', { prefer: 'wait=90' }));
    await clock.advance(61_000);
    expect((await short).status).toBe(504);
    expect((await long).status).toBe(200);
  });

  it('needs a token for this API, a role and the right workspace', async () => {
    const { world, query } = logs();
    const noToken = await world.fetch(
      `https://api.loganalytics.io/v1/workspaces/${world.workspace.workspaceId}/query`,
      { method: 'POST', body: '{}' },
    );
    expect(noToken.status).toBe(401);
    world.sentinel.access.revoke(world.accounts.relay.objectId);
    const denied = await query('T');
    expect(denied.status).toBe(403);
    expect(denied.json.error.code).toBe('InsufficientAccessError');
    expect(
      (
        await query('T', {
          as: world.accounts.contributor,
          path: 'workspaces/11111111-1111-1111-1111-111111111111/query',
        })
      ).status,
    ).toBe(404);
  });

  it('throttles after 200 queries in 30 seconds', async () => {
    const { query, clock } = logs();
    for (let n = 0; n < 200; n++) expect((await query('T')).status).toBe(200);
    const over = await query('T');
    expect(over.status).toBe(429);
    expect(over.headers.get('retry-after')).toBe('30');
    await clock.advance(31_000);
    expect((await query('T')).status).toBe(200);
  });
});
