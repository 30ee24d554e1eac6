import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';
import { formatWhere } from '../../src/domain/errors.ts';
import { propertySeed } from '../support/seed.ts';

/** Each problem as `line:column (path) code`. */
function problemsOf(text: string): readonly string[] {
  try {
    loadConfig(text, '');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where: { file: _, ...where }, code }) => `${formatWhere(where)} ${code}`);
  }
}

function remediesOf(text: string): readonly (string | undefined)[] {
  try {
    loadConfig(text, '');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ remedy }) => remedy);
  }
}

describe('loadConfig', () => {
  it.each(['', '\n', '# only a comment\n', '{}', '---\n', 'filter:\nkql:\n', '\uFEFFtag: SIGNL4\n'])(
    'gives the built-in defaults for %j',
    (text) => {
      expect(loadConfig(text, '')).toStrictEqual(defaultConfig);
    },
  );

  it('fills up sections, replaces lists and maps', () => {
    const config = loadConfig(
      [
        'filter: { severities: [High] }',
        'message: { parameters: { Runbook: here } }',
        'callback: { closed: { tag: done } }',
      ].join('\n'),
      '',
    );
    expect(config.filter).toEqual({ ...defaultConfig.filter, severities: ['High'] });
    expect(config.message.parameters).toEqual({ Runbook: 'here' });
    expect(config.message.title).toBe(defaultConfig.message.title);
    expect(config.callback.closed).toEqual({ ...defaultConfig.callback.closed, tag: 'done' });
  });

  it('takes an empty list as "does not matter"', () => {
    expect(loadConfig('filter: { statuses: [] }', '').filter.statuses).toEqual([]);
  });

  it('reads JSON and YAML anchors too', () => {
    expect(loadConfig('{"tag": "X", "kql": {"enabled": false}}', '').kql.enabled).toBe(false);
    const config = loadConfig('filter: { tags: &tags [a, b], excludeTags: [c] }\nkql: { denyColumns: *tags }', '');
    expect(config.kql.denyColumns).toEqual(['a', 'b']);
  });

  it('keeps the order of the message parameters', () => {
    const config = loadConfig('message: { parameters: { Zulu: a, Alpha: b, Mike: c } }', '');
    expect(Object.keys(config.message.parameters)).toEqual(['Zulu', 'Alpha', 'Mike']);
  });

  it('finds everything that is wrong in one go, in the order of the lines', () => {
    const text = [
      'tag: ""',
      'filter:',
      '  severities: [Hgih, High]',
      '  severity: High',
      'sweep: { everyMinutes: 600, lookBackHours: 1 }',
      'apiKey: abc',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      '1:6 (tag) config.format',
      '3:16 (filter.severities[0]) config.unknown-value',
      '4:3 (filter.severity) config.unknown-key',
      '5:44 (sweep.lookBackHours) config.sweep',
      '6:1 (apiKey) config.secret',
    ]);
  });

  describe('a response playbook', () => {
    const group = '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-response';
    const workflows = `${group}/providers/Microsoft.Logic/workflows`;
    const withPlaybook = (playbook: string) => JSON.stringify({ respond: { playbooks: { isolate: { playbook } } } });

    it.each([
      `${workflows}/Isolate-Host`,
      `${workflows.toLowerCase()}/a_B.(2)-c`,
      `${workflows.replace('rg-', 'rg.ü(1)-')}/A`,
    ])('is taken by its ARM id: %s', (id) => {
      expect(problemsOf(withPlaybook(id))).toEqual([]);
    });

    it.each([
      `${workflows}/A%zz`,
      `${workflows}/A?api-version=1#x`,
      `${workflows}/A\nB`,
      `${workflows}/A\n`,
      `${workflows}/A'[@{x}"`,
      `${workflows}/A B`,
      `${workflows}/A/`,
      `${workflows}/A/triggers/manual`,
      `${workflows}/${'a'.repeat(81)}`,
      `${workflows.replace('rg-response', 'rg%2e')}/A`,
      `${workflows.replace('rg-response', '@{x}')}/A`,
      `/subscriptions/d0cfe6b2/resourceGroups/rg/providers/Microsoft.Logic/workflows/A`,
      `${group}/providers/Microsoft.Web/sites/x/workflows/y`,
      'Isolate-Host',
    ])('is refused where its id cannot work: %j', (id) => {
      expect(problemsOf(withPlaybook(id))).toEqual([
        expect.stringContaining('(respond.playbooks.isolate.playbook) config.format'),
      ]);
    });

    it.each(['.', '@', '\\', ' ', '--'])('is not kept off entities by %j, which names none', (name) => {
      expect(problemsOf(JSON.stringify({ respond: { protected: [name] } }))).toHaveLength(1);
    });
  });

  it('rejects a document that is not a mapping', () => {
    expect(problemsOf('- a\n')).toEqual(['1:1 config.type']);
    expect(problemsOf('just text')).toEqual(['1:1 config.type']);
  });

  it.each([
    ['tag: a\ntag: b\n', '2:1 config.duplicate-key'],
    ['filter:\n\ttags: [a]\n', '2:1 config.yaml'],
    ['filter:\n  tags: [a\ntag: b\n', '2:9 config.yaml'],
    ['filter: { tags: [a]\ntag: b\n', '1:9 config.yaml'],
    ['filter: { tags: [a }\ntag: b\n', '1:17 config.yaml'],
    ['message:\n  title: {{incident.title}}\n', '2:11 config.yaml'],
    ['message:\n  title: Incident: {{incident.title}}\n', '2:10 config.yaml'],
    ['tag: @home\n', '1:6 config.yaml'],
    ['tag: !secret x\n', '1:6 config.yaml'],
    ['tag: a\n---\ntag: b\n', '2:1 config.yaml'],
    ['company: *nobody\n', '1:10 config.aliases'],
    ['company: &me [*me]\n', '1:1 config.aliases'],
  ])('says where the YAML of %j breaks, once', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('names the bracket that is not closed', () => {
    expect(() => loadConfig('filter:\n  tags: [a\ntag: b\n', '')).toThrow(
      'the list that opens here with "[" is not closed',
    );
  });

  it('goes on checking behind a duplicate key', () => {
    expect(problemsOf('tag: a\ntag: b\nkql: { maxRows: 0 }\n')).toEqual([
      '2:1 config.duplicate-key',
      '3:17 (kql.maxRows) config.range',
    ]);
  });

  it('refuses aliases that multiply without bound', () => {
    const bomb = ['company: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 0; level < 6; level++)
      bomb.push(`k${level}: &b${level} [${Array(10).fill(level ? `*b${level - 1}` : '*a')}]`);
    expect(problemsOf(bomb.join('\n'))).toEqual(['1:1 config.aliases']);
  });

  it('refuses brackets that nest without bound', () => {
    for (const depth of [500, 2_000, 5_000, 50_000])
      expect(() => loadConfig(`tag: ${'['.repeat(depth)}`, ''), String(depth)).toThrow(ConfigError);
  });

  it.each([
    ['filtre: {}', 'Did you mean "filter"?'],
    ['severities: [High]', 'Did you mean "severities" in "filter"?'],
    ['filter: { severity: [High] }', 'Did you mean "severities"?'],
    ['filter: { severities: [hgh] }', 'Did you mean High?'],
    [
      'close: { classification: FalsePositive }',
      'Did you mean FalsePositive - IncorrectAlertLogic or FalsePositive - InaccurateData?',
    ],
    ['filter: { tactics: Impact }', 'Write a list: [Impact]'],
    ['filter: { severities: high }', 'Write a list: [High]'],
    ['filter: { tags: high }', 'Write a list: [high]'],
    ['kql: { enabled: yes }', 'Write true.'],
    ['kql: { enabled: "false" }', 'Remove the quotes: false'],
    ['kql: { maxRows: "5" }', 'Remove the quotes: 5'],
    ['company: 42', 'Put it in quotes: "42"'],
    ['company:', 'Write a value, or remove the line to get the default.'],
    ['kql: { maxRows: 101 }', 'Choose a whole number from 1 to 100.'],
    ['relay: { url: http://relay.contoso.com }', 'For example "https://signl4-relay.contoso.com"'],
    ['filter: { tags: [a, b, a] }', 'Remove it here, entry 1 says the same.'],
  ])('tells how to correct %s', (text, remedy) => {
    expect(remediesOf(text)).toEqual([remedy]);
  });

  it('does not read the prototype of a map', () => {
    const config = loadConfig('message: { parameters: { constructor: a, toString: b } }', '');
    expect(Object.entries(config.message.parameters)).toEqual([
      ['constructor', 'a'],
      ['toString', 'b'],
    ]);
    expect(problemsOf('__proto__: { polluted: true }')).toEqual(['1:1 (__proto__) config.unknown-key']);
    const { entities } = loadConfig('friendlyNames: { entities: { __proto__: evil } }', '').friendlyNames;
    expect(Object.entries(entities)).toEqual([['__proto__', 'evil']]);
  });

  it('never fails in any other way, whatever the text', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'filter:',
        '  severities: [High]',
        'targets:',
        '  - name: a',
        'x: &a [*a]',
        '? {}',
        '%YAML 9',
        '\t',
        '- -',
        "'",
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        try {
          loadConfig(lines.join('\n'), '');
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { seed: propertySeed('signl4.yaml', 1), numRuns: 1000 },
    );
  });
});

