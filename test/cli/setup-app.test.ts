import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setupCommand } from '../../src/cli/setup.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/* The application in Entra, whose directory is slow, and its secret, which must never be lost and never be shown twice. */

let clock: VirtualClock;
let bench: LiveBench;
beforeEach(async () => {
  clock = new VirtualClock();
  bench = await liveBench(clock);
  bench.configure('');
});
afterEach(() => bench.close());

const apply = (...args: string[]) => bench.run(setupCommand, ['apply', '--app', ...args]);
const secretsIn = (text: string) => [...text.matchAll(/made~up~[-0-9a-f]+/g)].map(([secret]) => secret);
const application = () => {
  const [found] = bench.azure.state.applications;
  if (!found) throw new Error('there is no application');
  return found;
};
const ours = (out: string) => out.split('\n').filter((line) => /pplication|Graph|Secret/.test(line));

describe('a new application', () => {
  it.each([
    [0, 0, 0],
    [4, 4, 10],
    [60, 300, 18],
    [300, 900, 60],
  ])(
    'is complete in one run where the directory takes %i s, its search %i s and a secret %i s',
    async (directory, search, secret) => {
      Object.assign(bench.azure.state.lags, {
        directory: directory * 1000,
        search: search * 1000,
        secret: secret * 1000,
      });
      const { out } = await apply('--graph');
      expect(ours(out).filter((line) => !/^(done|in place| {9})/.test(line))).toEqual([]);
      expect(bench.azure.state.applications).toHaveLength(1);
      expect(application().passwordCredentials).toHaveLength(1);
      expect(secretsIn(out)).toHaveLength(1);
      expect(bench.azure.state.appRoles).toHaveLength(2);
      expect(application().requiredResourceAccess).toMatchObject([
        { resourceAccess: [{ type: 'Role' }, { type: 'Role' }] },
      ]);
      const principalId = bench.azure.state.servicePrincipals.get(application().appId);
      expect(bench.azure.state.roleAssignments.filter((each) => each.principalId === principalId)).toHaveLength(3);
    },
  );

  it('that has a double is not guessed at', async () => {
    await apply();
    bench.azure.state.applications.push({ ...application(), id: 'another', appId: 'another' });
    const { out, code } = await apply();
    expect(out).toMatch(/blocked {2}Application .*there are 2 applications/);
    expect(code).toBe(1);
    expect(application().passwordCredentials).toHaveLength(1);
  });

  it('keeps the permissions that it asks for already', async () => {
    await apply();
    const other = { resourceAppId: 'other', resourceAccess: [{ id: 'x', type: 'Scope' }] };
    application().requiredResourceAccess = [other];
    await apply('--graph');
    expect(application().requiredResourceAccess).toMatchObject([
      other,
      { resourceAppId: '00000003-0000-0000-c000-000000000000' },
    ]);
  });
});

describe('a secret', () => {
  const vault = () => bench.azure.state.vaults.get('soc-vault');
  const stored = () => (vault()?.get('signl4-sentinel-client-secret') ?? {}) as JsonObject;
  beforeEach(() => void bench.azure.state.vaults.set('soc-vault', new Map()));

  it('is shown at once, also where a later step is refused', async () => {
    bench.azure.state.troubles.forbidden.push(/approleassignments/i, /roleassignments/);
    const { out, code } = await apply('--graph');
    expect(secretsIn(out)).toHaveLength(1);
    expect(out).toMatch(/blocked {2}Microsoft Graph permission/);
    expect(code).toBe(1);
  });

  it('is in the JSON once, also where a later step is refused', async () => {
    bench.azure.state.troubles.forbidden.push(/roleassignments/);
    const { out } = await apply('--json');
    expect(JSON.parse(out)).toBeInstanceOf(Array);
    expect(secretsIn(out)).toHaveLength(1);
  });

  it('goes into the key vault and is not shown', async () => {
    const { out, err } = await apply('--key-vault', 'soc-vault');
    expect(secretsIn(out + err)).toEqual([]);
    expect(out).toContain('in the key vault as "signl4-sentinel-client-secret"');
    expect(stored()['value']).toMatch(/^made~up~/);
    expect(stored()['tags']).toEqual({ keyId: application().passwordCredentials[0]?.keyId });
  });

  it('is not made where the vault does not let us look', async () => {
    bench.azure.state.troubles.forbidden.push(/get \/vaults/);
    const { out, code } = await apply('--key-vault', 'soc-vault');
    expect(out).toMatch(/blocked {2}Secret of the application/);
    expect([application().passwordCredentials, code]).toEqual([[], 1]);
    expect(await apply('--key-vault', 'no-such-vault')).toMatchObject({ code: 1 });
    expect(application().passwordCredentials).toEqual([]);
  });

  it('is taken back where the vault does not take it', async () => {
    bench.azure.state.troubles.forbidden.push(/put \/vaults/);
    const { out, err } = await apply('--key-vault', 'soc-vault');
    expect(out).toMatch(
      /blocked {2}Secret of the application \(the key vault does not take the secret.*Key Vault Secrets Officer/,
    );
    expect(application().passwordCredentials).toEqual([]);
    expect(secretsIn(out + err)).toEqual([]);
  });

  it('is shown once where it can be neither stored nor taken back', async () => {
    bench.azure.state.troubles.forbidden.push(/put \/vaults/, /removepassword/);
    const { out, code } = await apply('--key-vault', 'soc-vault');
    expect([secretsIn(out).length, code]).toEqual([1, 1]);
  });

  it('that is rotated is stored and proven, then the one before it is removed, and others stay', async () => {
    await apply('--key-vault', 'soc-vault');
    const first = application().passwordCredentials[0]?.keyId;
    application().passwordCredentials.push({
      keyId: 'by-hand',
      displayName: 'portal',
      endDateTime: '2099-01-01T00:00:00Z',
    });
    bench.azure.state.lags.secret = 15_000;
    const { out } = await apply('--key-vault', 'soc-vault', '--rotate-secret');
    expect(out).toContain('done     Secret of the application');
    const keys = application().passwordCredentials.map(({ keyId }) => keyId);
    expect(keys).toHaveLength(2);
    expect(keys).toContain('by-hand');
    expect(keys).not.toContain(first);
    expect((stored()['tags'] as JsonObject)['keyId']).toBe(keys.find((keyId) => keyId !== 'by-hand'));
  });

  it('that never signs in does not cost the one before it', async () => {
    await apply('--key-vault', 'soc-vault');
    bench.azure.state.lags.secret = 3_600_000;
    const { out } = await apply('--key-vault', 'soc-vault', '--rotate-secret');
    expect(out).toMatch(/blocked {2}Secret of the application/);
    expect(application().passwordCredentials).toHaveLength(2);
  });
});

describe('what this run did not make', () => {
  it('is not waited for', async () => {
    await apply();
    bench.azure.world.faults.add({
      ...{ service: 'graph', path: '*' },
      fault: { kind: 'status', status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'gone' } } },
    });
    bench.azure.state.troubles.forbidden.push(/addpassword/);
    const start = clock.now();
    await apply('--rotate-secret');
    expect(clock.now() - start).toBeLessThan(1_000);
  });
});
