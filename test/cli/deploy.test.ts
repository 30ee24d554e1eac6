import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/* One command from nothing to a working integration, in the time that Azure takes. */

let clock: VirtualClock;
let answers: string[];
let bench: LiveBench;
beforeEach(async () => {
  clock = new VirtualClock();
  answers = [];
  bench = await liveBench(clock);
  bench.configure('');
});
afterEach(() => bench.close());

const rules = () => [...bench.azure.world.sentinel.automation.rules.values()];

describe('a first deployment', () => {
  it.each([0, 5, 60, 300])('succeeds in one go where roles take %i s to work', async (seconds) => {
    bench.azure.state.lags.role = seconds * 1000;
    const start = clock.now();
    const { out, err, code } = await bench.run(deployCommand);
    expect(code).toBe(0);
    expect(rules()).toHaveLength(3);
    expect(clock.now() - start).toBeGreaterThanOrEqual(seconds * 1000);
    expect(clock.now() - start).toBeLessThan(seconds * 1000 + 30_000);
    expect(err.includes('Waiting until the role of Microsoft Sentinel')).toBe(seconds > 0);
    expect(
      out
        .split('\n')
        .filter((line) => line.startsWith('deployed'))
        .at(-1),
    ).toBe('deployed the automation rules');
    expect(bench.azure.state.roleAssignments).toHaveLength(8);
    expect(bench.azure.world.signl4.store.webhooks).toHaveLength(1);
    expect(bench.azure.state.deployments.at(-1)).toMatchObject({ name: 'signl4-automation-rules', state: 'Succeeded' });
    await bench.azure.world.clock.sleep(0);
    expect(await bench.run(setupCommand, ['check'])).toMatchObject({ code: 0 });
  });

  it('pages about an incident that comes in afterwards', async () => {
    await bench.run(deployCommand);
    const { sentinel, signl4 } = bench.azure.world;
    sentinel.store.createIncident({ title: 'Odd sign-in', severity: 'High' });
    await clock.advance(60_000);
    expect([...signl4.store.alerts.values()].map(({ title }) => title)).toEqual(['High: Odd sign-in']);
    expect(bench.azure.workflow('SIGNL4-Send-Incident').runs[0]?.status).toBe('Succeeded');
  });

  it.each([0, 60, 300])('lets the sweep run first when its roles work, where that takes %i s', async (seconds) => {
    bench.azure.state.lags.role = seconds * 1000;
    await bench.run(deployCommand);
    await clock.advance(30 * 60_000);
    const sweep = bench.azure.workflow('SIGNL4-Sweep');
    expect(sweep.state).toBe('Enabled');
    expect(Object.keys(sweep.tags)).not.toContain('hidden-signl4-starts');
    expect(sweep.runs.length).toBeGreaterThan(1);
    expect(new Set(sweep.runs.map(({ status }) => status))).toEqual(new Set(['Succeeded']));
  });

  it('starts the sweep of a deployment that ended before, and none that somebody switched off', async () => {
    bench.azure.state.lags.role = 3_600_000;
    expect((await bench.run(deployCommand)).code).toBe(1);
    expect(bench.azure.workflow('SIGNL4-Sweep').state).toBe('Disabled');
    await clock.advance(3_600_000);
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect(bench.azure.workflow('SIGNL4-Sweep').state).toBe('Enabled');
    bench.azure.workflow('SIGNL4-Sweep').state = 'Disabled';
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect(bench.azure.workflow('SIGNL4-Sweep').state).toBe('Disabled');
  });

  it('waits until resource providers are registered', async () => {
    bench.azure.state.lags.registration = 90_000;
    bench.azure.state.providers.set('microsoft.logic', 'NotRegistered');
    expect((await bench.run(deployCommand)).code).toBe(0);
  });

  it('gives up after ten minutes, and says what is there and what to do', async () => {
    bench.azure.state.lags.role = 3_600_000;
    const { err, code } = await bench.run(deployCommand);
    expect(code).toBe(1);
    expect(err).toContain('[deploy.sentinel-role]');
    expect(err).toContain('Run "signl4-sentinel deploy" again in some minutes');
    expect(bench.azure.state.workflows.size).toBe(7);
  });

  it('does not wait for a role that it could not give', async () => {
    bench.azure.state.troubles.forbidden.push(/soc-rg\/providers\/microsoft.authorization\/roleassignments/);
    const start = clock.now();
    const { out, err, code } = await bench.run(deployCommand);
    expect(out).toContain('blocked  Microsoft Sentinel Automation Contributor for Microsoft Sentinel');
    expect(err).toContain('may assign roles');
    expect(clock.now() - start).toBeLessThan(60_000);
    expect(code).toBe(1);
  });

  it('prints JSON alone with --json', async () => {
    const { out } = await bench.run(deployCommand, ['--json']);
    const { deployments, steps } = JSON.parse(out) as { deployments: { name: string }[]; steps: { kind: string }[] };
    expect(deployments.map(({ name }) => name).at(-1)).toBe('signl4-automation-rules');
    expect(steps.map(({ kind }) => kind)).not.toContain('blocked');
  });
});

