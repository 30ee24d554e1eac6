import { describe, expect, it } from 'vitest';
import { identityCheck } from '../../src/relay/connect/identity-check.ts';

const token = { token: 'x', expiresOnTimestamp: 0 };
const refused = Object.assign(new Error('invalid_client'), { name: 'AuthenticationError' });
const unreachable = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });

/** A check whose credential does these things, one after another. */
function checkOf(...answers: readonly (typeof token | Error | null)[]) {
  const left = [...answers];
  const getToken = async () => {
    const answer = left.shift() ?? null;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return identityCheck({ getToken }, 'https://management.azure.com/.default');
}

describe('identity of the relay', () => {
  it('is there with a token', async () => {
    await expect(checkOf(token)()).resolves.toEqual({ state: 'known' });
  });

  it.each([refused, unreachable, null])('is missing as long as there never was one: %s', async (answer) => {
    await expect(checkOf(answer)()).rejects.toThrow();
  });

  it('is lost where it is refused later, which is told and no failure, and not with Entra out of reach', async () => {
    const check = checkOf(token, unreachable, refused, null, token);
    await check();
    await expect(check()).resolves.toEqual({ state: 'known' });
    await expect(check()).resolves.toEqual({ state: 'lost', error: refused });
    await expect(check()).resolves.toMatchObject({ state: 'lost', error: { name: 'CredentialUnavailableError' } });
    await expect(check()).resolves.toEqual({ state: 'known' });
  });
});
