import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';
import { formatWhere, type UserError } from '../../src/domain/errors.ts';

/** What is wrong with a file, as its author reads it: `place: message -> remedy`. */
function problemsOf(text: string): readonly UserError[] {
  try {
    loadConfig(text, '');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
const told = (text: string) =>
  problemsOf(text).map(({ where, message, remedy }) => `${formatWhere(where)}: ${message} -> ${remedy}`);

describe('a value that YAML takes for something else than text', () => {
  it.each([
    ...['007', '1.10', '1e3', '0x1F', '0o17', '1.', '-0', '+5', '.inf', '.nan', '12345678901234567890'],
    ...['true', 'True', 'FALSE'],
  ])('tag: %s is quoted as it was typed', (typed) => {
    expect(told(`tag: ${typed}   # why\n`)).toEqual([
      `:1:6 (tag): expected a string, got ${typed} -> Put it in quotes: "${typed}"`,
    ]);
  });

  it.each(['yes', 'no', 'on', 'off', '1_000', '2026-01-31', '12:30', '1.2.3'])('tag: %s is text', (typed) => {
    expect(loadConfig(`tag: ${typed}\n`, '').tag).toBe(typed);
  });

  it.each(['yes', 'NO', 'on', 'Off', '1_000', '010'])('tag: %s is quoted as it was typed under YAML 1.1', (typed) => {
    expect(told(`%YAML 1.1\n---\ntag: ${typed}\n`)).toEqual([
      `:3:6 (tag): expected a string, got ${typed} -> Put it in quotes: "${typed}"`,
    ]);
  });

  it.each(['null', '~', 'Null'])('tag: %s may be meant', (typed) => {
    expect(told(`tag: ${typed}\n`)).toEqual([
      `:1:6 (tag): expected a string, got nothing -> Write a value, or remove the line to get the default. If you mean the text itself, put it in quotes: "${typed}"`,
    ]);
  });

  it.each([
    ['filter:\n  tags: [A, 007]\n', 'filter.tags[1]', '007'],
    ['filter:\n  titleContains:\n    - 1.10\n', 'filter.titleContains[0]', '1.10'],
    ['friendlyNames: { products: { MDE: 0365 } }\n', 'friendlyNames.products.MDE', '0365'],
    ['owners:\n  a@b.c: 0x10\n', 'owners["a@b.c"]', '0x10'],
    ['callback:\n  closed:\n    tag: 010\n', 'callback.closed.tag', '010'],
    ['targets:\n  - name: 007\n', 'targets[0].name', '007'],
    ['message: { title: 1.0 }\n', 'message.title', '1.0'],
    ['x: &n 007\ntag: *n\n', 'tag', '*n'],
  ])('%j is quoted as it was typed', (text, path, typed) => {
    expect(told(text).find((line) => line.includes(`(${path})`))).toContain(`Put it in quotes: "${typed}"`);
  });
});

describe('an odd configuration', () => {
  it.each([
    ['a text in brackets', 'filter:\n  titleExcludes: [[test], drill]\n', ':2:19', 'Put it in quotes: "[test]"'],
    ['a text in braces', 'tag: {x}\n', ':1:6', 'Put it in quotes: "{x}"'],
    [
      'a text that begins with #',
      'tag: #SIGNL4\n',
      '(tag)',
      'To YAML "#" starts a comment. Put the text in quotes: "#SIGNL4"',
    ],
    [
      'a text that begins with &',
      'company: &Co\n',
      '(company)',
      'To YAML "&" starts an anchor. Put the text in quotes: "&Co"',
    ],
    [
      'a text that begins with *',
      'filter:\n  tags: [*urgent]\n',
      ':2:10',
      'Put a string that starts with "*" in quotes: "*urgent"',
    ],
    [
      'a text that begins with @',
      'company: @home\n',
      ':1:10',
      'cannot start with "@" -> Put the text in quotes: "@home"',
    ],
    ['a star alone', 'filter:\n  tags: [*]\n', ':2:10', 'Put the text in quotes: "*"'],
    ['a variable of a shell', 'company: %NAME%\n', ':1:10', 'Put the text in quotes: "%NAME%"'],
    ['a text in backticks', 'company: `A "b"`\n', ':1:10', 'Put the text in quotes: \'`A "b"`\''],
    ['a path of Windows', 'company: "C:\\Users"\n', ':1:13', "single quotes ('C:\\folder')"],
    [
      'a quote that is not closed',
      'tag: x\ncompany: "A\nsweep:\n',
      ':2:10',
      'the string that opens here with " is not closed',
    ],
    ['a quote that ends too early', "company: 'A'B\n", ':1:13', 'Put the whole text in one pair of quotes'],
    ['lines of JSON without braces', '"company": "A",\n"tag": "B"\n', ':1:15', 'Remove the comma'],
    ['a key that is there twice', 'tag: a\n\ntag: b\n', ':3:1', 'Keep one of the two; the other is in line 1.'],
    ['a merge key', 'x: &a { tag: A }\ncallback: { closed: { <<: *a } }\n', ':2:23', 'Merge keys are YAML 1.1'],
    ['keys with =', 'company = A\n', ':1:1', 'Write a colon and a blank between key and value: "company: A"'],
    ['keys without a blank', 'company:A\n', ':1:1', 'Write a colon and a blank between key and value: "company: A"'],
    ['a list of keys', '- company: A\n- tag: B\n', ':1:1', 'Remove the "- " in front of the keys.'],
    [
      'a list where a section is due',
      'filter:\n  - severities: [High]\n',
      ':2:3',
      'Remove the "- " in front of its members.',
    ],
    ['another kind of file', '<?xml version="1.0"?>\n<a/>\n', ':1:1', 'This is not a signl4.yaml'],
    ['a section where a list is due', 'targets:\n  contoso: { tag: A }\n', ':2:3', '"- name: contoso"'],
    ['a name where a target is due', 'targets:\n  - contoso\n', ':2:5', 'Write "- name: contoso"'],
    ['commas where a list is due', 'filter:\n  severities: high; low\n', ':2:15', 'Write a list: [High, Low]'],
    ['a number where a list is due', 'filter:\n  tags: 007\n', ':2:9', 'Write a list: ["007"]'],
    ['a unit behind a number', 'sweep: { everyMinutes: 10 min }\n', ':1:24', 'Write the number alone: 10'],
    ['a comma in a number', 'sweep:\n  everyMinutes: 1,000\n', ':2:17', 'Write the number alone: 1000'],
    ['a fraction', 'kql: { maxRows: 5.50 }\n', ':1:17', 'got 5.50 -> Choose a whole number from 1 to 100.'],
    ['a word for a number', 'kql: { maxRows: five }\n', ':1:17', 'Choose a whole number from 1 to 100.'],
    ['a hexadecimal number out of range', 'kql: { maxRows: 0xFF }\n', ':1:17', '0xFF is out of range'],
    ['a word for true', 'kql: { enabled: Enabled }\n', ':1:17', 'Write true.'],
    ['a number for false', 'kql: { enabled: "0" }\n', ':1:17', 'Write false.'],
    ['another casing of a key', 'Filter:\n  severities: [High]\n', ':1:1', 'Did you mean "filter"?'],
    ['a no-break space before a key', 'filter:\n\u00a0 tags: [a]\n', ':2:1', 'an invisible character in it (U+00A0)'],
    [
      'a character without a width',
      'filter: { severities: [High\u200b] }\n',
      ':1:24',
      'got "High\\u200b" -> Did you mean High?',
    ],
    ['typographic quotes around a choice', 'filter: { severities: [“High”] }\n', ':1:24', 'Did you mean High?'],
    ['typographic quotes around a text', 'tag: “SIGNL4”\n', ':1:6', 'Write straight quotes, or none: "SIGNL4"'],
    ['a control character', 'company: A\u0007B\n', ':1:11', 'a control character here (U+0007)'],
    ['a line break at the end of a text', 'tag: >\n  X\n', ':1:6', '(">-") leaves the last line break out'],
    ['a number for a secret', 'apiKey: 123\n', ':1:1', '"apiKey" is a secret'],
    ['names of every object', 'constructor: 1\n', ':1:1', 'Known here: company, '],
    ['brackets without an end', `a: ${'['.repeat(3000)}\n`, ':1:', 'nested too deeply'],
    [
      'a text that is too long',
      `company: ${'x'.repeat(212)}\n`,
      ':1:10',
      '212 characters; 200 are allowed -> Shorten it by 12 characters.',
    ],
    [
      'a file that is too large',
      `tag: A\ncompany: ${'x'.repeat(9_000_000)}\n`,
      ': the file has 8.6 MB; 4.0 MB are allowed',
      'Shorten "company" first',
    ],
  ])('with %s says where, and what to write', (_, text, place, words) => {
    const lines = told(text);
    expect(lines.filter((line) => line.includes(place) && line.includes(words))).toHaveLength(1);
  });

  it.each([
    ['nothing in it', ''],
    ['comments alone', '# company: A\n#tag: B\n'],
    ['a start and an end', '---\n# nothing\n...\n'],
    ['a byte order mark', '\uFEFFtag: SIGNL4\n'],
    ['lines of Windows', 'tag: SIGNL4\r\nfilter:\r\n  statuses: [New]\r\n'],
    ['lines of old Macs', 'tag: SIGNL4\rfilter:\r  statuses: [New]\r'],
    ['JSON', '{ "tag": "SIGNL4", "filter": { "statuses": ["New"], }, }'],
    ['an anchor and its alias', 'filter: &f { statuses: [New] }\ntargets: [{ name: a, filter: *f }]\n'],
    ['its text in several lines', 'tag: >-\n  SIGNL4\n'],
    ['emoji', 'tag: SIGNL4\ncompany: "Contoso 🚨"\n'],
  ])('with %s is read', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
    expect(loadConfig(text, '').tag).toBe('SIGNL4');
  });

  it('with a path of Windows keeps its backslashes', () => {
    expect(loadConfig("company: 'C:\\new\\table'\n", '').company).toBe('C:\\new\\table');
  });

  it('with typographic quotes inside a text, or around a template, is read', () => {
    expect(problemsOf('company: The “A” team\nmessage: { title: "“{{incident.title}}”" }\n')).toEqual([]);
  });
});

describe('a remedy', () => {
  it.each([
    [' tag: x\ncompany: y\n', /^:2:1: the indentation does not fit .*-> Align it/],
    ['tag: - a\n', /^:1:6: a list cannot start on the line of its key -> .*in quotes: "- a"/],
    ['message:\n  title: >\n   a\n  b\n', /^:4:3: this line is not "key: value" -> Add the missing ":"/],
    ["message:\n  title: ''\n", /the text is empty -> Write a text, or remove the line/],
    ['owners:\n  - a\n', /got a list -> Write "name: value" in each line/],
    ['[]\n', /got a list -> Remove the brackets\./],
    ['filter:\n  severities:\n    High\n    Low\n', /-> Write a list: \[High, Low\]$/],
    ['filter:\n  severities: high and low\n', /-> Write a list: \[High, Low\]$/],
  ])('of %j says what to do', (text, expected) => {
    expect(told(text)).toEqual([expect.stringMatching(expected)]);
  });

  it('of a text after a quoted one is still to quote the whole', () => {
    expect(told("tag: 'a' b\n")[0]).toContain('Put the whole text in one pair of quotes');
  });

  it('of a list of names can be followed to the letter', () => {
    const [line = ''] = told('filter:\n  severities: high low\n');
    const list = line.split('Write a list: ')[1];
    expect(loadConfig(`filter:\n  severities: ${list}\n`, '').filter.severities).toEqual(['High', 'Low']);
  });
});
