import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/wdl/types.ts';
import { openAndSave } from './support/open-and-save.ts';
import { configurations, connectors, deployedPlaybooks } from './support/published.ts';

const definitions = connectors();

describe.each(configurations())('opened in the designer, with $title', ({ config }) => {
  describe.each(deployedPlaybooks(config))('$name', ({ definition }) => {
    const saved = openAndSave(definition, definitions);

    it('is drawn and saved without a complaint', () => {
      expect(saved.complaints).toEqual([]);
    });

    it('is saved unchanged, but for an empty list of connections where it has none', () => {
      const { $connections = { defaultValue: {}, type: 'Object' }, ...parameters } = definition[
        'parameters'
      ] as JsonObject;
      expect(saved.definition).toEqual({ ...definition, parameters: { $connections, ...parameters } });
    });

    it('has its members in the order in which the designer writes them', () => {
      const written = ({ triggers, actions }: typeof definition) => JSON.stringify({ triggers, actions }, null, 1);
      expect(written(saved.definition)).toBe(written(definition));
    });
  });
});
