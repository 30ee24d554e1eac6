import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Severity, severities } from '../../../src/domain/severity.ts';
import { FIRST_SCREEN, PAGE_LENGTH, type Page, renderPage } from '../../../src/relay/render/page.ts';
import { nameTables } from '../../../src/rules/product-names.ts';
import { propertySeed } from '../../support/seed.ts';
import { rowsOf, type Sample, sample, samples } from './samples.ts';

const names = nameTables({ products: {}, companies: {}, entities: { 'srv-dc01': 'Domain controller' } });
const titleOf = ({ incident }: Sample) => `${incident.severity}: ${incident.title}`;
const render = (about: Sample): Page => renderPage({ ...about, title: titleOf(about) }, names);
const named = (name: string) => {
  const found = samples.find((each) => each.name === name);
  if (!found) throw new Error(`no sample ${name}`);
  return render(found);
};
/** The text and all parameters, as one reads them. */
const everything = ({ text, parameters }: Page) => [text, ...Object.values(parameters)].join('\n');

describe('the page of an incident with twenty alerts and fifteen queries', () => {
  it('says on the first screen whom, where, since when and what', () => {
    const [first = ''] = named('one-query-fifteen-times').text.split('\n\n');
    expect(first.split('\n')).toEqual([
      'Who: ①\u00a0j.mueller@contoso.com, ②\u00a0m.lopez@contoso.com, ③\u00a0s.obrien@contoso.com',
      'Where: SRV-APP01, SRV-APP02, SRV-APP03 and 27 more',
      '20 alerts, since 10 Jan 08:30 UTC, last 08:49',
      '15× Unfamiliar location (Microsoft Sentinel)',
      '5× Suspicious process (Low, Microsoft Defender for Endpoint)',
    ]);
    expect(first.length).toBeLessThanOrEqual(FIRST_SCREEN);
  });

  it('shows each different row once, what rows share in the head, and times as spans', () => {
    const rows = named('one-query-fifteen-times').text.split('\n\n').at(-1);
    expect(rows?.split('\n')).toEqual([
      'Found: 10+ rows by 15 queries',
      'Country: MD',
      'UserPrincipalName · IPAddress · AppDisplayName',
      '• ① · 192.0.2.17 · Exchange Online · 2× 08:30–08:36',
      '• ″ · 192.0.2.21 · ″ · 2× 08:33–08:39',
      '• ② · ″ · OfficeHome · 2× 08:31–08:37',
      '• ″ · 192.0.2.17 · ″ · 08:34:12',
      '• ③ · ″ · ″ · 2× 08:32–08:38',
      '• ″ · 192.0.2.21 · ″ · 08:35:12',
    ]);
  });

  it('leaves the other hosts to a parameter, to be copied', () => {
    const { parameters } = named('one-query-fifteen-times');
    expect(parameters['Hosts']).toMatch(/^SRV-APP04, .*SRV-APP13 and 17 more$/);
    expect(parameters).toMatchObject({ Incident: '4711', Link: expect.stringContaining('https://') });
    expect(parameters).not.toHaveProperty('Accounts');
  });
});

describe('a page', () => {
  it('does not say again what its title says', () => {
    expect(named('brute-force').text).toBe(
      [
        'Who: admin@contoso.com',
        'Where: 203.0.113.77',
        '1 alert, since 10 Jan 08:30 UTC, last 08:35',
        '',
        'Found: 1 row',
        'FailureCount: 412',
        'SuccessCount: 1',
        'StartTime: 07:58:02',
        'EndTime: 08:29:40',
      ].join('\n'),
    );
  });

  it('says how bad it is where the title does not, and the state where it is not new', () => {
    const [about] = samples;
    if (!about) throw new Error('no sample');
    const incident = { ...about.incident, status: 'Active' as const };
    expect(renderPage({ ...about, incident, title: 'Something' }, names).text).toContain(
      'High, Active, 20 alerts, since',
    );
  });

  it('says which part each of several names has in what was found', () => {
    const { text } = named('privileged-role');
    expect(text).toMatch(/^Who: ①\u00a0t\.tanaka@contoso\.com, ②\u00a0new\.guest@partner\.example\n/);
    expect(text).toContain(
      'InitiatingUserPrincipalName: ①\nTargetUserPrincipalName: ②\nRoleName: Global Administrator',
    );
  });

  it('says by which alerts a row was found where not all found it', () => {
    const queries = [
      rowsOf(
        'Rule A',
        ['Computer', 'Count'],
        [
          ['SRV-1', '1'],
          ['SRV-2', '2'],
        ],
      ),
      rowsOf('Rule B', ['Computer', 'Count'], [['SRV-2', '2']]),
    ];
    const { text } = render(
      sample('a', { title: 'T', severity: 'Low', alerts: [{ title: 'Rule A' }, { title: 'Rule B' }], queries }),
    );
    expect(text).toContain('• ① · 1 (1 of 2: Rule A)\n• ② · 2');
  });

  it('takes whom and where from the rows where the incident names nobody', () => {
    const queries = [rowsOf('A', ['Account', 'Computer'], [['CONTOSO\\j.doe', 'SRV-DC01']])];
    const { text } = render(sample('a', { title: 'A', severity: 'Low', alerts: [{ title: 'A' }], queries }));
    expect(text).toMatch(/^Who: CONTOSO\\j\.doe\nWhere: Domain controller\n/);
  });

  it('is empty only where nothing is known', () => {
    const nothing = sample('a', { title: 'A', severity: 'Low', alerts: [] });
    expect(render(nothing).text).toBe('Since 10 Jan 08:40 UTC');
    expect(
      renderPage({ ...nothing, incident: { ...nothing.incident, createdTime: '' }, title: 'Low: A' }, names).text,
    ).toBe('');
  });

  it('puts titles together that differ in a name only, and counts them', () => {
    expect(named('one-rule-many-titles').text).toContain('9× Malware Wacatac.A!ml was prevented and 8 more titles\n');
  });

  it('says which rows are missing and why, once per reason', () => {
    const late = rowsOf('A', [], [], { error: 'Log Analytics did not answer in time' });
    const partial = rowsOf('A', ['Computer'], [['SRV-1']], { error: 'not all rows: a shard is down' });
    const { text } = render(
      sample('a', { title: 'A', severity: 'Low', alerts: [{ title: 'A' }], queries: [late, late, partial] }),
    );
    expect(text).toContain(
      'Rows missing, 2 queries: Log Analytics did not answer in time\nRows, 1 query: not all rows: a shard',
    );
  });

  it('counts the columns and rows that have no room', () => {
    const { text } = named('exfiltration');
    expect(text).toContain('Found: 24+ rows, 3 more columns');
    expect(text).toMatch(/… and 16 more rows$/);
  });
});

