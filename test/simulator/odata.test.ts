import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileOrderBy, filterPaths, matches, ODataError, parseFilter } from '../../src/simulator/odata.ts';

const incident = {
  name: '73e01a99-5cd7-4139-a149-9f2736ff2ab5',
  properties: {
    title: "O'Brien signed in from 東京 🚨",
    description: null,
    severity: 'High',
    status: 'New',
    incidentNumber: 3177,
    createdTimeUtc: '2026-01-10T08:41:41.7433333Z',
    lastModifiedTimeUtc: '2026-01-10T08:41:41.7833333Z',
    owner: { objectId: null, email: 'oncall@contoso.com' },
    labels: [{ labelName: 'SIGNL4' }, { labelName: 'vip' }],
    additionalData: { tactics: ['InitialAccess', 'Impact'], alertsCount: 1 },
  },
};
const passes = (filter: string) => matches(parseFilter(filter), incident);

describe('an OData filter', () => {
  it.each([
    ["properties/status eq 'New'", true],
    ["properties/status eq 'new'", false],
    ["properties/status ne 'Closed'", true],
    ["properties/severity in ('High','Medium')", true],
    ["properties/severity in ('Low')", false],
    ['properties/incidentNumber eq 3177', true],
    ['properties/incidentNumber gt 3177', false],
    ['properties/incidentNumber ge 3177 and properties/incidentNumber le 3177', true],
    ["properties/title eq 'O''Brien signed in from 東京 🚨'", true],
    ["contains(properties/title, '東京')", true],
    ["startswith(properties/title,'o')", false],
    ["startswith(tolower(properties/title),'o')", true],
    ["contains(toLower(properties/title), 'brien')", true],
    ["endswith(properties/title, '🚨')", true],
    ["not contains(properties/title, 'x')", true],
    ["not (properties/status eq 'New' or properties/status eq 'Active')", false],
    ['length(properties/status) eq 3', true],
    ["properties/labels/any(l: l/labelName eq 'SIGNL4')", true],
    ["properties/labels/any(l:l/labelName eq 'signl4')", false],
    ["not properties/labels/any(l: l/labelName eq 'done')", true],
    ['properties/labels/all(l: length(l/labelName) gt 2)', true],
    ['properties/labels/any()', true],
    ['properties/labels/$count eq 2', true],
    ["properties/additionalData/tactics/any(t: t eq 'Impact')", true],
    ["properties/additionalData/tactics/any(t: t eq 'Impact' and properties/status eq 'New')", true],
    ['properties/owner/objectId eq null', true],
    ['properties/owner/email ne null', true],
    ['properties/nothing/here eq null', true],
    ['properties/createdTimeUtc ge 2026-01-10T08:41:41.7433333Z', true],
    ['properties/createdTimeUtc gt 2026-01-10T08:41:41.7433333Z', false],
    ['properties/createdTimeUtc lt properties/lastModifiedTimeUtc', true],
    ['properties/createdTimeUtc ge 2026-01-10T09:41:41+01:00', true],
    ['properties/createdTimeUtc lt 2026-01-10', false],
    ['name eq 73e01a99-5cd7-4139-a149-9f2736ff2ab5', true],
    ["properties/status eq 'Closed' or properties/severity eq 'High' and properties/incidentNumber eq 1", false],
    ["(properties/status eq 'Closed' or properties/severity eq 'High') and properties/incidentNumber eq 3177", true],
  ])('%s is %s', (filter, expected) => {
    expect(passes(filter)).toBe(expected);
  });

  it('treats what is missing as unknown: neither contained nor not contained', () => {
    expect(passes("contains(properties/description, 'a')")).toBe(false);
    expect(passes("not contains(properties/description, 'a')")).toBe(false);
    expect(passes("properties/description gt 'a' or properties/description le 'a'")).toBe(false);
    expect(passes("properties/status eq 'New' or contains(properties/description, 'a')")).toBe(true);
  });

  it.each([
    ["properties/status eq 'New", 'a string has no closing quote at position 21'],
    ["properties/status = 'New'", 'unexpected "=" at position 18'],
    ["properties/status eq 'New' and", 'unexpected end at position 30'],
    ["(properties/status eq 'New'", 'expected ")" at position 27'],
    ["properties/status eq 'New')", 'unexpected ")" at position 26'],
    ['regex(properties/title)', 'unknown function "regex" at position 0'],
    ['properties/labels/any(l l/labelName)', 'expected ":" instead of "l" at position 24'],
    [`${'('.repeat(200)}true${')'.repeat(200)}`, 'more than 100 levels at position 100'],
  ])('refuses %s and says where', (filter, message) => {
    expect(() => passes(filter)).toThrow(
      new ODataError(message.replace(/ at position \d+$/, ''), Number(/\d+$/.exec(message)?.[0])),
    );
  });

  it('names the properties it reads, also those of a lambda', () => {
    const filter = parseFilter(
      "properties/status eq 'New' and not properties/labels/any(l: l/labelName eq 'x') and contains(name, '7')",
    );
    expect(filterPaths(filter)).toEqual([
      'properties/status',
      'properties/labels',
      'properties/labels/labelName',
      'name',
    ]);
  });

  it('agrees with plain comparison on any text and list', () => {
    const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { minLength: 1 }), fc.boolean(), (text, list, negated) => {
        const isIn = `a/b in (${list.map(quote).join(',')})`;
        const filter = negated ? `not (${isIn})` : isIn;
        expect(matches(parseFilter(filter), { a: { b: text } })).toBe(list.includes(text) !== negated);
        expect(matches(parseFilter(`l/any(x: x eq ${quote(text)})`), { l: list })).toBe(list.includes(text));
        expect(matches(parseFilter(`contains(a, ${quote(text)})`), { a: list.join('') })).toBe(
          list.join('').includes(text),
        );
      }),
    );
  });
});

describe('an OData order', () => {
  const rows = [
    { n: 2, at: '2026-01-02T00:00:00Z' },
    { n: 1, at: '2026-01-02T00:00:00Z' },
    { n: 3, at: null },
  ];
  it('sorts by several keys, missing values first', () => {
    expect(rows.toSorted(compileOrderBy('at desc, n')).map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(rows.toSorted(compileOrderBy('at,n desc')).map(({ n }) => n)).toEqual([3, 2, 1]);
  });
  it('refuses what is not a property', () => {
    expect(() => compileOrderBy('at down')).toThrow(ODataError);
  });
});
