import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { setupFiles } from '../../../src/arm/setup/files.ts';
import { type Config, defaultConfig } from '../../../src/config/config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const text = (path: string) => readFileSync(root + path, 'utf8');
const workspace = {
  tenantId: '2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10',
  subscriptionId: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0',
  resourceGroup: "rg-o'brien (soc)",
  name: 'law-soc',
  workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
};
const config: Config = { ...defaultConfig, workspace };

const file = (name: string, from: Config = config) => setupFiles(from, text).get(name) ?? '';

describe('the setup files', () => {
  it('are a template, two scripts and a guide', () => {
    expect([...setupFiles(config, text).keys()]).toEqual([
      'azuredeploy.json',
      'entra-app.sh',
      'entra-app.ps1',
      'guide.md',
    ]);
  });

  it('leave no mark unfilled', () => {
    for (const [path, content] of setupFiles(defaultConfig, text)) expect(content, path).not.toMatch(/\{\{|\}\}/);
  });

  it('carry the workspace as literals of their language', () => {
    expect(file('entra-app.sh')).toContain(`resource_group='rg-o'\\''brien (soc)'`);
    expect(file('entra-app.ps1')).toContain(`$ResourceGroup = 'rg-o''brien (soc)'`);
    expect(file('guide.md')).toContain('WorkspaceName=law-soc');
  });

  it('use no retired module and no retired permission', () => {
    const scripts = file('entra-app.sh') + file('entra-app.ps1');
    expect(scripts).not.toMatch(/AzureAD\b|MSOnline|SecurityEvents|SecurityAlerts/);
    expect(scripts).toContain('SecurityAlert.Read.All');
  });

  it('say whether the queries need the custom role', () => {
    expect(file('guide.md')).toContain('on in signl4.yaml');
    const off = { ...config, kql: { ...config.kql, enabled: false } };
    expect(file('guide.md', off)).toContain('off in signl4.yaml');
  });

  it('have balanced brackets in the PowerShell script', () => {
    const code = file('entra-app.ps1')
      .replaceAll(/<#.*?#>/gs, '')
      .replaceAll(/#.*$/gm, '');
    for (const [open, close] of ['{}', '()', '[]'].map((pair) => [...pair] as [string, string])) {
      expect(code.split(open).length, open).toBe(code.split(close).length);
    }
  });
});
