import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

/** What is said of the file: place, message and remedy of each problem. */
function said(text: string): readonly (readonly (string | undefined)[])[] {
  try {
    loadConfig(text, 'signl4.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, message, remedy }) => [
      `${where.line}:${where.column} ${where.path}`,
      message,
      remedy,
    ]);
  }
}
const first = (text: string) => said(text)[0];

describe('a value of another type', () => {
  it.each([
    ['kql: { enabled: yes }', 'expected true or false, got "yes"', 'Write true.'],
    ['kql: { enabled: ON }', 'expected true or false, got "ON"', 'Write true.'],
    ['kql: { enabled: "no" }', 'expected true or false, got "no"', 'Write false.'],
    ['kql: { enabled: Off }', 'expected true or false, got "Off"', 'Write false.'],
    ['kql: { enabled: oh yes }', 'expected true or false, got "oh yes"', undefined],
    ['kql: { enabled: yes please }', 'expected true or false, got "yes please"', undefined],
    ['kql: { enabled: nobody }', 'expected true or false, got "nobody"', undefined],
    ['kql: { enabled: so-no }', 'expected true or false, got "so-no"', undefined],
    ['kql: { enabled: "true" }', 'expected true or false, got "true"', 'Remove the quotes: true'],
    ['kql: { enabled: 1 }', 'expected true or false, got 1', undefined],
    ['kql: { maxRows: "15" }', 'expected a whole number, got "15"', 'Remove the quotes: 15'],
    ['kql: { maxRows: "no" }', 'expected a whole number, got "no"', 'Choose a whole number from 1 to 100.'],
    ['kql: { maxRows: "yes" }', 'expected a whole number, got "yes"', 'Choose a whole number from 1 to 100.'],
    ['kql: { maxRows: about 15 }', 'expected a whole number, got "about 15"', 'Choose a whole number from 1 to 100.'],
    ['kql: { maxRows: 15 rows }', 'expected a whole number, got "15 rows"', 'Write the number alone: 15'],
    ['kql: { maxRows: true }', 'expected a whole number, got true', 'Choose a whole number from 1 to 100.'],
    ['company: 42', 'expected a string, got 42', 'Put it in quotes: "42"'],
    ['company: true', 'expected a string, got true', 'Put it in quotes: "true"'],
    ['company: [a]', 'expected a string, got a list', 'Put it in quotes: "[a]"'],
    ['company: { a: b }', 'expected a string, got a section', 'Put it in quotes: "{ a: b }"'],
    ['company:', 'expected a string, got nothing', 'Write a value, or remove the line to get the default.'],
    ['filter: { tags: 42 }', 'expected a list, got 42', 'Write a list: ["42"]'],
    ['filter: { severities: medi }', 'expected a list, got "medi"', 'Write a list: [Medium]'],
    ['filter: { tags: { a: b } }', 'expected a list, got a section', 'Begin each entry with "- ".'],
    ['owners: me', 'expected a section, got "me"', undefined],
  ])('is said of %s', (text, message, remedy) => {
    expect(first(text)?.slice(1)).toEqual([message, remedy]);
  });

  it('is told the members of a section', () => {
    expect(first('sweep: often')?.slice(1)).toEqual([
      'expected a section, got "often"',
      'Put its members on lines of their own: everyMinutes, lookBackHours',
    ]);
  });
});

describe('a value that is none of those allowed', () => {
  it.each([
    ['filter: { severities: [h] }', 'Did you mean High?'],
    ['filter: { severities: [MEDUM] }', 'Did you mean Medium?'],
    ['filter: { severities: [Critical] }', undefined],
    ['filter: { severities: [""] }', undefined],
    ['close: { classification: benign }', 'Did you mean BenignPositive - SuspiciousButExpected?'],
  ])('%s', (text, remedy) => {
    const [place, message, said] = first(text) ?? [];
    expect(place).toMatch(/\[0\]$|classification$/);
    expect(message).toMatch(/must be one of |expected /);
    expect(said).toBe(remedy);
  });
});

describe('a key that is not known', () => {
  it.each([
    ['xyzzy: 1', 'there is no key "xyzzy" at the top level'],
    ['sweep: { xyzzy: 1 }', 'there is no key "xyzzy" in sweep'],
    ['relay: { azure: { xyzzy: 1 } }', 'there is no key "xyzzy" in relay.azure'],
  ])('%s is said with its place', (text, message) => {
    expect(first(text)?.[1]).toBe(message);
  });

  it('is told what there is where nothing is like it', () => {
    expect(first('sweep: { xyzzy: 1 }')?.[2]).toBe('Known here: everyMinutes, lookBackHours.');
  });

  it('is told where a key of this name lives, beside the one that is like it', () => {
    expect(first('denyColumns: [a]')?.[2]).toBe('Did you mean "denyColumns" in "kql"?');
    expect(first('sweep: { enabled: true }')?.[2]).toBe('Did you mean "enabled" in "kql" or "enabled" in "graph"?');
  });
});

