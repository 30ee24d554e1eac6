import { describe, expect, it } from 'vitest';
import { loadKqlParser } from '../../../src/relay/kql/parser.ts';
import { runKql, type Tables } from '../../../src/simulator/kql/run.ts';
import { Moment } from '../../../src/simulator/kql/values.ts';

const parse = await loadKqlParser();
const now = Date.UTC(2026, 0, 2);
const at = (hours: number) => new Moment(now - hours * 3_600_000);

const tables: Tables = new Map([
  [
    'T',
    {
      columns: [
        { name: 'Name', type: 'string' },
        { name: 'N', type: 'int' },
        { name: 'At', type: 'datetime' },
        { name: 'Bag', type: 'dynamic' },
      ],
      rows: [
        ['a', 1, at(3), { list: [{ id: 'x' }, { id: 'y' }] }],
        ['a', 4, at(1), { list: [] }],
        ['b', null, at(2), null],
      ],
    },
  ],
]);
const rows = (query: string) => JSON.parse(JSON.stringify(runKql(parse, query, tables, now).rows));

describe('the evaluator of KQL', () => {
  it.each([
    ['T | where N > 1 | project Name, N', [['a', 4]]],
    ['T | where not(N > 1) | project N', [[1]]],
    ['T | where isnull(N) | project Name', [['b']]],
    ['T | where Name != "a" and Name =~ "B" | count', [[1]]],
    ['T | where At > ago(90m) | count', [[1]]],
    ['T | where At between (ago(150m) .. now()) | count', [[2]]],
    ['T | where Name in ("b", "c") | count', [[1]]],
    ['T | extend Half = (now() - At) / 1h | where Name == "b" | project Half', [[2]]],
    [
      'T | summarize C = count(), M = max(N), First = min(At) by Name | project Name, C, M | sort by Name asc',
      [
        ['a', 2, 4],
        ['b', 1, null],
      ],
    ],
    ['T | summarize S = sum(N), Share = round(100.0 * countif(N > 1) / count(), 1)', [[5, 33.3]]],
    [
      'T | summarize arg_max(At, N) by Name | project Name, N | sort by Name asc',
      [
        ['a', 4],
        ['b', null],
      ],
    ],
    ['T | summarize P = percentile(N, 50)', [[1]]],
    ['T | summarize E = minif(At, N > 99)', [[null]]],
    ['T | sort by N desc | project N', [[4], [1], [null]]],
    ['T | sort by At asc | extend Before = prev(Name, 1, "none") | project Before', [['none'], ['a'], ['b']]],
    [
      'T | sort by At desc | extend S = row_cumsum(1), R = row_cumsum(1, prev(Name, 1, "") != Name) | project Name, S, R',
      [
        ['a', 1, 1],
        ['b', 2, 1],
        ['a', 3, 1],
      ],
    ],
    ['T | where Name == "a" | sort by N asc | extend S = row_cumsum(N) | project S', [[1], [5]]],
    ['T | where Name == "a" and N == 1 | mv-expand I = Bag.list | project Id = tostring(I.id)', [['x'], ['y']]],
    [
      'T | project Name, N | join kind=leftouter (T | where N == 4 | project Name, Big = N) on Name | project Name, N, Big',
      [
        ['a', 1, 4],
        ['a', 4, 4],
        ['b', null, null],
      ],
    ],
    [
      'T | project Name | join kind=leftouter (T | where N == 99 | project Name, Text = tostring(N)) on Name | distinct Text',
      [['']],
    ],
    ['T | project Name, N | join kind=leftanti (T | where N == 4 | project Name) on Name | project Name', [['b']]],
    ['let x = 2; let t = T | where N > x; t | project N', [[4]]],
    [
      'union isfuzzy=true (datatable(Name:string, Z:string)["c", "z"]), T, (Nowhere | where A == 1) | project Name, Z | sort by Name desc',
      [
        ['c', 'z'],
        ['b', ''],
        ['a', ''],
        ['a', ''],
      ],
    ],
    ['T | extend M = column_ifexists("Missing", "none") | distinct M', [['none']]],
    ['T | where "SIGNL4-Send-Incident" has "signl4" and not("XSIGNL4" has "SIGNL4") | count', [[3]]],
    ['T | where "Automation rule - x" has_any (split("Fusion,Automation rule", ",")) | count', [[3]]],
    ['T | top 1 by N desc | project Name', [['a']]],
    [
      'T | take 1 | project X = extract("n(\\\\d)", 1, "n7"), Y = extract("q", 0, "n7"), Z = coalesce("", "z")',
      [['7', '', 'z']],
    ],
    [
      'T | take 1 | project D = dayofweek(datetime(2026-10-04)) / 1d, H = hourofday(datetime(2026-10-04T13:30:00Z))',
      [[0, 13]],
    ],
    ['T | take 1 | project C = case(1 == 2, "no", 1 == 1, "yes", "else"), I = iff(N > 99, 1, 2)', [['yes', 2]]],
  ])('%s', (query, expected) => {
    expect(rows(query)).toEqual(expected);
  });

  it.each([
    ['0.0 / 0', Number.NaN],
    ['1.0 / 0', Number.POSITIVE_INFINITY],
    ['-1.0 / 0', Number.NEGATIVE_INFINITY],
    ['round(0.0 / 0, 1)', Number.NaN],
    ['isnull(0.0 / 0)', false],
    ['0.0 / 0 >= 1', false],
    ['0.0 / 0 == 0.0 / 0', false],
    ['0.0 / 0 != 1', true],
    ['isnull(real(null) / 0)', true],
  ])('divides real numbers as IEEE 754 says: %s is %s', (expression, value) => {
    expect(runKql(parse, `T | take 1 | project X = ${expression}`, tables, now).rows).toEqual([[value]]);
  });

  it('says what it does not know, and what is not there', () => {
    expect(() => rows('Nowhere | take 1')).toThrow('no table is called Nowhere');
    expect(() => rows('T | where Missing == 1')).toThrow('Missing');
    expect(() => rows('T | evaluate pivot(Name)')).toThrow('EvaluateOperator');
    expect(() => rows('T | extend X = sin(N)')).toThrow('sin');
    expect(() => rows('T | where (')).toThrow('no query');
  });
});
