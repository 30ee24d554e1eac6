import { describe, expect, it } from 'vitest';
import { printDefinition } from '../../src/connector/print.ts';
import { definition, text } from './generated.ts';

describe('the text of a definition', () => {
  it('says what the definition says', () => {
    expect(JSON.parse(text('apiDefinition.swagger.json'))).toEqual(JSON.parse(JSON.stringify(definition)));
  });

  it('stays far below the 500,000 characters above which publishers were refused', () => {
    expect(text('apiDefinition.swagger.json').length).toBeLessThan(300_000);
  });

  it('gives what fits one line, and indents the rest by four blanks', () => {
    const long = { name: 'x'.repeat(400), description: 'y'.repeat(400) };
    expect(printDefinition({ a: [1, { b: '' }], c: {}, d: [], long, gone: undefined })).toBe(
      `{\n    "a": [1, {"b": ""}],\n    "c": {},\n    "d": [],\n    "long": {\n        "name": "${long.name}",\n        "description": "${long.description}"\n    }\n}`,
    );
  });
});