describe('another spelling of the same workspace', () => {
  it.each([
    ['name', 'SOC-Workspace'],
    ['resourceGroup', 'SOC-RG'],
    ['subscriptionId', 'D0CFE6B2-9AC0-4464-9919-DCCAEE2E48C0'],
  ])('in %s makes no second set of rules, roles or webhooks', async (member, spelling) => {
    await bench.run(deployCommand);
    const before = rules().map(({ name }) => name);
    bench.write(
      'signl4.yaml',
      `workspace: ${JSON.stringify({ ...bench.azure.world.workspace, [member]: spelling })}\n`,
    );
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect(rules().map(({ name }) => name)).toEqual(before);
    expect(bench.azure.state.roleAssignments).toHaveLength(8);
    expect(bench.azure.world.signl4.store.webhooks).toHaveLength(1);
    expect(bench.azure.state.workflows.size).toBe(7);
  });

  it('adopts a rule of ours that was made under another id', async () => {
    await bench.run(deployCommand);
    const { rules: stored } = bench.azure.world.sentinel.automation;
    const [id, rule] =
      [...stored].find(([, { properties }]) => properties.displayName === 'SIGNL4: page the on-call team') ?? [];
    stored.delete(id ?? '');
    stored.set('an-older-id', { ...(rule as NonNullable<typeof rule>), name: 'an-older-id' });
    await bench.run(deployCommand);
    expect(rules()).toHaveLength(3);
    expect(stored.has('an-older-id')).toBe(true);
  });
});

describe('the API key in a connection', () => {
  const connections = () => [...bench.azure.state.connections.values()].filter(({ api }) => /customapis/i.test(api));

  it('stays where a later deployment does not have it, and is replaced where it has', async () => {
    await bench.run(deployCommand);
    const stored = connections().map(({ apiKey }) => apiKey);
    expect(stored.length).toBeGreaterThan(0);
    expect((await bench.run(deployCommand, [], { SIGNL4_API_KEY: '' })).out).toContain('deployed SIGNL4-Send-Incident');
    expect(connections().map(({ apiKey }) => apiKey)).toEqual(stored);
    await bench.run(deployCommand, [], { SIGNL4_API_KEY: 'a-new-key' });
    expect(new Set(connections().map(({ apiKey }) => apiKey))).toEqual(new Set(['a-new-key']));
  });
});

describe('the webhook', () => {
  it('is the same under another way to write its address', async () => {
    await bench.run(deployCommand);
    const { webhooks } = bench.azure.world.signl4.store;
    const [webhook] = webhooks;
    const url = new URL(webhook?.url ?? '');
    const parameters = [...url.searchParams].toReversed();
    const written = `https://${url.hostname.toUpperCase()}:443${url.pathname}?${new URLSearchParams(parameters)}`;
    Object.assign(webhook ?? {}, { url: written });
    expect(await bench.run(setupCommand, ['check'])).toMatchObject({ code: 0 });
    await bench.run(deployCommand);
    expect(webhooks.map((each) => each.url)).toEqual([written]);
    Object.assign(webhook ?? {}, { url: written.replace('sig=', 'sig=x') });
    expect((await bench.run(setupCommand, ['check'])).code).toBe(1);
  });
});

