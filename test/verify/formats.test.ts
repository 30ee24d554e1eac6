import { beforeAll, describe, expect, it } from 'vitest';
import { jsonReport } from '../../src/verify/formats/json.ts';
import { prettyReport } from '../../src/verify/formats/pretty.ts';
import { sarifReport } from '../../src/verify/formats/sarif.ts';
import { type Report, withPaths } from '../../src/verify/report.ts';
import { verifyFiles } from '../../src/verify/verify-files.ts';
import { all, replace, set } from './cases/case.ts';
import { contoso, type Files, paths } from './contoso/files.ts';

let files: Files;
let report: Report;
beforeAll(() => {
  files = contoso();
  all(set(paths.metadata, '/support/tier', 'Gold'), replace(paths.guide, '## Usage', '## More'))(files);
  files.delete(paths.manifest);
  report = verifyFiles(files);
});

describe('a report', () => {
  it('is not ok with an error, and ok with warnings alone', () => {
    expect(report.findings.map(({ rule, level }) => `${level} ${rule}`)).toEqual([
      'warning agreement.package-content',
      'warning readme.parts',
      'error metadata.support',
    ]);
    expect(report.ok).toBe(false);
    const warnings = contoso();
    set(paths.data, '/TemplateSpec', true)(warnings);
    warnings.delete(paths.manifest);
    expect(verifyFiles(warnings)).toMatchObject({ ok: true, findings: [{ rule: 'data.template-spec' }] });
  });

  it('says the same of two copies of a file once', () => {
    const twice = new Map([...files, ['copy/SolutionMetadata.json', files.get(paths.metadata) ?? '']]);
    const found = verifyFiles(twice).findings.filter(({ rule }) => rule === 'metadata.support');
    expect(found.map(({ file }) => file)).toEqual([paths.metadata]);
  });

  it('is the same for the same files in another order', () => {
    expect(verifyFiles(new Map([...files].reverse()))).toEqual(report);
  });
});

describe('as JSON', () => {
  it('has ok, findings and rules, with their members and no others', () => {
    const json = JSON.parse(jsonReport(report)) as Record<string, unknown>;
    expect(Object.keys(json)).toEqual(['ok', 'findings', 'rules']);
    expect(json['findings']).toContainEqual({
      rule: 'metadata.support',
      level: 'error',
      file: paths.metadata,
      pointer: '/support/tier',
      message: 'the tier is "Gold"',
      help: 'Give name, tier (Microsoft, Partner or Community), and an e-mail address or a link.',
    });
    expect(json['rules']).toContainEqual({
      id: 'arm.blank',
      source: 'https://github.com/Azure/arm-ttk/tree/master/arm-ttk/testcases/deploymentTemplate',
    });
  });
});

describe('as text', () => {
  const contentOf = (file: string) => files.get(file);

  it('shows the source line with a mark under the place', () => {
    expect(prettyReport(report, contentOf, files.size)).toContain(
      [
        'Solutions/Contoso/SolutionMetadata.json:21:5 error metadata.support',
        '  the tier is "Gold"',
        '   21 | "tier": "Gold",',
        '      | ^',
        '  -> Give name, tier (Microsoft, Partner or Community), and an e-mail address or a link.',
      ].join('\n'),
    );
  });

  it('counts at the end', () => {
    expect(prettyReport(report, contentOf, 16).split('\n').at(-1)).toMatch(
      /^1 error, 2 warnings: 16 files checked with \d+ rules\.$/,
    );
    expect(prettyReport({ ...report, findings: [] }, contentOf, 1)).toMatch(/^No findings: 1 file checked/);
  });

  it('cuts a long line around the place', () => {
    const long = new Map([['a.json', `{"x": "${'-'.repeat(500)}", "publisherId": "B", "offerId": "b"}`]]);
    const found = verifyFiles(long);
    const text = prettyReport(found, (file) => long.get(file), 1);
    const [, excerpt = '', mark = ''] = /\n( +1 \| .*)\n(.*\^)\n.*Partner Center/.exec(text) ?? [];
    expect(excerpt.length).toBeLessThan(120);
    expect(excerpt.slice(mark.indexOf('^'))).toMatch(/^"publisherId": "B"/);
  });
});

describe('as SARIF', () => {
  interface Sarif {
    readonly $schema: string;
    readonly version: string;
    readonly runs: readonly {
      readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly SarifRule[] } };
      readonly results: readonly SarifResult[];
    }[];
  }
  interface SarifRule {
    readonly id: string;
    readonly helpUri?: string;
    readonly shortDescription: { readonly text: string };
    readonly help: { readonly text: string };
    readonly defaultConfiguration: { readonly level: string };
  }
  interface SarifResult {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number; readonly startColumn: number };
      };
    }[];
  }

  it('is one run of version 2.1.0 whose rules have addresses', () => {
    const sarif = JSON.parse(sarifReport(report, '3.1.0')) as Sarif;
    expect(sarif).toMatchObject({ $schema: expect.stringContaining('sarif-2.1.0'), version: '2.1.0' });
    const [run] = sarif.runs;
    const rules = run?.tool.driver.rules ?? [];
    expect(rules).toHaveLength(report.rules.length);
    for (const { id, helpUri, shortDescription, help, defaultConfiguration } of rules) {
      const isOurs = help.text.endsWith('Source: docs/verify.md');
      expect(helpUri === undefined ? isOurs : URL.canParse(helpUri), id).toBe(true);
      expect(shortDescription.text.length * help.text.length, id).toBeGreaterThan(0);
      expect(['error', 'warning', 'note'], id).toContain(defaultConfiguration.level);
    }
  });

  it('points from each result to its rule and place', () => {
    const [run] = (
      JSON.parse(
        sarifReport(
          withPaths(report, (file) => `dist/${file}`),
          '3.1.0',
        ),
      ) as Sarif
    ).runs;
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(run?.results.at(-1)).toMatchObject({
      ruleId: 'metadata.support',
      level: 'error',
      message: { text: expect.stringContaining('the tier is "Gold"') },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'dist/Solutions/Contoso/SolutionMetadata.json' },
            region: { startLine: 21, startColumn: 5 },
          },
        },
      ],
    });
  });

  it('encodes paths as URIs', () => {
    const spaced = {
      ...report,
      findings: report.findings.map((finding) => ({ ...finding, file: 'Data Connectors/a.json' })),
    };
    expect(sarifReport(spaced, '3.1.0')).toContain('"uri": "Data%20Connectors/a.json"');
  });
});
