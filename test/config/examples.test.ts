import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const read = (name: string) => loadConfig(readFileSync(folder + name, 'utf8'), name);

describe('the example configurations', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))(
    '%s has no error and names the schema',
    (name) => {
      expect(read(name).workspace ?? read(name).targets[0]?.config.workspace).toBeDefined();
      expect(readFileSync(folder + name, 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/signl4\.schema\.json\n/,
      );
    },
  );

  it('service-provider.yaml has three customers that differ', () => {
    const { targets } = read('service-provider.yaml');
    expect(targets.map(({ name, config }) => [name, config.company, config.filter.severities.length])).toEqual([
      ['contoso', 'Contoso', 2],
      ['fabrikam', 'Fabrikam', 3],
      ['woodgrove', 'Woodgrove Bank', 2],
    ]);
    expect(new Set(targets.map(({ config }) => config.workspace?.tenantId)).size).toBe(3);
  });
});
