import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseArmExpression } from '../../src/arm-expressions/syntax.ts';
import { bicepExpression } from '../../src/bicep/expression.ts';
import { bicepModule } from '../../src/bicep/module.ts';
import { bicepValue } from '../../src/bicep/value.ts';
import { shippedAssets } from '../../src/cli/assets.ts';
import { configHash } from '../../src/config/hash.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { generate } from '../../src/generator/generate.ts';

const names = { parameters: new Map([['A', 'A']]), variables: new Map([['A', 'AValue']]), index: 'i' };

describe('an expression', () => {
  it.each([
    ["concat('a-', parameters('A'), variables('A'))", "'a-${A}${AValue}'"],
    ["concat(parameters('A'), variables('A'))", 'concat(A, AValue)'],
    [
      "if(and(equals(parameters('A'), 'x'), not(empty(variables('A')))), 1, null())",
      "(((A == 'x') && !empty(AValue)) ? 1 : null)",
    ],
    ["variables('A')[add(copyIndex(), 1)].name['with-dash']", "AValue[(i + 1)].name['with-dash']"],
    ["createObject('a', createArray(1, true()), 'b-c', createObject())", "{ a: [1, true], 'b-c': {} }"],
    [
      "resourceId(subscription().subscriptionId, 'Microsoft.Logic/workflows', 'it''s')",
      "resourceId(subscription().subscriptionId, 'Microsoft.Logic/workflows', 'it\\'s')",
    ],
    ["concat('$', '{x} ${y}', parameters('A'))", "'\\${x} \\${y}${A}'"],
  ])('%s', (arm, bicep) => {
    expect(bicepExpression(parseArmExpression(`[${arm}]`), names)).toBe(bicep);
  });

  it.each(["base64('a')", "parameters('Missing')", "copyIndex('loop')"])('%s is refused, not guessed', (arm) => {
    expect(() => bicepExpression(parseArmExpression(`[${arm}]`), names)).toThrow();
  });
});

describe('a value', () => {
  it('keeps what is no expression: brackets, quotes, dollars, expressions of workflows', () => {
    const value = {
      '@odata.type': '[[a]',
      b: "it's\\n\n",
      c: "@{concat('$', triggerBody()?['x'])}",
      d: '${x}',
      e: '[1',
    };
    expect(bicepValue(value, names)).toBe(
      String.raw`{
  '@odata.type': '[a]'
  b: 'it\'s\\n\n'
  c: '@{concat(\'$\', triggerBody()?[\'x\'])}'
  d: '\${x}'
  e: '[1'
}`,
    );
    expect(bicepValue([1.5, 2, null, [], {}], names)).toBe("[\n  json('1.5')\n  2\n  null\n  []\n  {}\n]");
  });
});

describe('a module', () => {
  const template = (resources: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({ resources, ...more });
  const written = (resources: readonly JsonObject[], more?: JsonObject) =>
    bicepModule(template(resources, more), 'x/azuredeploy.bicep').get('x/azuredeploy.bicep');

  it('keeps secrets secret, and limits, defaults and descriptions', () => {
    const parameters = {
      Key: { type: 'securestring', metadata: { description: "The team's key" }, minLength: 3 },
      Level: { type: 'string', allowedValues: ['a', 'b'], defaultValue: 'a' },
    };
    expect(written([], { parameters })).toBe(
      "@description('The team\\'s key')\n@secure()\n@minLength(3)\nparam Key string\n\n@allowed([\n  'a'\n  'b'\n])\nparam Level string = 'a'\n",
    );
  });

  const vault = { type: 'Microsoft.KeyVault/vaults', apiVersion: '2023-07-01', name: "[parameters('V')]" };
  const parameters = { V: { type: 'string' } };

  it('names what a resource depends on, belongs to and extends by symbols', () => {
    const secret = {
      ...{
        type: 'Microsoft.KeyVault/vaults/secrets',
        apiVersion: '2023-07-01',
        name: "[concat(parameters('V'), '/s')]",
      },
      dependsOn: ["[variables('VaultId')]"],
    };
    const role = {
      ...{ type: 'Microsoft.Authorization/roleAssignments', apiVersion: '2022-04-01', name: 'r' },
      scope: "[concat('Microsoft.KeyVault/vaults/', parameters('V'))]",
      dependsOn: ["[resourceId('Microsoft.KeyVault/vaults/secrets', parameters('V'), 's')]"],
    };
    const variables = { VaultId: "[resourceId('Microsoft.KeyVault/vaults', parameters('V'))]" };
    const text = written([vault, secret, role], { parameters, variables });
    expect(text).toContain("  parent: vault\n  name: 's'\n}");
    expect(text).toContain("  name: 'r'\n  scope: vault\n  dependsOn: [\n    secret\n  ]");
    const { dependsOn: _, ...alone } = role;
    expect(written([alone], { parameters })).toContain(
      "resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {\n  name: V\n}",
    );
  });

  it('refuses a dependency on what is not there', () => {
    expect(() => written([{ ...vault, dependsOn: ["[resourceId('a.b/c', 'd')]"] }], { parameters })).toThrow(
      'nothing in the template is',
    );
  });

  it('writes a nested template as a module of its own', () => {
    const nested = {
      ...{ type: 'Microsoft.Resources/deployments', apiVersion: '2024-03-01', name: 'signl4-inner' },
      ...{ resourceGroup: "[parameters('V')]", condition: "[not(empty(parameters('V')))]" },
      properties: {
        ...{ mode: 'Incremental', expressionEvaluationOptions: { scope: 'inner' } },
        parameters: { V: { value: "[parameters('V')]" } },
        template: template([vault], { parameters }),
      },
    };
    const files = bicepModule(template([nested], { parameters }), 'x/azuredeploy.bicep');
    expect([...files.keys()]).toEqual(['x/azuredeploy.deployment_signl4_inner.bicep', 'x/azuredeploy.bicep']);
    expect(files.get('x/azuredeploy.bicep')).toContain(
      "module deployment_signl4_inner './azuredeploy.deployment_signl4_inner.bicep' = if (!empty(V)) {\n  name: 'signl4-inner'\n  scope: resourceGroup(V)\n  params: {\n    V: V\n  }\n}",
    );
  });
});

it('build has a module for every template, those of targets included, and none for the solution', async () => {
  const file = fileURLToPath(new URL('../../examples/service-provider.yaml', import.meta.url));
  const config = loadConfig(readFileSync(file, 'utf8'), file);
  const { files } = await generate(config, configHash(config), shippedAssets, 'bicep');
  const templates = [...files.keys()].filter((path) => path.endsWith('azuredeploy.json'));
  expect(templates.length).toBeGreaterThan(20);
  for (const path of templates)
    expect(files.has(path.replace('.json', '.bicep')), path).toBe(!path.startsWith('solution/'));
  expect(String(files.get('manifest.json'))).toContain('"setup/azuredeploy.bicep"');
});
