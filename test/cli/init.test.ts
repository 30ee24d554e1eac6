import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { type AzureStub, startAzure } from '../support/azure.ts';
import { capturedIo } from '../support/captured-io.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signl4-init-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function init(args: readonly string[], answers?: readonly string[]) {
  const io = capturedIo(folder, answers ? { answers } : {});
  await runCli(['init', ...args], io);
  return io;
}
const written = (path = 'signl4.yaml') => readFileSync(join(folder, path), 'utf8');

const nextStep = 'Next: look through the file, fill in workspace, then run "signl4-sentinel build".';

describe('init', () => {
  it('writes a configuration that changes nothing, and its schema beside it', async () => {
    const io = await init(['--yes']);
    expect(io.printed).toEqual(['signl4.yaml', 'signl4.schema.json']);
    expect(loadConfig(written(), '')).toStrictEqual(defaultConfig);
    expect(JSON.parse(written('signl4.schema.json'))).toEqual(configSchema);
    expect(io.exitCode()).toBe(0);
  });

  it('makes the folder that is named', async () => {
    await init(['soc/prod', '--yes']);
    expect(existsSync(join(folder, 'soc/prod/signl4.yaml'))).toBe(true);
  });

  it('never overwrites a configuration without --force', async () => {
    writeFileSync(join(folder, 'signl4.yaml'), 'tag: MINE\n');
    const io = await init(['--yes']);
    expect(io.noted.join('\n')).toContain('signl4.yaml: the file is there already [init.exists]');
    expect(io.exitCode()).toBe(1);
    expect(written()).toBe('tag: MINE\n');
    expect(existsSync(join(folder, 'signl4.schema.json'))).toBe(false);
    expect((await init(['--yes', '--force'])).exitCode()).toBe(0);
    expect(written()).not.toBe('tag: MINE\n');
  });

  it('refreshes the schema alone with --schema', async () => {
    writeFileSync(join(folder, 'signl4.yaml'), 'tag: MINE\n');
    writeFileSync(join(folder, 'signl4.schema.json'), '{}');
    await init(['--schema']);
    expect(written()).toBe('tag: MINE\n');
    expect(JSON.parse(written('signl4.schema.json'))).toEqual(configSchema);
  });

  it('asks on a terminal, and asks again until an answer is valid', async () => {
    const io = await init(
      [],
      [
        'Contoso',
        'law-soc',
        '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc',
        'c8c99641',
        'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
        '2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10',
        'high, medium',
        '',
        'http://relay.contoso.com',
        'https://relay.contoso.com',
      ],
    );
    expect(io.noted).toEqual([
      '  this is not a resource ID of a workspace',
      '  "c8c99641" is not a GUID. For example "c8c99641-985d-4e4e-8e91-fb3466cd0e5b"',
      '  "http://relay.contoso.com" is not an https:// address without user, query and fragment. For example "https://signl4-relay.contoso.com"',
      nextStep,
    ]);
    expect(loadConfig(written(), '')).toEqual({
      ...defaultConfig,
      company: 'Contoso',
      workspace: {
        tenantId: '2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10',
        subscriptionId: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0',
        resourceGroup: 'rg-soc',
        name: 'law-soc',
        workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
      },
      filter: { ...defaultConfig.filter, severities: ['High', 'Medium'] },
      relay: { ...defaultConfig.relay, url: 'https://relay.contoso.com' },
    });
  });

  it('takes a name for a relay that deploy brings', async () => {
    const io = await init([], ['', '', '', '', 'my relay', 'contoso-relay']);
    expect(io.noted[0]).toContain('is not a name of a function app');
    expect(loadConfig(written(), '').relay).toMatchObject({
      url: 'https://contoso-relay.azurewebsites.net',
      azure: { app: 'contoso-relay' },
    });
  });

  it('keeps the defaults for what is skipped, and leaves a half workspace out', async () => {
    const io = await init(
      [],
      [
        '',
        '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc',
      ],
    );
    expect(io.noted).toEqual([
      '  The workspace is incomplete, so it is left out; it can be chosen at deployment.',
      nextStep,
    ]);
    expect(loadConfig(written(), '')).toStrictEqual(defaultConfig);
  });
});

describe('init in a signed-in session', () => {
  let azure: AzureStub;
  beforeEach(async () => {
    azure = await startAzure();
  });
  afterEach(() => azure.close());

  async function signedIn(answers: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const tenant = { AZURE_TENANT_ID: azure.world.workspace.tenantId };
    const io = capturedIo(folder, { answers, env: { ...azure.env, ...tenant, ...env } });
    await runCli(['init'], io);
    return io;
  }

  it('offers the workspaces with Sentinel, and takes the chosen one whole', async () => {
    const io = await signedIn(['7', '1', 'Contoso']);
    expect(io.noted).toContain('  1  soc-workspace (soc-rg, Contoso Security)');
    expect(io.noted).toContain('  "7" is none of 1 to 1');
    const config = loadConfig(written(), '');
    expect([config.workspace, config.company]).toEqual([azure.world.workspace, 'Contoso']);
  });

  it.each([
    ['none is chosen', ['', 'Contoso'], {}],
    ['Azure refuses', ['Contoso'], { AZURE_CLIENT_SECRET: 'wrong' }],
  ])('asks as ever where %s', async (_, answers, env) => {
    const io = await signedIn(answers, env);
    expect(loadConfig(written(), '')).toMatchObject({ company: 'Contoso', workspace: undefined });
    expect(io.exitCode()).toBe(0);
  });

  it('offers no workspace without Sentinel', async () => {
    azure.state.hasSentinel = false;
    expect((await signedIn(['Contoso'])).noted.join('\n')).not.toContain('soc-workspace');
  });
});
