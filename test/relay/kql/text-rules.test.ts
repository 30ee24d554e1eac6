import { describe, expect, it } from 'vitest';
import { passThrough } from '../../../src/relay/kql/gate.ts';
import { MAX_QUERY_LENGTH, textRules } from '../../../src/relay/kql/text-rules.ts';

/** The first rule that the text breaks, and what is said of it. */
const broken = (text: string) =>
  textRules.map(({ rule, broken: reasonOf }) => [rule, reasonOf(text)]).find(([, reason]) => reason !== undefined);

describe('the text of a query', () => {
  it('may have 50,000 characters and no more', () => {
    expect(MAX_QUERY_LENGTH).toBe(50_000);
    expect(broken('x'.repeat(50_000))).toBeUndefined();
    expect(broken('x'.repeat(50_001))).toEqual(['size', 'has 50001 characters, more than 50000']);
  });

  it.each([
    ['\u0000', 'U+0000'],
    ['\u0085', 'U+0085'],
    ['\u00ad', 'U+00AD'],
    ['\u034f', 'U+034F'],
    ['\u115f', 'U+115F'],
    ['\u180b', 'U+180B'],
    ['\u200b', 'U+200B'],
    ['\u2028', 'U+2028'],
    ['\u202e', 'U+202E'],
    ['\u2800', 'U+2800'],
    ['\ue000', 'U+E000'],
    ['\ud800', 'U+D800'],
    ['\u{e0041}', 'U+E0041'],
  ])('has no hidden character: %j is named %s', (character, name) => {
    expect(broken(`T | where a == "${character}"`)).toEqual([
      'hidden-characters',
      `contains the hidden character ${name}`,
    ]);
  });

  it.each(['\t', '\n', '\r', '\u200c', '\u200d', 'ä', '日本', '🚨', '👩‍💻'])('may have %j', (character) => {
    expect(broken(`T | where a == "${character}"`)).toBeUndefined();
  });
});

describe('the gate', () => {
  it('asks no thread about what is refused before', async () => {
    const noThread = () => {
      throw new Error('asked');
    };
    const options = { allowWorkspaces: [], maxRows: 11 };
    expect(await passThrough(noThread, 'T\u202e', options)).toMatchObject({ passes: false, rule: 'hidden-characters' });
    await expect(passThrough(noThread, 'T', options)).rejects.toThrow('asked');
  });

  it('checks the text with its line ends and its mark normalised, and that is the text it lets pass', async () => {
    const asked: string[] = [];
    const thread = {
      judge: async (text: string) => {
        asked.push(text);
        return { passes: true as const, query: text };
      },
      close: async () => {},
    };
    await passThrough(() => thread, '\uFEFFT\r\n| take 1\r| take 2\n', { allowWorkspaces: [], maxRows: 11 });
    expect(asked).toEqual(['T\n| take 1\n| take 2\n']);
  });
});
