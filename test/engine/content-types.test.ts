import { describe, expect, it } from 'vitest';
import { mockCalls } from '../../src/engine/mocks.ts';
import type { Json } from '../../src/wdl/types.ts';
import { compose, following, http, run, scripted } from './support/workflow.ts';

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const content = (type: string, text: string) => ({ '$content-type': type, $content: base64(text) });

/** Bodies by the Content-Type they came with, and what a workflow sees of them. */
const BODIES: readonly (readonly [string, Json, Json])[] = [
  ['application/json; charset=utf-8', { a: 1 }, { a: 1 }],
  ['application/problem+json', { a: 1 }, { a: 1 }],
  ['text/plain', 'hello', 'hello'],
  ['Text/CSV; charset=utf-8', 'a,b\r\n', 'a,b\r\n'],
  ['text/html', '<p>', '<p>'],
  ['text/plain', { a: 1 }, '{"a":1}'],
  ['application/octet-stream', 'hello', content('application/octet-stream', 'hello')],
  ['application/xml; charset=utf-8', '<a/>', content('application/xml; charset=utf-8', '<a/>')],
  ['image/png', content('image/png', 'x'), content('image/png', 'x')],
  [
    'application/x-www-form-urlencoded',
    'test&x=y=z&&&===&a+b=%C3%A4%',
    {
      ...content('application/x-www-form-urlencoded', 'test&x=y=z&&&===&a+b=%C3%A4%'),
      $formdata: [
        { key: 'test', value: '' },
        { key: 'x', value: 'y=z' },
        { key: '', value: '' },
        { key: '', value: '' },
        { key: '', value: '==' },
        { key: 'a b', value: '%C3%A4%' },
      ],
    },
  ],
];

const MULTIPART = 'multipart/form-data; boundary=----b';
const PARTS = [
  '------b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny=z\r\n',
  '------b\r\nContent-Disposition: form-data; name="code"; filename="a.rs"\r\nContent-Type: text/rust\r\n\r\nfn {}\n\r\n',
  '------b\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n',
  '------b--\r\n',
].join('');

describe('a body', () => {
  it.each(BODIES)('of type %s arrives as a workflow sees it: %j', async (type, sent, seen) => {
    const headers = { 'content-type': type };
    const asTrigger = await run({ Read: compose('@triggerBody()') }, { trigger: { headers, body: sent } });
    expect(asTrigger.actions['Read']?.outputs).toEqual(seen);
    expect(asTrigger.trigger.outputs).toEqual({ headers, body: seen });
    const call = { Call: http(), Read: compose("@body('Call')", following('Call')) };
    const asAnswer = await run(call, { calls: mockCalls([{ path: '*', headers, body: sent }]).calls });
    expect(asAnswer.actions['Read']?.outputs).toEqual(seen);
    const failing = await run(call, { calls: mockCalls([{ path: '*', status: 404, headers, body: sent }]).calls });
    expect(failing.actions['Call']?.outputs).toEqual({ statusCode: 404, headers, body: seen });
    const hook = {
      Wait: { type: 'HttpWebhook', inputs: { subscribe: { method: 'POST', uri: 'https://x.example/' } }, runAfter: {} },
      Read: compose("@body('Wait')", following('Wait')),
    };
    const called = await run(hook, { calls: mockCalls([{ path: '*', callback: { headers, body: sent } }]).calls });
    expect(called.actions['Read']?.outputs).toEqual(seen);
  });

  it('that is not described stays as it is', async () => {
    const call = { Call: http(), Read: compose("@body('Call')", following('Call')) };
    for (const body of ['text', { a: 1 }, null]) {
      const { actions } = await run(call, { calls: scripted({ status: 200, body }) });
      expect(actions['Read']?.outputs).toEqual(body);
    }
  });

  it('with parts has each of them as its own type says', async () => {
    const actions = {
      Read: compose('@triggerBody()?["$multipart"]'.replaceAll('"', "'")),
      Value: compose("@triggerFormDataValue('x')"),
      Part: compose('@triggerMultipartBody(1)'),
    };
    const result = await run(actions, { trigger: { headers: { 'Content-Type': MULTIPART }, body: PARTS } });
    expect(result.actions['Read']?.outputs).toEqual([
      {
        headers: { 'Content-Disposition': 'form-data; name="x"', 'Content-Length': '3' },
        body: content('application/octet-stream', 'y=z'),
      },
      {
        headers: {
          'Content-Disposition': 'form-data; name="code"; filename="a.rs"',
          'Content-Type': 'text/rust',
          'Content-Length': '6',
        },
        body: 'fn {}\n',
      },
      { headers: { 'Content-Type': 'application/json', 'Content-Length': '7' }, body: { a: 1 } },
    ]);
    expect(result.actions['Value']?.outputs).toBe('y=z');
    expect(result.actions['Part']?.outputs).toBe('fn {}\n');
  });

  it('with a part of JSON keeps the kinds of its numbers', async () => {
    const part = (json: string) => `------b\r\nContent-Type: application/json\r\n\r\n${json}\r\n`;
    const parts = `${part('{"half":1.0,"id":9007199254740993}')}${part('no JSON')}${part('['.repeat(600))}------b--\r\n`;
    const actions = {
      Halves: compose("@div(triggerMultipartBody(0)['half'], 2)"),
      Id: compose("@string(triggerMultipartBody(0)['id'])"),
      Text: compose("@concat(triggerMultipartBody(1), '/', string(length(triggerMultipartBody(2))))"),
    };
    const result = await run(actions, { trigger: { headers: { 'Content-Type': MULTIPART }, body: parts } });
    const outputs = Object.values(result.actions).map((action) => action.outputs);
    expect(outputs).toEqual([0.5, '9007199254740993', 'no JSON/600']);
  });

  it('is sent as the bytes that a content object stands for', async () => {
    const send = (body: unknown, headers = {}) => ({
      Send: { type: 'Http', inputs: { method: 'POST', uri: 'https://x.example/', headers, body }, runAfter: {} },
    });
    const calls = scripted({ status: 200 });
    await run(send('@xml(\'<a b="1"/>\')'), { calls });
    await run(send("@binary('x')", { 'content-type': 'application/pdf' }), { calls });
    await run(send({ file: "@binary('x')" }), { calls });
    expect(calls.asked.map(({ headers, body }) => ({ headers, body }))).toEqual([
      { headers: { 'Content-Type': 'application/xml;charset=utf-8' }, body: '<a b="1" />' },
      { headers: { 'content-type': 'application/pdf' }, body: content('application/octet-stream', 'x') },
      { headers: {}, body: { file: content('application/octet-stream', 'x') } },
    ]);
  });

  it('of a Response is what the caller receives', async () => {
    const answer = { Answer: { type: 'Response', inputs: { statusCode: 200, body: "@xml('<a/>')" }, runAfter: {} } };
    const { response, actions } = await run(answer);
    expect(response).toMatchObject({ headers: { 'Content-Type': 'application/xml;charset=utf-8' }, body: '<a />' });
    expect(actions['Answer']?.outputs).toMatchObject({ body: content('application/xml;charset=utf-8', '<a />') });
  });
});
