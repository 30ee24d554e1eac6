import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { diffCommand } from '../../src/cli/diff.ts';
import { pullCommand } from '../../src/cli/pull.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { designerEdits } from '../workflow/designer-edits.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/*
 * What people do in the designer, against the simulated Azure: `deploy` stops, `pull` keeps it, `build` and `deploy` bring
 * it back.
 */

let bench: LiveBench;
beforeEach(async () => {
  bench = await liveBench();
  bench.configure('# ours\nfilter: # who pages\n  severities: [High, Medium]\n');
});
afterEach(() => bench.close());

const send = 'SIGNL4-Send-Incident';
type Draft = { parameters: Record<string, { defaultValue: unknown }>; actions: Record<string, object> };
const save = (name: string, edit: (draft: Draft) => void) => bench.save(name, edit);
const choose = (name: string, parameter: string, value: unknown) =>
  save(name, ({ parameters }) => Object.assign(parameters[parameter] ?? {}, { defaultValue: value }));
/** The templates that were sent for a playbook, the latest first. */
const sent = (name: string) =>
  bench.azure.state.deployments
    .filter((deployment) => deployment.name === name)
    .map(({ template }) => workflowIn(template))
    .toReversed();

function workflowIn(template: JsonObject): { tags: JsonObject; properties: JsonObject } {
  const resources = template['resources'] as unknown as readonly { type: string }[];
  return resources.find(({ type }) => type === 'Microsoft.Logic/workflows') as unknown as {
    tags: JsonObject;
    properties: JsonObject;
  };
}

describe('an edit in the designer', () => {
  it.each(designerEdits)('stops deploy, is kept by pull, survives the next deploy: %s', async (_, name, edit) => {
    await bench.run(deployCommand, [name]);
    bench.save(name, edit as (draft: never) => void);
    const live = structuredClone(bench.azure.workflow(name).definition);
    const connections = structuredClone(bench.azure.workflow(name).parameters);

    const stopped = await bench.run(deployCommand, [name]);
    expect(stopped.err).toContain('[deploy.edited]');
    expect(stopped.code).toBe(1);
    expect(sent(name)).toHaveLength(1);

    const pulled = await bench.run(pullCommand, [name]);
    expect(pulled).toMatchObject({ code: 0, err: '' });
    expect(await bench.run(diffCommand, [name])).toMatchObject({ out: `${name}: as generated`, code: 0 });

    const deployed = await bench.run(deployCommand, [name]);
    expect(deployed).toMatchObject({ code: 0, err: '' });
    expect(sent(name)).toHaveLength(2);
    // What is deployed now means the same: the comparison of before finds nothing either way.
    expect(await bench.run(diffCommand, [name])).toMatchObject({ code: 0 });
    const again = bench.azure.workflow(name);
    expect(Object.keys(again.definition['actions'] as JsonObject).sort()).toEqual(
      Object.keys(live['actions'] as JsonObject).sort(),
    );
    expect(Object.keys((again.parameters['$connections'] ?? {}) as JsonObject).sort()).toEqual(
      Object.keys((connections['$connections'] ?? {}) as JsonObject).sort(),
    );
    expect((await bench.run(pullCommand, [name])).out).toBe('nothing to bring back');
  });

  it('is undone by deploy --overwrite, and by nothing else', async () => {
    await bench.run(deployCommand, [send]);
    save(send, ({ actions }) => Object.assign(actions, { Tell_the_boss: { type: 'Compose', inputs: 1 } }));
    const { err } = await bench.run(deployCommand);
    expect(err).toContain('SIGNL4-Send-Incident was edited since it was deployed:\n  + actions/Tell_the_boss');
    expect(err).toContain('--overwrite');
    expect(bench.azure.state.deployments.filter(({ name }) => name !== send).length).toBeLessThanOrEqual(2);
    expect((await bench.run(deployCommand, [send, '--overwrite'])).code).toBe(0);
    expect(bench.azure.workflow(send).definition['actions']).not.toHaveProperty('Tell_the_boss');
  });

  it('is told from what a new configuration changes', async () => {
    await bench.run(deployCommand, [send]);
    save(send, ({ actions }) => Object.assign(actions, { Tell_the_boss: { type: 'Compose', inputs: 1 } }));
    bench.configure('filter:\n  severities: [High]\n');
    const { err } = await bench.run(deployCommand, [send]);
    expect(err).toContain('+ actions/Tell_the_boss');
    expect(err).not.toContain('Severities');
    const { out } = await bench.run(pullCommand, [send]);
    expect(out).toBe('wrote patches/SIGNL4-Send-Incident.yaml: + actions/Tell_the_boss: {"type":"Compose","inputs":1}');
    expect((await bench.run(deployCommand, [send])).code).toBe(0);
    expect(loadConfig(bench.read('signl4.yaml'), '').filter.severities).toEqual(['High']);
  });

  it('counts where a tab that was open before a deployment is saved after it', async () => {
    await bench.run(deployCommand, [send]);
    const tags = { ...bench.azure.workflow(send).tags };
    bench.configure('filter:\n  severities: [Low]\n');
    await bench.run(deployCommand, [send]);
    save(send, ({ actions }) => Object.assign(actions, { Tell_the_boss: { type: 'Compose', inputs: 1 } }));
    bench.azure.workflow(send).tags = tags;
    expect((await bench.run(deployCommand, [send])).err).toContain('+ actions/Tell_the_boss');
  });

  it('counts where nothing tells what was deployed', async () => {
    await bench.run(deployCommand, [send]);
    bench.azure.workflow(send).tags = {};
    expect((await bench.run(deployCommand, [send])).code).toBe(0);
    bench.azure.workflow(send).tags = {};
    choose(send, 'Tag', 'PAGED');
    expect((await bench.run(deployCommand, [send])).err).toContain('nothing tells what was last deployed');
  });

  it('asks a person where the generated playbook changed at the same place', async () => {
    await bench.run(deployCommand, [send]);
    bench.save(send, (draft: { actions: Record<string, { description: string }> }) => {
      const [first] = Object.values(draft.actions);
      Object.assign(first ?? {}, { description: 'ours' });
    });
    await bench.run(pullCommand, [send]);
    const text = bench.read('patches/SIGNL4-Send-Incident.yaml');
    bench.write('patches/SIGNL4-Send-Incident.yaml', text.replace(/was: .*/, 'was: an older one'));
    const { err, code } = await bench.run(deployCommand, [send]);
    expect(err).toMatch(/patches\/SIGNL4-Send-Incident\.yaml:\d+ .*\[patch\.conflict\]/);
    expect(err).toContain('was "an older one"');
    expect(code).toBe(1);
  });
});

