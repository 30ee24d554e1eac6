import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { destroyCommand } from '../../src/cli/destroy.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import { memberAt } from '../../src/domain/json.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/* From nothing to a working integration with the relay, in one command. */

const APP = 'contoso-relay';
let clock: VirtualClock;
let bench: LiveBench;
beforeEach(async () => {
  clock = new VirtualClock();
  bench = await liveBench(clock);
  bench.configure(`relay: { azure: { app: ${APP} } }\n`);
});
afterEach(() => bench.close());

const state = () => bench.azure.state;
const idOf = (type: string, name: string) => {
  const { subscriptionId, resourceGroup } = bench.azure.world.workspace;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`.toLowerCase();
};
const site = () => state().sites.get(idOf('Microsoft.Web/sites', APP));
const resource = (type: string) =>
  [...state().resources.entries()].find(
    ([key, each]) => !key.startsWith('deleted:') && each.type.toLowerCase() === type.toLowerCase(),
  )?.[1];
const vaultSecret = (name: string) => {
  const [vault] = state().vaults.values();
  return String(vault?.get(name)?.['value']);
};
const webhooks = () => bench.azure.world.signl4.store.webhooks;
const playbookKey = () => bench.azure.workflow('SIGNL4-Send-Incident').parameters['RelayKey'];
const rolesOfRelay = () => {
  const principalId = resource('Microsoft.Web/sites')?.identity?.principalId;
  return state().roleAssignments.filter((each) => each.principalId === principalId);
};

describe('a first deployment', () => {
  it.each([
    ['sweep: true', { SIGNL4_TEAM_SECRET: '' }, 'SIGNL4_TEAM_SECRET'],
    ['sync: true', { SIGNL4_API_KEY: '' }, 'SIGNL4_API_KEY'],
  ])('stops before anything is made where the relay lacks what %s needs', async (choice, env, variable) => {
    bench.configure(`relay: { azure: { app: ${APP}, ${choice} } }\n`);
    const { err, code } = await bench.run(deployCommand, [], env);
    expect(code).toBe(1);
    expect(err).toContain('[deploy.missing-value]');
    expect(err).toContain(`Set the environment variable ${variable}`);
    expect(state().sites.size).toBe(0);
  });

  it.each([0, 60, 300])('succeeds in one go where roles take %i s to work', async (seconds) => {
    state().lags.role = seconds * 1000;
    const { out, err, code } = await bench.run(deployCommand);
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    expect(out).toContain(`deployed the relay: https://${APP}.azurewebsites.net`);
    expect(site()?.relay).toBeDefined();
    expect(rolesOfRelay()).toHaveLength(5);
    expect(webhooks().map(({ url }) => url.split('?')[0])).toEqual([
      `https://${APP}.azurewebsites.net/api/signl4/events`,
    ]);
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
  });

  it('pages through the relay, and brings back what the person on call does', async () => {
    await bench.run(deployCommand);
    const { sentinel, signl4, accounts, log } = bench.azure.world;
    const { name } = sentinel.store.createIncident({ title: 'Odd sign-in', severity: 'High' });
    await clock.advance(60_000);
    const [alert] = signl4.store.alerts.values();
    expect(alert?.title).toContain('Odd sign-in');
    expect(
      log.entries.filter(({ path }) => path.includes('/api/incidents/enrich')).map(({ status }) => status),
    ).toEqual([200]);
    signl4.store.acknowledge(alert?.id ?? '', accounts.onCallUser);
    await clock.advance(60_000);
    expect(sentinel.store.incidents.get(name)?.properties.status).toBe('Active');
  });

  it('makes up the secrets, and tells nobody', async () => {
    const { out, err } = await bench.run(deployCommand);
    for (const name of ['relay-key', 'webhook-secret']) {
      expect(vaultSecret(name)).toMatch(/^[0-9a-f]{64}$/);
      expect(out + err).not.toContain(vaultSecret(name));
    }
    expect(playbookKey()).toBe(vaultSecret('relay-key'));
    expect(webhooks()[0]?.url).toContain(vaultSecret('webhook-secret'));
  });

  it('takes secrets of the environment instead', async () => {
    const env = { RELAY_KEY: 'a-key-of-my-own-0123', RELAY_SIGNL4_SECRET: 'a-secret-of-my-own-0123' };
    await bench.run(deployCommand, [], env);
    expect(vaultSecret('relay-key')).toBe(env.RELAY_KEY);
    expect(webhooks()[0]?.url).toContain(env.RELAY_SIGNL4_SECRET);
    const { err, code } = await bench.run(deployCommand, [], { RELAY_KEY: 'short' });
    expect(code).toBe(1);
    expect(err).toContain('RELAY_KEY must have at least 16 characters');
  });

  it('says what it would do, and does nothing, with --what-if', async () => {
    const { out, code } = await bench.run(deployCommand, ['--what-if']);
    expect(code).toBe(0);
    expect(out).toContain(`+ Microsoft.Web/sites/${APP}`);
    expect(resource('Microsoft.Web/sites')).toBeUndefined();
  });

  it('registers the resource providers that its choices need', async () => {
    const network = '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/virtualNetworks/vnet/subnets';
    bench.configure(
      `relay: { azure: { app: ${APP}, subnetId: ${network}/out, privateEndpointSubnetId: ${network}/inside } }\n`,
    );
    state().providers.set('microsoft.storage', 'NotRegistered');
    const { code, err } = await bench.run(deployCommand);
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    for (const name of ['app', 'network', 'storage'])
      expect(state().providers.get(`microsoft.${name}`)).toBe('Registered');
    expect(resource('Microsoft.Storage/storageAccounts')?.properties['publicNetworkAccess']).toBe('Disabled');
    expect([...state().resources.values()].filter(({ type }) => type.endsWith('/privateEndpoints'))).toHaveLength(3);
  });
});

