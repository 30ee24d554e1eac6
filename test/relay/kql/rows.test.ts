import { describe, expect, it } from 'vitest';
import { type QueryRows, showRows } from '../../../src/relay/kql/rows.ts';

const choice = { maxRows: 10, denyColumns: [], maskColumns: [] };

function result(columns: Readonly<Record<string, string>>, ...rows: unknown[][]): QueryRows {
  return { columns: Object.entries(columns).map(([name, type]) => ({ name, type })), rows, partialError: undefined };
}

/** As the gate says of a query that leaves the columns of a table as they are. */
const followed = { columns: {}, rest: 'shown' } as const;

const signIns = result(
  {
    TimeGenerated: 'datetime',
    TenantId: 'string',
    AppDisplayName: 'string',
    IPAddress: 'string',
    UserPrincipalName: 'string',
  },
  ['2026-01-10T08:31:02.1872065Z', 'c8c99641', 'OfficeHome', '192.0.2.38', 'j.müller@contoso.com'],
  ['2026-01-10T08:32:10Z', 'c8c99641', 'OfficeHome', '192.0.2.39', 'j.müller@contoso.com'],
);

describe('rows shown', () => {
  it('put entities first and leave out where the row is stored', () => {
    expect(showRows(signIns, choice)).toEqual({
      columns: ['UserPrincipalName', 'IPAddress', 'TimeGenerated', 'AppDisplayName'],
      rows: [
        ['j.müller@contoso.com', '192.0.2.38', '2026-01-10 08:31:02', 'OfficeHome'],
        ['j.müller@contoso.com', '192.0.2.39', '2026-01-10 08:32:10', 'OfficeHome'],
      ],
      truncated: false,
      moreColumns: 0,
    });
  });

  it.each([
    'UserPrincipalName',
    'AccountUPN',
    'TargetUserName',
    'AccountCustomEntity',
    'Computer',
    'HostName',
    'DeviceName',
    'SrcIpAddr',
    'ClientIP',
    'CallerIpAddress',
    'DestinationIP',
    'IPCustomEntity',
    'RemoteUrl',
    'SHA256',
    'FileName',
    'ProcessCommandLine',
  ])('know %s for an entity', (name) => {
    const shown = showRows(result({ Z: 'string', [name]: 'string' }, ['z', 'x']), choice);
    expect(shown.columns[0]).toBe(name);
  });

  it.each(['Description', 'ResultType', 'Hostility', 'Recipe', 'Usernames_count', 'Equipment'])(
    'do not take %s for one',
    (name) => {
      expect(showRows(result({ Z: 'string', [name]: 'string' }, ['z', 'x']), choice).columns[0]).toBe('Z');
    },
  );

  it('are limited, and say so', () => {
    const shown = showRows(signIns, { ...choice, maxRows: 1 });
    expect(shown.rows).toHaveLength(1);
    expect(shown.truncated).toBe(true);
  });

  it('never contain a denied column, and masked ones only in part', () => {
    const shown = showRows(
      { ...signIns, exposures: followed },
      {
        ...choice,
        denyColumns: ['ipaddress'],
        maskColumns: ['USERPRINCIPALNAME', 'AppDisplayName'],
      },
    );
    expect(shown.columns).toEqual(['UserPrincipalName', 'TimeGenerated', 'AppDisplayName']);
    expect(shown.rows[0]).toEqual(['j.…om', '2026-01-10 08:31:02', 'Of…me']);
    expect(JSON.stringify(shown)).not.toContain('192.0.2.38');
  });

  it('mask from eight characters on to the first two and the last two', () => {
    const exposed = {
      ...result({ A: 'string', B: 'string', C: 'string' }, ['12345678', '1', '']),
      exposures: followed,
    };
    const shown = showRows(exposed, { ...choice, maskColumns: ['A', 'B', 'C'] });
    expect([shown.columns, shown.rows[0]]).toEqual([
      ['A', 'B'],
      ['12…78', '…'],
    ]);
  });

  it('leave an empty cell empty, masked or hidden', () => {
    const cells = result({ A: 'string' }, [''], ['x']);
    expect(showRows(cells, { ...choice, denyColumns: ['Reason'] }).rows).toEqual([[''], ['…']]);
    expect(showRows({ ...cells, exposures: followed }, { ...choice, maskColumns: ['A'] }).rows).toEqual([[''], ['…']]);
  });

  it('mask short values whole, counted in characters', () => {
    const values = result({ A: 'string', B: 'string' }, ['1234567', '🚨🚨🚨🚨🚨🚨🚨🚨']);
    const shown = showRows(
      { ...values, exposures: followed },
      {
        ...choice,
        maskColumns: ['A', 'B'],
      },
    );
    expect(shown.rows[0]).toEqual(['…', '🚨🚨…🚨🚨']);
  });

  it('show nothing of columns that nobody followed, where any are protected', () => {
    const shown = showRows(signIns, { ...choice, denyColumns: ['Reason'] });
    expect(shown.rows).toEqual([Array(4).fill('…'), Array(4).fill('…')]);
  });

  it('are not cut off where all of them are there', () => {
    expect(showRows(signIns, { ...choice, maxRows: 2 })).toMatchObject({
      rows: [[], []].map(() => expect.any(Array)),
      truncated: false,
    });
  });

  it.each(['_ItemId', 'TENANTID', 'Type', 'SourceSystem', 'MG', '_TimeReceived'])('leave out %s', (name) => {
    expect(showRows(result({ [name]: 'string', A: 'string' }, ['x', 'y']), choice).columns).toEqual(['A']);
  });

  it('say how many columns there are more, empty ones not counted', () => {
    const columns = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`C${n}`, 'string']));
    const of = (count: number) => showRows(result(columns(count), Array(count).fill('x')), choice);
    expect([of(8).columns.length, of(8).moreColumns]).toEqual([8, 0]);
    expect([of(9).columns.length, of(9).moreColumns]).toEqual([8, 1]);
    expect(showRows(result(columns(9), ['', ...Array(8).fill('x')]), choice).moreColumns).toBe(0);
  });

  it('keep a column that has a value in any row', () => {
    expect(showRows(result({ A: 'string', B: 'string' }, ['', 'x'], ['y', '']), choice)).toMatchObject({
      columns: ['A', 'B'],
      rows: [
        ['', 'x'],
        ['y', ''],
      ],
    });
  });

  it('leave out empty columns and keep eight at most', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`C${n}`, 'string']));
    const shown = showRows(result(many, ['', null, '{}', ...Array.from({ length: 17 }, (_, n) => n)]), choice);
    expect(shown.columns).toEqual(['C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10']);
  });

  it('make one line of every value', () => {
    const columns = { Text: 'string', Bag: 'dynamic', Flag: 'bool', When: 'datetime', Long: 'string' };
    const shown = showRows(result(columns, ['a\n\tb', { x: [1, 'y'] }, false, 'not a time', '🚨'.repeat(200)]), choice);
    expect(shown.rows[0]).toEqual(['a b', '{"x":[1,"y"]}', 'false', 'not a time', `${'🚨'.repeat(119)}…`]);
  });

  it('cut a value from 121 characters on, and know times and nothing', () => {
    const columns = { A: 'string', B: 'string', C: 'datetime', D: 'string', E: 'dynamic' };
    const cells = ['a'.repeat(120), 'b'.repeat(121), '2026-01-10T08:31:02+01:00', new Date(0), []];
    expect(showRows(result(columns, cells, [1, 1, null, undefined, 'x']), choice).rows).toEqual([
      ['a'.repeat(120), `${'b'.repeat(119)}…`, '2026-01-10 07:31:02', '1970-01-01 00:00:00', ''],
      ['1', '1', '', '', 'x'],
    ]);
  });

  it('are none for no rows', () => {
    expect(showRows(result({ A: 'string' }), choice)).toEqual({
      columns: ['A'],
      rows: [],
      truncated: false,
      moreColumns: 0,
    });
  });
});
