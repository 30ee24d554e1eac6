import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect, it } from 'vitest';
import { describeShared, sharedPath } from '../support/shared.ts';
import { parsed } from './generated.ts';

describeShared('the published JSON Schemas', () => {
  it('accept apiDefinition.swagger.json', () => {
    const validate = compile('apiDefinition.swagger.schema.json');
    validate(parsed('apiDefinition.swagger.json'));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('accept apiProperties.json', () => {
    const validate = compile('apiProperties.schema.json');
    validate(parsed('apiProperties.json'));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('would find a misspelled extension and a parameter of an unknown type', () => {
    const validate = compile('apiDefinition.swagger.schema.json');
    const definition = parsed<{ paths: Record<string, { get: object }> }>('apiDefinition.swagger.json');
    expect(validate({ ...definition, 'x-ms-conector-metadata': [] })).toBe(false);
    const parameters = [{ name: 'a', in: 'query', type: 'text' }];
    const path = { get: { operationId: 'A', parameters, responses: { 200: { description: 'A.' } } } };
    expect(validate({ ...definition, paths: { '/a': path } })).toBe(false);
  });
});

/** Both schemas carry comments, and the larger one is written in draft 4, which Ajv no longer reads. */
function compile(name: string): ValidateFunction {
  const source = readFileSync(sharedPath(`reference/schemas/${name}`), 'utf8');
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  return ajv.compile(asDraft7(JSON.parse(withoutComments(source))) as object);
}

function withoutComments(source: string): string {
  return source.replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*/g, (_, text: string | undefined) => text ?? '');
}

/** Draft 4 as draft 7: `id` and `$schema` go, limits become numbers, the meta schema is the one that Ajv has. */
function asDraft7(schema: unknown, isSchema = true): unknown {
  if (Array.isArray(schema)) return schema.map((item) => asDraft7(item));
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (isSchema && (key === 'id' || key === '$schema') && typeof value === 'string') return [];
    if (isSchema && /^exclusiveM(in|ax)imum$/.test(key) && typeof value === 'boolean') return [];
    if (key === '$ref' && typeof value === 'string')
      return [[key, value.replace('/draft-04/', '/draft-07/').replace('/positiveInteger', '/nonNegativeInteger')]];
    return [[key, asDraft7(value, key !== 'properties' && key !== 'definitions')]];
  });
  return Object.fromEntries(members);
}