describe('what Azure refuses', () => {
  const troubles: readonly (readonly [string, RegExp, RegExp, () => void])[] = [
    [
      'a policy',
      /RequestDisallowedByPolicy: .*policy "Require a cost center"/,
      /exemption/,
      () => Object.assign(bench.azure.state.troubles, { policy: 'Require a cost center' }),
    ],
    [
      'a lock',
      /ScopeLocked: .*soc-rg/,
      /az lock list/,
      () =>
        Object.assign(bench.azure.state.troubles, {
          lockedScope: `/subscriptions/${bench.azure.world.workspace.subscriptionId}/resourceGroups/soc-rg`,
        }),
    ],
    [
      'no quota',
      /SubscriptionIsOverQuotaForSku/,
      /quota/,
      () => Object.assign(bench.azure.state.troubles, { quota: /customapis/i }),
    ],
    [
      'a deployment of that name under way',
      /DeploymentActive/,
      /cancel it/,
      () =>
        bench.azure.world.faults.add({
          service: 'arm',
          method: 'PUT',
          path: '*/deployments/signl4-connector',
          fault: {
            kind: 'status',
            status: 409,
            body: { error: { code: 'DeploymentActive', message: 'still active' } },
          },
        }),
    ],
    [
      'missing rights',
      /AuthorizationFailed: .*deployments\/write/,
      /the role Contributor/,
      () =>
        bench.azure.world.faults.add({
          service: 'arm',
          method: 'PUT',
          path: '*/deployments/*',
          fault: {
            kind: 'status',
            status: 403,
            body: {
              error: {
                code: 'AuthorizationFailed',
                message:
                  "The client 'x' does not have authorization to perform action 'Microsoft.Resources/deployments/write' over scope '/x'",
              },
            },
          },
        }),
    ],
    [
      'an unknown refusal',
      /the reason/,
      /Nothing was changed/,
      () =>
        bench.azure.world.faults.add({
          service: 'arm',
          method: 'PUT',
          path: '*/deployments/*',
          fault: { kind: 'status', status: 412, body: { error: { code: 'Odd', message: 'the reason' } } },
        }),
    ],
  ];

  it.each(troubles)('%s is told with deployment, reason and remedy', async (_, reason, remedy, trouble) => {
    trouble();
    const { err, code } = await bench.run(deployCommand);
    expect(code).toBe(1);
    const [first = '', ...rest] = err.split('\n');
    expect(first).toMatch(/Azure refuses the deployment signl4-connector in soc-rg/);
    expect(first).toMatch(reason);
    expect(first).not.toContain('InvalidTemplateDeployment');
    expect(rest.join('\n')).toMatch(remedy);
    expect(err).not.toContain('Check the network');
  });

  it('in the middle names the resource that failed', async () => {
    bench.azure.world.faults.clear();
    bench.azure.state.connections.clear();
    bench.azure.state.troubles.deploymentError = {
      code: 'DeploymentFailed',
      message: 'At least one resource deployment operation failed.',
      details: [
        {
          code: 'Conflict',
          message:
            '{"error":{"code":"RoleAssignmentUpdateNotPermitted","message":"Tenant ID … are not allowed to be updated."}}',
        },
      ],
    };
    const { err } = await bench.run(deployCommand);
    expect(err).toMatch(/fails: RoleAssignmentUpdateNotPermitted: Tenant ID/);
    expect(err).toContain('identity that was deleted');
  });
});

