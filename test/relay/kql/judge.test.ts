import { describe, expect, it } from 'vitest';
import { type GateOptions, judge } from '../../../src/relay/kql/judge.ts';
import { loadKqlParser } from '../../../src/relay/kql/parser.ts';

const parser = await loadKqlParser();
const verdictOf = (query: string, options: Partial<GateOptions> = {}) =>
  judge(query, parser, { allowWorkspaces: [], maxRows: 11, ...options });

describe('the row limit of a query', () => {
  it.each([
    ['SigninLogs', 'SigninLogs\n| take 11'],
    ['T | where a == 1', 'T | where a == 1\n| take 11'],
    ['T | where a == 1 // and so on', 'T | where a == 1\n| take 11'],
    ['let x = 1;\nT | where a == x;\n', 'let x = 1;\nT | where a == x\n| take 11'],
    ['T | summarize count() by a | render barchart', 'T | summarize count() by a\n| take 11'],
    ['print a = 1', 'print a = 1\n| take 11'],
  ])('ends %j', (query, ended) => {
    expect(verdictOf(query)).toEqual({ passes: true, query: ended });
  });
});

describe('the verdict on a query', () => {
  it.each(['', 'T |', '.drop table T', 'T | evaluate http_request("https://evil.example")', 'workspace("other").T'])(
    'is no for %j, with a rule and a reason',
    (query) => {
      expect(verdictOf(query)).toEqual({
        passes: false,
        rule: expect.stringMatching(/^[a-z-]+$/),
        reason: expect.any(String),
      });
    },
  );

  it('allows the workspaces that it is told, and no other', () => {
    expect(verdictOf('workspace("law-b").T', { allowWorkspaces: ['law-b'] })).toMatchObject({ passes: true });
    expect(verdictOf('workspace("law-c").T', { allowWorkspaces: ['law-b'] })).toMatchObject({ passes: false });
  });

  it('follows columns only where there is something to protect', () => {
    const nothing = { denyColumns: [], maskColumns: [] };
    expect(verdictOf('T', { protection: nothing })).not.toHaveProperty('exposures');
    expect(verdictOf('T', { protection: { ...nothing, maskColumns: ['Secret'] } })).toHaveProperty('exposures');
    expect(verdictOf('T', { protection: { ...nothing, denyColumns: ['Secret'] } })).toHaveProperty('exposures');
  });
});