describe('deploy', () => {
  it('keeps what it was not asked to touch: tags, state, who may call', async () => {
    const name = 'SIGNL4-Callback';
    await bench.run(deployCommand, [name]);
    const workflow = bench.azure.workflow(name);
    const accessControl = { triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.10/32' }] } };
    Object.assign(workflow, { state: 'Disabled', accessControl, tags: { ...workflow.tags, owner: '[soc]' } });
    expect((await bench.run(deployCommand)).code).toBe(0);
    const now = bench.azure.workflow(name);
    expect(now).toMatchObject({
      state: 'Disabled',
      accessControl,
      tags: { owner: '[soc]', LogicAppsCategory: 'security' },
    });
  });

  it('names what is deployed in a tag, and corrects it where the service made something else of it', async () => {
    await bench.run(deployCommand, [send]);
    const { tags } = bench.azure.workflow(send);
    expect(tags['hidden-signl4-deployed']).toMatch(/^[0-9a-f]{64}$/);
    expect(sent(send)[0]?.tags['hidden-signl4-deployed']).toBe(tags['hidden-signl4-deployed']);
  });
});

describe('diff and pull', () => {
  it('find no difference after a deployment', async () => {
    await bench.run(deployCommand);
    const { out, code } = await bench.run(diffCommand);
    expect(out.split('\n').filter((line) => !line.endsWith(': as generated'))).toEqual([]);
    expect(code).toBe(0);
    expect((await bench.run(pullCommand)).out).toBe('nothing to bring back');
  });

  it('show choices by their name in the file, and everything else by its place', async () => {
    await bench.run(deployCommand, [send]);
    choose(send, 'Severities', ['High']);
    save(send, ({ actions }) => Object.assign(actions, { 'Tell/the boss': { type: 'Compose', inputs: 1 } }));
    const { out, code } = await bench.run(diffCommand, [send]);
    expect(out).toBe(
      [
        'SIGNL4-Send-Incident: 2 places differ',
        '  ~ parameters/Severities/defaultValue (filter.severities): ["High","Medium"] -> ["High"]',
        '  + actions/Tell~1the boss: {"type":"Compose","inputs":1}',
      ].join('\n'),
    );
    expect(code).toBe(1);
    const json = JSON.parse((await bench.run(diffCommand, [send, '--json'])).out);
    expect(json).toMatchObject([
      { playbook: send, deployed: true, differences: [{ kind: 'change' }, { kind: 'add' }] },
      { name: 'automation rule "SIGNL4: page the on-call team"', differences: [] },
      {},
      { name: 'connector SIGNL4CustomConnector', differences: [] },
    ]);
  });

  it('see a value that was given to the workflow over its default', async () => {
    await bench.run(deployCommand, [send]);
    const workflow = bench.azure.workflow(send);
    workflow.parameters = { ...workflow.parameters, Tag: 'PAGED' };
    expect((await bench.run(diffCommand, [send])).out).toContain('Tag/defaultValue (tag): "SIGNL4" -> "PAGED"');
  });

  it('bring choices back into the file and keep its comments', async () => {
    await bench.run(deployCommand);
    choose(send, 'Severities', ['High']);
    save('SIGNL4-Callback', ({ parameters }) => {
      const { Classifications } = parameters;
      Object.assign(Classifications?.defaultValue as object, { '#test': 'BenignPositive - SuspiciousButExpected' });
    });
    const { out, code } = await bench.run(pullCommand);
    expect(out).toContain('wrote signl4.yaml: filter.severities: ["High"]');
    expect(code).toBe(0);
    const text = bench.read('signl4.yaml');
    expect(text).toContain('# ours\nfilter: # who pages\n  severities: [High]\n');
    expect(loadConfig(text, '').close.hashtags).toMatchObject({ test: 'BenignPositive - SuspiciousButExpected' });
  });

  it('bring back what two playbooks say differently', async () => {
    await bench.run(deployCommand);
    choose(send, 'Tag', 'A');
    choose('SIGNL4-Sweep', 'Tag', 'B');
    expect((await bench.run(pullCommand)).code).toBe(0);
    expect(loadConfig(bench.read('signl4.yaml'), '').tag).toBe('A');
    expect(bench.read('patches/SIGNL4-Sweep.yaml')).toContain('now: B');
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect((await bench.run(diffCommand)).code).toBe(0);
  });

  it('write nothing with --dry-run', async () => {
    await bench.run(deployCommand, [send]);
    choose(send, 'Tag', 'PAGED');
    const before = bench.read('signl4.yaml');
    expect((await bench.run(pullCommand, ['--dry-run'])).out).toBe('would write signl4.yaml: tag: "PAGED"');
    expect(bench.read('signl4.yaml')).toBe(before);
  });

  it('write nothing where one of the files cannot be written', async () => {
    await bench.run(deployCommand, [send]);
    choose(send, 'Severities', ['Critical']);
    save(send, ({ actions }) => Object.assign(actions, { Tell_the_boss: { type: 'Compose', inputs: 1 } }));
    const before = bench.read('signl4.yaml');
    const { err, code } = await bench.run(pullCommand, [send]);
    expect(err).toContain('must be one of High, Medium, Low, Informational; got "Critical"');
    expect(code).toBe(1);
    expect(bench.read('signl4.yaml')).toBe(before);
    expect(() => bench.read('patches/SIGNL4-Send-Incident.yaml')).toThrow();
  });

  it('never show or write a secret that somebody typed into the definition', async () => {
    await bench.run(deployCommand, [send]);
    const secrets = ['HUNTER2-default', 'HUNTER2-in-path', `Bearer ${'HUNTER2'.repeat(4)}`];
    bench.save(send, (draft: { parameters: JsonObject; actions: JsonObject }) => {
      const text = JSON.stringify(draft.actions).replaceAll(
        /@\{encodeURIComponent\(parameters\('TeamSecret'\)\)\}/g,
        secrets[1] ?? '',
      );
      draft.actions = {
        ...(JSON.parse(text) as JsonObject),
        Tell_the_boss: { type: 'Http', inputs: { headers: { Authorization: secrets[2] ?? '' } } },
      };
      Object.assign(draft.parameters['TeamSecret'] as object, { defaultValue: secrets[0] });
    });
    const runs = [
      await bench.run(diffCommand, [send]),
      await bench.run(diffCommand, [send, '--json']),
      await bench.run(deployCommand, [send]),
      await bench.run(pullCommand, [send]),
    ];
    const shown = runs.map(({ out, err }) => out + err).join('\n');
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(shown).toContain('TeamSecret has a default in clear text in the definition: remove it');
    expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(() => bench.read('patches/SIGNL4-Send-Incident.yaml')).toThrow();
  });
});

describe('automation rules', () => {
  type Rule = {
    properties: {
      displayName: string;
      order: number;
      triggeringLogic: { isEnabled: boolean; expirationTimeUtc?: string; conditions: unknown[] };
    };
  };
  const rules = () => [...bench.azure.world.sentinel.automation.rules.values()] as unknown as Rule[];
  const first = () => {
    const [rule] = rules().toSorted((a, b) => a.properties.order - b.properties.order);
    if (!rule) throw new Error('there is no rule');
    return rule.properties;
  };

  it('keep order, switch and end when something else is deployed', async () => {
    await bench.run(deployCommand);
    Object.assign(first(), { order: 5 });
    Object.assign(first().triggeringLogic, { isEnabled: false, expirationTimeUtc: '2027-03-01T00:00:00Z' });
    bench.configure('filter:\n  severities: [High]\n');
    expect(await bench.run(deployCommand)).toMatchObject({ code: 0, err: '' });
    expect(first()).toMatchObject({
      order: 5,
      triggeringLogic: { isEnabled: false, expirationTimeUtc: '2027-03-01T00:00:00Z' },
    });
    expect(JSON.stringify(first().triggeringLogic.conditions)).toContain('["High"]');
  });

  it('stop the deployment where their conditions were edited', async () => {
    await bench.run(deployCommand);
    first().triggeringLogic.conditions = [
      {
        conditionType: 'Property',
        conditionProperties: { propertyName: 'IncidentTitle', operator: 'Equals', propertyValues: ['never'] },
      },
    ];
    const { err, code } = await bench.run(deployCommand);
    expect(err).toContain(`the automation rule "${first().displayName}" was edited`);
    expect(code).toBe(1);
    expect((await bench.run(diffCommand)).out).toContain(`automation rule "${first().displayName}":\n  ~ conditions: `);
    const pulled = await bench.run(pullCommand);
    expect(pulled.out).toContain(
      `left in Azure: the automation rule "${first().displayName}" was edited: ~ conditions`,
    );
    expect(pulled.code).toBe(1);
    expect((await bench.run(deployCommand, ['--overwrite'])).code).toBe(0);
    expect((await bench.run(diffCommand)).code).toBe(0);
  });

  const condition = (propertyName: string, operator: string, ...propertyValues: readonly string[]) => ({
    conditionType: 'Property',
    conditionProperties: { propertyName, operator, propertyValues },
  });
  const roundTrip = async () => {
    const pulled = await bench.run(pullCommand);
    const deployed = await bench.run(deployCommand);
    return { pulled, deployed, diff: await bench.run(diffCommand) };
  };

  it.each([
    [
      'fewer severities',
      [condition('IncidentStatus', 'Equals', 'New', 'Active'), condition('IncidentSeverity', 'Equals', 'High')],
      'filter.severities: ["High"]',
    ],
    ['no condition at all', [], 'filter.statuses: []'],
    [
      'a tactic and an excluded title',
      [
        condition('IncidentStatus', 'Equals', 'New', 'Active'),
        condition('IncidentTitle', 'NotContains', 'drill'),
        condition('IncidentTactics', 'Contains', 'Exfiltration'),
      ],
      'filter.tactics: ["Exfiltration"]',
    ],
  ])('come back as choices where their conditions are a filter: %s', async (_, conditions, told) => {
    bench.configure('filter: { statuses: [New] }\n');
    await bench.run(deployCommand);
    first().triggeringLogic.conditions = conditions;
    expect((await bench.run(deployCommand)).code).toBe(1);
    const { pulled, deployed, diff } = await roundTrip();
    expect(pulled.out).toContain(told);
    expect(pulled.code).toBe(0);
    expect(deployed).toMatchObject({ code: 0, err: '' });
    expect(first().triggeringLogic.conditions).toEqual(conditions);
    expect(diff.code).toBe(0);
  });

  it('come back as choices where they say what is synced', async () => {
    await bench.run(deployCommand);
    const rule = rules().find(({ properties }) => properties.displayName.includes('what changed'))?.properties;
    const conditions = (rule?.triggeringLogic.conditions ?? []) as {
      conditionProperties: { innerConditions: unknown[] };
    }[];
    const [group] = conditions;
    const inner = group?.conditionProperties.innerConditions ?? [];
    inner.splice(0, inner.length, ...inner.filter((each) => !JSON.stringify(each).includes('PropertyArrayChanged')));
    const { pulled, deployed, diff } = await roundTrip();
    expect(pulled.out).toContain('sync.comments: false');
    expect([pulled.code, deployed.code, diff.code]).toEqual([0, 0, 0]);
  });

  it('come back with order, switch and end where these are the same for all', async () => {
    await bench.run(deployCommand);
    for (const { properties } of rules()) {
      properties.order -= 880;
      Object.assign(properties.triggeringLogic, { isEnabled: false, expirationTimeUtc: '2027-03-01T00:00:00Z' });
    }
    const { pulled, deployed } = await roundTrip();
    for (const told of ['ruleOrder: 20', 'rules: "off"', 'rulesEnd: "2027-03-01T00:00:00Z"'])
      expect(pulled.out).toContain(`wrote signl4.yaml: deployment.${told}`);
    expect([pulled.code, deployed.code]).toEqual([0, 0]);
    expect(first()).toMatchObject({ order: 20, triggeringLogic: { isEnabled: false } });
    bench.azure.world.sentinel.automation.rules.clear();
    await bench.run(deployCommand);
    expect(
      rules()
        .map(({ properties }) => properties.order)
        .toSorted(),
    ).toEqual([20, 21, 22]);
    expect(first().triggeringLogic).toMatchObject({ isEnabled: false, expirationTimeUtc: '2027-03-01T00:00:00Z' });
  });

  it('keep what differs from rule to rule, and pull says so', async () => {
    await bench.run(deployCommand);
    Object.assign(first(), { order: 5 });
    Object.assign(first().triggeringLogic, { isEnabled: false });
    const { displayName } = first();
    const { out, code } = await bench.run(pullCommand);
    expect(out).toContain(
      `stays in Microsoft Sentinel, and deploy keeps it: the automation rule "${displayName}": its order is 5`,
    );
    expect(out).toContain(`the automation rule "${displayName}": it is switched off`);
    expect(code).toBe(0);
  });

  it('are left where an action was added, and pull says what to do', async () => {
    await bench.run(deployCommand);
    Object.assign(first(), {
      actions: [
        ...(first() as unknown as { actions: unknown[] }).actions,
        { order: 2, actionType: 'ModifyProperties', actionConfiguration: { status: 'Active' } },
      ],
    });
    const { out, code } = await bench.run(pullCommand);
    expect(out).toMatch(/left in Azure: the automation rule .* was edited: .*make a rule of your own of it/);
    expect(code).toBe(1);
  });

  it('are left alone where other playbooks are named', async () => {
    await bench.run(deployCommand);
    const before = bench.azure.state.deployments.length;
    await bench.run(deployCommand, ['SIGNL4-Who-Is-On-Call']);
    expect(bench.azure.state.deployments.slice(before).map(({ name }) => name)).toEqual(['SIGNL4-Who-Is-On-Call']);
  });

  it('take the order that the configuration chooses', async () => {
    await bench.run(deployCommand);
    bench.configure('deployment:\n  ruleOrder: 10\n  allowedCallers: [203.0.113.10/32]\n  disabled: [SIGNL4-Sweep]\n');
    expect(await bench.run(deployCommand)).toMatchObject({ code: 0, err: '' });
    expect(first().order).toBe(10);
    expect(bench.azure.workflow('SIGNL4-Sweep').state).toBe('Disabled');
    expect(bench.azure.workflow('SIGNL4-Callback').accessControl).toEqual({
      triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.10/32' }] },
    });
    expect((await bench.run(diffCommand)).code).toBe(0);
  });
});

describe('diff', () => {
  it.each<[string, () => void, string]>([
    ['state', () => Object.assign(bench.azure.workflow(send), { state: 'Disabled' }), '~ state: Disabled'],
    [
      'callers',
      () =>
        Object.assign(bench.azure.workflow(send), {
          accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: '10.0.0.0/8' }] } },
        }),
      '~ accessControl.triggers: only 10.0.0.0/8 may call it',
    ],
    [
      'identity',
      () => Object.assign(bench.azure.workflow(send), { principalId: undefined }),
      '~ identity: no system-assigned',
    ],
  ])('sees what is not a definition: %s', async (_, edit, line) => {
    await bench.run(deployCommand);
    edit();
    const { out, code } = await bench.run(diffCommand, [send]);
    expect(out).toContain(line);
    expect(code).toBe(1);
  });
});
