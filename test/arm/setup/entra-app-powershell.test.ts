import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setupFiles } from '../../../src/arm/setup/files.ts';
import { defaultConfig } from '../../../src/config/config.ts';
import { graphPermissions } from '../../../src/domain/roles.ts';

/* entra-app.ps1 in a real PowerShell: `pwsh`, or what PWSH names. Its modules are stand-ins that keep what is made in files. */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pwsh = process.env['PWSH'] ?? 'pwsh';
const hasPowerShell = spawnSync(pwsh, ['-NoProfile', '-Command', '1']).status === 0;

const state = `
function Read-State($Name) { $p = "$env:STATE/$Name.json"; if (Test-Path $p) { Get-Content -Raw $p | ConvertFrom-Json } }
function Write-State($Name, $Value) { ConvertTo-Json -Depth 8 -InputObject @($Value) | Set-Content "$env:STATE/$Name.json" }
function Early($Name) {
  $p = "$env:STATE/early-$Name"
  if ($env:EARLY -and -not (Test-Path $p)) { Set-Content $p 1; throw "Resource '$Name' does not exist" }
}`;

const modules: Readonly<Record<string, string>> = {
  'Microsoft.Graph.Authentication': `
function Connect-MgGraph { param([string[]] $Scopes, [switch] $NoWelcome, [string] $TenantId) }
function Get-MgContext { [pscustomobject]@{ TenantId = 'tenant-1' } }`,
  'Microsoft.Graph.Applications': `${state}
function Get-MgApplication { param([string] $Filter, [switch] $All) Read-State apps }
function New-MgApplication { param([string] $DisplayName, [string] $SignInAudience)
  $app = [pscustomobject]@{ Id = 'object'; AppId = 'app-1'; PasswordCredentials = @(); RequiredResourceAccess = @() }
  Write-State apps $app; $app }
function Get-MgServicePrincipal { param([string] $Filter, [switch] $All)
  if ($Filter -match '00000003') { [pscustomobject]@{ Id = 'graph' } } else { Read-State principals } }
function New-MgServicePrincipal { param([string] $AppId) Early principal
  $made = [pscustomobject]@{ Id = 'object-1'; AppId = $AppId }; Write-State principals $made; $made }
function Add-MgApplicationPassword { param([string] $ApplicationId, $PasswordCredential) Early password
  $app = Read-State apps
  $key = [pscustomobject]@{ KeyId = "key-$(@($app.PasswordCredentials).Count)"; DisplayName = $PasswordCredential.DisplayName; EndDateTime = $PasswordCredential.EndDateTime }
  $app.PasswordCredentials = @($app.PasswordCredentials) + $key; Write-State apps $app
  [pscustomobject]@{ KeyId = $key.KeyId; SecretText = 's3cr3t~value' } }
function Remove-MgApplicationPassword { param([string] $ApplicationId, [string] $KeyId)
  $app = Read-State apps
  $app.PasswordCredentials = @($app.PasswordCredentials | Where-Object { $_.KeyId -ne $KeyId }); Write-State apps $app }
function Update-MgApplication { param([string] $ApplicationId, $RequiredResourceAccess) Write-State asked $RequiredResourceAccess }
function Get-MgServicePrincipalAppRoleAssignment { param([string] $ServicePrincipalId, [switch] $All) Read-State granted }
function New-MgServicePrincipalAppRoleAssignment { param([string] $ServicePrincipalId, [string] $PrincipalId, [string] $ResourceId, [string] $AppRoleId)
  Early grant
  Write-State granted (@(Read-State granted) + [pscustomobject]@{ AppRoleId = $AppRoleId }) }
function Start-Sleep { param([int] $Seconds) Add-Content "$env:STATE/slept" $Seconds }`,
  'Az.Accounts': `
function Get-AzContext { }
function Connect-AzAccount { param([string] $TenantId) 'connected' }
function Set-AzContext { param([string] $SubscriptionId) 'set' }`,
  'Az.KeyVault': `
function Set-AzKeyVaultSecret { param([string] $VaultName, [string] $Name, [securestring] $SecretValue, [datetime] $Expires)
  if ($env:REFUSES) { throw 'Forbidden' }
  Set-Content "$env:STATE/vault" (ConvertFrom-SecureString $SecretValue -AsPlainText) }`,
  'Az.Resources': `
function New-AzResourceGroupDeployment { param([string] $Name, [string] $ResourceGroupName, [string] $TemplateFile, $TemplateParameterObject)
  Set-Content "$env:STATE/deployed" "$(Test-Path $TemplateFile) $(ConvertTo-Json -Compress $TemplateParameterObject)" }`,
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entra-app-ps-'));
  mkdirSync(join(folder, 'state'));
  for (const [name, code] of Object.entries(modules)) {
    mkdirSync(join(folder, 'modules', name), { recursive: true });
    writeFileSync(join(folder, 'modules', name, `${name}.psm1`), code);
  }
  const files = setupFiles(defaultConfig, (path) => readFileSync(root + path, 'utf8'));
  for (const name of ['entra-app.ps1', 'azuredeploy.json']) writeFileSync(join(folder, name), files.get(name) ?? '');
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(options: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    pwsh,
    ['-NoProfile', '-NonInteractive', '-File', join(folder, 'entra-app.ps1'), ...options],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        ...{ PSModulePath: join(folder, 'modules'), STATE: join(folder, 'state'), NO_COLOR: '1', ...env },
      },
    },
  );
  return { status, stdout, stderr };
}