describe('a later deployment', () => {
  it('leaves secrets, settings, tags and memory as they are', async () => {
    await bench.run(deployCommand);
    const before = ['relay-key', 'webhook-secret', 'team-secret'].map(vaultSecret);
    const app = site();
    if (app) app.settings = { ...app.settings, RELAY_LOG_LEVEL: 'debug' };
    Object.assign(resource('Microsoft.Web/sites')?.tags ?? {}, { owner: '[soc]' });
    const functionApp = resource('Microsoft.Web/sites')?.properties['functionAppConfig'];
    Object.assign(Object(memberAt(functionApp, 'scaleAndConcurrency')), { instanceMemoryMB: 4096 });
    const { code } = await bench.run(deployCommand, [], { SIGNL4_TEAM_SECRET: '', SIGNL4_API_KEY: '' });
    expect(code).toBe(1); // The playbooks need the team's secret.
    const again = await bench.run(deployCommand, [], { SIGNL4_API_KEY: '' });
    expect(again.err).not.toContain('error');
    expect(['relay-key', 'webhook-secret', 'team-secret'].map(vaultSecret)).toEqual(before);
    expect(playbookKey()).toBe(before[0]);
    expect(site()?.settings['RELAY_LOG_LEVEL']).toBe('debug');
    expect(resource('Microsoft.Web/sites')?.tags).toMatchObject({ owner: '[soc]', 'hidden-signl4-relay': APP });
    expect(JSON.stringify(resource('Microsoft.Web/sites')?.properties)).toContain('"instanceMemoryMB":4096');
    expect(webhooks()).toHaveLength(1);
    expect(site()?.relay?.settings.signl4ApiKey).not.toBe('');
  });

  it('of one playbook takes the key from the vault, and leaves the relay alone', async () => {
    await bench.run(deployCommand);
    const deployments = site()?.deployments.length;
    const key = playbookKey();
    const { code, err } = await bench.run(deployCommand, ['SIGNL4-Send-Incident']);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(playbookKey()).toBe(key);
    expect(site()?.deployments).toHaveLength(deployments ?? 0);
  });

  it('makes a new secret for the webhook where SIGNL4 has none', async () => {
    await bench.run(deployCommand);
    const before = vaultSecret('webhook-secret');
    webhooks().splice(0);
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect(vaultSecret('webhook-secret')).not.toBe(before);
    expect(webhooks()[0]?.url).toContain(vaultSecret('webhook-secret'));
  });

  it('works after the app was deleted, and its identity with it', async () => {
    await bench.run(deployCommand);
    state().resources.delete(idOf('Microsoft.Web/sites', APP));
    state().sites.delete(idOf('Microsoft.Web/sites', APP));
    const { err, code } = await bench.run(deployCommand);
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    expect(rolesOfRelay()).toHaveLength(5);
    expect(site()?.relay).toBeDefined();
  });

  it('brings a deleted key vault back', async () => {
    await bench.run(deployCommand);
    const vault = resource('Microsoft.KeyVault/vaults');
    await fetch(
      `${bench.azure.env['SIGNL4_RESOURCE_MANAGER_URL']}${vault?.id}?api-version=2023-07-01`,
      await authorised('DELETE'),
    );
    expect(resource('Microsoft.KeyVault/vaults')).toBeUndefined();
    const { err, code } = await bench.run(deployCommand);
    expect(err).toContain('The key vault of the relay was deleted: it is recovered');
    expect(code).toBe(0);
    expect(playbookKey()).toBe(vaultSecret('relay-key'));
    expect(site()?.relay).toBeDefined();
    expect(webhooks()).toHaveLength(1);
    expect(webhooks()[0]?.url).toContain(vaultSecret('webhook-secret'));
  });

  const authorised = async (method: string) => ({
    method,
    headers: {
      authorization: `Bearer ${(await bench.azure.credential.getToken('https://management.azure.com/.default'))?.token}`,
    },
  });
});

