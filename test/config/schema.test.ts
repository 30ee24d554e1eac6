import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { resolved, withDefaults } from '../../src/config/defaults.ts';
import type { SchemaNode } from '../../src/config/schema/node.ts';
import { configSchema } from '../../src/config/schema.ts';

const members = membersOf(configSchema, '');
const leaves = members.filter(({ node }) => !node.properties);

function membersOf(node: SchemaNode, path: string): readonly { readonly path: string; readonly node: SchemaNode }[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, member]) => [
    { path: `${path}${key}`, node: resolved(member) },
    ...membersOf(resolved(member), `${path}${key}.`),
  ]);
}

describe('the schema of signl4.yaml', () => {
  it('covers every member of the configuration', () => {
    expect(Object.keys(configSchema.properties).sort()).toEqual(Object.keys(defaultConfig).sort());
    expect(leaves.length).toBeGreaterThan(70);
  });

  it.each(members)('explains $path in a sentence', ({ node }) => {
    expect(node.description).toMatch(/^[A-Z].*\.$/);
    expect(node.description?.split('. ')[0]?.length).toBeLessThan(150);
  });

  it.each(leaves)('gives $path a default or an example', ({ node }) => {
    const says = (value: unknown) => value !== undefined && value !== '' && Object.keys(Object(value)).length !== 0;
    const isScalar = typeof node.default === 'boolean' || typeof node.default === 'number';
    expect(isScalar || says(node.default) || says(node.examples?.[0])).toBe(true);
  });

  it('has the defaults of the configuration', () => {
    expect(withDefaults(configSchema, {})).toEqual({ ...defaultConfig, workspace: undefined });
  });

  it('is published at the root of the repository as it is here', () => {
    const published = readFileSync(fileURLToPath(new URL('../../signl4.schema.json', import.meta.url)), 'utf8');
    const hint = 'npm run -s cli -- init --schema . && npx biome check --write signl4.schema.json';
    expect(JSON.parse(published), `out of date; run: ${hint}`).toEqual(configSchema);
  });
});
