import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setupFiles } from '../../../src/arm/setup/files.ts';
import { defaultConfig } from '../../../src/config/config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const text = (path: string) => readFileSync(root + path, 'utf8');
const hasBash = spawnSync('bash', ['-c', 'true']).status === 0;

/** Stands in for the Azure CLI: keeps what was created in files, answers as the CLI does with `--output tsv`. */
const fakeCli = `#!/usr/bin/env bash
cd "$(dirname "$0")/state"
printf '%s\\n' "$*" >> calls
if [ -n "$AZ_REFUSES" ] && [[ "$*" == *"$AZ_REFUSES"* ]]; then echo 'ERROR: (Forbidden)' >&2; exit 1; fi
case "$*" in
  'account show --output none') ;;
  'account show --query tenantId'*) echo tenant-1 ;;
  'account show --query id'*) echo subscription-1 ;;
  'ad app list'*) cat apps 2>/dev/null ;;
  'ad app create'*) echo app-1 | tee apps ;;
  'ad sp show --id 00000003'*) echo graph-object ;;
  'ad sp show'*) [ -e principal ] && cat principal || exit 3 ;;
  'ad sp create'*) echo object-1 | tee principal ;;
  'ad app credential list'*keyId*) echo key-1 ;;
  'ad app credential delete'*) rm secrets ;;
  'ad app credential list'*) cat secrets 2>/dev/null ;;
  'ad app credential reset'*) echo '2099-01-01T00:00:00Z' >> secrets; echo 's3cr3t~value' ;;
  'keyvault secret set'*) cat > vault ;;
  'cloud show'*) echo 'https://graph.microsoft.com/' ;;
  'ad app permission list'*) cat asked 2>/dev/null ;;
  'ad app permission add'*) echo "$*" >> asked ;;
  'rest --method get'*) cat granted 2>/dev/null ;;
  'rest --method post'*) echo "$*" >> granted ;;
  'deployment group create'*) ;;
  *) echo "fake az: $*" >&2; exit 1 ;;
esac
exit 0
`;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entra-app-'));
  spawnSync('mkdir', ['-p', join(folder, 'state')]);
  writeFileSync(join(folder, 'az'), fakeCli);
  chmodSync(join(folder, 'az'), 0o755);
  writeFileSync(join(folder, 'entra-app.sh'), setupFiles(defaultConfig, text).get('entra-app.sh') ?? '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...options: readonly string[]) => runRefused('', ...options);

/** The CLI refuses each call that contains the text. */
function runRefused(refused: string, ...options: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'entra-app.sh'), ...options], {
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env['PATH']}`, AZ_REFUSES: refused },
  });
  return { status, stdout, stderr };
}

function state(file: string): string {
  try {
    return readFileSync(join(folder, 'state', file), 'utf8');
  } catch {
    return '';
  }
}

describe.runIf(hasBash)('entra-app.sh', () => {
  it('is sound bash', () => {
    expect(spawnSync('bash', ['-n', join(folder, 'entra-app.sh')]).status).toBe(0);
  });

  it('creates application, principal and secret, and puts the secret into the key vault only', () => {
    const { status, stdout, stderr } = run('--key-vault', 'kv-soc');
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('Client ID:        app-1');
    expect(stdout).toContain('Object ID:        object-1');
    expect(state('vault')).toBe('s3cr3t~value');
    expect(stdout + stderr + state('calls')).not.toContain('s3cr3t');
  });

  it('changes nothing when it runs again', () => {
    run('--key-vault', 'kv-soc', '--graph');
    writeFileSync(join(folder, 'state', 'calls'), '');
    const { status, stderr } = run('--key-vault', 'kv-soc', '--graph');
    expect(status, stderr).toBe(0);
    expect(state('calls')).not.toMatch(/create|reset|set |post|permission add/);
  });

  it('prints the secret on request, once', () => {
    expect(run('--show-secret').stdout).toContain('Client secret:    s3cr3t~value');
    expect(run('--show-secret').stdout).not.toContain('s3cr3t');
  });

  it('makes a new secret where it is told to, or where the present one ends soon', () => {
    run('--show-secret');
    expect(run('--show-secret', '--renew').stdout).toContain('s3cr3t');
    writeFileSync(join(folder, 'state', 'secrets'), '2001-01-01T00:00:00Z\n');
    expect(run('--show-secret').stdout).toContain('s3cr3t');
  });

  it.each(['rest --method post', 'deployment group create'])(
    'prints the secret also where "%s" is refused later',
    (call) => {
      const options = ['--show-secret', '--graph', '--deploy', '--workspace', 'w', '--resource-group', 'r'];
      const { status, stdout } = runRefused(call, ...options);
      expect([status, stdout.split('s3cr3t').length]).toEqual([1, 2]);
    },
  );

  it('takes a secret back that the key vault does not take', () => {
    const { status, stdout, stderr } = runRefused('keyvault secret set', '--key-vault', 'kv-soc');
    expect(status).toBe(2);
    expect(stderr).toContain('Key Vault Secrets Officer');
    expect(stdout + stderr).not.toContain('s3cr3t');
    expect(state('calls')).toContain('credential delete --id app-1 --key-id key-1');
    expect(run('--key-vault', 'kv-soc').status).toBe(0);
    expect(state('vault')).toBe('s3cr3t~value');
  });

  it('makes no secret where those that are there cannot be listed', () => {
    for (let time = 0; time < 2; time++) expect(runRefused('credential list', '--key-vault', 'kv-soc').status).toBe(2);
    expect(state('calls')).not.toContain('credential reset');
  });

  it('keeps the present secret when it adds one', () => {
    run('--show-secret');
    expect(state('calls')).toContain('--append');
  });

  it('grants the Graph permissions of today', () => {
    run('--no-secret', '--graph');
    expect(state('granted')).toContain('34bf0e97-1971-4929-b999-9e2442d941d7');
    expect(state('granted')).toContain('472e4a4d-bb4a-4026-98d1-0b0d74cb74a5');
    expect(state('calls')).not.toContain('credential reset');
  });

  it('assigns the roles with the template beside it', () => {
    run('--no-secret', '--deploy', '--workspace', 'law-soc', '--resource-group', 'rg-soc');
    expect(state('calls')).toMatch(
      /deployment group create .*--resource-group rg-soc .*azuredeploy\.json .*WorkspaceName=law-soc AppObjectId=object-1 Playbooks=\[\]/,
    );
  });

  it.each([
    [[], 'say where the secret goes'],
    [['--no-secret', '--months', '36'], '--months takes a number from 12 to 24'],
    [['--no-secret', '--deploy'], '--deploy needs --workspace and --resource-group'],
    [['--no-secret', '--name', "it's"], '--name takes a name without quotation marks'],
    [['--key-vault'], '--key-vault needs a value'],
    [['--what'], 'unknown option "--what"'],
  ])('refuses %j', (options, message) => {
    const { status, stderr } = run(...options);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(state('calls')).not.toMatch(/create|reset/);
  });

  it('refuses to guess between applications of the same name', () => {
    writeFileSync(join(folder, 'state', 'apps'), 'app-1\napp-2\n');
    expect(run('--no-secret')).toMatchObject({ status: 2 });
  });
});
