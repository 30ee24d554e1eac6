import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/wdl/types.ts';
import { fieldLines } from '../../src/workflow/picture/field-text.ts';

const properties = "triggerBody()?['object']?['properties']";

describe('the text of a step in a picture', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    [
      'fields of an event',
      {
        type: 'ApiConnection',
        inputs: {
          body: {
            Title: `@{${properties}?['severity']}: @{${properties}?['title']}`,
            Message: "Alerts:\n@{join(body('Alert_lines'), ', ')}",
            'X-S4-Status': 'new',
          },
        },
      },
      ['Title: [Incident Severity]: [Incident Title]', 'Message: Alerts: ↵ fx join(...)', 'Status: new'],
    ],
    ['a body of one token', { type: 'ApiConnection', inputs: { body: "@body('Ask')?['event']" } }, ['Body: [event]']],
    [
      'rows, groups and what is negated',
      {
        type: 'If',
        expression: {
          and: [
            { contains: ["@parameters('Severities')", `@${properties}?['severity']`] },
            {
              or: [{ not: { equals: ["@outputs('A')?['statusCode']", 201] } }, { equals: ["@variables('Note')", ''] }],
            },
          ],
        },
      },
      ['[Severities] contains [Incident Severity]', 'and ([Status code] ≠ 201', '  or [Note] = (blank))'],
    ],
    [
      'a loop',
      { type: 'Until', expression: "@equals(outputs('A')?['statusCode'], 200)" },
      ['Until: [Status code] = 200'],
    ],
    [
      'a filter',
      { type: 'Query', inputs: { from: "@body('All')", where: "@not(contains(item()?['properties']?['a'], 'x'))" } },
      ['From: [All]', 'Where: [properties.a] does not contain x'],
    ],
    [
      'an HTTP call',
      { type: 'Http', inputs: { method: 'PUT', uri: "@{parameters('Base')}/a", body: { message: 'Hello' } } },
      ['PUT: [Base]/a', 'message: Hello'],
    ],
    ['a step without fields', { type: 'Scope', actions: {} }, []],
  ])('shows %s', (_, action, lines) => {
    expect(fieldLines(action)).toEqual(lines);
  });
});
