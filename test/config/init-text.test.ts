import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { resolved } from '../../src/config/defaults.ts';
import { initText } from '../../src/config/init-text.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { SchemaNode } from '../../src/config/schema/node.ts';
import { configSchema } from '../../src/config/schema.ts';

/** What a user does who makes every choice: "#choice" becomes "choice", "# explanation" stays. */
function uncommented(text: string): string {
  return text.replaceAll(/^(\s*)#(?! \S)/gm, '$1');
}

/** The keys of a member and of all below it, down to lists and maps. */
function keysOf(node: SchemaNode): readonly string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, member]) => [key, ...keysOf(resolved(member))]);
}

const text = initText({}, './signl4.schema.json');

describe('the file that init writes', () => {
  it('changes nothing as written', () => {
    expect(loadConfig(text, 'signl4.yaml')).toStrictEqual(defaultConfig);
  });

  it('is valid with every commented choice made', () => {
    const config = loadConfig(uncommented(text), 'signl4.yaml');
    expect(config.workspace?.name).toBe('law-soc');
    expect(config.filter.titleContains).toEqual(['ransomware']);
    expect(config.targets.map(({ name }) => name)).toEqual(['contoso']);
  });

  it('shows the defaults where there are some', () => {
    const { message, callback, close, sweep } = loadConfig(uncommented(text), 'signl4.yaml');
    expect(message.text).toBe(defaultConfig.message.text);
    expect(message.parameters).toEqual(defaultConfig.message.parameters);
    expect(callback.acknowledged.comment).toBe(defaultConfig.callback.acknowledged.comment);
    expect(close).toEqual(defaultConfig.close);
    expect(sweep).toEqual(defaultConfig.sweep);
  });

  it('holds every choice, in the order of the schema, each explained on the line above', () => {
    const lines = text.split('\n');
    const choices = lines.flatMap((line, index) => {
      const key = /^\s*#?([A-Za-z]\w*):(?: |$)/.exec(line)?.[1];
      return key === undefined ? [] : [{ key, above: lines[index - 1]?.trim() }];
    });
    expect(choices.map(({ key }) => key)).toEqual(keysOf(configSchema));
    expect(choices.filter(({ above }) => !above?.startsWith('# '))).toEqual([]);
  });

  it('names the schema for editors on its first line', () => {
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./signl4.schema.json');
  });

  it('has no line that an editor would wrap, but for resource ids, which have no place to break', () => {
    expect(text.split('\n').filter((line) => line.length > 120 && !/^ *# *\w+: \/\S+$/.test(line))).toEqual([]);
  });

  it('sets what was answered and leaves the rest commented out', () => {
    const answers = { company: 'A: "b" #c', filter: { severities: ['High'] }, relay: { url: 'https://r.example' } };
    expect(loadConfig(initText(answers, ''), '')).toEqual({
      ...defaultConfig,
      company: 'A: "b" #c',
      filter: { ...defaultConfig.filter, severities: ['High'] },
      relay: { ...defaultConfig.relay, url: 'https://r.example' },
    });
  });
});

describe('a choice in the file that init writes', () => {
  /** The lines of a member: its explanation, and the choice. */
  const linesOf = (key: string, answers = {}) => {
    const lines = initText(answers, '').split('\n');
    const at = lines.findIndex((line) => new RegExp(`^\\s*#?${key}:`).test(line));
    const from = lines.slice(0, at).findLastIndex((line) => !/^\s*# /.test(line)) + 1;
    return lines.slice(from, at + 1).map((line) => line.trim());
  };

  it('has the first sentence of its explanation, and what may be written', () => {
    expect(linesOf('everyMinutes')).toEqual(['# Minutes between two sweeps (5 to 1440).', '#everyMinutes: 15']);
    expect(linesOf('severities')).toEqual([
      '# Severities to forward (High, Medium, Low, Informational).',
      '#severities: [High, Medium, Low, Informational]',
    ]);
    expect(linesOf('tag')).toEqual(['# Tag that marks an incident as forwarded.', '#tag: SIGNL4']);
  });

  it('that has no default shows an example, and says so', () => {
    const [explained, choice] = linesOf('company');
    expect(explained).toMatch(/ \(none by default\)\.$/);
    expect(choice).toBe('#company: Contoso');
    expect(linesOf('titleContains').at(-1)).toBe('#titleContains: [ransomware]');
    expect(linesOf('titleContains')[0]).toContain('(none by default).');
  });

  it('that is a section is open, with its members below', () => {
    expect(linesOf('sweep').at(-1)).toBe('sweep:');
    expect(linesOf('sweep').join(' ')).not.toContain('none by default');
    expect(initText({}, '')).toMatch(/\nsweep:\n {2}# .*\n {2}#everyMinutes: 15\n {2}# .*\n {2}#lookBackHours: 48\n/);
  });

  it('that is answered is not commented out, and one beside it is', () => {
    expect(linesOf('everyMinutes', { sweep: { everyMinutes: 30 } }).at(-1)).toBe('everyMinutes: 30');
    expect(linesOf('lookBackHours', { sweep: { everyMinutes: 30 } }).at(-1)).toBe('#lookBackHours: 48');
    expect(linesOf('tags', { filter: { tags: [] } }).at(-1)).toBe('tags: []');
  });

  it('that is a map or has several lines is below its key, commented out line by line', () => {
    const text = initText({}, '');
    expect(text).toMatch(/\n {2}#parameters:\n {2}# {2}Incident: "\{\{incident\.number\}\}"\n/);
    expect(text).toMatch(/\n {2}#text: \|-\n {2}# {2}\{\{incident\.description\}\}\n/);
    expect(text).toMatch(/\n#targets:\n# {2}- name: contoso\n# {4}company: Contoso\n/);
  });

  it('has explanations of 110 characters at most, broken between words', () => {
    const comments = initText({}, '')
      .split('\n')
      .slice(6)
      .flatMap((line) => /^\s*# (?! )(.*)$/.exec(line)?.[1] ?? []);
    expect(Math.max(...comments.map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(Math.max(...comments.map((line) => line.length))).toBeGreaterThan(100);
    expect(comments.filter((line) => line !== line.trim())).toEqual([]);
  });
});
