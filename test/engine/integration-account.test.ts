import { describe, expect, it } from 'vitest';
import { mockCalls } from '../../src/engine/mocks.ts';
import { compose, following, run } from './support/workflow.ts';

const map = (name: string) => ({ integrationAccount: { map: { name } } });
const liquid = (kind: string, content: unknown, name = 'Person', more = {}) => ({
  type: 'Liquid',
  kind,
  inputs: { content, ...map(name) },
  runAfter: {},
  ...more,
});
const person = { firstName: 'Dean', lastName: 'Ledet', phone: '(111)0001111' };

describe('Liquid', () => {
  it.each(['Liquid', 'Xslt'])('needs the name of a map: %s', async (type) => {
    const action = { type, kind: 'JsonToJson', inputs: { content: {}, integrationAccount: {} }, runAfter: {} };
    const { actions } = await run({ T: action });
    expect(actions['T']?.error).toEqual({
      code: 'BadRequest',
      message: "The 'integrationAccount.map.name' of the inputs must be the name of a map.",
    });
  });

  it('takes its output from a mock that names it', async () => {
    const { calls, unmatched } = mockCalls([{ action: 'T', body: { fullName: 'Dean Ledet' } }]);
    const { actions } = await run({ T: liquid('JsonToJson', person) }, { calls });
    expect(actions['T']).toMatchObject({ status: 'Succeeded', outputs: { body: { fullName: 'Dean Ledet' } } });
    expect(unmatched).toEqual([]);
  });

  it('says what it needs, where no mock names it', async () => {
    const { calls, unmatched } = mockCalls([]);
    const { actions } = await run({ T: liquid('JsonToJson', person) }, { calls });
    expect(actions['T']?.error).toEqual({
      code: 'NoMock',
      message:
        "'T' needs DotLiquid for the map 'Person', which this engine does not have: give its output as a mock that names the action.",
    });
    expect(unmatched.map(({ action }) => action)).toEqual(['T']);
  });
});

describe('Xslt', () => {
  const xslt = (more = {}) => ({
    type: 'Xslt',
    inputs: { content: '<a>1</a>', ...map('TestMap'), ...more },
    runAfter: {},
  });

  it('takes its output from a mock that names it: XML as a content object, as the service gives it', async () => {
    const { calls } = mockCalls([{ action: 'Transform XML', body: '<b>1</b>' }]);
    const result = await run(
      {
        Transform_XML: xslt(),
        Value: compose("@xpath(xml(body('Transform_XML')), 'string(/b)')", following('Transform_XML')),
      },
      { calls },
    );
    expect(result.actions['Transform_XML']?.outputs).toEqual({
      body: { '$content-type': 'application/xml; charset=utf-8', $content: 'PGI+MTwvYj4=' },
    });
    expect(result.actions['Value']?.outputs).toBe('1');
    expect(result.calls).toMatchObject([{ kind: 'IntegrationAccount', method: 'XSLT', path: 'TestMap', status: 200 }]);
  });

  it.each([
    ['text where the action generates text', { transformOptions: 'DisableByteOrderMark, GenerateTextOutput' }, {}],
    ['what its Content-Type says', {}, { headers: { 'Content-Type': 'text/plain' } }],
  ])('gives %s', async (_, inputs, more) => {
    const { calls } = mockCalls([{ action: 'T', body: '1;2', ...more }]);
    const { actions } = await run({ T: xslt(inputs) }, { calls });
    expect(actions['T']?.outputs).toEqual({ body: '1;2' });
  });

  it('fails as its mock says, and is not tried again', async () => {
    const { calls } = mockCalls([{ action: 'T', status: 500, body: { error: 'map' } }]);
    const { actions } = await run({ T: xslt() }, { calls });
    expect(actions['T']).toMatchObject({ status: 'Failed', code: 'InternalServerError' });
    expect(actions['T']?.retries).toBeUndefined();
  });

  it('says that it needs an XSLT processor, where no mock names it', async () => {
    const { actions } = await run({ T: xslt() }, { calls: mockCalls([]).calls });
    expect(actions['T']?.error?.message).toBe(
      "'T' needs an XSLT processor for the map 'TestMap', which this engine does not have: give its output as a mock that names the action.",
    );
  });
});

describe('JavaScriptCode', () => {
  const code = { type: 'JavaScriptCode', inputs: { code: 'return 1' }, runAfter: {} };

  it('takes its output from a mock that names it', async () => {
    const { calls } = mockCalls([{ action: 'Code', body: [1, 2] }]);
    const result = await run({ Code: code, Sum: compose("@body('Code')[1]", following('Code')) }, { calls });
    expect(result.actions['Code']?.outputs).toEqual({ body: [1, 2] });
    expect(result.actions['Sum']?.outputs).toBe(2);
  });

  it('says that it needs one', async () => {
    const { actions } = await run({ Code: code }, { calls: mockCalls([]).calls });
    expect(actions['Code']?.error).toEqual({
      code: 'NoMock',
      message:
        "'Code' needs JavaScript on an integration account, which this engine does not run: give its output as a mock that names the action.",
    });
  });
});
