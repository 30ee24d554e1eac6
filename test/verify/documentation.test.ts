import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reportedCodes } from '../../src/verify/rules/workflow/definition.ts';
import { rulesDocument, withRuleTables } from '../../tools/rule-table.ts';

describe('docs/verify.md', () => {
  it('lists the rules as they are (node tools/rule-table.ts writes them)', () => {
    const document = readFileSync(rulesDocument, 'utf8');
    expect(withRuleTables(document)).toBe(document);
  });
});

describe('the rules about definitions', () => {
  it('report everything that the engine refuses', () => {
    const folder = fileURLToPath(new URL('../../src/engine/check/', import.meta.url));
    const code = /(?:problem|#add)\(\s*'([a-z-]+)'/g;
    const refused = readdirSync(folder).flatMap((file) =>
      [...readFileSync(folder + file, 'utf8').matchAll(code)].map(([, name = '']) => name),
    );
    expect(new Set(refused).size).toBeGreaterThan(10);
    expect([...new Set(refused)].filter((name) => !reportedCodes.includes(name))).toEqual([]);
  });
});