describe('a string of another form', () => {
  it('is said with what it should be, and an example', () => {
    expect(first('tag: " x"')?.slice(1)).toEqual([
      '" x" is not a tag (1 to 100 characters, no space at either end)',
      'For example "SIGNL4"',
    ]);
  });

  it('is shortened from 61 characters on', () => {
    const quoted = (length: number) => first(`relay: { url: "${'x'.repeat(length)}" }`)?.[1];
    expect(quoted(58)).toMatch(/^"x{58}" /);
    expect(quoted(59)).toMatch(/^"x{56}…" /);
  });

  it('is a name where the name is wrong, and its place is the key', () => {
    expect(first('close: { hashtags: { "a b": Undetermined } }')).toEqual([
      '1:22 close.hashtags["a b"]',
      '"a b" is not a hashtag (letters, digits, "_" and "-", without #)',
      'For example "fp"',
    ]);
  });
});

describe('limits', () => {
  it.each([
    ['kql: { maxRows: 0 }', '0 is out of range', 'Choose a whole number from 1 to 100.'],
    ['kql: { maxRows: 101 }', '101 is out of range', 'Choose a whole number from 1 to 100.'],
    [`company: ${'x'.repeat(201)}`, 'the text has 201 characters; 200 are allowed', 'Shorten it by 1 character.'],
    ['filter: { tags: [a, b, c, b] }', '"b" is in the list twice', 'Remove it here, entry 2 says the same.'],
  ])('are said for %s', (text, message, remedy) => {
    expect(first(text)?.slice(1)).toEqual([message, remedy]);
  });

  it.each(['kql: { maxRows: 1 }', 'kql: { maxRows: 100 }', `company: ${'x'.repeat(200)}`])('hold %s', (text) => {
    expect(said(text)).toEqual([]);
  });

  it('that a list repeats an entry is said at the second', () => {
    expect(first('filter: { tags: [a, b, c, b] }')?.[0]).toBe('1:27 filter.tags[3]');
  });
});

describe('what is missing', () => {
  it('is said with its name', () => {
    expect(first('targets: [{ company: A }]')?.slice(1)).toEqual([
      '"name" is missing',
      'Add "name: …" (Name of the target and of its folder below the output folder.)',
    ]);
  });
});

describe('problems', () => {
  it('are in the order of the text, and each once', () => {
    const text = 'kql: { maxRows: 0, timeoutSeconds: 0 }\nsweep: { everyMinutes: 0, lookBackHours: 0 }\ntag: ""';
    expect(said(text).map(([place]) => place)).toEqual([
      '1:17 kql.maxRows',
      '1:36 kql.timeoutSeconds',
      '2:24 sweep.everyMinutes',
      '2:42 sweep.lookBackHours',
      '3:6 tag',
    ]);
  });

  it('of one value do not hide what else is wrong', () => {
    const text = [
      'targets:',
      '  - { name: a, sweep: { everyMinutes: 600, lookBackHours: 1 }, tag: 7 }',
      '  - { name: A, filter: { tags: [SIGNL4], products: [3] } }',
    ].join('\n');
    expect(said(text).map(([place]) => place)).toEqual([
      '2:59 targets[0].sweep.lookBackHours',
      '2:69 targets[0].tag',
      '3:13 targets[1].name',
      '3:33 targets[1].filter.tags[0]',
      '3:53 targets[1].filter.products[0]',
    ]);
  });

  it('speak as one error for the first of them', () => {
    const error = (() => {
      try {
        return loadConfig('kql: { maxRows: 0 }\ntag: ""', 'signl4.yaml');
      } catch (caught) {
        return caught as ConfigError;
      }
    })();
    expect(error).toMatchObject({
      name: 'ConfigError',
      message: '0 is out of range',
      remedy: 'Choose a whole number from 1 to 100.',
      where: { file: 'signl4.yaml', line: 1, column: 17, path: 'kql.maxRows' },
    });
    expect(() => loadConfig('kql: { enabled: 1 }', '')).toThrow(
      expect.not.objectContaining({ remedy: expect.any(String) }),
    );
  });
});
