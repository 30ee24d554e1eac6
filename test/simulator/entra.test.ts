import { createLocalJWKSet, createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { armWorld, jsonOf } from './client.ts';

function entra() {
  const setup = armWorld();
  const { world } = setup;
  const authority = `https://login.microsoftonline.com/${world.workspace.tenantId}`;
  const token = async (form: Record<string, string>, path = 'oauth2/v2.0/token') => {
    const response = await world.fetch(`${authority}/${path}`, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, json: await jsonOf(response) };
  };
  const client = {
    grant_type: 'client_credentials',
    client_id: world.accounts.relay.appId ?? '',
    client_secret: 'secret of SIGNL4 relay',
  };
  return { ...setup, authority, token, client };
}

describe('the token endpoint', () => {
  it('gives an application a token for a resource', async () => {
    const { world, token, client } = entra();
    const { status, json } = await token({ ...client, scope: 'https://management.azure.com/.default' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    expect(decodeJwt(json.access_token)).toMatchObject({
      aud: 'https://management.azure.com',
      iss: `https://sts.windows.net/${world.workspace.tenantId}/`,
      oid: world.accounts.relay.objectId,
      appid: world.accounts.relay.appId,
      idtyp: 'app',
      ver: '1.0',
    });
    const graph = await token({ ...client, resource: 'https://graph.microsoft.com' }, 'oauth2/token');
    expect(decodeJwt(graph.json.access_token)['roles']).toContain('User.Read.All');
  });

  it.each([
    [{ client_id: 'unknown' }, 'unauthorized_client', 700016],
    [{ client_secret: 'wrong' }, 'invalid_client', 7000215],
    [{ scope: 'https://nobody.example/.default' }, 'invalid_resource', 500011],
    [{ scope: 'https://management.azure.com' }, 'invalid_scope', 1002012],
    [{ grant_type: 'password' }, 'unsupported_grant_type', 70003],
  ])('refuses %j', async (wrong, error, number) => {
    const { token, client } = entra();
    const { json } = await token({ ...client, scope: 'https://management.azure.com/.default', ...wrong });
    expect(json).toMatchObject({ error, error_codes: [number] });
    expect(json.error_description).toMatch(new RegExp(`^AADSTS${number}: `));
  });

  it('refuses an expired secret and another tenant', async () => {
    const { world, clock, token, client } = entra();
    await clock.advance(400 * 86_400_000);
    expect((await token({ ...client, scope: 'https://management.azure.com/.default' })).json.error_codes).toEqual([
      7000222,
    ]);
    const other = await world.fetch('https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token', {
      method: 'POST',
      body: '',
    });
    expect(await other.json()).toMatchObject({ error_codes: [90002] });
  });

  it('signs for an application of our own so that anybody can check it by discovery', async () => {
    const { world, authority, token, client, clock } = entra();
    world.entra.directory.addResource({
      uri: 'api://signl4-relay',
      tokenVersion: 2,
      appId: '5f0a2c3e-0000-4000-8000-1234567890ab',
    });
    const { json } = await token({ ...client, scope: 'api://signl4-relay/.default' });
    const configuration = await jsonOf(await world.fetch(`${authority}/v2.0/.well-known/openid-configuration`));
    const keys = createRemoteJWKSet(new URL(configuration.jwks_uri), { [customFetch]: world.fetch });
    const { payload } = await jwtVerify(json.access_token, keys, {
      issuer: configuration.issuer,
      audience: '5f0a2c3e-0000-4000-8000-1234567890ab',
      currentDate: new Date(clock.now()),
    });
    expect(payload).toMatchObject({ azp: client.client_id, tid: world.workspace.tenantId, ver: '2.0' });
  });

  it('makes tokens that must be refused, for tests of others', async () => {
    const { world, clock } = entra();
    const resource = world.entra.directory.addResource({ uri: 'api://relay', tokenVersion: 2, appId: 'app' });
    const keys = createLocalJWKSet(await world.entra.tokens.keys());
    const check = (token: string) =>
      jwtVerify(token, keys, {
        audience: 'app',
        issuer: world.entra.tokens.issuer(2),
        currentDate: new Date(clock.now()),
      });
    const principal = world.accounts.relay;
    await expect(check(await world.entra.tokens.issue({ principal, resource }))).resolves.toBeDefined();
    await expect(check(await world.entra.tokens.issue({ principal, resource, lifetime: -1 }))).rejects.toThrow(/exp/);
    await expect(
      check(await world.entra.tokens.issue({ principal, resource, claims: { iss: 'https://evil.example' } })),
    ).rejects.toThrow(/iss/);
    await expect(
      check(await world.entra.tokens.issue({ principal, resource, claims: { aud: 'other' } })),
    ).rejects.toThrow(/aud/);
  });
});

describe('managed identities', () => {
  it('get tokens from App Service with the header only', async () => {
    const { world } = entra();
    const url =
      'https://login.microsoftonline.com/msi/token?resource=https://graph.microsoft.com&api-version=2019-08-01';
    expect((await world.fetch(url)).status).toBe(401);
    const response = await world.fetch(url, { headers: { 'x-identity-header': 'identity-header' } });
    const json = await jsonOf(response);
    expect(decodeJwt(json.access_token)['oid']).toBe(world.accounts.relay.objectId);
    expect(Number(json.expires_on)).toBeGreaterThan(Date.parse('2026-01-10T08:00:00Z') / 1_000);
  });

  it('get tokens from the machine with the header only, and none where there is no identity', async () => {
    const { world } = entra();
    const url =
      'http://169.254.169.254/metadata/identity/oauth2/token?resource=https://management.azure.com/&api-version=2018-02-01';
    expect((await world.fetch(url)).status).toBe(400);
    expect((await world.fetch(url, { headers: { metadata: 'true' } })).status).toBe(200);
    world.entra.managedIdentity.principalId = undefined;
    expect((await world.fetch(url, { headers: { metadata: 'true' } })).status).toBe(400);
  });
});
