import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox, sandboxEnvironment } from '../../../src/simulator/azure/sandbox.ts';
import { VirtualClock } from '../../../src/simulator/clock.ts';

const ORIGIN = 'http://127.0.0.1:4290';
let clock: VirtualClock;
let sandbox: Sandbox;
beforeEach(() => {
  clock = new VirtualClock();
  sandbox = createSandbox(clock, ORIGIN);
});

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await sandbox.fetch(
    new Request(`${ORIGIN}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }),
  );
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
}

async function token(resource = 'https://management.azure.com') {
  const env = sandboxEnvironment(sandbox.azure, ORIGIN);
  const form = {
    grant_type: 'client_credentials',
    client_id: env['AZURE_CLIENT_ID'] ?? '',
    client_secret: env['AZURE_CLIENT_SECRET'] ?? '',
    scope: `${resource}/.default`,
  };
  const address = `${env['SIGNL4_AUTHORITY_URL']}/${env['AZURE_TENANT_ID']}/oauth2/v2.0/token`;
  const answer = await sandbox.fetch(new Request(address, { method: 'POST', body: new URLSearchParams(form) }));
  return { authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
}

describe('the sandbox', () => {
  it('finds each service behind one address', async () => {
    const { workspace, signl4 } = sandbox.azure.world;
    const arm = await ask('GET', '/subscriptions?api-version=2022-12-01', undefined, await token());
    expect(arm.body.value[0].subscriptionId).toBe(workspace.subscriptionId);
    const query = { query: 'SentinelHealth | summarize Runs = count()' };
    const logs = await ask(
      'POST',
      `/v1/workspaces/${workspace.workspaceId}/query`,
      query,
      await token('https://api.loganalytics.io'),
    );
    expect(logs.body.tables[0].rows).toEqual([[0, 0, '[]']]);
    const graph = await ask(
      'GET',
      "/v1.0/servicePrincipals?$filter=appId eq '98785600-1bb7-4fb9-b9fa-19afe2c8a360'",
      undefined,
      await token('https://graph.microsoft.com'),
    );
    expect(graph.body.value).toHaveLength(1);
    expect((await ask('GET', '/api/v2/teams', undefined, { 'x-s4-api-key': signl4.apiKey })).body).toHaveLength(2);
    expect((await ask('GET', '/subscriptions?api-version=2022-12-01')).status).toBe(401);
  });

  it('lets incidents come in, and people act on the phone', async () => {
    const made = await ask('POST', '/sandbox/incidents', { severity: 'Low', title: 'Odd sign-in' });
    expect(made).toMatchObject({ status: 201, body: { number: 1, title: 'Odd sign-in', severity: 'Low' } });
    await ask('POST', '/webhook/soc-team-secret', { Title: 'Odd sign-in', 'X-S4-Status': 'new' });
    expect((await ask('POST', '/sandbox/alerts/latest/acknowledge', { note: 'mine' })).body.title).toBe('Odd sign-in');
    const { alerts, incidents } = (await ask('GET', '/sandbox')).body;
    expect([alerts[0].status, incidents[0].status]).toEqual([2, 'New']);
  });

  it('has lags, troubles and faults to switch on, and ends them', async () => {
    expect((await ask('PUT', '/sandbox/lags', { role: '60s' })).body.role).toBe(60_000);
    expect((await ask('PUT', '/sandbox/troubles', { policy: 'Tags', forbidden: ['workflows'] })).body).toMatchObject({
      policy: 'Tags',
      forbidden: ['workflows'],
    });
    expect((await ask('PUT', '/sandbox/troubles', { policy: null, forbidden: [] })).body).toMatchObject({
      policy: null,
      forbidden: [],
    });
    await ask('POST', '/sandbox/faults', { service: 'arm', path: '/subscriptions', status: 503, times: 1 });
    const list = async () =>
      (await ask('GET', '/subscriptions?api-version=2022-12-01', undefined, await token())).status;
    expect([await list(), await list()]).toEqual([503, 200]);
  });

  it.each([
    ['PUT', '/sandbox/lags', { roles: '1s' }, 'there is no lag "roles"'],
    ['PUT', '/sandbox/lags', { role: 'soon' }, 'must be a duration'],
    ['PUT', '/sandbox/troubles', { forbidden: ['('] }, 'is not a regular expression'],
    ['PUT', '/sandbox/troubles', [], 'must be a JSON object'],
    ['POST', '/sandbox/faults', { service: 'azure', status: 500 }, 'service must be one of arm,'],
    ['POST', '/sandbox/faults', { service: 'arm', status: 'bad' }, 'status must be a number'],
    ['POST', '/sandbox/incidents', { severity: 'Huge' }, 'severity must be one of High'],
    ['POST', '/sandbox/playbooks/SIGNL4-Sweep/parameters', { Tag: 'x' }, 'there is no playbook SIGNL4-Sweep'],
    ['POST', '/sandbox/alerts/latest/close', {}, 'there is no alert yet: after an incident it takes some seconds'],
    ['POST', '/sandbox/alerts/4711/close', {}, 'there is no alert 4711; GET /sandbox lists them'],
  ])('%s %s refuses %j', async (method, path, body, text) => {
    const answer = await ask(method, path, body);
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining(text)]);
  });

  it('never shows the key in the address of a workflow', async () => {
    await ask('POST', '/workflows/x/triggers/y/paths/invoke?sig=hunter2', {});
    expect(JSON.stringify((await ask('GET', '/sandbox/requests')).body)).not.toContain('hunter2');
  });
});
