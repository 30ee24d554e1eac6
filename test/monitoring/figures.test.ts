import { describe, expect, it } from 'vitest';
import { tilesOf } from '../../src/monitoring/tiles/tiles.ts';
import { loadKqlParser } from '../../src/relay/kql/parser.ts';
import type { KqlTable, KqlValue } from '../../src/simulator/kql/values.ts';
import { answerOf, october as choices } from '../../src/simulator/month/answers.ts';
import { type IncidentPlan, monthEnd, monthPlan } from '../../src/simulator/month/plan.ts';
import { monthTables } from '../../src/simulator/month/tables.ts';

/*
 * The queries run on the rows of a simulated month; what they must show is calculated from the plan of that month, without any row.
 */

const parse = await loadKqlParser();
const plans = monthPlan();
const tables = monthTables(plans);
const tiles = new Map(tilesOf({ filter: ['Status in ("New")'], unmanned: [] }).map((tile) => [tile.name, tile]));

type Cells = Readonly<Record<string, KqlValue>>;

function shown(name: string, chosen = choices, from = tables, now = monthEnd): readonly Cells[] {
  const tile = tiles.get(name);
  if (!tile) throw new Error(`no tile ${name}`);
  return cellsOf(answerOf(tile, chosen, from, now, parse));
}

function cellsOf({ columns, rows }: KqlTable): readonly Cells[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

const MINUTE = 60_000;
const rank = (values: readonly number[], share: number): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined || value === Infinity ? null : Math.round(value * 10) / 10;
};

/** The times of these incidents as the definitions say, an acknowledgement that never came at the end. */
function timesOf(of: readonly IncidentPlan[]) {
  const page = of.flatMap(({ paged, created }) => (paged === undefined ? [] : [(paged - created) / MINUTE]));
  const ack = of.flatMap(({ paged, acked }) =>
    paged === undefined ? [] : [acked === undefined ? Infinity : (acked.at - paged) / MINUTE],
  );
  const close = of.flatMap(({ closed, created }) => (closed === undefined ? [] : [(closed.at - created) / 3_600_000]));
  return {
    Incidents: of.length,
    PagedCount: page.length,
    NeverAcked: ack.filter((minutes) => minutes === Infinity).length,
    PageMedian: rank(page, 0.5),
    PageP90: rank(page, 0.9),
    AckMedian: rank(ack, 0.5),
    AckP90: rank(ack, 0.9),
    CloseMedian: rank(close, 0.5),
    CloseP90: rank(close, 0.9),
  };
}

