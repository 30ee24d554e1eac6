import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readSettings } from '../../src/relay/settings.ts';
import { startWarnings } from '../../src/relay/start-warnings.ts';

const complete = {
  RELAY_KEY: 'key-of-the-relay-0123456789',
  RELAY_SIGNL4_SECRET: 'secret-of-the-webhook-0123456789',
  SIGNL4_TEAM_SECRET: 'team',
  SIGNL4_API_KEY: 'api-key',
};
const warningsOf = (env: Readonly<Record<string, string>>, config = defaultConfig) =>
  startWarnings(
    config,
    readSettings({ ...complete, ...env }, () => ''),
  );

describe('what the relay says at start', () => {
  it('is nothing where everything is set', () => {
    expect(warningsOf({})).toEqual([]);
  });

  it('is each setting that is missing, what it costs and where to get it', () => {
    expect(warningsOf({ SIGNL4_TEAM_SECRET: '', SIGNL4_API_KEY: '' })).toEqual([
      {
        setting: 'SIGNL4_TEAM_SECRET',
        message: expect.stringContaining('pages nobody itself'),
        remedy: expect.stringContaining('Set SIGNL4_TEAM_SECRET'),
      },
      {
        setting: 'SIGNL4_API_KEY',
        message: 'without SIGNL4_API_KEY a page whose answer was lost cannot be looked for, and may be sent twice',
        remedy: expect.stringContaining('Set SIGNL4_API_KEY'),
      },
    ]);
  });

  it('is what the configuration and the timers lose without a key of the API', () => {
    const workflow =
      '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg/providers/Microsoft.Logic/workflows/Isolate';
    const config = loadConfig(`respond: { playbooks: { isolate: { playbook: ${workflow}, on: host } } }\n`, '');
    const [warning] = warningsOf({ SIGNL4_API_KEY: '', RELAY_SYNC: 'true' }, config);
    expect(warning?.message).toMatch(/nobody can start a response.*comments of Sentinel do not reach SIGNL4/);
  });

  it('is each target that has no team, with the variable that it needs', () => {
    const config = loadConfig('targets: [{ name: contoso }, { name: fabrikam-eu }]\n', '');
    const env = { SIGNL4_TEAM_SECRET: '', SIGNL4_TEAM_SECRET_CONTOSO: 'x' };
    expect(warningsOf(env, config).map(({ setting }) => setting)).toEqual(['SIGNL4_TEAM_SECRET_FABRIKAM_EU']);
    expect(warningsOf({}, config)).toEqual([]);
  });
});
