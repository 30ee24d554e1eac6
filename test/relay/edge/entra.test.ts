import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { entraTokens, type TokenCheck } from '../../../src/relay/edge/entra.ts';

const tenantId = '9b2a1b5e-0f3e-4d55-8c0f-2f8f1a1f2b3c';
const now = Date.UTC(2026, 0, 10, 8, 41);

describe('a token of Entra', () => {
  let check: TokenCheck;
  let sign: (claims: Readonly<Record<string, unknown>>) => Promise<string>;
  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] };
    const settings = {
      tenantId,
      audiences: ['api://relay'],
      role: 'Relay.Use',
      authority: 'https://login.example.com',
    };
    check = entraTokens(
      settings,
      async () => Response.json(keys),
      () => new Date(now),
    );
    sign = (claims) => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
  });

  const claims = {
    iss: `https://login.example.com/${tenantId}/v2.0`,
    aud: 'api://relay',
    roles: ['Relay.Use'],
    oid: 'somebody',
    exp: now / 1000 + 3600,
  };

  it('counts with everything in it', async () => {
    expect(await check.verify(await sign(claims))).toEqual({ caller: 'somebody' });
  });

  it.each(['exp', 'iss', 'aud', 'roles'] as const)('does not count without %s', async (missing) => {
    const { [missing]: _, ...rest } = claims;
    expect(await check.verify(await sign(rest))).toHaveProperty('problem');
  });

  it('is of its object id, else of its subject', async () => {
    const { oid: _, ...rest } = claims;
    expect(await check.verify(await sign({ ...rest, sub: 'subject' }))).toEqual({ caller: 'subject' });
    expect(await check.verify(await sign(rest))).toEqual({ caller: 'unknown' });
  });

  it('counts from both issuers of its tenant and for the role alone', async () => {
    const v1 = `https://sts.windows.net/${tenantId}/`;
    expect(await check.verify(await sign({ ...claims, iss: v1 }))).toEqual({ caller: 'somebody' });
    expect(await check.verify(await sign({ ...claims, iss: v1.slice(0, -1) }))).toHaveProperty('problem');
    expect(await check.verify(await sign({ ...claims, roles: ['Other', 'Relay.Use'] }))).toEqual({
      caller: 'somebody',
    });
    expect(await check.verify(await sign({ ...claims, roles: ['Other'] }))).toEqual({
      problem: 'the token lacks the role Relay.Use',
    });
    expect(await check.verify(await sign({ ...claims, roles: 'Relay.Use' }))).toHaveProperty('problem');
  });

  it('counts a minute longer, for clocks that differ', async () => {
    const verdicts = [];
    for (const seconds of [-59, -61])
      verdicts.push(await check.verify(await sign({ ...claims, exp: now / 1000 + seconds })));
    expect(verdicts).toEqual([{ caller: 'somebody' }, { problem: 'the token has expired' }]);
    expect(await check.verify(await sign({ ...claims, nbf: now / 1000 + 59 }))).toEqual({ caller: 'somebody' });
    expect(await check.verify(await sign({ ...claims, nbf: now / 1000 + 61 }))).toHaveProperty('problem');
  });

  it('that is none is told apart from keys that do not come', async () => {
    expect(await check.verify('no token')).toEqual({ problem: 'the token is not valid' });
    const settings = {
      tenantId,
      audiences: ['api://relay'],
      role: 'Relay.Use',
      authority: 'https://login.example.com',
    };
    const offline = entraTokens(
      settings,
      () => Promise.reject(new Error('offline')),
      () => new Date(now),
    );
    expect(await offline.verify(await sign(claims))).toEqual({ problem: 'the token cannot be checked' });
  });

  it('does not count from before it begins, and not for ever', async () => {
    expect(await check.verify(await sign({ ...claims, nbf: now / 1000 + 600 }))).toHaveProperty('problem');
    expect(await check.verify(await sign({ ...claims, exp: now / 1000 - 600 }))).toHaveProperty('problem');
  });
});
