import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configHash, printConfig } from '../../src/config/print.ts';

const hashOf = (text: string) => configHash(loadConfig(text, ''));

describe('configHash', () => {
  it('is the same for the same meaning, however it is written', () => {
    expect(hashOf('')).toBe(configHash(defaultConfig));
    expect(hashOf('tag: SIGNL4\nkql: { maxRows: 10 }')).toBe(hashOf('kql:\n  maxRows: 10 # rows\n'));
  });

  it.each(['tag: other', 'filter: { severities: [Low, High] }', 'targets: [{ name: a }]', 'owners: { a@b.c: d@e.f }'])(
    'differs for %s',
    (text) => {
      expect(hashOf(text)).not.toBe(configHash(defaultConfig));
    },
  );

  it('tells the order of the message parameters apart, which the reader sees, and no other order of keys', () => {
    expect(hashOf('message: { parameters: { A: x, B: y } }')).not.toBe(
      hashOf('message: { parameters: { B: y, A: x } }'),
    );
    expect(hashOf('owners: { a@b.c: d@e.f, g@h.i: j@k.l }')).toBe(hashOf('owners: { g@h.i: j@k.l, a@b.c: d@e.f }'));
  });

  it('stays what it is from release to release', () => {
    expect(configHash(defaultConfig)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('printConfig', () => {
  it('has each target with its whole configuration, its message parameters as pairs, and lists as they are', () => {
    const text =
      'targets: [{ name: b, message: { parameters: { Z: x, A: y } }, filter: { tags: [z, a] } }, { name: a }]';
    const { targets } = JSON.parse(printConfig(loadConfig(text, '')));
    expect(targets).toMatchObject([
      {
        name: 'b',
        config: {
          message: {
            parameters: [
              ['Z', 'x'],
              ['A', 'y'],
            ],
          },
          filter: { tags: ['z', 'a'] },
        },
      },
      { name: 'a', config: { tag: 'SIGNL4', targets: [] } },
    ]);
    expect(hashOf(text)).not.toBe(hashOf(text.replace('[z, a]', '[a, z]')));
  });

  it('is JSON with sorted keys and every default', () => {
    const printed: unknown = JSON.parse(printConfig(defaultConfig));
    expect(Object.keys(printed as object)).toEqual(Object.keys(printed as object).sort());
    expect(printed).toMatchObject({ tag: 'SIGNL4', sweep: { everyMinutes: 15 }, targets: [] });
  });
});
