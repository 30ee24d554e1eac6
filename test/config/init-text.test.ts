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
