import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { destroyCommand } from '../../src/cli/destroy.ts';
import { diffCommand } from '../../src/cli/diff.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { pullCommand } from '../../src/cli/pull.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { delegate } from '../../src/simulator/azure/roles.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/*
 * Playbooks that were deployed in one place, and that signl4.yaml then has in another one: what people did to them comes along,
 * and the ones that work are in charge until the others can.
 */

const SUBSCRIPTION = 'f1cfe6b2-9ac0-4464-9919-dccaee2e48c0';
const PROVIDER = '99999999-9999-4999-8999-999999999999';
const NEW = `/subscriptions/${SUBSCRIPTION}/resourceGroups/signl4-rg`;
const elsewhere = `deployment:\n  subscriptionId: ${SUBSCRIPTION}\n  resourceGroup: signl4-rg\n`;

let bench: LiveBench;
beforeEach(async () => {
  bench = await liveBench(new VirtualClock());
  state().subscriptions.set(SUBSCRIPTION, bench.azure.world.workspace.tenantId);
  bench.configure('');
  await bench.run(deployCommand);
});
afterEach(() => bench.close());

const state = () => bench.azure.state;
const home = () => {
  const { subscriptionId, resourceGroup } = bench.azure.world.workspace;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
};
const at = (group: string, name: string) => {
  const found = state().workflows.get(`${group}/providers/Microsoft.Logic/workflows/${name}`.toLowerCase());
  if (!found) throw new Error(`there is no ${name} in ${group}`);
  return found;
};
const move = (...args: readonly string[]) => bench.run(deployCommand, ['--move', '--location', 'northeurope', ...args]);
const rules = () => [...bench.azure.world.sentinel.automation.rules.values()];
const runs = () => rules().map((rule) => JSON.stringify(rule.properties.actions));
const webhooks = () => bench.azure.world.signl4.store.webhooks;

/** An action that somebody adds in the designer. */
function edit(group: string, name: string): void {
  const workflow = at(group, name);
  const definition = structuredClone(workflow.definition) as JsonObject & { actions: Record<string, object> };
  workflow.definition = {
    ...definition,
    actions: { ...definition.actions, Mine: { type: 'Compose', inputs: 'mine', runAfter: {} } },
  } as JsonObject;
}

describe('a place that signl4.yaml changes', () => {
  beforeEach(() => bench.configure(elsewhere));

  it.each([
    ['deploy', deployCommand, ['--location', 'northeurope']],
    ['deploy of one', deployCommand, ['SIGNL4-Callback', '--location', 'northeurope']],
    ['deploy --overwrite', deployCommand, ['--overwrite', '--location', 'northeurope']],
    ['pull', pullCommand, []],
  ] as const)('stops %s, which says where the playbooks work and how to move them', async (_, make, args) => {
    const { err, code } = await bench.run(make, args);
    expect(err).toContain('[deploy.moved]');
    expect(err).toContain(`run the playbooks in ${home()}, and signl4.yaml has them in ${NEW}`);
    expect(err).toContain('deploy --move');
    expect(code).toBe(1);
    expect([...state().workflows.keys()].filter((id) => id.includes(SUBSCRIPTION))).toEqual([]);
    expect(state().groups.has(NEW.toLowerCase())).toBe(false);
    expect(runs().every((text) => text.includes(home()))).toBe(true);
  });

  it('is a failure to doctor, and a difference to diff', async () => {
    expect((await bench.run(doctorCommand)).out).toContain(`runs a playbook in ${home()}, not in ${NEW}`);
    expect((await bench.run(diffCommand)).code).toBe(1);
  });
});

