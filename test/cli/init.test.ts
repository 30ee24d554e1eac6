import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const RESOURCE_ID =
  '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc';

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
        RESOURCE_ID,
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
      '  expected the resource ID of a workspace, got "law-soc". For example "/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"',
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

  it('keeps the defaults for what is skipped', async () => {
    const io = await init([], ['', '', '', '', '']);
    expect(io.noted).toEqual([nextStep]);
    expect(loadConfig(written(), '')).toStrictEqual(defaultConfig);
  });

  it('says at each question how many are left and what Enter does', async () => {
    const io = await init([], ['', RESOURCE_ID, '', '', '', '', '']);
    expect(io.asked).toEqual([
      '1 of 7: Company name on the alerts? (Enter: none)',
      '2 of 7: Resource ID of the Log Analytics workspace? Portal: the workspace, Overview, JSON View. (Enter: chosen at deployment)',
      '3 of 7: Workspace ID, the GUID on the same page? (Enter: leave it open)',
      '4 of 7: Tenant ID? Portal: Microsoft Entra ID, Overview. (Enter: leave it open)',
      '5 of 7: Severities that page somebody? High, Medium, Low, Informational, or all. (Enter: all of them)',
      '6 of 7: Tag for forwarded incidents? (Enter: SIGNL4)',
      '7 of 7: Relay? A name for one that deploy brings to Azure, unique in the world, or the address of one that is there. (Enter: none)',
    ]);
    expect((await init(['--force'], ['', '', '', '', ''])).asked.at(-1)).toMatch(/^5 of 5: Relay/);
  });

  it('keeps half a workspace, and marks what is missing at the question and in the file', async () => {
    const io = await init([], ['', RESOURCE_ID, 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b', '', '', '', '']);
    expect(io.noted[0]).toContain('workspace.tenantId is missing');
    const lines = written().split('\n');
    const place = lines.findIndex((line) => /^ {2}#tenantId:.*MISSING/.test(line)) + 1;
    expect(place).toBeGreaterThan(0);
    expect(io.noted[1]).toContain(`write workspace.tenantId (line ${place}) into signl4.yaml`);
    const completed = lines.with(place - 1, '  tenantId: 2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10').join('\n');
    expect(loadConfig(completed, '').workspace).toEqual({
      tenantId: '2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10',
      subscriptionId: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0',
      resourceGroup: 'rg-soc',
      name: 'law-soc',
      workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
    });
  });

  it.each([
    ['in quotes', `"${RESOURCE_ID}"`],
    ['in the quotes of a shell', `'${RESOURCE_ID}'`],
    ['in typographic quotes, with blanks around', `  “${RESOURCE_ID}” `],
    ['in a line of JSON', `"id": "${RESOURCE_ID}",`],
    ['in an address of the portal', `https://portal.azure.com/#@contoso.com/resource${RESOURCE_ID}/Overview`],
    ['in lower case', RESOURCE_ID.toLowerCase()],
  ])('takes a resource id that is pasted %s', async (_, pasted) => {
    const guid = '"c8c99641-985d-4e4e-8e91-fb3466cd0e5b"';
    await init([], ['', pasted, guid, `"tenantId": ${guid},`, '', '', '']);
    expect(loadConfig(written(), '').workspace).toMatchObject({
      name: 'law-soc',
      resourceGroup: 'rg-soc',
      workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
      tenantId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
    });
  });

  it.each([
    ['all', ['High', 'Medium', 'Low', 'Informational']],
    ['ALL', ['High', 'Medium', 'Low', 'Informational']],
    ['hIGH', ['High']],
    ['high,medium', ['High', 'Medium']],
    ['Low   HIGH; low', ['Low', 'High']],
    ['[High, "Medium"]', ['High', 'Medium']],
    ['high and medium', ['High', 'Medium']],
  ])('takes %s for severities', async (typed, severities) => {
    await init([], ['', '', typed, '', '']);
    expect(loadConfig(written(), '').filter.severities).toEqual(severities);
  });

  it('takes "none" where Enter means none', async () => {
    await init([], ['none', 'none', '', '', 'None']);
    expect(loadConfig(written(), '')).toStrictEqual(defaultConfig);
  });

  it('says that nothing was asked where there is no terminal', async () => {
    const io = await init([]);
    expect(io.noted[0]).toContain('There is no terminal to ask on');
    expect(loadConfig(written(), '')).toStrictEqual(defaultConfig);
  });

  it('is not asked in vain where the file cannot be written', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const io = await init(['a-file'], ['Contoso']);
    expect(io.noted.join('\n')).toContain('a-file: this is a file, not a folder [file.not-folder]');
    expect(io.asked).toEqual([]);
  });

  it('does not put a signl4.yaml beside a signl4.yml, which nobody would read any more', async () => {
    writeFileSync(join(folder, 'signl4.yml'), 'tag: MINE\n');
    const io = await init(['--yes', '--force']);
    expect(io.noted.join('\n')).toContain('signl4.yml: the file is there already [init.exists]');
    expect(existsSync(join(folder, 'signl4.yaml'))).toBe(false);
  });

  it('gives the answers back where the file appeared meanwhile', async () => {
    const io = capturedIo(folder, {
      answers: ['Contoso', '', '', '', ''],
      asking: () => writeFileSync(join(folder, 'signl4.yaml'), 'tag: MINE\n'),
    });
    await runCli(['init'], io);
    expect(io.noted.join('\n')).toMatch(/\[init\.exists\][\s\S]*company: Contoso/);
    expect(written()).toBe('tag: MINE\n');
  });
});

