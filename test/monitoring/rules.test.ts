import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { OWN_RULE_TITLE } from '../../src/domain/own-rules.ts';
import { monitoringOf } from '../../src/monitoring/monitoring.ts';
import { ruleYaml } from '../../src/monitoring/rule-yaml.ts';
import { ANSWER_MINUTES, PAGE_MINUTES } from '../../src/monitoring/rules.ts';
import { loadKqlParser } from '../../src/relay/kql/parser.ts';
import { preparedKql } from '../../src/simulator/kql/run.ts';
import { type KqlTable, Moment } from '../../src/simulator/kql/values.ts';
import { type IncidentPlan, monthPlan, monthStart } from '../../src/simulator/month/plan.ts';
import { monthTables } from '../../src/simulator/month/tables.ts';
import { toPlain } from '../../src/solution/json-tree.ts';
import { parseYaml } from '../../src/solution/yaml-parse.ts';

const parse = await loadKqlParser();
const playbooks = ['SIGNL4-Send-Incident', 'SIGNL4-Callback'];
const { rules } = monitoringOf(defaultConfig, playbooks);
const [failed, nobody] = rules;
if (!failed || !nobody) throw new Error('two rules');

const MINUTE = 60_000;
const DAYS = 12;
const plans = monthPlan().filter(({ created }) => created < monthStart + DAYS * 24 * 60 * MINUTE);

/** What a workspace has at a time: rows come when they are written. */
function asOf(tables: ReadonlyMap<string, KqlTable>, now: number): ReadonlyMap<string, KqlTable> {
  return new Map(
    [...tables].map(([name, { columns, rows }]) => {
      const at = columns.findIndex((column) => column.name === 'TimeGenerated');
      const there = rows.filter((row) => {
        const time = row[at];
        return time instanceof Moment && time.ms <= now && time.ms > now - 24 * 60 * MINUTE;
      });
      return [name, { columns, rows: there }];
    }),
  );
}

/** Rows of a rule that runs every quarter of an hour through these days. */
function found(query: string, of: readonly IncidentPlan[]): readonly Readonly<Record<string, unknown>>[] {
  const tables = monthTables(of);
  const run = preparedKql(parse, query);
  const rows: Record<string, unknown>[] = [];
  for (let now = monthStart; now < monthStart + (DAYS + 1) * 24 * 60 * MINUTE; now += 15 * MINUTE) {
    const answer = run(asOf(tables, now), now);
    rows.push(...answer.rows.map((row) => Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at]]))));
  }
  return rows;
}

const numbers = (of: readonly IncidentPlan[]) => of.map(({ number }) => String(number)).sort();

describe('the rule "paging failed"', () => {
  // The runs of a quarter of an hour through twelve days: every incident, run and refusal must be judged in exactly one of them.
  const rows = found(failed.query, plans);
  const incidents = (what: string) =>
    rows.flatMap((row) => (row['What'] === what ? [String(row['Incident'])] : [])).sort();

  it('reports each incident that nobody was paged about once', () => {
    const unpaged = plans.filter(({ paged }) => paged === undefined);
    expect(unpaged.length).toBeGreaterThan(2);
    expect(incidents('Nobody was paged')).toEqual(numbers(unpaged));
  });

  it('reports each run that failed once, with its first error and its incident', () => {
    expect(incidents('A run failed')).toEqual(numbers(plans.filter(({ runFailed }) => runFailed)));
    const run = rows.find(({ What }) => What === 'A run failed');
    expect(run?.['Detail']).toBe('Send_to_SIGNL4: Unauthorized The team secret is not known.');
  });

  it('reports each rule that could not start a playbook once', () => {
    const refused = plans.filter(({ paged, runFailed }) => paged === undefined && !runFailed);
    expect(incidents('A playbook was not started')).toEqual(numbers(refused));
  });

  it('says nothing of incidents that it raised itself, nor of those that the filter leaves out', () => {
    const [plan] = plans.filter(({ paged }) => paged === undefined);
    if (!plan) throw new Error('nobody was left out');
    const own = { ...plan, title: failed.title, runFailed: false };
    const told = found(failed.query, [own]).map(({ What }) => What);
    expect(told).not.toContain('Nobody was paged');
    const { rules: high } = monitoringOf(
      { ...defaultConfig, filter: { ...defaultConfig.filter, severities: ['High'] } },
      playbooks,
    );
    const low = { ...plan, severity: 'Low' as const, wasRaised: false };
    expect(found(high[0]?.query ?? '', [low]).map(({ What }) => What)).not.toContain('Nobody was paged');
  });
});

describe('the rule "nobody acknowledged"', () => {
  it('reports each page once that nobody took in half an hour, on the phone or in Sentinel', () => {
    const late = plans.filter(
      ({ paged, acked }) =>
        paged !== undefined && (acked === undefined || acked.at > paged + (ANSWER_MINUTES + 20) * MINUTE),
    );
    const told = found(nobody.query, plans).map(({ Incident }) => String(Incident));
    expect(new Set(told).size).toBe(told.length);
    for (const number of numbers(late)) expect(told).toContain(number);
    const intime = plans.filter(({ paged = 0, acked }) => acked && acked.at < paged + (ANSWER_MINUTES - 5) * MINUTE);
    for (const number of numbers(intime)) expect(told).not.toContain(number);
  });
});

describe('the files of the rules', () => {
  it.each(rules)('$name keeps what the validator and the review table ask for', (rule) => {
    const yaml = toPlain(parseYaml(ruleYaml(rule, '3.1.0'), rule.name)) as Record<string, unknown>;
    expect(yaml['id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(rule.title.length).toBeLessThanOrEqual(50);
    expect(rule.title).toMatch(new RegExp(`^${OWN_RULE_TITLE} [a-z ]+$`));
    expect(rule.description.length).toBeLessThanOrEqual(255);
    expect(rule.description).toMatch(/^Identifies .*\.$/);
    expect(rule.query.length).toBeLessThanOrEqual(10_000);
    expect(yaml['query']).toBe(`${rule.query}\n`);
    expect(yaml).toMatchObject({
      kind: 'Scheduled',
      status: 'Available',
      requiredDataConnectors: [],
      version: '3.1.0',
      tactics: ['DefenseEvasion'],
      relevantTechniques: ['T1562'],
      entityMappings: [{ entityType: 'CloudApplication' }],
    });
    expect(Object.keys(rule.customDetails).every((key) => /^[a-zA-Z]+\w*$/.test(key) && key.length <= 20)).toBe(true);
  });

  it('look back far enough: frequency and delay fit into the period', () => {
    expect(failed.queryPeriod).toBe('2h');
    expect(PAGE_MINUTES + 15).toBeLessThan(120);
    expect(nobody.queryPeriod).toBe('1d');
  });
});