describe('a file with very many problems', () => {
  const problemsOf = (text: string) => {
    try {
      loadConfig(text, 'signl4.yaml');
      return [];
    } catch (error) {
      return error instanceof ConfigError ? error.problems : [];
    }
  };

  it.each([
    ['unknown keys', Array.from({ length: 4000 }, (_, index) => `k${index}: 1`).join('\n'), 3800],
    ['repeated keys', 'tag: x\n'.repeat(4001), 3800],
    ['wrong entries', `filter:\n  severities:\n${'    - Hgih\n'.repeat(3999)}`, 3800],
  ])('shows the first 200 and counts the rest: %s', (_, text, more) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)).toMatchObject({
      code: 'config.too-many-problems',
      message: `there are ${more} more problems than these`,
    });
  });

  it('has them all where there are 200', () => {
    const problems = problemsOf('tag: x\n'.repeat(201));
    expect(problems).toHaveLength(200);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['config.duplicate-key']));
  });
});

describe('the workspace', () => {
  const whole = {
    tenantId: '2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10',
    subscriptionId: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0',
    resourceGroup: 'rg-soc',
    name: 'law-soc',
    workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
  };

  it('is undefined where the file says nothing, for generic playbooks', () => {
    expect(loadConfig('workspace:\n', '').workspace).toBeUndefined();
  });

  it('must be complete', () => {
    const { name: _, ...rest } = whole;
    expect(loadConfig(JSON.stringify({ workspace: whole }), '').workspace).toEqual(whole);
    expect(problemsOf(JSON.stringify({ workspace: rest }))).toEqual(['1:2 (workspace) config.missing']);
  });

  it('is not called incomplete for a member that is wrong', () => {
    expect(problemsOf(JSON.stringify({ workspace: { ...whole, tenantId: 'contoso' } }))).toEqual([
      '1:26 (workspace.tenantId) config.format',
    ]);
  });
});