describe.each([
  ['Ctrl-D', 'end of input'],
  ['Ctrl-C', 'interrupt'],
] as const)('init, ended with %s', (_, end) => {
  const all = ['Contoso', RESOURCE_ID, 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b', '', 'high', 'PAGED', 'contoso-relay'];

  it.each(all.map((_, answered) => answered))('after %i answers writes and overwrites nothing', async (answered) => {
    writeFileSync(join(folder, 'signl4.yaml'), 'company: MY OWN WORK\n');
    const io = capturedIo(folder, { answers: all.slice(0, answered), end });
    await runCli(['init', '--force'], io);
    expect(io.exitCode()).toBe(130);
    expect(readdirSync(folder)).toEqual(['signl4.yaml']);
    expect(written()).toBe('company: MY OWN WORK\n');
    expect(io.printed).toEqual([]);
    expect(io.noted.join('\n')).not.toContain('Next');
    expect(io.noted.join('\n')).toContain('Nothing was written.');
  });

  it('gives the answers back as lines that the file takes', async () => {
    const io = capturedIo(folder, { answers: all.slice(0, 6), end });
    await runCli(['init', 'new'], io);
    expect(existsSync(join(folder, 'new'))).toBe(false);
    const [, lines = ''] = io.noted.join('\n').split('as they are):\n\n');
    expect(lines).toMatch(/^ {2}#tenantId:.*MISSING/m);
    const completed = lines.replace(/#tenantId:.*/, 'tenantId: 2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10');
    expect(loadConfig(completed, '')).toMatchObject({
      company: 'Contoso',
      workspace: { name: 'law-soc', workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b' },
      filter: { severities: ['High'] },
      tag: 'PAGED',
    });
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
    const io = await signedIn(['7', '1', 'Contoso', '', '', '']);
    expect(io.noted).toContain('  1  soc-workspace (soc-rg, Contoso Security)');
    expect(io.noted).toContain('  "7" is none of 1 to 1');
    const config = loadConfig(written(), '');
    expect([config.workspace, config.company]).toEqual([azure.world.workspace, 'Contoso']);
  });

  it.each([
    ['none is chosen', ['', 'Contoso', '', '', '', ''], {}],
    ['Azure refuses', ['Contoso', '', '', '', ''], { AZURE_CLIENT_SECRET: 'wrong' }],
  ])('asks as ever where %s', async (_, answers, env) => {
    const io = await signedIn(answers, env);
    expect(loadConfig(written(), '')).toMatchObject({ company: 'Contoso', workspace: undefined });
    expect(io.exitCode()).toBe(0);
  });

  it('offers no workspace without Sentinel', async () => {
    azure.state.hasSentinel = false;
    expect((await signedIn(['Contoso', '', '', '', ''])).noted.join('\n')).not.toContain('soc-workspace');
  });

  it('counts its own question, and what the chosen workspace answers is not asked', async () => {
    const { asked } = await signedIn(['1', '', '', '', '']);
    expect(asked.map((question) => question.slice(0, 7))).toEqual([
      '1 of 8:',
      '2 of 5:',
      '3 of 5:',
      '4 of 5:',
      '5 of 5:',
    ]);
    expect(asked[0]).toBe('1 of 8: Which workspace? 1 to 1, or the resource ID of another. (Enter: none of them)');
  });

  it('offers what Azure knows of a resource id', async () => {
    const { subscriptionId, resourceGroup, name } = azure.world.workspace;
    const pasted = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${name}`;
    const io = await signedIn(['', '', pasted, '', '', '', '', '']);
    expect(io.asked[3]).toContain(`(Enter: ${azure.world.workspace.workspaceId}, which Azure has)`);
    expect(loadConfig(written(), '').workspace).toEqual(azure.world.workspace);
  });

  it('takes the tenant that the Azure CLI remembers of the subscription, also where Azure refuses', async () => {
    const tenantId = '2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10';
    const subscriptions = [{ id: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0', tenantId }];
    writeFileSync(join(folder, 'azureProfile.json'), `\uFEFF${JSON.stringify({ subscriptions })}`);
    const env = { AZURE_CLIENT_SECRET: 'wrong', AZURE_CONFIG_DIR: folder };
    const io = await signedIn(['', RESOURCE_ID, 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b', '', '', '', ''], env);
    expect(io.noted[0]).toContain('Azure could not be asked for your workspaces');
    expect(loadConfig(written(), '').workspace?.tenantId).toBe(tenantId);
  });

  it('ended at its question writes nothing', async () => {
    const io = await signedIn([]);
    expect([io.exitCode(), readdirSync(folder)]).toEqual([130, []]);
  });
});
