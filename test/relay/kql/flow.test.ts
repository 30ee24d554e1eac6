import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposureInAnswer } from '../../../src/relay/kql/flow/flow.ts';
import { propertySeed } from '../../support/seed.ts';
import { passQuery } from '../support/gate.ts';

const protection = { denyColumns: ['Salary'], maskColumns: ['UserPrincipalName'] };

/** What a column of the query's answer may show. */
async function exposure(query: string, column: string): Promise<string> {
  const verdict = await passQuery(query, { allowWorkspaces: [], maxRows: 5, protection });
  if (!verdict.passes || !verdict.exposures) throw new Error(`not followed: ${JSON.stringify(verdict)}`);
  return exposureInAnswer(column, verdict.exposures, protection);
}

describe('denied columns', () => {
  it.each([
    ['renamed', 'T | project x = Salary', 'x'],
    ['renamed in place', 'T | project-rename x = Salary', 'x'],
    ['copied, then dropped', 'T | extend x = Salary | project-away Salary', 'x'],
    ['as it is', 'T', 'Salary'],
    ['in another casing', 'T | project salary', 'salary'],
    ['twice, in a join', 'T | join kind=inner T on Key', 'Salary1'],
    ['of two types, in a union', 'union T, U', 'Salary_string'],
    ['written with an escape', "T | project x = ['Sal\\u0061ry']", 'x'],
    ['packed', "T | project x = bag_pack('a', Salary)", 'x'],
    ['computed', 'T | project x = strcat(Salary, "")', 'x'],
    ['in a list', 'T | summarize x = make_list(Salary)', 'x'],
    ['in a list that the language names', 'T | summarize make_list(Salary)', 'list_Salary'],
    ['grouped by', 'T | summarize count() by x = Salary', 'x'],
    ['beside a maximum', 'T | summarize (x, y) = arg_max(TimeGenerated, Salary) by Key', 'y'],
    [
      'beside a maximum, as the language named it once',
      'T | summarize arg_max(TimeGenerated, *) by Key',
      'max_TimeGenerated_Salary',
    ],
    ['parsed', 'T | parse Salary with "a" x:string', 'x'],
    ['parsed into pairs', 'T | parse-kv Salary as (x:string)', 'x'],
    ['extracted', 'T | extend x = extract("(.*)", 1, tostring(Salary))', 'x'],
    ['out of a bag', 'T | extend x = Properties.Salary', 'x'],
    ['out of a bag, by a string', 'T | extend x = Properties["Salary"]', 'x'],
    ['asked for by name', 'T | extend x = column_ifexists("Salary", "")', 'x'],
    ['expanded', 'T | mv-expand x = Salary', 'x'],
    ['in a subquery per row', 'T | mv-apply y = Salary on (extend x = y | project x)', 'x'],
    ['in a subquery per part', 'T | partition by Key (extend x = Salary)', 'x'],
    ['scanned', 'T | scan declare (x:long) with (step s: true => x = Salary;)', 'x'],
    ['serialized', 'T | serialize x = prev(Salary)', 'x'],
    ['as a series', 'T | make-series x = max(Salary) on TimeGenerated step 1d', 'x'],
    ['as a pattern', 'T | reduce by Salary', 'Pattern'],
    ['as names of columns', 'T | evaluate pivot(Salary)', '100000'],
    ['through let', 'let U = T | extend y = Salary; U | project x = y', 'x'],
    ['through a function', 'let f = (n:long) { T | where a == n | project y = Salary }; f(1) | extend x = y', 'x'],
    ['through a function of the row', 'let f = (n:long) { n + 1 }; T | extend x = f(Salary)', 'x'],
    [
      'through a table that a function gets',
      'let f = (R:(*)) { R | extend x = y }; T | project y = Salary | invoke f()',
      'x',
    ],
    ['through a single value', 'let m = toscalar(T | summarize max(Salary)); U | extend x = m', 'x'],
    ['through a name for a table', 'T | extend y = Salary | as V | union (V | project x = y)', 'x'],
    ['through a union', 'union U, (T | project-rename y = Salary) | extend x = y', 'x'],
    ['through a join', 'U | join (T | project Key, y = Salary) on Key | project x = y', 'x'],
    ['in two steps of one operator', 'T | extend y = Salary, x = y', 'x'],
    ['as an equal value', 'T | where x == Salary', 'x'],
    ['as one of a list', 'T | where x in ((U | project Salary))', 'x'],
    ['as a bound of a range', 'range x from toscalar(T | summarize max(Salary)) to 9 step 1', 'x'],
    ['as a printed value', 'print x = toscalar(T | project Salary)', 'x'],
    ['through a view', 'let V = view () { T | project x = Salary }; union V', 'x'],
    ['as the key of a join', 'T | join (U) on $left.Salary == $right.x', 'x'],
  ])('are gone: %s', async (_, query, column) => {
    expect(await exposure(query, column)).toBe('gone');
  });
});

