import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { ConfigError } from '../../src/config/problem.ts';

function errorOf(text: string): ConfigError | undefined {
  try {
    loadConfig(text, 'signl4.yaml');
    return undefined;
  } catch (error) {
    return error as ConfigError;
  }
}

// Made up, put together here so that no scanner takes this file for a leak.
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'c2lnbmF0dXJl'].join('.');
const clientSecret = ['abc', '8Q~', 'x'.repeat(34)].join('');

describe('a secret in the configuration', () => {
  it.each([
    ['a known name', 'signl4ApiKey: s4-3f9a1c', 's4-3f9a1c'],
    ['a known name in other spelling', 'relay: { Shared_Key: s4-3f9a1c }', 's4-3f9a1c'],
    ['the webhook address of a team', 'message: { text: "https://connect.signl4.com/webhook/h7k2p9xq" }', 'h7k2p9xq'],
    ['the event address of a team', 'company: https://connect.signl4.com/api/v2/events/h7k2p9xq', 'h7k2p9xq'],
    ['a signed address', 'relay: { url: "https://x.logic.azure.com/invoke?sig=Zm9vYmFyYmF6cXV4MTIzNA" }', 'Zm9vYmFy'],
    ['a function key', 'relay: { url: "https://x.azurewebsites.net/api?code=Zm9vYmFyYmF6cXV4MTIzNA==" }', 'Zm9vYmFy'],
    ['a password in an address', 'relay: { url: "https://soc:hunter2@relay.contoso.com" }', 'hunter2'],
    ['a storage key', 'company: "AccountKey=Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA=="', 'Zm9vYmFy'],
    ['a token', `company: ${jwt}`, 'c2lnbmF0dXJl'],
    ['an Entra client secret', `targets: [{ name: a, company: ${clientSecret} }]`, '8Q~'],
    ['a secret as a key', `friendlyNames: { entities: { ${clientSecret}: a } }`, '8Q~'],
  ])('is refused: %s', (_, text, secret) => {
    const error = errorOf(text);
    expect(error?.problems.map(({ code }) => code)).toEqual(['config.secret']);
    expect(`${error?.message} ${error?.remedy}`).not.toContain(secret);
    if (text.indexOf(secret) > text.lastIndexOf(':')) expect(error?.where.path).not.toContain(secret);
  });

  const entraSecret = (length: number, before = 'abc', version = '8') => `${before}${version}Q~${'x'.repeat(length)}`;

  it.each([
    ['as short as they get', entraSecret(31)],
    ['as long as they get', entraSecret(34)],
    ['of the older kind', entraSecret(34, 'abc', '7')],
    ['in a sentence', `use (${entraSecret(34)})`],
  ])('is refused where it has the shape of an Entra client secret: %s', (_, text) => {
    expect(errorOf(`company: "${text}"`)?.problems.map(({ code }) => code)).toEqual(['config.secret']);
  });

  it.each([
    ['too short', entraSecret(30)],
    ['too long', entraSecret(35)],
    ['within a longer word', entraSecret(34, 'abcd')],
    ['of another version', entraSecret(34, 'abc', '6')],
  ])('is not seen in what only resembles an Entra client secret: %s', (_, text) => {
    expect(errorOf(`company: "${text}"`)).toBeUndefined();
  });

  it.each([
    'message: { parameters: { Password: "see the vault", Token: "{{incident.number}}" } }',
    'message: { text: "Runbook: https://wiki.contoso.com/page?code=42" }',
    'message: { text: "Open https://connect.signl4.com and look" }',
    'close: { hashtags: { secret: Undetermined } }',
    'filter: { titleContains: [password spray, "Bearer token theft"] }',
  ])('is not seen in %s', (text) => {
    expect(errorOf(text)).toBeUndefined();
  });
});
