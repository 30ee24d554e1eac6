import { describe, expect, it } from 'vitest';
import { run } from './support/workflow.ts';

async function operate(type: string, inputs: object, body?: unknown) {
  const result = await run(
    { Do: { type, inputs, runAfter: {} } },
    body === undefined ? {} : { trigger: { body: body as never } },
  );
  const { status, code, error, outputs } = result.actions['Do'] ?? {};
  return { status, code, message: error?.message, outputs: outputs as { body?: unknown } | undefined };
}

describe('Select', () => {
  it('makes an object or a value of every item', async () => {
    const alerts = [{ id: 'a', s: 'High' }, { id: 'b' }];
    const objects = await operate(
      'Select',
      { from: '@triggerBody()', select: { key: "@item()['id']", severity: "@item()?['s']" } },
      alerts,
    );
    expect(objects.outputs).toEqual({
      body: [
        { key: 'a', severity: 'High' },
        { key: 'b', severity: null },
      ],
    });
    const texts = await operate('Select', { from: '@triggerBody()', select: "@item()['id']" }, alerts);
    expect(texts.outputs).toEqual({ body: ['a', 'b'] });
  });

  it('fails for what is not an array', async () => {
    expect(await operate('Select', { from: "@triggerBody()?['value']", select: 1 }, {})).toMatchObject({
      status: 'Failed',
      code: 'BadRequest',
      message: "The 'from' property value in the 'select' action inputs is of type 'Null'. The value must be an array.",
    });
  });
});

describe('Query', () => {
  it('keeps the items for which the condition is true', async () => {
    const { outputs } = await operate('Query', { from: '@range(1, 5)', where: '@greater(item(), 3)' });
    expect(outputs).toEqual({ body: [4, 5] });
  });

  it('fails where the condition is not a boolean', async () => {
    const { status, message } = await operate('Query', { from: [1], where: '@item()' });
    expect(status).toBe('Failed');
    expect(message).toContain("is of type 'Integer' but is expected to be a value of type 'Boolean'");
  });
});

describe('Join', () => {
  it('puts a separator between the texts of the items', async () => {
    const { outputs } = await operate('Join', { from: ['a', 1, { b: true }], joinWith: '; ' });
    expect(outputs).toEqual({ body: 'a; 1; {"b":true}' });
  });
});

describe('Table', () => {
  const rows = [
    {
      name: `A <b>&"x" 'y'`,
      n: 1.5,
      flag: true,
      none: null,
      obj: { k: 'v', n: 1 },
      comma: 'a,b',
      lines: 'l1\nl2',
      letters: 'ä€😀',
    },
    { name: 'B', n: 0, flag: false, extra: 'only in row 2' },
  ];

  it('writes CSV with a column for every property, CRLF, and quotes only where they are due', async () => {
    const { outputs } = await operate('Table', { from: '@triggerBody()', format: 'CSV' }, rows);
    expect(outputs?.body).toBe(
      'name,n,flag,none,obj,comma,lines,letters,extra\r\n' +
        '"A <b>&""x"" \'y\'",1.5,True,,"{""k"":""v"",""n"":1}","a,b","l1\nl2",ä€😀,\r\n' +
        'B,0,False,,,,,,only in row 2\r\n',
    );
  });

  it('writes HTML, encoded as .NET does', async () => {
    const { outputs } = await operate('Table', { from: '@triggerBody()', format: 'html' }, [rows[0]]);
    expect(outputs?.body).toBe(
      '<table><thead><tr><th>name</th><th>n</th><th>flag</th><th>none</th><th>obj</th><th>comma</th><th>lines</th><th>letters</th></tr></thead>' +
        '<tbody><tr><td>A &lt;b&gt;&amp;&quot;x&quot; &#39;y&#39;</td><td>1.5</td><td>True</td><td></td>' +
        '<td>{&quot;k&quot;:&quot;v&quot;,&quot;n&quot;:1}</td><td>a,b</td><td>l1\nl2</td><td>&#228;€&#128512;</td></tr></tbody></table>',
    );
  });

  it('takes the chosen columns, with headers even without rows', async () => {
    const columns = [
      { header: 'IP', value: "@item()?['ip']" },
      { header: '', value: "@length(item()?['seen'])" },
    ];
    const some = await operate('Table', { from: [{ ip: '192.0.2.38', seen: [1, 2] }], format: 'CSV', columns });
    expect(some.outputs?.body).toBe('IP,\r\n192.0.2.38,2\r\n');
    const none = await operate('Table', { from: [], format: 'CSV', columns });
    expect(none.outputs?.body).toBe('IP,\r\n');
  });

  it('is empty for no rows and no columns', async () => {
    expect((await operate('Table', { from: [], format: 'CSV' })).outputs?.body).toBe('');
    expect((await operate('Table', { from: [], format: 'HTML' })).outputs?.body).toBe('<table><tbody></tbody></table>');
  });

  it('refuses what the service refuses', async () => {
    expect((await operate('Table', { from: null, format: 'CSV' })).message).toBe(
      "The 'from' property value in the 'table' action inputs is of type 'Null'. The value must be of type 'Array'.",
    );
    expect((await operate('Table', { from: ['a'], format: 'CSV' })).message).toContain(
      "The property 'columns' must be specified",
    );
    expect((await operate('Table', { from: [], format: 'XML' })).message).toContain("'CSV' or 'HTML', not 'XML'");
  });
});

