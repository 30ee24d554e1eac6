import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Alert, readAlert } from '../../../src/domain/alert.ts';
import { alertQuery, ruleQueryAt, securityAlertQuery } from '../../../src/relay/kql/alert-query.ts';
import { inflateEvent, MAX_EVENT_BYTES } from '../../../src/relay/kql/alerted-events.ts';
import { looksCut } from '../../../src/relay/kql/cut-query.ts';

const QUERY = `// The query_now parameter represents the time (in UTC) at which the scheduled analytics rule ran to produce this alert.
set query_now = datetime(2026-01-10T08:36:02.9886229Z);
SigninLogs
| where ResultType == 0`;

function alert(additionalData: Record<string, unknown>, properties: Record<string, unknown> = {}): Alert {
  const read = readAlert({
    name: 'baa8a239-6fde-4ab7-a093-d09f7b75c58c',
    properties: { productName: 'Azure Sentinel', additionalData, ...properties },
  });
  if (!read) throw new Error('no alert');
  return read;
}

/** An event as Sentinel puts it into the query of an alert that is raised per event. */
function eventQuery(...events: readonly unknown[]): string {
  const texts = events.map((event) => `'${deflateSync(JSON.stringify(event)).toString('base64')}'`);
  return `// might contain sensitive data
let alertedEvent = datatable(compressedRec: string)
[${texts.join(',')}]
| extend raw = todynamic(zlib_decompress_from_base64_string(compressedRec)) | evaluate bag_unpack(raw) | project-away compressedRec;
alertedEvent`;
}

describe('query of an alert', () => {
  it('is taken as it is, with the time range that the rule looked at', () => {
    const found = alertQuery(
      alert({
        Query: QUERY,
        'Query Start Time UTC': '2026-01-10 08:31:02Z',
        'Query End Time UTC': '2026-01-10 08:36:02Z',
      }),
    );
    const range = { start: '2026-01-10T08:31:02.000Z', end: '2026-01-10T08:36:02.000Z' };
    expect(found).toEqual({ kind: 'query', query: QUERY, range });
  });

  it('is found in any casing', () => {
    expect(alertQuery(alert({ query: QUERY }))).toMatchObject({ kind: 'query', query: QUERY });
  });

  it.each([
    ['2026-01-10T08:31:02', '2026-01-10T08:36:02'],
    ['2026-01-10 08:31:02.0000000Z', '2026-01-10 08:36:02.0000000Z'],
    ['1/10/2026 8:31:02 AM', '1/10/2026 8:36:02 AM'],
    ['2026-01-10T09:31:02+01:00', '2026-01-10T09:36:02+01:00'],
  ])('reads the times %s to %s as UTC', (start, end) => {
    const found = alertQuery(alert({ Query: QUERY, 'Query Start Time UTC': start, 'Query End Time UTC': end }));
    expect(found).toMatchObject({ range: { start: '2026-01-10T08:31:02.000Z', end: '2026-01-10T08:36:02.000Z' } });
  });

  it('uses the times of the alert where the query has none, and none where nothing can be read', () => {
    const times = { startTimeUtc: '2026-01-10T08:31:02Z', endTimeUtc: '2026-01-10T08:36:02Z' };
    expect(alertQuery(alert({ Query: QUERY, 'Query End Time UTC': 'soon' }, times))).toMatchObject({
      range: { start: '2026-01-10T08:31:02.000Z' },
    });
    expect(alertQuery(alert({ Query: QUERY }))).toMatchObject({ kind: 'query', range: undefined });
  });

  it.each([
    ['an alert of another product', alert({ Query: 'T' }, { productName: 'MDATP' })],
    ['an alert without a query', alert({})],
    ['an empty query', alert({ Query: '  ' })],
  ])('is none for %s', (_, other) => {
    expect(alertQuery(other)).toEqual({ kind: 'none' });
  });

  it('is there for an alert that Defender took over from a scheduled rule', () => {
    const additional = { Query: QUERY, 'Analytic Rule Ids': '["a1d7ba82-a14c-4245-a781-81481901f558"]' };
    expect(alertQuery(alert(additional, { productName: 'Microsoft XDR' }))).toMatchObject({ kind: 'query' });
  });

  it.each(['', 'azure sentinel', 'MICROSOFT SENTINEL'])('is there for an alert of the product "%s"', (productName) => {
    expect(alertQuery(alert({ Query: QUERY }, { productName }))).toMatchObject({ kind: 'query' });
  });

  it('has no time range that ends before it begins', () => {
    const of = (start: string, end: string) =>
      alertQuery(alert({ Query: QUERY, 'Query Start Time UTC': start, 'Query End Time UTC': end }));
    expect(of('2026-01-10T08:36:02Z', '2026-01-10T08:31:02Z')).toMatchObject({ range: undefined });
    expect(of('2026-01-10T08:31:02Z', '2026-01-10T08:31:02Z')).toMatchObject({
      range: { end: '2026-01-10T08:31:02.000Z' },
    });
  });

  it('is not cut off where the original only has more blanks around it', () => {
    expect(alertQuery(alert({ Query: 'SigninLogs  ', OriginalQuery: '  SigninLogs\n' }))).toMatchObject({
      kind: 'query',
    });
  });

  it('is cut off where it is shorter than the original', () => {
    expect(alertQuery(alert({ Query: 'SigninLogs', OriginalQuery: 'SigninLogs\n| where a == 1' }))).toMatchObject({
      kind: 'cut',
    });
  });

  it('can be built again from the rule, at the time of the alert', () => {
    const range = { start: '2026-01-10T08:31:02.000Z', end: '2026-01-10T08:36:02.000Z' };
    expect(ruleQueryAt('SigninLogs', range)).toBe('set query_now = datetime(2026-01-10T08:36:02.000Z);\nSigninLogs');
    expect(ruleQueryAt('SigninLogs', undefined)).toBe('SigninLogs');
  });

  it('asks the workspace for an alert by GUID only', () => {
    expect(securityAlertQuery(alert({}))).toContain('SystemAlertId == "baa8a239-6fde-4ab7-a093-d09f7b75c58c"');
    expect(securityAlertQuery(alert({}, { systemAlertId: '" or true //' }))).toBeUndefined();
  });
});

