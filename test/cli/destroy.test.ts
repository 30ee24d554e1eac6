import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { destroyCommand } from '../../src/cli/destroy.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/* What we made goes, what others made stays, and nothing goes unasked. */

let answers: string[];
let bench: LiveBench;
const open = async (given?: string[]) => {
  answers = given ?? [];
  bench = await liveBench(new VirtualClock(), given && answers);
  bench.configure('');
  await bench.run(deployCommand);
};
beforeEach(() => open());
afterEach(() => bench.close());

const state = () => bench.azure.state;
const group = () => `/subscriptions/${bench.azure.world.workspace.subscriptionId}/resourceGroups/soc-rg`;
const deletions = () =>
  bench.azure.world.log.entries.filter(({ method, service }) => method === 'DELETE' && service !== 'outside');

describe('destroy', () => {
  it('removes all that deploy made', async () => {
    const { out, code } = await bench.run(destroyCommand, ['--yes']);
    expect(code).toBe(0);
    expect(out).toContain('removed playbook SIGNL4-Send-Incident');
    expect([state().workflows, state().connections, state().customConnectors].map(({ size }) => size)).toEqual([
      0, 0, 0,
    ]);
    expect(state().roleAssignments).toEqual([]);
    expect(bench.azure.world.signl4.store.webhooks).toEqual([]);
    expect(bench.azure.world.sentinel.automation.rules.size).toBe(0);
    expect((await bench.run(destroyCommand, ['--yes'])).out).toContain('Nothing of ours is in soc-rg.');
  });

  it('leaves what others made, also where it is called like ours', async () => {
    const other = {
      principalId: '0c5d9f2a-6f52-4b0a-8e5f-3b2d1c0a9e33',
      roleId: '3e150937-b8fe-4cfb-8069-0eaf05ecd056',
    };
    state().roleAssignments.push({ ...other, name: 'theirs', scope: group() });
    const ours = bench.azure.workflow('SIGNL4-Callback');
    state().workflows.set(`${group()}/providers/Microsoft.Logic/workflows/Their-Playbook`.toLowerCase(), {
      ...ours,
      ...{ id: `${group()}/providers/Microsoft.Logic/workflows/Their-Playbook`, name: 'Their-Playbook', tags: {} },
    });
    ours.tags = {};
    const { rules } = bench.azure.world.sentinel.automation;
    const rule = [...rules.values()][0] as NonNullable<ReturnType<typeof rules.get>>;
    rules.set('theirs', { ...rule, name: 'theirs', properties: { ...rule.properties, displayName: 'Page us, too' } });
    bench.azure.world.signl4.store.webhooks.push({
      id: 'theirs',
      name: 'Ticketing',
      url: 'https://x.example',
      teamId: '',
      enabled: true,
      description: '',
    });
    const { out } = await bench.run(destroyCommand, ['--yes']);
    expect(out).toContain('playbook SIGNL4-Callback: it does not carry our tag');
    expect(out).toContain('automation rule "Page us, too": somebody made it');
    expect([...state().workflows.values()].map(({ name }) => name).sort()).toEqual([
      'SIGNL4-Callback',
      'Their-Playbook',
    ]);
    expect(state().roleAssignments.map(({ name }) => name)).toContain('theirs');
    expect([...rules.keys()]).toEqual(['theirs']);
    expect(bench.azure.world.signl4.store.webhooks.map(({ id }) => id)).toEqual(['theirs']);
    // Their playbook goes through this connection, and Sentinel still has to run it.
    expect([...state().connections.values()].map(({ name }) => name)).toContain('MicrosoftSentinel-SIGNL4-Callback');
    expect(state().roleAssignments.some(({ roleId }) => roleId === 'f4c81013-99ee-4d62-a7ee-b3f1f648599a')).toBe(true);
  });

  it.each<[string, string[] | undefined, string[], number]>([
    ['nobody can be asked', undefined, [], 2],
    ['the answer is no', ['no'], [], 0],
    ['the answer is empty', [''], [], 0],
    ['it is only to be listed', undefined, ['--what-if'], 0],
  ])('removes nothing where %s', async (_, given, args, code) => {
    await bench.close();
    await open(given && ['', ...given].slice(1));
    const outcome = await bench.run(destroyCommand, args);
    expect(outcome.code).toBe(code);
    expect(outcome.out).toContain('  - playbook SIGNL4-Send-Incident');
    expect(deletions()).toEqual([]);
  });

  it('stops before the first removal where a lock is on the group', async () => {
    state().troubles.lockedScope = group();
    const { err, code } = await bench.run(destroyCommand, ['--yes']);
    expect(err).toContain('soc-rg is locked (keep); nothing was removed');
    expect([code, deletions()]).toEqual([1, []]);
  });

  it('goes on after what cannot be removed, and says so', async () => {
    bench.azure.world.faults.add({
      ...{ service: 'arm', method: 'DELETE', path: '*/workflows/SIGNL4-Sweep' },
      fault: {
        kind: 'status',
        status: 403,
        body: {
          error: {
            code: 'AuthorizationFailed',
            message: "no authorization to perform action 'Microsoft.Logic/workflows/delete'",
          },
        },
      },
    });
    const { out, code } = await bench.run(destroyCommand, ['--yes', '--json']);
    const { removed, failed } = JSON.parse(out) as { removed: string[]; failed: { title: string; reason: string }[] };
    expect(failed).toEqual([
      { title: 'playbook SIGNL4-Sweep', reason: expect.stringContaining('Logic App Contributor') },
    ]);
    expect(removed).toContain('playbook SIGNL4-Callback');
    expect(code).toBe(1);
  });
});