describe('masked columns', () => {
  it.each([
    ['T', 'UserPrincipalName'],
    ['T | extend AccountCustomEntity = UserPrincipalName', 'AccountCustomEntity'],
    ['T | extend x = tolower(tostring(UserPrincipalName))', 'x'],
    ['T | summarize n = count() by x = UserPrincipalName', 'x'],
    ['T | project-rename x = UserPrincipalName | sort by x asc | take 5', 'x'],
    ['T | extend x = UserPrincipalName | where x has "a"', 'x'],
    ['let ioc = dynamic(["a"]); T | where UserPrincipalName in (ioc)', 'UserPrincipalName'],
    ['T | where UserPrincipalName has Other', 'UserPrincipalName'],
    ['T | join (U) on UserPrincipalName', 'UserPrincipalName1'],
    ['T | join (U) on $left.UserPrincipalName == $right.x', 'x'],
  ])('are masked where the value stays: %s', async (query, column) => {
    expect(await exposure(query, column)).toBe('masked');
  });

  it.each([
    ['T | extend x = substring(UserPrincipalName, 0, 4)', 'x'],
    ['T | extend x = split(UserPrincipalName, "@")[0]', 'x'],
    ['T | summarize x = make_set(UserPrincipalName) by Key', 'x'],
    ['T | parse UserPrincipalName with x "@" *', 'x'],
    ['T | where UserPrincipalName has x', 'x'],
    ['T | where substring(UserPrincipalName, 0, 4) == x', 'x'],
  ])('show nothing of their parts: %s', async (query, column) => {
    expect(await exposure(query, column)).toBe('hidden');
  });
});

describe('what cannot be followed', () => {
  it.each([
    ['a saved function', 'Saved() | project x', 'x'],
    ['a saved function that is invoked', 'T | invoke Saved() | project x', 'x'],
    ['a value of a saved function', 'T | extend x = Saved(a)', 'x'],
    ['a table whose name is computed', 'table(strcat("T", "")) | project x', 'x'],
    ['a whole row', 'T | project x = pack_all()', 'x'],
    ['a whole row as a string', 'T | project x = tostring(pack_all())', 'x'],
    ['a column whose name is computed', 'T | project x = column_ifexists(strcat("Sal", "ary"), "")', 'x'],
    ['everything out of a whole row', 'T | extend p = pack_all() | evaluate bag_unpack(p)', 'x'],
    ['any column under one name', 'T | summarize x = take_any(*) by Key', 'x'],
    ['a plugin that mixes columns', 'T | evaluate autocluster()', 'x'],
    ['find', 'find in (T) where a == 1', 'pack_'],
    ['a column of which a query that names all its columns does not speak', 'T | project a', 'x'],
  ])('is hidden: %s', async (_, query, column) => {
    expect(await exposure(query, column)).toBe('hidden');
  });
});

