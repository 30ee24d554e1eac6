import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyFiles } from '../../src/verify/verify-files.ts';
import { propertySeed } from '../support/seed.ts';
import { contoso, type Files, paths } from './contoso/files.ts';

/** What is where something else is expected. */
const junk = [
  null,
  0,
  1.5,
  '',
  'x',
  '[',
  '@',
  '@{',
  '[concat(',
  "@items('x')",
  [],
  {},
  [null],
  { a: null },
  true,
  [[1]],
];
const targets = [
  paths.playbook,
  paths.connector,
  paths.package,
  paths.ui,
  paths.data,
  paths.metadata,
  paths.swagger,
  paths.properties,
  paths.rules,
  paths.dataConnector,
  paths.manifest,
];

/** Every object and array of a document with the keys in it. */
function places(value: unknown): [holder: Record<string, unknown>, key: string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...places(holder[key]),
  ]);
}

function withJunk(path: string, where: number, what: unknown): Files {
  const files = contoso();
  const document: unknown = JSON.parse(String(files.get(path)));
  const all = places(document);
  const [holder, key] = all[where % all.length] ?? [{}, ''];
  holder[key] = structuredClone(what);
  return files.set(path, JSON.stringify(document));
}

describe('verifyFiles', () => {
  it('gives a report on any file, however broken', () => {
    fc.assert(
      fc.property(fc.constantFrom(...targets), fc.nat(), fc.constantFrom(...junk), (path, where, what) => {
        const { findings } = verifyFiles(withJunk(path, where, what));
        for (const { file, line, column, message } of findings) {
          expect(message, `${file} has a finding without a message`).not.toBe('');
          expect(line * column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 150, seed: propertySeed('broken files', 20260110) },
    );
  });

  it.each([
    ['an empty file', ''],
    ['a string', 'hello'],
    ['a number', '1'],
    ['a list', '[]'],
    [
      'a template without resources',
      '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"}',
    ],
    ['resources that are not a list', '{"contentVersion": "1.0.0.0", "resources": "x"}'],
    ['a workflow without actions', '{"definition": {"triggers": [], "actions": null}}'],
    ['a definition without paths', '{"swagger": "2.0", "paths": null}'],
  ])('takes %s', (_, text) => {
    expect(verifyFiles(new Map([['azuredeploy.json', text]])).rules.length).toBeGreaterThan(200);
  });
});
