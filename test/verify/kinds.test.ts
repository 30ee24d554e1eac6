import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { kindOfJson } from '../../src/verify/kinds.ts';
import { contoso, paths } from './contoso/files.ts';

describe('the kind of a JSON file', () => {
  it.each([
    [paths.playbook, 'template'],
    [paths.package, 'template'],
    [paths.ui, 'create-ui'],
    [paths.swagger, 'swagger'],
    [paths.properties, 'api-properties'],
    [paths.data, 'solution-data'],
    [paths.metadata, 'solution-metadata'],
    [paths.dataConnector, 'data-connector'],
    [paths.manifest, 'manifest'],
  ])('of %s is told by its content: %s', (path, kind) => {
    expect(kindOfJson(JSON.parse(String(contoso().get(path))) as JsonObject)).toBe(kind);
  });

  it('is a workflow with and without the resource around it', () => {
    const definition = { triggers: {}, actions: {} };
    for (const json of [definition, { definition }, { properties: { definition } }]) {
      expect(kindOfJson(json)).toBe('workflow');
    }
  });

  it('is nothing in particular otherwise', () => {
    expect(kindOfJson({ hello: 'world' })).toBe('other-json');
    expect(kindOfJson([1])).toBe('other-json');
  });
});