describe('deploy --move', () => {
  it('takes settings along, lets rules and SIGNL4 go over, and switches off what was there', async () => {
    const callers = { triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }] } };
    const callback = at(home(), 'SIGNL4-Callback');
    callback.accessControl = callers;
    callback.tags = { ...callback.tags, costCenter: '4711' };
    at(home(), 'SIGNL4-Send-Alert').state = 'Disabled';
    bench.configure(elsewhere);
    const { out, err, code } = await move();
    expect({ code, blocked: out.includes('blocked') }).toEqual({ code: 0, blocked: false });
    expect(at(NEW, 'SIGNL4-Callback')).toMatchObject({ accessControl: callers, tags: { costCenter: '4711' } });
    expect(at(NEW, 'SIGNL4-Send-Alert').state).toBe('Disabled');
    expect(at(NEW, 'SIGNL4-Sweep').state).toBe('Enabled');
    expect(runs().every((text) => text.includes(NEW))).toBe(true);
    expect(webhooks().map(({ url }) => url.includes(at(NEW, 'SIGNL4-Callback').address))).toEqual([true]);
    for (const [id, { state: is }] of state().workflows)
      if (id.startsWith(home().toLowerCase())) expect([id, is]).toEqual([id, 'Disabled']);
    expect(err).toContain(`signl4-sentinel destroy --resource-group ${home()}`);
    expect((await bench.run(diffCommand)).out).not.toContain('was edited');
    expect((await bench.run(deployCommand)).code).toBe(0);
  });

  it('stops for edits in the place that works; pull brings them back from there, and then they come along', async () => {
    edit(home(), 'SIGNL4-Callback');
    bench.configure(elsewhere);
    const { err, code } = await move();
    expect(err).toContain('SIGNL4-Callback was edited since it was deployed');
    expect(code).toBe(1);
    expect((await bench.run(pullCommand, ['--resource-group', home()])).out).toContain('wrote patches/');
    expect((await move()).code).toBe(0);
    expect(at(NEW, 'SIGNL4-Callback').definition['actions']).toHaveProperty('Mine');
  });

  it('stops for an edited rule, too', async () => {
    const [rule] = rules();
    if (rule) Object.assign(rule.properties.triggeringLogic, { conditions: [] });
    bench.configure(elsewhere);
    const { err } = await move();
    expect(err).toMatch(/the automation rule ".+" was edited/);
    expect(runs().every((text) => text.includes(home()))).toBe(true);
  });

  it('moves back: what it switched off works again', async () => {
    bench.configure(elsewhere);
    await move();
    bench.configure('');
    expect((await move()).code).toBe(0);
    for (const [id, { state: is }] of state().workflows)
      expect([id, is]).toEqual([id, id.startsWith(home().toLowerCase()) ? 'Enabled' : 'Disabled']);
  });

  it('leaves rules and SIGNL4 with the playbooks that work as long as the new ones lack a role', async () => {
    const before = webhooks().map(({ url }) => url);
    state().subscriptions.set(SUBSCRIPTION, PROVIDER);
    state().callerTenant = PROVIDER;
    bench.configure(`${elsewhere}  tenantId: ${PROVIDER}\n`);
    const { err, code } = await move();
    expect(err).toContain('[deploy.not-moved]');
    expect(err).toContain('Microsoft Sentinel Responder for SIGNL4-Callback');
    expect(code).toBe(1);
    expect(webhooks().map(({ url }) => url)).toEqual(before);
    expect(runs().every((text) => text.includes(home()))).toBe(true);
    expect(at(home(), 'SIGNL4-Send-Incident').state).toBe('Enabled');
    const principals = [...state().workflows.values()].flatMap(({ id, principalId }) =>
      id.startsWith(NEW) ? (principalId ?? []) : [],
    );
    delegate(bench.azure, {
      ...{ scope: home(), managedByTenantId: PROVIDER },
      authorizations: principals.map((principalId) => ({
        principalId,
        roleDefinitionId: '3e150937-b8fe-4cfb-8069-0eaf05ecd056',
      })),
    });
    expect((await move()).code).toBe(0);
    expect(runs().every((text) => text.includes(NEW))).toBe(true);
  });

  it('takes no names', async () => {
    expect((await bench.run(deployCommand, ['--move', 'SIGNL4-Callback'])).err).toContain('[usage.move]');
  });
});