describe('products in the filter', () => {
  it.each([['MDATP'], ['microsoft defender for endpoint'], ['ASD'], ['Contoso Endpoint Shield']])(
    'takes %s',
    (product) => {
      expect(problemsOf(`filter: { products: [${product}] }`)).toEqual([]);
    },
  );

  it('takes a slip in a known name for a slip', () => {
    expect(remediesOf('filter: { products: [Microsoft Defender for Endpont] }')[0]).toContain(
      'Did you mean "Microsoft Defender for Endpoint"?',
    );
  });

  it('believes a name that friendlyNames knows', () => {
    const text =
      'filter: { products: [Microsoft Defender for Endpont] }\nfriendlyNames: { products: { Microsoft Defender for Endpont: MDE } }';
    expect(problemsOf(text)).toEqual([]);
  });

  describe('contradictions', () => {
    const messagesOf = (text: string) => {
      try {
        loadConfig(text, '');
        return [];
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return error.problems.map(({ message, remedy, where }) => `${where.path}: ${message} ${remedy}`);
      }
    };

    it.each([
      ['filter: { tags: [SIGNL4] }', 'filter.tags[0]', '"tag"'],
      ['filter: { tags: [vip, "signl4 "] }', 'filter.tags[1]', '"tag"'],
      ['tag: snow\nfilter: { tags: [SNOW] }', 'filter.tags[0]', '"tag"'],
      ['filter: { tags: [vip], excludeTags: [VIP] }', 'filter.tags[0]', 'filter.excludeTags'],
      [
        'filter: { titleContains: [Fire drill], titleExcludes: [drill] }',
        'filter.titleContains[0]',
        'filter.titleExcludes',
      ],
    ])('are found in %j', (text, path, other) => {
      const [message] = messagesOf(text);
      expect(message).toContain(`${path}: `);
      expect(message).toContain(other);
    });

    it('are found where Defender is to assign incidents to an object id', () => {
      const owners =
        'owners: { m.lopez@contoso.example: a1d7ba82-a14c-4245-a781-81481901f558, k.sato@contoso.example: k@contoso.com }';
      expect(messagesOf(owners)).toEqual([]);
      expect(messagesOf(`graph: { enabled: true }\n${owners}`)).toEqual([
        expect.stringMatching(
          /^owners\["m\.lopez.*: owners gives m\.lopez@contoso\.example the object id .*user principal name/,
        ),
      ]);
    });

    it('are found in each target of a service provider', () => {
      const text = 'filter: { tags: [paged] }\ntargets:\n  - name: a\n  - { name: b, tag: Paged }\n';
      expect(messagesOf(text)).toEqual([
        expect.stringContaining('targets[1].filter.tags[0]: filter.tags requires "paged"'),
      ]);
    });

    describe('of the places', () => {
      const workspace =
        'workspace: { tenantId: 7b1f0a52-6c1e-4d0b-9a55-3c1f8f2f9d10, subscriptionId: d0cfe6b2-9ac0-4464-9919-dccaee2e48c0, resourceGroup: rg, name: law-soc, workspaceId: c8c99641-985d-4e4e-8e91-fb3466cd0e5b }\n';
      const tenant = 'tenantId: 99999999-9999-4999-8999-999999999999';
      const place = `${tenant}, subscriptionId: f1cfe6b2-9ac0-4464-9919-dccaee2e48c0, resourceGroup: rg-signl4`;

      it.each([
        [
          `deployment: { ${tenant} }`,
          'deployment.tenantId: ',
          'Add deployment.subscriptionId and deployment.resourceGroup.',
        ],
        [`deployment: { ${place} }\ngraph: { enabled: true }`, 'graph.enabled: ', 'Switch it off'],
        [
          `deployment: { ${place} }\ngraph: { enabled: true }\nrelay: { azure: { app: signl4-relay } }`,
          'graph.enabled: ',
          'Switch it off',
        ],
        [
          `deployment: { ${place} }\nrelay: { azure: { app: signl4-relay, readUsers: true } }`,
          'relay.azure.readUsers: ',
          '"owners"',
        ],
      ])('are found in %j', (text, path, remedy) => {
        const [message, ...others] = messagesOf(workspace + text);
        expect(message).toContain(path);
        expect(message).toContain(remedy);
        expect(others).toEqual([]);
      });

      it.each([
        `deployment: { ${place} }`,
        'deployment: { tenantId: 7B1F0A52-6C1E-4D0B-9A55-3C1F8F2F9D10 }\ngraph: { enabled: true }',
        `deployment: { ${place} }\ngraph: { enabled: true }\nrelay: { url: "https://relay.contoso.com" }`,
      ])('are not seen where there are none: %j', (text) => {
        expect(messagesOf(workspace + text)).toEqual([]);
      });
    });

    it.each([
      'filter: { tags: [vip], excludeTags: [SIGNL4, known] }',
      'filter: { titleContains: [drill], titleExcludes: [Fire drill] }',
    ])('are not seen where there are none: %j', (text) => {
      expect(messagesOf(text)).toEqual([]);
    });
  });
});
