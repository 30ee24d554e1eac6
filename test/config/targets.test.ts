import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

function problemsOf(text: string): readonly string[] {
  try {
    loadConfig(text, 'f');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, code }) => `${where.line}:${where.column} ${where.path} ${code}`);
  }
}

describe('targets', () => {
  it('merge their own values over the common part: sections and maps add, lists and scalars replace', () => {
    const config = loadConfig(
      `
tag: COMMON
filter: { severities: [High], tags: [a] }
friendlyNames: { entities: { srv1: Payroll } }
callback: { closed: { assignOwner: true } }
targets:
  - name: contoso
    company: Contoso
    filter: { tags: [b, c] }
    friendlyNames: { entities: { srv2: Mail } }
    callback: { closed: { tag: closed-by-phone } }
  - name: fabrikam
`,
      'f',
    );
    const [contoso, fabrikam] = config.targets;
    expect(contoso?.name).toBe('contoso');
    expect(contoso?.config).toEqual({
      ...defaultConfig,
      tag: 'COMMON',
      company: 'Contoso',
      filter: { ...defaultConfig.filter, severities: ['High'], tags: ['b', 'c'] },
      friendlyNames: { products: {}, companies: {}, entities: { srv1: 'Payroll', srv2: 'Mail' } },
      callback: {
        ...defaultConfig.callback,
        closed: { ...defaultConfig.callback.closed, assignOwner: true, tag: 'closed-by-phone' },
      },
    });
    expect(fabrikam?.config).toEqual({ ...config, targets: [] });
  });

  it('leave the common part where a section of theirs is empty', () => {
    const config = loadConfig(
      `
tag: COMMON
filter: { severities: [High], tags: [a] }
targets:
  - name: contoso
    filter:
  - name: fabrikam
    callback: { acknowledged: }
`,
      'f',
    );
    for (const { config: own } of config.targets) expect(own).toEqual({ ...config, targets: [] });
  });

  it('may complete a workspace that the common part begins', () => {
    const text = `
workspace: { tenantId: 2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10, subscriptionId: d0cfe6b2-9ac0-4464-9919-dccaee2e48c0, resourceGroup: rg }
targets:
  - name: a
    workspace: { name: law-a, workspaceId: c8c99641-985d-4e4e-8e91-fb3466cd0e5b }
  - name: b
    workspace: { name: law-b }
`;
    expect(problemsOf(text)).toEqual(['7:5 targets[1].workspace config.missing']);
  });

  it('report a contradiction where they cause it, and a common one only once', () => {
    expect(
      problemsOf(
        'sweep: { everyMinutes: 300, lookBackHours: 1 }\ntargets:\n  - name: a\n  - { name: b, sweep: { lookBackHours: 2 } }\n',
      ),
    ).toEqual(['1:44 sweep.lookBackHours config.sweep', '4:40 targets[1].sweep.lookBackHours config.sweep']);
  });

  it.each([
    ['two that differ in case only', '[{ name: contoso }, { name: Contoso }]', '1:38 targets[1].name config.target'],
    ['a device of Windows', '[{ name: com1.old }]', '1:19 targets[0].name config.target'],
    ['a path', '[{ name: ../contoso }]', '1:19 targets[0].name config.format'],
    ['a dot at the end', '[{ name: contoso. }]', '1:19 targets[0].name config.format'],
    ['nothing', '[{ company: Contoso }]', '1:11 targets[0] config.missing'],
    ['targets of its own', '[{ name: a, targets: [] }]', '1:22 targets[0].targets config.unknown-key'],
  ])('refuse %s', (_, list, problem) => {
    expect(problemsOf(`targets: ${list}`)).toEqual([problem]);
  });

  it('check the rest of a target whose name is wrong', () => {
    expect(problemsOf('targets: [{ name: /, kql: { maxRows: 0 } }]')).toEqual([
      '1:19 targets[0].name config.format',
      '1:38 targets[0].kql.maxRows config.range',
    ]);
  });
});