describe('destroy', () => {
  it('of the place that was left leaves the webhook and the rules of the other one', async () => {
    bench.configure(elsewhere);
    await move();
    const { out, code } = await bench.run(destroyCommand, ['--yes', '--resource-group', home()]);
    expect(code).toBe(0);
    expect(out).toContain('removed playbook SIGNL4-Send-Incident');
    expect(out).not.toContain('removed webhook');
    expect(webhooks()).toHaveLength(1);
    expect(rules()).not.toEqual([]);
    expect([...state().workflows.keys()].every((id) => id.startsWith(NEW.toLowerCase()))).toBe(true);
  });

  it('of an empty group removes no webhook that is in use, and says where the rules lead', async () => {
    const { out } = await bench.run(destroyCommand, ['--yes', '--resource-group', 'no-such-rg']);
    expect(webhooks()).toHaveLength(1);
    expect(out).toContain(`it runs a playbook in ${home()}`);
  });

  it('removes rules and webhook where the group of the playbooks was deleted', async () => {
    bench.configure(elsewhere);
    await move();
    await bench.run(destroyCommand, ['--yes', '--resource-group', home()]);
    for (const id of [...state().workflows.keys()]) state().workflows.delete(id);
    state().groups.delete(NEW.toLowerCase());
    const { code } = await bench.run(destroyCommand, ['--yes']);
    expect(code).toBe(0);
    expect([webhooks(), rules()]).toEqual([[], []]);
  });

  it('stops where the group of the workspace is locked', async () => {
    bench.configure(elsewhere);
    await move();
    state().troubles.lockedScope = home();
    const { err, code } = await bench.run(destroyCommand, ['--yes']);
    expect(err).toContain('soc-rg is locked');
    expect(code).toBe(1);
    expect(webhooks()).toHaveLength(1);
  });
});

describe('what-if that goes on', () => {
  it.each([['--yes'], ['--yes', '--json']])('does not undo edits: %j', async (...args) => {
    edit(home(), 'SIGNL4-Callback');
    const { err, out, code } = await bench.run(deployCommand, ['--what-if', ...args]);
    expect(err + out).toContain('deploy.edited');
    expect(code).toBe(1);
    expect(at(home(), 'SIGNL4-Callback').definition['actions']).toHaveProperty('Mine');
  });
});

describe('places that are none of ours', () => {
  it('playbooks of another workspace are not overwritten', async () => {
    const callback = at(home(), 'SIGNL4-Callback');
    callback.parameters = { ...callback.parameters, WorkspaceId: '11111111-2222-4333-8444-555555555555' };
    const { err, code } = await bench.run(deployCommand, ['--overwrite']);
    expect(err).toContain('SIGNL4-Callback in soc-rg belongs to the workspace 11111111-2222-4333-8444-555555555555');
    expect(code).toBe(1);
  });

  it.each(['', 'a/b', '../x'])('%j is not a resource group', async (group) => {
    const { err, code } = await bench.run(deployCommand, ['--resource-group', group]);
    expect(err).toContain(`"${group}" is not a resource group`);
    expect(code).toBe(2);
  });

  it('a subscription of another tenant, and one that nobody sees', async () => {
    state().subscriptions.set(SUBSCRIPTION, PROVIDER);
    bench.configure(elsewhere);
    expect((await move()).err).toContain(
      `the subscription ${SUBSCRIPTION} is in the tenant ${PROVIDER}, not in ${bench.azure.world.workspace.tenantId}`,
    );
    bench.configure(elsewhere.replace(SUBSCRIPTION, '00000000-1111-4222-8333-444444444444'));
    expect((await move()).err).toContain('Check subscriptionId in signl4.yaml');
  });
});

describe('webhooks of two workspaces of one name', () => {
  it('are two', async () => {
    const [ours] = webhooks();
    webhooks().push({
      ...{ id: 'theirs', name: ours?.name ?? '', url: 'https://prod-01.westeurope.logic.azure.com/workflows/x' },
      ...{ teamId: '', enabled: true, description: 'Workspace 11111111-2222-4333-8444-555555555555' },
    });
    at(home(), 'SIGNL4-Callback').accessKey = 'renewed';
    await bench.run(deployCommand);
    expect(webhooks().map(({ id }) => id)).toContain('theirs');
    expect(webhooks()).toHaveLength(2);
  });
});