describe('all other columns', () => {
  it.each([
    ['T | project Key, Salary', 'Key'],
    ['T | where Salary > 5 | summarize n = count() by Key', 'n'],
    ['T | where Salary > 5 | summarize n = count() by Key', 'Key'],
    [
      'T | join (_GetWatchlist("VIP") | project SearchKey, Level) on $left.Key == $right.SearchKey | project Other',
      'Other',
    ],
    ['T | summarize arg_max(TimeGenerated, *) by Key', 'Other'],
    ['T | project a, b | extend x = pack_all()', 'x'],
    ['T | extend AnnualSalaryBand = 1', 'AnnualSalaryBand'],
    ['T | where Salary > 5 and Key == Other | project Key, Other', 'Other'],
    ['T | where Key in ((U | where Salary > 5 | project Key))', 'Key'],
    ['let ioc = "x"; T | where Salary has ioc; ', 'Key'],
    ['let ioc = "x"; T | where Salary has ioc or Other has ioc', 'Other'],
    ['T | summarize Last = arg_max(TimeGenerated, *) by Key', 'Last'],
    ['T | where Properties.Salary == 1 | project Properties', 'Properties'],
    ['let read = (name:string) { table(name) | project x }; read("T")', 'x'],
    ['T | evaluate pivot(Key, count(), Salary)', 'a'],
    ['T | parse Message with * "ip=" x:string " " *', 'x'],
    ['let f = (n:long) { T | where a == n | project x = b }; f(1)', 'x'],
    ['datatable(x:string)["a"]', 'x'],
  ])('are shown: %s (%s)', async (query, column) => {
    expect(await exposure(query, column)).toBe('shown');
  });

  it('are followed at no cost where nothing is protected', async () => {
    const verdict = await passQuery('T', { allowWorkspaces: [], maxRows: 5 });
    expect(verdict).not.toHaveProperty('exposures');
  });
});

describe('chains of operators', () => {
  /** Steps that hand the value on under a new name. */
  const steps: readonly ((from: string, to: string) => string)[] = [
    (from, to) => `extend ${to} = ${from}`,
    (from, to) => `project ${to} = ${from}, Key`,
    (from, to) => `project-rename ${to} = ${from}`,
    (from, to) => `extend ${to} = strcat("<", ${from}, ">")`,
    (from, to) => `summarize ${to} = make_set(${from}) by Key`,
    (from, to) => `summarize arg_max(Key, ${from}) by Other | project-rename ${to} = ${from}`,
    (from, to) => `extend ${to} = bag_pack("v", ${from}) | project-away ${from}`,
    (from, to) => `mv-expand ${to} = ${from} | where isnotempty(${to})`,
    (from, to) => `join kind=leftouter (U | project Key, Other) on Key | extend ${to} = ${from}`,
    (from, to) => `join kind=inner (T | extend ${to} = ${from}) on Key`,
    (from, to) => `union U | project-rename ${to} = ${from}`,
    (from, to) => `as W${to} | join (W${to} | project Key, ${to} = ${from}) on Key`,
    (from, to) => `parse ${from} with "a" ${to} "b"`,
    (from, to) => `where ${to} == ${from}`,
    (from, to) => `extend e = strcmp(${to}, ${from}) | where e == 0`,
    (from, to) => `extend e${to} = tolower(${to}) | join kind=inner (T | project e${to} = ${from}) on e${to}`,
    (from, to) => `join kind=inner (T | project Key, z${to} = ${from}) on Key | extend ${to} = z${to}1`,
    (from, to) => `union (T | project z${to} = ${from}) | extend ${to} = z${to}_string`,
    (from, to) => `extend ${to} = toscalar(T | project z = ${from} | summarize make_list(pack_all()))`,
    (from, to) => `where ${to} in ((T | where Key == 1 | project ${from}))`,
  ];

  it('never show what they began with', async () => {
    const chain = fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(chain, fc.constantFrom('Salary', 'UserPrincipalName'), async (chosen, column) => {
        const names = [column, ...chosen.map((_, index) => `c${index}`)];
        const pipes = chosen.map((step, index) => step(names[index] ?? '', names[index + 1] ?? ''));
        expect(await exposure(`T | ${pipes.join(' | ')}`, names.at(-1) ?? '')).not.toBe('shown');
      }),
      { seed: propertySeed('KQL flow', 12), numRuns: 600 },
    );
  });
});