describe('a relay that was deployed by hand before', () => {
  it('is taken over with its secrets, whatever its role assignments are called', async () => {
    await bench.run(deployCommand);
    const key = vaultSecret('relay-key');
    for (const each of state().resources.values()) Object.assign(each, { tags: {} });
    Object.assign(resource('Microsoft.KeyVault/vaults')?.properties ?? {}, { enabledForTemplateDeployment: null });
    const { roleAssignments } = state();
    for (const [index, assignment] of rolesOfRelay().entries()) {
      const name = `0c5d9f2a-6f52-4b0a-8e5f-00000000000${index}`;
      roleAssignments.splice(roleAssignments.indexOf(assignment), 1, { ...assignment, name });
    }
    const { err, code } = await bench.run(deployCommand);
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    expect([vaultSecret('relay-key'), playbookKey()]).toEqual([key, key]);
    expect(rolesOfRelay()).toHaveLength(5);
    expect(resource('Microsoft.Web/sites')?.tags).toMatchObject({ 'hidden-signl4-relay': APP });
    expect([...state().resources.values()].filter(({ type }) => type === 'Microsoft.KeyVault/vaults')).toHaveLength(1);
  });
});

describe('what goes wrong', () => {
  it('names the app where somebody else in the world has it', async () => {
    state().troubles.takenNames.add(APP);
    const { err, code } = await bench.run(deployCommand);
    expect(code).toBe(1);
    expect(err).toContain(`Website with given name ${APP} already exists`);
    expect(err).toContain('Choose another name');
  });

  it('gives up where the roles never work, and says what is missing', async () => {
    state().lags.role = 3_600_000;
    const { err, code } = await bench.run(deployCommand);
    expect(code).toBe(1);
    expect(err).toContain('[deploy.relay]');
    expect(err).toContain('Waiting until the relay may write its storage');
  });

  it('says who may send code where the caller may not', async () => {
    state().troubles.forbidden.push(/\/publish$/);
    const { err, code } = await bench.run(deployCommand);
    expect(code).toBe(1);
    expect(err).toContain('Website Contributor');
  });
});

describe('permissions of Microsoft Graph', () => {
  it('go to the identity of the relay, as far as the configuration needs them', async () => {
    bench.configure(`relay: { azure: { app: ${APP}, readUsers: true } }\ngraph: { enabled: true, hunting: true }\n`);
    state().lags.directory = 30_000;
    const { out, code } = await bench.run(deployCommand);
    expect(code).toBe(0);
    for (const name of [
      'SecurityIncident.ReadWrite.All',
      'SecurityAlert.Read.All',
      'ThreatHunting.Read.All',
      'User.Read.All',
    ])
      expect(out).toContain(`done     Microsoft Graph permission ${name} for the relay`);
    expect(site()?.relay?.settings.timers).toEqual({ sweep: true, sync: true });
    expect(state().appRoles).toHaveLength(4);
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
  });
});

