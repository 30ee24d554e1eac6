import { describe, expect, it } from 'vitest';
import { readPositions } from '../../src/verify/json-text.ts';

const text = `{
  // what it is
  "name": "a \\"b\\": c",
  "list": [
    1,
    { "a/b": { "x~y": [] } },
  ],
  "name": 2
}`;

describe('positions in a JSON text', () => {
  const positions = readPositions(text);

  it.each([
    ['/list', 4, 3],
    ['/list/0', 5, 5],
    ['/list/1', 6, 5],
    ['/list/1/a~1b', 6, 7],
    ['/list/1/a~1b/x~0y', 6, 16],
    ['/name', 8, 3],
  ])('%s is at %i:%i', (pointer, line, column) => {
    expect(positions.positionOf(pointer)).toEqual({ line, column });
  });

  it('gives the nearest place around one that is not there', () => {
    expect(positions.positionOf('/list/1/missing/too')).toEqual({ line: 6, column: 5 });
    expect(positions.positionOf('/missing')).toEqual({ line: 1, column: 1 });
  });

  it('tells members that occur twice', () => {
    expect(positions.duplicates).toEqual([
      { pointer: '/name', name: 'name', first: { line: 3, column: 3 }, second: { line: 8, column: 3 } },
    ]);
  });
});