describe('Parse JSON', () => {
  const schema = {
    type: 'object',
    properties: {
      title: { type: 'string' },
      count: { type: 'integer', minimum: 0, exclusiveMinimum: true },
      rows: {
        type: 'array',
        items: { type: 'object', properties: { n: { type: ['integer', 'null'] } }, required: ['n'] },
      },
    },
    required: ['title'],
  };
  const parse = (content: unknown, own: unknown = schema) => operate('ParseJson', { content, schema: own });

  it('reads text, and takes other values as they are', async () => {
    expect((await parse('{"title":"x","count":1}')).outputs).toEqual({ body: { title: 'x', count: 1 } });
    expect((await parse({ title: 'x', other: [true] })).outputs).toEqual({ body: { title: 'x', other: [true] } });
    expect((await parse('[1]', {})).outputs).toEqual({ body: [1] });
  });

  it('fails with what does not fit, and where', async () => {
    const { status, code, outputs } = await parse({ count: 0, rows: [{ n: 'x' }, {}] });
    expect([status, code]).toEqual(['Failed', 'ValidationFailed']);
    const { errors } = outputs as { errors: { message: string; path: string; errorType: string }[] };
    expect(errors.map(({ message, path }) => [message, path])).toEqual(
      expect.arrayContaining([
        ['Required properties are missing from object: title.', ''],
        ['Invalid type. Expected Integer, Null but got String.', 'rows[0].n'],
        ['Required properties are missing from object: n.', 'rows[1]'],
      ]),
    );
    expect(errors.some(({ path }) => path === 'count')).toBe(true);
  });

  it('names all that an object lacks in one error', async () => {
    const needs = (...required: string[]) => ({ type: 'object', required, properties: {} });
    const many = { ...needs('a', 'b', 'c'), properties: { inner: needs('x', 'y') } };
    const { outputs } = await parse({ inner: {} }, many);
    const { errors } = outputs as { errors: { message: string; path: string }[] };
    expect(errors.map(({ message, path }) => [message, path])).toEqual([
      ['Required properties are missing from object: a, b, c.', ''],
      ['Required properties are missing from object: x, y.', 'inner'],
    ]);
  });

  it('fails for null, for text that is not JSON and for patterns', async () => {
    expect((await parse("@triggerBody()?['x']")).message).toContain(
      "Required property 'content' expects a value but got null",
    );
    expect(await parse('hello')).toMatchObject({ status: 'Failed', code: 'InvalidJSON' });
    expect(await parse('{}', { properties: { a: { pattern: '^a' } } })).toMatchObject({
      code: 'ActionSchemaNotSupported',
    });
  });

  it('does not take a property called pattern for the keyword', async () => {
    expect(await parse('{"pattern":"x"}', { properties: { pattern: { type: 'string' } } })).toMatchObject({
      status: 'Succeeded',
    });
  });
});

describe('date and time operations', () => {
  it('call the function of their kind', async () => {
    const result = await run({
      Now: { type: 'Expression', kind: 'CurrentTime', inputs: {}, runAfter: {} },
      Later: {
        type: 'Expression',
        kind: 'AddToTime',
        inputs: { baseTime: '2026-01-10T08:00:00Z', interval: 2, timeUnit: 'Hour' },
        runAfter: {},
      },
      Past: { type: 'Expression', kind: 'GetPastTime', inputs: { interval: 1, timeUnit: 'Day' }, runAfter: {} },
      There: {
        type: 'Expression',
        kind: 'ConvertTimeZone',
        inputs: {
          baseTime: '2026-01-10T08:00:00Z',
          sourceTimeZone: 'UTC',
          destinationTimeZone: 'W. Europe Standard Time',
          formatString: 'HH:mm',
        },
        runAfter: {},
      },
    });
    const bodies = Object.values(result.actions).map(({ outputs }) => (outputs as { body: string }).body);
    expect(bodies).toEqual([
      '2026-01-10T08:00:00.0000000Z',
      '2026-01-10T10:00:00.0000000Z',
      '2026-01-09T08:00:00.0000000Z',
      '09:00',
    ]);
  });

  it('fail for an unknown kind or a missing input', async () => {
    const result = await run({
      Odd: { type: 'Expression', kind: 'Sundial', inputs: {}, runAfter: {} },
      Short: { type: 'Expression', kind: 'AddToTime', inputs: { interval: 1 }, runAfter: {} },
    });
    expect(result.actions['Odd']?.error?.message).toContain("'Sundial'");
    expect(result.actions['Short']?.error?.message).toContain("lack 'baseTime'");
  });
});