describe('doctor', () => {
  const examine = async () => {
    const { out } = await bench.run(doctorCommand, ['--json']);
    const { findings } = JSON.parse(out) as { findings: { check: string; status: string; message: string }[] };
    return findings.filter(({ status }) => status === 'failure').map(({ check, message }) => `${check}: ${message}`);
  };

  it('finds a key that the relay refuses, though the run of the playbook succeeded and somebody was paged', async () => {
    await bench.run(deployCommand);
    bench.azure.workflow('SIGNL4-Send-Incident').parameters = {
      ...bench.azure.workflow('SIGNL4-Send-Incident').parameters,
      RelayKey: 'a-key-of-some-other-relay',
    };
    bench.azure.world.sentinel.store.createIncident({ title: 'Odd sign-in', severity: 'High' });
    await clock.advance(120_000);
    expect([...bench.azure.world.signl4.store.alerts.values()]).toHaveLength(1);
    const { out } = await bench.run(doctorCommand, ['--json']);
    const { findings } = JSON.parse(out) as { findings: { message: string; remedy: string }[] };
    const refused = findings.find(({ message }) => message.includes('"Ask the relay"'));
    expect(refused?.message).toMatch(/was refused something, and went on without it.*Unauthorized|401/);
    expect(refused?.remedy).toContain('run "signl4-sentinel deploy SIGNL4-Send-Incident"');
  });

  it('finds nothing wrong with what deploy brought, but the clock of the test', async () => {
    await bench.run(deployCommand);
    expect((await examine()).filter((finding) => !/^(clock|rhythm)/.test(finding))).toEqual([]);
  });

  it.each([
    [
      'a role that is gone',
      () => state().roleAssignments.splice(state().roleAssignments.indexOf(rolesOfRelay()[3] as never), 1),
      'permissions: the relay lacks the role',
    ],
    [
      'a secret that cannot be read',
      () => Object.assign(site()?.references ?? {}, { RELAY_KEY: { status: 'AccessToKeyVaultDenied', value: '' } }),
      'relay: the relay does not get RELAY_KEY from its key vault (AccessToKeyVaultDenied)',
    ],
    [
      'a package that does not start',
      () => Object.assign(site() ?? {}, { relay: undefined }),
      `relay: the relay https://${APP}.azurewebsites.net is not ready (HTTP 503)`,
    ],
    [
      'no app',
      () => state().sites.clear() ?? state().resources.delete(idOf('Microsoft.Web/sites', APP)),
      `relay: the function app ${APP} is not in`,
    ],
    ['a webhook that is gone', () => webhooks().splice(0), 'webhook: SIGNL4 does not call'],
  ])('finds %s', async (_, breakIt, told) => {
    await bench.run(deployCommand);
    breakIt();
    expect((await examine()).join('\n')).toContain(told);
  });

  it('finds a relay without the permissions of Microsoft Graph', async () => {
    bench.configure(`relay: { azure: { app: ${APP} } }\ngraph: { enabled: true }\n`);
    await bench.run(deployCommand);
    expect((await examine()).filter((finding) => finding.startsWith('graph'))).toEqual([]);
    state().appRoles.pop();
    expect(await examine()).toContainEqual(expect.stringContaining('graph: the relay may not'));
  });
});

describe('destroy', () => {
  it('takes the relay away with its roles, and deploy brings all of it back', async () => {
    await bench.run(deployCommand);
    const { out, code } = await bench.run(destroyCommand, ['--yes']);
    expect(code).toBe(0);
    expect(out).toContain(`removed function app ${APP}`);
    for (const type of ['Web/sites', 'Web/serverfarms', 'Storage/storageAccounts', 'KeyVault/vaults'])
      expect(resource(`Microsoft.${type}`)).toBeUndefined();
    expect(state().roleAssignments).toEqual([]);
    const again = await bench.run(deployCommand);
    expect(again.err).not.toContain('error');
    expect(again.code).toBe(0);
    expect(site()?.relay).toBeDefined();
  });

  it('leaves a relay alone that the configuration does not name', async () => {
    await bench.run(deployCommand);
    bench.configure('');
    const { out } = await bench.run(destroyCommand, ['--yes']);
    expect(out).toContain(`relay ${APP}: signl4.yaml does not name it`);
    expect(site()?.relay).toBeDefined();
  });
});
