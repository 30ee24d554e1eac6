import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/problem.ts';
import { environmentName } from '../../src/config/targets.ts';
import { checkedEndpoint } from '../../src/domain/endpoint.ts';
import { readAccessSettings, readSettings } from '../../src/relay/settings.ts';

const least = { RELAY_KEY: 'key-of-the-relay-0123456789', RELAY_SIGNL4_SECRET: 'secret-of-the-webhook-0123' };
const noFile = () => {
  throw new Error('ENOENT');
};
const read = (env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) =>
  readSettings({ ...least, ...env }, (path) => files[path] ?? noFile());

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readSettings(env, noFile);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, message }) => `${where.path}: ${message}`);
  }
}

describe('settings of the relay', () => {
  it('have defaults for all but the secrets', () => {
    expect(read({})).toMatchObject({
      port: 8080,
      keys: [least.RELAY_KEY],
      signl4Secrets: [least.RELAY_SIGNL4_SECRET],
      store: { kind: 'sqlite', file: 'relay.db' },
      identity: { kind: 'managed', clientId: undefined },
      cloud: 'AzureCloud',
      signl4Url: 'https://connect.signl4.com',
      timers: { sweep: false, sync: false },
      budgetMs: 20_000,
    });
  });

  it('take secrets from files', () => {
    const files = { '/run/key': 'key-from-a-file-0123456789\n', '/run/team': 'team\n', '/run/contoso': 'other\n' };
    const settings = readSettings(
      {
        RELAY_KEY_FILE: '/run/key',
        RELAY_SIGNL4_SECRET: least.RELAY_SIGNL4_SECRET,
        SIGNL4_TEAM_SECRET_FILE: '/run/team',
        SIGNL4_TEAM_SECRET_CONTOSO_LTD__FILE: '/run/contoso',
      },
      (path) => files[path as keyof typeof files] ?? noFile(),
    );
    expect(settings.keys).toEqual(['key-from-a-file-0123456789']);
    expect(settings.teamSecrets).toEqual({ '': 'team', [environmentName('Contoso Ltd.')]: 'other' });
  });

  it('keep the previous secret beside the new one', () => {
    expect(read({ RELAY_KEY_PREVIOUS: 'the-key-before-0123456789' }).keys).toHaveLength(2);
  });

  it('choose the store by what is set', () => {
    expect(read({ RELAY_STORE: '/data/relay.db' }).store).toEqual({ kind: 'sqlite', file: '/data/relay.db' });
    expect(read({ RELAY_STORAGE_ACCOUNT: 'relaystore1', RELAY_STORAGE_SUFFIX: 'core.chinacloudapi.cn' }).store).toEqual(
      {
        kind: 'azure',
        tableEndpoint: 'https://relaystore1.table.core.chinacloudapi.cn',
        queueEndpoint: 'https://relaystore1.queue.core.chinacloudapi.cn',
      },
    );
    expect(readAccessSettings({ RELAY_STORAGE_CONNECTION: 'UseDevelopmentStorage=true' }, noFile).store).toEqual({
      kind: 'azure',
      connectionString: 'UseDevelopmentStorage=true',
    });
  });

  it('say everything that is wrong at once, and no secret', () => {
    const problems = problemsOf({
      RELAY_KEY: 'hunter2',
      RELAY_KEY_FILE: '',
      RELAY_SIGNL4_SECRET_FILE: '/run/missing',
      RELAY_PORT: '99999',
      RELAY_SWEEP: 'yes',
      RELAY_CLOUD: 'Moon',
      RELAY_LOGS_URL: 'http://logs.example.com',
      RELAY_STORAGE_ACCOUNT: 'https://x',
      RELAY_ENTRA_AUDIENCE: 'relay',
      AZURE_CLIENT_SECRET: 'hunter3',
      RELAY_CALLBACK_URL: 'http://192.0.2.10/x?sig=hunter4',
      RELAY_LOG_LEVEL: 'loud',
    });
    expect(problems).toEqual(
      expect.arrayContaining([
        'RELAY_KEY: RELAY_KEY is shorter than 16 characters',
        'RELAY_SIGNL4_SECRET_FILE: /run/missing cannot be read',
        'RELAY_PORT: RELAY_PORT is "99999"',
        'RELAY_SWEEP: RELAY_SWEEP is "yes"',
        'RELAY_CLOUD: there is no cloud "moon"',
        'RELAY_LOGS_URL: RELAY_LOGS_URL must be an https:// address without user, query and fragment',
        'RELAY_STORAGE_ACCOUNT: "https://x" is not a name of a storage account',
        'RELAY_ENTRA_AUDIENCE: "relay" is not an application',
        'AZURE_CLIENT_SECRET: a client secret alone is not an identity',
        'RELAY_CALLBACK_URL: this is not an address of a playbook',
        'RELAY_LOG_LEVEL: RELAY_LOG_LEVEL is "loud"',
      ]),
    );
    expect(problems.join()).not.toContain('hunter');
  });

  it.each([
    'https://user:pw@signl4.example',
    'https://signl4.example/x?y=1',
    'https://signl4.example/#x',
    'http://signl4.example',
  ])('take no address of a service such as %s, as the command line does not', (address) => {
    expect(problemsOf({ SIGNL4_URL: address }).filter((problem) => problem.startsWith('SIGNL4_URL'))).toEqual([
      'SIGNL4_URL: SIGNL4_URL must be an https:// address without user, query and fragment',
    ]);
    expect(() => checkedEndpoint(address)).toThrow('not an address of a service');
  });

  it.each(['RELAY_KEY', 'RELAY_SIGNL4_SECRET', 'SIGNL4_TEAM_SECRET', 'SIGNL4_API_KEY', 'RELAY_KEY_PREVIOUS'])(
    'refuse a reference to a key vault that nobody resolved, in %s: anybody could guess it',
    (name) => {
      const reference = '@Microsoft.KeyVault(VaultName=s4relay-abc;SecretName=relay-key)';
      const problems = problemsOf({
        ...{ RELAY_KEY: 'k'.repeat(16), RELAY_SIGNL4_SECRET: 's'.repeat(16), SIGNL4_TEAM_SECRET: 't' },
        [name]: reference,
      });
      expect(problems).toContain(`${name}: the secret could not be read from the key vault`);
    },
  );

  it('refuse names that nobody reads, and guess what was meant', () => {
    const problems = (env: Readonly<Record<string, string>>) => {
      try {
        return read(env);
      } catch (error) {
        return error instanceof ConfigError && error.problems.map(({ where, remedy }) => [where.path, remedy]);
      }
    };
    expect(problems({ RELAY_SWEP: 'true', RELAY_KEY_FILES: 'x' })).toEqual([
      ['RELAY_SWEP', 'Did you mean RELAY_SWEEP?'],
      ['RELAY_KEY_FILES', 'Did you mean RELAY_KEY_FILE?'],
    ]);
    expect(problems({ RELAY_PORT_FILE: 'x' })).toEqual([['RELAY_PORT_FILE', expect.any(String)]]);
    expect(read({ RELAY_SERVICE_HOST: '10.0.0.1', RELAY_PORT_8080_TCP: 'tcp://10.0.0.1:8080' }).port).toBe(8080);
  });

  it.each([
    'garbage',
    'AccountName=a',
    'AccountName=a;AccountKey=not base64!',
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aaaa;TableEndpoint=here',
  ])('refuse the connection string %j', (connection) => {
    expect(problemsOf({ ...least, RELAY_STORAGE_CONNECTION: connection })).toEqual([
      'RELAY_STORAGE_CONNECTION: this is not a connection string of a storage account',
    ]);
  });

  it.each([
    'UseDevelopmentStorage=true',
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aGk=;EndpointSuffix=core.windows.net',
    'TableEndpoint=https://a.table.core.windows.net/;QueueEndpoint=https://a.queue.core.windows.net/;SharedAccessSignature=sv=2024&sig=x',
  ])('take the connection string %j', (connection) => {
    expect(problemsOf({ ...least, RELAY_STORAGE_CONNECTION: connection })).toEqual([]);
  });

  it.each([
    [{}, 'RELAY_KEY: nobody could use the relay'],
    [{ RELAY_KEY: least.RELAY_KEY }, "RELAY_SIGNL4_SECRET: SIGNL4's webhook has no secret"],
    [{ ...least, RELAY_SWEEP: 'true' }, 'SIGNL4_TEAM_SECRET: the sweep has no team to page'],
    [{ ...least, RELAY_KEY_FILE: '/run/key' }, 'RELAY_KEY: both RELAY_KEY and RELAY_KEY_FILE are set'],
  ])('refuse %j', (env, problem) => {
    expect(problemsOf(env as Record<string, string>).some((each) => each.startsWith(problem))).toBe(true);
  });

  it('names the variable of an identity endpoint that is no address', () => {
    expect(problemsOf({ ...least, IDENTITY_ENDPOINT: 'nonsense' })).toEqual([
      expect.stringMatching(/^IDENTITY_ENDPOINT: "nonsense" is not an address/),
    ]);
    expect(problemsOf({ ...least, IDENTITY_ENDPOINT: 'http://127.0.0.1:41741/msi/token' })).toEqual([]);
  });
});
