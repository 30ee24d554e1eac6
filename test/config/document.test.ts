import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/config/document.ts';

/** Place and message of what is not valid YAML. */
const problemsOf = (text: string) =>
  readDocument(text, 'signl4.yaml').problems.map(({ where, message }) => `${where.line}:${where.column} ${message}`);

describe('a document', () => {
  it('names the key that is there twice, and is read all the same', () => {
    expect(problemsOf('tag: a\ntag : b\n')).toEqual(['2:1 the key tag is there twice']);
    expect(problemsOf('filter: { tags: [a], tags: [b] }')).toEqual(['1:22 the key tags is there twice']);
    expect(readDocument('company: A\ntag: a\ntag: b\n', '').root).toMatchObject({ company: 'A' });
  });

  it('says the first stumble of the parser and every key that is there twice', () => {
    const text = 'tag: a\ntag: b\nkql: [a\ncompany: x\n';
    expect(problemsOf(text)).toEqual([
      '3:6 the list that opens here with "[" is not closed',
      '2:1 the key tag is there twice',
    ]);
    expect(readDocument(text, '').root).toEqual({});
  });

  it('keeps the words of the parser where it has none of its own', () => {
    expect(problemsOf('tag: |x\n y\n')).toEqual([
      expect.stringMatching(/^1:\d+ this is not valid YAML: Block scalar header/),
    ]);
  });

  it('names the innermost of the brackets that are open', () => {
    expect(problemsOf('filter: { tags: [a\nkql: 1\n')).toEqual([
      '1:17 the list that opens here with "[" is not closed',
    ]);
    expect(problemsOf('filter: { a: [x], b: { c: 1\nkql: 1\n')).toEqual([
      '1:22 the section that opens here with "{" is not closed',
    ]);
  });
});

describe('the place of a path', () => {
  const text = 'filter:\n  tags:\n    - a\n    - &b { x: 1 }\n  copy: *b\ncompany:\n';
  const { locate } = readDocument(text, '');

  it.each([
    [['filter'], 'key', 1, 1],
    [['filter'], 'value', 2, 3],
    [['filter', 'tags', 1], 'value', 4, 10],
    [['filter', 'tags', 1], 'key', 4, 10],
    [['filter', 'tags', 1, 'x'], 'value', 4, 15],
    [['filter', 'copy', 'x'], 'value', 4, 15],
    [['company'], 'value', 6, 9],
    [[], 'value', 1, 1],
  ] as const)('%j, its %s, is line %i, column %i', (path, at, line, column) => {
    expect(locate(path, at)).toEqual({ line, column });
  });

  it('that the text does not have is the nearest above', () => {
    const tags = locate(['filter', 'tags'], 'value');
    for (const path of [
      ['filter', 'tags', 7],
      ['filter', 'tags', 'x'],
      ['filter', 'tags', 7, 'y'],
    ])
      expect(locate(path, 'value')).toEqual(tags);
    expect(locate(['filter', 0], 'value')).toEqual(locate(['filter'], 'value'));
    expect(readDocument('', '').locate(['tag'], 'key')).toEqual({ line: 1, column: 1 });
  });
});