describe('the ten samples', () => {
  it.each(samples.map((about) => [about.name, about] as const))(
    '%s keeps to its length and writes no name twice',
    (_, about) => {
      const page = render(about);
      const [first = ''] = page.text.split('\n\n');
      expect(first.length).toBeLessThanOrEqual(FIRST_SCREEN);
      expect(page.text.length).toBeLessThanOrEqual(PAGE_LENGTH);
      const rows = page.text.split('\n').filter((line) => line.startsWith('• '));
      const rest = everything(page).replaceAll(/^• .*$/gm, '');
      const cells = rows.flatMap((row) => row.slice(2).split(' · '));
      for (const { name } of about.entities) {
        expect(occurrences(rest, name) + (cells.includes(name) ? 1 : 0), name).toBeLessThanOrEqual(1);
      }
    },
  );
});

/** As a whole word: `SRV-1` is not in `SRV-11`. */
function occurrences(text: string, name: string): number {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return [...text.matchAll(new RegExp(`(?<![\\w.@\\\\/-])${escaped}(?![\\w@\\\\/-])`, 'giu'))].length;
}

/** Names that are no part of each other, nor of anything else on the page. */
const name = (prefix: string) => fc.integer({ min: 100, max: 160 }).map((n) => `${prefix}-${n}x`);
const manySamples = fc
  .record({
    severity: fc.constantFrom<Severity>(...severities),
    alerts: fc.array(
      fc.record({
        title: name('Rule'),
        count: fc.integer({ min: 1, max: 30 }),
        product: fc.constantFrom('Azure Sentinel', 'MDATP'),
      }),
      { maxLength: 20 },
    ),
    accounts: fc.array(name('user'), { maxLength: 40 }),
    hosts: fc.array(name('host'), { maxLength: 40 }),
    queries: fc.array(
      fc.record({
        alert: name('Rule'),
        rows: fc.array(fc.tuple(name('user'), name('ip'), name('app')), { maxLength: 12 }),
        truncated: fc.boolean(),
      }),
      { maxLength: 15 },
    ),
  })
  .map(({ severity, alerts, accounts, hosts, queries }) =>
    sample('random', {
      ...{ title: 'Something happened', severity, alerts },
      entities: { Account: accounts, Host: hosts },
      queries: queries.map(({ alert, rows, truncated }) =>
        rowsOf(alert, ['Account', 'IPAddress', 'App'], rows, { truncated }),
      ),
    }),
  );
const seeded = { seed: propertySeed('pages', 93), numRuns: 300 };

describe('any page', () => {
  it('keeps to its length', () => {
    fc.assert(
      fc.property(manySamples, (about) => {
        const { text } = render(about);
        expect(text.length).toBeLessThanOrEqual(PAGE_LENGTH);
        expect((text.split('\n\n')[0] ?? '').length).toBeLessThanOrEqual(FIRST_SCREEN + 60);
      }),
      seeded,
    );
  });

  it('writes no entity, no alert and no row twice', () => {
    fc.assert(
      fc.property(manySamples, (about) => {
        const page = render(about);
        const text = everything(page);
        for (const entity of about.entities) expect(occurrences(text, entity.name), entity.name).toBeLessThanOrEqual(1);
        const lines = page.text.split('\n').filter((line) => /^\d+× /.test(line));
        expect(new Set(lines).size).toBe(lines.length);
      }),
      seeded,
    );
  });

  it('loses nothing that differs without a count: accounts, hosts, alerts', () => {
    fc.assert(
      fc.property(manySamples, (about) => {
        const page = render(about);
        for (const [kind, prefix] of [
          ['Account', 'user'],
          ['Host', 'host'],
        ] as const) {
          const all = new Set(about.entities.filter((entity) => entity.kind === kind).map((entity) => entity.name));
          const parameter = page.parameters[`${kind}s`] ?? '';
          const named = [...all].filter((each) => occurrences(everything(page), each) === 1);
          const uncounted = [...all].length - named.length - Number(/and (\d+) more$/.exec(parameter)?.[1] ?? 0);
          expect(uncounted, prefix).toBeLessThanOrEqual(0);
        }
        expect(countedAlerts(page.text)).toBe(about.alerts.length);
      }),
      seeded,
    );
  });
});

function countedAlerts(text: string): number {
  const lines = (text.split('\n\n')[0] ?? '').split('\n');
  return lines.reduce((sum, line) => {
    const group = /^(?:(\d+)× )?(?:Rule-\d+x|as in the title)/.exec(line);
    if (group) return sum + Number(group[1] ?? 1);
    return sum + Number(/^… and (\d+) more alerts?$/.exec(line)?.[1] ?? 0);
  }, 0);
}