describe('--what-if', () => {
  it('shows each place before and after, hides secrets, and leaves out what has no effect', async () => {
    await bench.run(deployCommand);
    const callback = bench.azure.workflow('SIGNL4-Callback');
    callback.definition = { ...callback.definition, outputs: { seen: { type: 'String', value: '1' } } };
    bench.azure.workflow('SIGNL4-Send-Incident').parameters = {
      ...bench.azure.workflow('SIGNL4-Send-Incident').parameters,
      TeamSecret: 'an-old-secret',
    };
    const { out, code } = await bench.run(deployCommand, ['--what-if']);
    expect(code).toBe(0);
    expect(out).toContain('      - properties.definition.outputs.seen: {"type":"String","value":"1"}');
    expect(out).not.toMatch(/endpointsConfiguration|provisioningState|soc-team-secret|an-old-secret/);
    expect(out).toMatch(/other resources of the group stay as they are/);
    expect(out).not.toContain('undefined');
  });

  it('writes the same as a comment for a pull request, without secrets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'what-if-'));
    const file = join(folder, 'comment.md');
    const { out, code } = await bench.run(deployCommand, ['--what-if', '--markdown', file]);
    expect(code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^<!-- signl4-sentinel what-if -->\n/);
    for (const [, title = ''] of out.matchAll(/^(SIGNL4-\S+)$/gm))
      expect(text).toContain(`<summary>${title}</summary>`);
    expect(text).not.toContain('soc-team-secret');
    expect((await bench.run(deployCommand, ['--markdown', file])).err).toContain('[usage.markdown]');
    const { workspace } = bench.azure.world;
    bench.configure(`targets:\n  - name: Contoso\n    workspace: ${JSON.stringify(workspace)}\n`);
    const all = await bench.run(deployCommand, ['--what-if', '--all-targets', '--markdown', file]);
    expect(all.err).toContain('[usage.markdown]');
    rmSync(folder, { recursive: true });
  });

  it('shows reasons, diagnostics and unknown kinds of change, nested places one by one', async () => {
    const id = (name: string) => `/subscriptions/s/resourceGroups/soc-rg/providers/Microsoft.Logic/workflows/${name}`;
    const before = { triggers: { allowedCallerIpAddresses: [{ addressRange: '198.51.100.0/24' }] } };
    const actions = {
      ...{ path: 'properties.definition.actions', propertyChangeType: 'Modify' },
      children: [
        {
          path: 'Tag',
          propertyChangeType: 'Modify',
          children: [{ path: 'inputs.uri', propertyChangeType: 'Modify', before: 'https://a', after: 'https://b' }],
        },
        { path: 'Post', propertyChangeType: 'Delete', before: { type: 'Http' } },
      ],
    };
    const delta = [
      actions,
      { path: 'properties.accessControl', propertyChangeType: 'Delete', before },
      { path: 'properties.version', propertyChangeType: 'NoEffect', after: null },
      { path: 'properties.parameterValues', propertyChangeType: 'Create', after: { api_key: 'hunter2' } },
    ];
    const changes = [
      { resourceId: id('A'), changeType: 'Modify', delta },
      { resourceId: id('B'), changeType: 'Unsupported', unsupportedReason: 'It cannot be told yet.' },
      { resourceId: id('C'), changeType: 'Ignore' },
      { resourceId: id('D'), changeType: 'Rewound' },
    ];
    const diagnostics = [{ level: 'Warning', code: 'Short', message: 'A nested deployment was skipped.' }];
    const body = { status: 'Succeeded', properties: { changes, diagnostics } };
    bench.azure.world.faults.add({
      service: 'arm',
      path: '*/operationresults/*',
      fault: { kind: 'status', status: 200, body },
    });
    const { out } = await bench.run(deployCommand, ['SIGNL4-Callback', '--what-if']);
    expect(out.split('\n').slice(0, 9)).toEqual([
      'the SIGNL4 connector',
      '  ~ Microsoft.Logic/workflows/A',
      '      ~ properties.definition.actions.Tag.inputs.uri: "https://a" -> "https://b"',
      '      - properties.definition.actions.Post: {"type":"Http"}',
      `      - properties.accessControl: ${JSON.stringify(before)}`,
      '      + properties.parameterValues: {"api_key":"(hidden)"}',
      '  x Microsoft.Logic/workflows/B: It cannot be told yet.',
      '  ? Microsoft.Logic/workflows/D',
      '  (1 other resources of the group stay as they are)',
    ]);
    expect(out).toContain('  warning: A nested deployment was skipped. [Short]');
  });

  it('gives JSON', async () => {
    const { out } = await bench.run(deployCommand, ['SIGNL4-Send-Incident', '--what-if', '--json']);
    const { deployments } = JSON.parse(out) as { deployments: { name: string; changes: { change: string }[] }[] };
    expect(deployments.map(({ name }) => name)).toEqual([
      'signl4-connector',
      'SIGNL4-Send-Incident',
      'signl4-automation-rules',
    ]);
    expect(bench.azure.state.deployments).toEqual([]);
  });

  it('with --yes shows it and deploys it unasked', async () => {
    const { out, code } = await bench.run(deployCommand, ['--what-if', '--yes']);
    expect(out).toContain('  + Microsoft.Logic/workflows/SIGNL4-Callback');
    expect([code, bench.azure.state.deployments.length]).toEqual([0, 9]);
  });

  it.each([
    ['y', 9],
    ['n', 0],
    ['', 0],
  ])('asks on a terminal, and after "%s" makes %i deployments', async (answer, count) => {
    await bench.close();
    answers = [answer];
    bench = await liveBench(clock, answers);
    bench.configure('');
    expect((await bench.run(deployCommand, ['--what-if'])).code).toBe(0);
    expect(bench.azure.state.deployments).toHaveLength(count);
  });
});
