import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { acceptance } from '../../tools/bicep/accepted.ts';
import { compile, findBicep, parseDiagnostics } from '../../tools/bicep/compile.ts';
import { markExisting, prepare } from '../../tools/bicep/prepare.ts';

const workspace = 'Microsoft.OperationalInsights/workspaces';
const rule: JsonObject = {
  type: 'Microsoft.SecurityInsights/automationRules',
  apiVersion: '2025-09-01',
  name: 'page',
  scope: `[concat('${workspace}/', parameters('Workspace'))]`,
  properties: {
    displayName: 'Page',
    order: 1,
    triggeringLogic: { isEnabled: true, triggersOn: 'Incidents', triggersWhen: 'Created', conditions: [] },
    actions: [],
  },
};

function template(...resources: readonly JsonObject[]): JsonObject {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { Workspace: { type: 'string' } },
    variables: { SiteId: "[resourceId('Microsoft.Web/sites', 'site')]" },
    resources,
  };
}

const resourcesOf = (prepared: JsonObject) => prepared['resources'] as unknown as readonly JsonObject[];

describe('preparing a template for the decompiler', () => {
  it('adds what a resource extends, once', () => {
    const prepared = prepare(template(rule, { ...rule, name: 'second' }));
    expect(resourcesOf(prepared).slice(2)).toEqual([
      { type: workspace, apiVersion: '2022-10-01', name: "[parameters('Workspace')]" },
    ]);
  });

  it('adds nothing where the template deploys it', () => {
    const own = { type: workspace, apiVersion: '2022-10-01', name: "[parameters('Workspace')]", location: 'x' };
    expect(resourcesOf(prepare(template(rule, own)))).toHaveLength(2);
  });

  it.each([
    ['held by a variable', "[variables('SiteId')]", ["[resourceId('Microsoft.Web/sites', 'site')]"]],
    [
      'in another resource group',
      "[resourceId(parameters('Sub'), parameters('Group'), 'Microsoft.Resources/deployments', variables('Name'))]",
      ["[resourceId('Microsoft.Resources/deployments', variables('Name'))]"],
    ],
    ['on an extension', "[extensionResourceId(resourceId('a/b', 'c'), 'd/e', 'f')]", []],
    ['that is plain', "[resourceId('Microsoft.Web/sites', 'site')]", ["[resourceId('Microsoft.Web/sites', 'site')]"]],
  ])('writes out a dependency %s', (_, written, expected) => {
    const [prepared] = resourcesOf(prepare(template({ ...rule, dependsOn: [written] })));
    expect(prepared?.['dependsOn']).toEqual(expected);
  });

  it('leaves resources of other versions alone, which the template deploys', () => {
    const own = `resource w '${workspace}@2023-09-01' = {`;
    expect(markExisting(own)).toBe(own);
  });

  it('marks the stand-ins as existing afterwards', () => {
    const bicep = `resource w '${workspace}@2022-10-01' = {\n  name: x\n}\nresource s 'Microsoft.Web/sites@2024-04-01' = {`;
    expect(markExisting(bicep)).toBe(
      `resource w '${workspace}@2022-10-01' existing = {\n  name: x\n}\nresource s 'Microsoft.Web/sites@2024-04-01' = {`,
    );
  });
});

describe("the compiler's output", () => {
  const output = [
    'WARNING: Decompilation is a best-effort process.',
    '/tmp/x/main.bicep(63,10) : Warning BCP187: The property "kind" does not exist in the resource. [https://aka.ms/bicep/core-diagnostics#BCP187]',
    '/tmp/x/main.bicep(71,3) : Error BCP036: The property "scope" expected a resource.',
  ].join('\n');

  it('is read line by line', () => {
    expect(parseDiagnostics(output)).toEqual([
      { level: 'Warning', code: 'BCP187', line: 63, message: 'The property "kind" does not exist in the resource.' },
      { level: 'Error', code: 'BCP036', line: 71, message: 'The property "scope" expected a resource.' },
    ]);
  });

  it('may hold known warnings, but no other one and no error', () => {
    const [known, error] = parseDiagnostics(output);
    expect(known && acceptance(known)?.reason).toContain('reviewers require kind V1');
    expect(error && acceptance(error)).toBeUndefined();
    expect(known && acceptance({ ...known, message: 'The property "sort" does not exist' })).toBeUndefined();
    expect(known && acceptance({ ...known, level: 'Error' })).toBeUndefined();
  });
});

const bicep = findBicep(fileURLToPath(new URL('../../', import.meta.url)), process.env);

describe.runIf(bicep)('the Bicep CLI', () => {
  it('checks the types of a resource that extends another, and finds what is wrong only', {
    timeout: 120_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bicep-'));
    const wrong = { ...rule, name: 'wrong', properties: { ...(rule['properties'] as JsonObject), order: 'first' } };
    const found = await compile(bicep ?? '', template(rule, wrong), folder);
    rmSync(folder, { recursive: true });
    expect(found.map(({ level, code }) => `${level} ${code}`)).toEqual(['Warning no-unused-vars', 'Warning BCP036']);
    expect(found[1]?.message).toContain('"order" expected a value of type "int"');
  });
});
