import { describe, expect, it } from 'vitest';
import { mockCalls } from '../../src/engine/mocks.ts';
import { compose, following, run, states } from './support/workflow.ts';

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
  it('makes JSON of JSON with the map of that name, whatever its case and ending', async () => {
    const maps = {
      'person.LIQUID': `{ "fullName": "{{content.firstName | Append: ' ' | Append: content.lastName}}", "area": "{{content.phone | Slice: 1, 3}}" }`,
    };
    const result = await run(
      {
        Transform: liquid('jsonToJson', '@triggerBody()'),
        Name: compose("@body('Transform')['fullName']", following('Transform')),
      },
      { maps, trigger: { body: person } },
    );
    expect(result.actions['Transform']).toMatchObject({
      status: 'Succeeded',
      inputs: { content: person, ...map('Person') },
      outputs: { body: { fullName: 'Dean Ledet', area: '111' } },
    });
    expect(result.actions['Name']?.outputs).toBe('Dean Ledet');
    expect(result.calls).toEqual([]);
  });

  it('makes text of JSON, which may come as text', async () => {
    const maps = { Person: '{{content.firstName}}, {{content.id}}, {{content.rate}}' };
    const content = '{"firstName": "Dean", "id": 12345678901234567, "rate": 2.5}';
    const { actions } = await run({ T: liquid('JsonToText', content) }, { maps });
    expect(actions['T']?.outputs).toEqual({ body: 'Dean, 12345678901234567, 2.5' });
  });

  it('reads the JSON that a map makes as leniently as the service: comments and surplus commas pass, digits stay', async () => {
    const maps = {
      Person: '{ "all": [{% for n in content %}{{n}}, {% endfor %}], // numbers\n "long": 12345678901234567 }',
    };
    const result = await run(
      { T: liquid('JsonToJson', [1, 2.5]), C: compose("@string(body('T'))", following('T')) },
      { maps },
    );
    expect(result.actions['C']?.outputs).toBe('{"all":[1,2.5],"long":12345678901234567}');
  });

  it('fails where the map makes no JSON', async () => {
    const maps = { Person: '{"firstName": {{content.firstName}}}' };
    const { actions } = await run({ T: liquid('JsonToJson', person) }, { maps });
    expect(actions['T']).toMatchObject({ status: 'Failed', code: 'IncorrectLiquidTransformOutputType' });
    expect(actions['T']?.error?.message).toMatch(
      /^An error occurred while converting the transformed value to JSON\. The transformed value is not a valid JSON\. 'Unexpected token/,
    );
  });

  it('fails where the map cannot be read, and says where its name comes from', async () => {
    const { actions } = await run(
      { T: liquid('JsonToText', person) },
      { maps: { Person: '{% if content.firstName %}' } },
    );
    expect(actions['T']).toMatchObject({
      status: 'Failed',
      code: 'BadRequest',
      error: { message: "The Liquid map 'Person' of 'T' cannot be read: if tag was never closed." },
    });
  });

  it.each([
    [
      'text that is not JSON',
      'Dean',
      "The 'content' of the Liquid action 'T' must be JSON, but it is a text that cannot be read as JSON.",
    ],
    [
      'bytes',
      { '$content-type': 'image/png', $content: 'iVBORw==' },
      "The 'content' of the Liquid action 'T' must be JSON, but it is of type 'image/png'.",
    ],
  ])('fails where the content is %s', async (_, content, message) => {
    const { actions } = await run({ T: liquid('JsonToText', content) }, { maps: { Person: 'x' } });
    expect(actions['T']).toMatchObject({ status: 'Failed', code: 'BadRequest', error: { message } });
  });

  it('warns of what a map writes without effect', async () => {
    const { warnings } = await run(
      { T: liquid('JsonToText', person) },
      { maps: { Person: '{{content.lastName | upcase}}' } },
    );
    expect(warnings).toEqual([
      "The Liquid map 'Person': There is no filter 'upcase': it changes nothing. Its name is 'Upcase'.",
    ]);
  });

  it('refuses a kind that there is not', async () => {
    const { actions } = await run({ T: liquid('JsonToXml', person) }, { maps: { Person: 'x' } });
    expect(actions['T']).toMatchObject({
      code: 'InvalidLiquidActionKind',
      error: {
        message:
          "The kind of the Liquid action 'T' must be JsonToJson, JsonToText, XmlToJson or XmlToText, but it is 'JsonToXml'.",
      },
    });
  });

  it.each(['Liquid', 'Xslt'])('needs the name of a map: %s', async (type) => {
    const action = { type, kind: 'JsonToJson', inputs: { content: {}, integrationAccount: {} }, runAfter: {} };
    const { actions } = await run({ T: action });
    expect(actions['T']?.error).toEqual({
      code: 'BadRequest',
      message: "The 'integrationAccount.map.name' of the inputs must be the name of a map.",
    });
  });

  it('takes its output from a mock that names it, where there is no such map', async () => {
    const { calls, unmatched } = mockCalls([{ action: 'T', body: { fullName: 'Dean Ledet' } }]);
    const { actions } = await run({ T: liquid('JsonToJson', person) }, { calls, maps: { Other: 'x' } });
    expect(actions['T']).toMatchObject({ status: 'Succeeded', outputs: { body: { fullName: 'Dean Ledet' } } });
    expect(unmatched).toEqual([]);
  });

  it('says what it needs, where it has neither map nor mock', async () => {
    const { calls, unmatched } = mockCalls([]);
    const result = await run(
      { T: liquid('JsonToJson', person), X: liquid('XmlToText', '<a/>', 'Xml') },
      { calls, maps: { Xml: 'x' } },
    );
    expect(states(result)).toEqual({ T: 'Failed', X: 'Failed' });
    expect(result.actions['T']?.error).toEqual({
      code: 'NoMock',
      message:
        "'T' needs the Liquid map 'Person': give it with the maps, or its output as a mock that names the action.",
    });
    expect(result.actions['X']?.error?.message).toBe(
      "'X' needs what the service makes of XML for the Liquid map 'Xml', which no writing tells: give its output as a mock that names the action.",
    );
    expect(unmatched.map(({ action }) => action)).toEqual(['T', 'X']);
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