function kept(file: string): string {
  try {
    return readFileSync(join(folder, 'state', file), 'utf8').trim();
  } catch {
    return '';
  }
}
const keys = () => JSON.parse(kept('apps.json'))[0].PasswordCredentials.length as number;

describe.runIf(hasPowerShell)('entra-app.ps1', () => {
  it('makes application, principal and secret, puts the secret into the vault only, and assigns the roles', () => {
    const { status, stdout, stderr } = run([
      '-KeyVault',
      'kv-soc',
      '-Deploy',
      '-Workspace',
      'law-soc',
      '-ResourceGroup',
      'rg-soc',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(kept('vault')).toBe('s3cr3t~value');
    expect(stdout).not.toContain('s3cr3t');
    expect(stdout).toMatch(/tenant-1\s+app-1\s+object-1/);
    expect(kept('deployed')).toContain('True {"');
    expect(kept('deployed')).toContain('"AppObjectId":"object-1"');
  });

  it('shows the secret once, and the ids after it', () => {
    expect(run(['-ShowSecret']).stdout).toMatch(/Client secret: s3cr3t~value.*tenant-1\s+app-1\s+object-1/s);
    const again = run(['-ShowSecret']);
    expect(again.stdout).not.toContain('s3cr3t');
    expect(again.stdout).toContain('-Renew makes a new one');
    expect(keys()).toBe(1);
    run(['-ShowSecret', '-Renew']);
    expect(keys()).toBe(2);
  });

  it('takes a secret back that the vault refuses', () => {
    const { status, stdout, stderr } = run(['-KeyVault', 'kv-soc'], { REFUSES: '1' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('Forbidden');
    expect(stdout).not.toContain('s3cr3t');
    expect(keys()).toBe(0);
  });

  it('grants the permissions of Microsoft Graph, each once', () => {
    expect(run(['-NoSecret', '-Graph'])).toMatchObject({ status: 0, stderr: '' });
    expect(run(['-NoSecret', '-Graph'])).toMatchObject({ status: 0, stderr: '' });
    const granted = JSON.parse(kept('granted.json')) as { AppRoleId: string }[];
    expect(granted.map(({ AppRoleId }) => AppRoleId).toSorted()).toEqual(
      graphPermissions.map(({ id }) => id).toSorted(),
    );
    expect(kept('asked.json')).toContain(graphPermissions[0]?.id);
  });

  it('waits until Entra knows what was just made', () => {
    expect(run(['-ShowSecret', '-Graph'], { EARLY: '1' })).toMatchObject({ status: 0, stderr: '' });
    expect(kept('slept').split(/\s+/)).toEqual(['15', '15', '15']);
  });

  it('asks where the secret goes', () => {
    const { status, stderr } = run([]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('Say where the secret goes');
  });
});