describe('the figures of the simulated month', () => {
  it('has every case that a definition speaks of', () => {
    const some = (is: (plan: IncidentPlan) => boolean) => expect(plans.filter(is).length).toBeGreaterThan(2);
    some(({ paged }) => paged === undefined);
    some(({ paged, acked }) => paged !== undefined && acked === undefined);
    some(({ activated, paged, acked }) => activated !== undefined && paged !== undefined && acked === undefined);
    some(({ acked }) => acked?.onPhone === true);
    some(({ acked }) => acked?.onPhone === false);
    some(({ closed }) => closed?.by === 'machine');
    some(({ wasRaised }) => wasRaised);
    some(({ runFailed }) => runFailed);
  });

  it('are those of the plan', () => {
    expect(shown('all')).toEqual([expect.objectContaining(timesOf(plans))]);
  });

  it.each([
    ['by-severity', 'Severity', 'severity'],
    ['by-team', 'Team', 'team'],
    ['by-product', 'Product', 'product'],
  ] as const)('are those of the plan %s: an incident counts under what it is now', (tile, column, member) => {
    const rows = shown(tile);
    const values = new Set(plans.map((plan) => plan[member]));
    expect(rows).toHaveLength(values.size);
    for (const row of rows) {
      expect(row).toMatchObject(timesOf(plans.filter((plan) => plan[member] === row[column])));
    }
  });

  it('follow the choices at the top', () => {
    const chosen = { ...choices, Severity: "'High'", Team: "'SOC'" };
    const wanted = plans.filter(({ severity, team }) => severity === 'High' && team === 'SOC');
    expect(shown('all', chosen)).toEqual([expect.objectContaining(timesOf(wanted))]);
  });

  it('count nobody’s work for a person: what our playbooks or rules write when they page acknowledges nothing', () => {
    const untouched = plans.filter(({ paged, acked }) => paged !== undefined && acked === undefined);
    expect(shown('all')[0]?.['NeverAcked']).toBe(untouched.length);
    const withoutOurs = { ...choices, Playbooks: 'Somebody-Else' };
    // The identity of our playbooks not known: the tag on an incident that a rule had set Active still acknowledges nothing.
    expect(shown('all', withoutOurs)[0]?.['NeverAcked']).toBe(untouched.length);
  });

  it('has the load of each person', () => {
    const hourOf = (ms: number) => new Date(ms).getUTCHours();
    for (const row of shown('load')) {
      const own = plans.filter(({ acked }) => acked?.by === row['Person']);
      const night = own.filter(({ paged = 0 }) => hourOf(paged) >= 22 || hourOf(paged) < 6);
      const weekend = own.filter(({ paged = 0 }) => [0, 6].includes(new Date(paged).getUTCDay()));
      expect(row).toMatchObject({
        Incidents: own.length,
        Night: night.length,
        Weekend: weekend.length,
        ByPhone: own.filter(({ acked }) => acked?.onPhone).length,
        StillOpen: own.filter(({ closed }) => closed === undefined).length,
      });
    }
  });

  it('shifts night and weekend with the time zone', () => {
    const total = (rows: readonly Cells[]) => rows.reduce((sum, { Night }) => sum + Number(Night), 0);
    const shifted = plans.filter(({ paged, acked }) => {
      const hour = new Date((paged ?? 0) + 5 * 3_600_000).getUTCHours();
      return acked !== undefined && (hour >= 22 || hour < 6);
    });
    expect(total(shown('load', { ...choices, UtcOffset: '5' }))).toBe(shifted.length);
  });

  it('has every page in one cell of the week', () => {
    const cells = shown('week-pages').flatMap(({ Weekday, ...hours }) => Object.values(hours).map(Number));
    expect(cells).toHaveLength(7 * 8);
    expect(cells.reduce((sum, count) => sum + count, 0)).toBe(plans.filter(({ paged }) => paged !== undefined).length);
    const mondays = plans.filter(({ paged }) => paged !== undefined && new Date(paged).getUTCDay() === 1);
    const early = mondays.filter(({ paged = 0 }) => new Date(paged).getUTCHours() < 3);
    expect(shown('week-pages')[0]).toMatchObject({ Weekday: 'Monday', H00: early.length });
  });

  it('lists pages that nobody answered, incidents that were not paged, and pages that changed nothing', () => {
    const numbers = (rows: readonly Cells[]) => rows.map(({ IncidentNumber }) => IncidentNumber).sort();
    const of = (is: (plan: IncidentPlan) => boolean) =>
      plans
        .filter(is)
        .map(({ number }) => number)
        .sort();
    expect(numbers(shown('unanswered'))).toEqual(
      of(({ paged, acked }) => paged !== undefined && acked === undefined && paged < monthEnd - 30 * MINUTE),
    );
    expect(numbers(shown('unpaged'))).toEqual(
      of(
        ({ paged, activated, created, closed }) =>
          paged === undefined && activated === undefined && closed === undefined && created < monthEnd - 20 * MINUTE,
      ),
    );
    expect(numbers(shown('unchanged'))).toEqual(
      of(({ paged, acked, closed }) => paged !== undefined && !acked && !closed && paged < monthEnd - 60 * MINUTE),
    );
  });

  it('lists failed runs with their first error, not the scope around it, and their incident', () => {
    const failed = plans.filter(({ runFailed }) => runFailed);
    const rows = shown('failed-runs');
    expect(rows.map(({ Incident }) => Number(Incident)).sort()).toEqual(failed.map(({ number }) => number).sort());
    for (const row of rows) {
      expect(row).toMatchObject({
        Action: 'Send_to_SIGNL4',
        Code: 'Unauthorized',
        Rule: 'SIGNL4: page the on-call team',
      });
    }
  });

  it('lists what Sentinel could not start', () => {
    const refused = plans.filter(({ paged, runFailed }) => paged === undefined && !runFailed);
    expect(shown('not-started')).toHaveLength(refused.length);
  });
});

describe('a workspace where something is off', () => {
  const without = (...names: readonly string[]) => new Map([...tables].filter(([name]) => !names.includes(name)));

  it('breaks no tile', () => {
    for (const missing of [
      ['SentinelHealth'],
      ['AzureDiagnostics'],
      ['SecurityIncident', 'SentinelHealth', 'AzureDiagnostics'],
    ]) {
      for (const name of tiles.keys()) expect(() => shown(name, choices, without(...missing))).not.toThrow();
    }
  });

  it('lists failed runs without health monitoring, only without their incident', () => {
    const rows = shown('failed-runs', choices, without('SentinelHealth'));
    expect(rows).toHaveLength(plans.filter(({ runFailed }) => runFailed).length);
    for (const row of rows) expect(row).toMatchObject({ Incident: '', Code: 'Unauthorized' });
  });

  it('says which table has no data', () => {
    const states = shown('sources', choices, without('SentinelHealth')).map(({ Table, State }) => [Table, State]);
    expect(Object.fromEntries(states)).toEqual({
      SecurityIncident: 'has data',
      SentinelHealth: 'no data',
      'AzureDiagnostics (Logic Apps)': 'has data',
    });
  });
});
