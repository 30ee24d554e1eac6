import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import type { RunResult } from '../../src/engine/result.ts';
import type { ResponsePlaybook } from '../../src/rules/respond.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { Environment } from '../../src/simulator/environment/environment.ts';
import { createWorld } from '../../src/simulator/world.ts';

/* The figures of docs/azure.md: what Azure bills for one run of each playbook, counted in the runs of a simulated incident. */

interface Billed {
  readonly builtin: number;
  readonly connector: number;
}

/** The trigger counts as one; what was skipped is free; what a loop repeats counts each time. */
function billed({ actions }: RunResult, trigger: 'connector' | 'builtin'): Billed {
  const counts = { builtin: 0, connector: 0 };
  counts[trigger]++;
  for (const { type, status, repetitions, retries = [] } of Object.values(actions)) {
    const times = repetitions
      ? repetitions.filter((each) => each.status !== 'Skipped').length
      : status === 'Skipped'
        ? 0
        : 1;
    counts[type.startsWith('ApiConnection') ? 'connector' : 'builtin'] += times + retries.length;
  }
  return counts;
}

const response: ResponsePlaybook = {
  playbook: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Logic/workflows/Look-Closer',
  ...{ on: 'incident', who: 'either', teams: [], people: [], confirm: false },
};

async function measured(): Promise<Readonly<Record<string, Billed>>> {
  const clock = new VirtualClock();
  const world = createWorld({ clock });
  const environment = new Environment({
    world,
    config: {
      ...defaultConfig,
      respond: { ...defaultConfig.respond, playbooks: { look: response } },
    },
    hasRelay: false,
    callbacks: 'playbook',
    sweeps: false,
  });
  const last = (playbook: string) => {
    const result = environment.history.runs.findLast(
      (run) => run.playbook === playbook && run.result?.status === 'Succeeded',
    )?.result;
    if (!result) throw new Error(`${playbook} did not run`);
    return result;
  };
  world.sentinel.store.createIncident({ title: 'Odd sign-in', severity: 'High' });
  await clock.advance(60_000);
  const send = billed(last('SIGNL4-Send-Incident'), 'connector');
  const [alert] = world.signl4.store.alerts.values();
  world.signl4.store.acknowledge(alert?.id ?? '', world.accounts.onCallUser);
  await clock.advance(60_000);
  const callback = billed(last('SIGNL4-Callback'), 'builtin');
  const sync = billed(last('SIGNL4-Sync-Incident'), 'connector');
  await environment.run('SIGNL4-Sweep', undefined);
  world.signl4.store.annotate(alert?.id ?? '', '#run look', world.accounts.onCallUser);
  await clock.advance(60_000);
  const respond = billed(last('SIGNL4-Respond'), 'builtin');
  return { send, callback, sync, sweep: billed(last('SIGNL4-Sweep'), 'builtin'), respond };
}

describe('the costs in docs/azure.md', () => {
  const text = readFileSync(new URL('../../docs/azure.md', import.meta.url), 'utf8');
  const rows = new Map(
    [...text.matchAll(/^\| (\w[\w-]+): .*?\| (\d+) \| (\d+) \|$/gm)].map(([, name = '', builtin, connector]) => [
      name,
      { builtin: Number(builtin), connector: Number(connector) },
    ]),
  );

  it('are those of the generated playbooks', async () => {
    const { send, callback, sync, sweep, respond } = await measured();
    expect(Object.fromEntries(rows)).toEqual({
      'SIGNL4-Send-Incident': send,
      'SIGNL4-Callback': callback,
      'SIGNL4-Sync-Incident': sync,
      'SIGNL4-Sweep': sweep,
      'SIGNL4-Respond': respond,
    });
  });

  it('add up in the example', () => {
    const runs: Readonly<Record<string, number>> = {
      'SIGNL4-Send-Incident': 300,
      'SIGNL4-Callback': 900,
      'SIGNL4-Sync-Incident': 900,
      'SIGNL4-Sweep': (30 * 24 * 60) / defaultConfig.sweep.everyMinutes,
    };
    const sum = (kind: keyof Billed) =>
      Object.entries(runs).reduce((total, [name, count]) => total + count * (rows.get(name)?.[kind] ?? Number.NaN), 0);
    const cost = Math.max(0, sum('builtin') - 4000) * 0.000025 + sum('connector') * 0.000125;
    const shown = (value: number) => value.toLocaleString('en-US');
    expect(text).toContain(`${shown(runs['SIGNL4-Sweep'] ?? 0)} sweeps`);
    expect(text).toContain(`${shown(sum('builtin'))} built-in actions`);
    expect(text).toContain(`${shown(sum('connector'))} connector calls`);
    expect(text).toContain(`about ${cost.toFixed(2)} USD`);
  });
});