describe('alerted event', () => {
  const event = {
    TimeGenerated: '2026-01-10T08:31:02.1872065Z',
    UserPrincipalName: 'j.müller@contoso.com',
    Note: '日本語 🚨',
  };

  it('is read without asking anybody', async () => {
    const found = alertQuery(alert({ Query: eventQuery(event), OriginalQuery: `SigninLogs ${'x'.repeat(2000)}` }));
    if (found.kind !== 'events') throw new Error(found.kind);
    expect(await Promise.all(found.compressed.map(inflateEvent))).toEqual([event]);
  });

  it('is read from a vector in the encoding of the service', async () => {
    const vector =
      'eAGrVgrJzE11T81LLUosSU1RslIyMjAy0zUw1DU0CDGwsDI2tDIw0jO0MDcyMDONUtJRciwocMksLshJrPRLzE0FqvdPS8tMTvXIB3J0lEKLU4sCijLzkjMLEnOgCrL0cg/vyclJLXJIzs8ryS/O10vOzwWq9QxwTEkpSi0uBhpiaGmkZ6BnpGdsAZTwyy8BGfxs+tJnc9a8WDVP4cP8WSuUagG/lTmv';
    expect(await inflateEvent(vector)).toMatchObject({ ...event, IPAddress: '192.0.2.38' });
  });

  it.each([150, 151])('of %i are read up to 150', (count) => {
    const texts = Array.from({ length: count }, () => `'eA=='`).join(',');
    const query = `let alertedEvent = datatable(compressedRec: string) [${texts}] | take 1; alertedEvent`;
    const found = alertQuery(alert({ Query: query }));
    expect(found.kind === 'events' && found.compressed).toHaveLength(150);
  });

  it.each([
    ['of the size of the bound', 0, true],
    ['of one byte more', 1, false],
  ])('%s', async (_, more, isRead) => {
    const json = JSON.stringify({ a: 'x'.repeat(MAX_EVENT_BYTES - 8 + more) });
    expect(json).toHaveLength(MAX_EVENT_BYTES + more);
    const read = inflateEvent(deflateSync(json).toString('base64')).then(
      () => true,
      () => false,
    );
    expect(await read).toBe(isRead);
  });

  it('that is cut off with its query is given as far as it goes', () => {
    const query = "let e = datatable(compressedRec:string)['eA==','eAEt";
    expect(alertQuery(alert({ Query: query }))).toEqual({ kind: 'events', compressed: ['eA==', 'eAEt'] });
  });

  it('may be several', () => {
    const found = alertQuery(alert({ Query: eventQuery(event, event) }));
    expect(found).toMatchObject({ kind: 'events' });
    expect(found.kind === 'events' && found.compressed).toHaveLength(2);
  });

  it.each([
    ['a comment', `SigninLogs // ${eventQuery(event).replaceAll('\n', ' ')}`],
    ['a string', `SigninLogs | where a == "let e = datatable(compressedRec: string) ['eA==']"`],
    ['a later statement', `let x = 1;\n${eventQuery(event)}`],
  ])('is not taken out of %s', (_, query) => {
    expect(alertQuery(alert({ Query: query }))).toMatchObject({ kind: 'query' });
  });

  it('does not inflate beyond its bound', async () => {
    const bomb = deflateSync(JSON.stringify({ a: 'x'.repeat(20 * MAX_EVENT_BYTES) })).toString('base64');
    await expect(inflateEvent(bomb)).rejects.toThrow();
  });

  it.each([
    ['cut off', deflateSync(JSON.stringify(event)).toString('base64').slice(0, 60)],
    ['no zlib', Buffer.from('hello').toString('base64')],
    ['no object', deflateSync('[1]').toString('base64')],
    ['empty', ''],
  ])('is refused where it is %s', async (_, compressed) => {
    await expect(inflateEvent(compressed)).rejects.toThrow();
  });
});

describe('cut-off query', () => {
  const whole = [
    QUERY,
    "SigninLogs // it's (fine",
    "T | where a == 'it\\'s' and b == @'c:\\' and c == \"(\"",
    'T | where a == ```\nif (x) {"```',
    'let f = () { T | where x in (dynamic(["a", "b"])) }; f()',
    'T | where Command',
    'Extend',
    'T | where a == @"c:\\" and b == 1',
    'T | where a == "(" // {',
  ];
  it.each(whole)('is not %j', (query) => {
    expect(looksCut(query)).toBe(false);
  });

  it.each([
    'SigninLogs | where UserPrincipalName == "j.mue',
    'SigninLogs | where ResultType in (1, 2',
    'SigninLogs |',
    'SigninLogs | where ResultType == 0 and',
    'SigninLogs | where a == "x\\"',
    'SigninLogs | where ResultType...',
    'let f = () { T | where x == 1',
    'T | where a == ```half',
    'T | where a in (1, 2]',
    'T | where a == 1)',
    'T | project a,',
    'T | where a =',
    'T | where ResultType…',
    'T | where a == 1 or',
    'T | summarize count() by',
    'T | join (U) on',
    'T | where',
    'T | extend',
    'T | project   \n',
    "T | where a == '",
  ])('is %j', (query) => {
    expect(looksCut(query)).toBe(true);
  });
});
