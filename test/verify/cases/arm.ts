import type { Json } from '../../../src/domain/json.ts';
import { paths } from '../contoso/files.ts';
import { all, type Case, remove, replace, set } from './case.ts';

const workflow = '/resources/2';
const rule = '/resources/0';
const inner = '/resources/4/properties/mainTemplate';

/** A deployment in a deployment, which gets the secret of the playbook. */
function nested(scope: 'inner' | 'outer', type = 'securestring') {
  return {
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2022-09-01',
    name: 'nested',
    properties: {
      mode: 'Incremental',
      expressionEvaluationOptions: { scope },
      ...(scope === 'inner' && { parameters: { Key: { value: "[parameters('TeamSecret')]" } } }),
      template: {
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        contentVersion: '1.0.0.0',
        ...(scope === 'inner' && { parameters: { Key: { type } } }),
        resources: [],
        ...(scope === 'outer' && { variables: { Key: "[parameters('TeamSecret')]" } }),
      },
    },
  };
}

const alike = { type: 'Contoso.Rooms/doors', apiVersion: '2024-01-01', name: 'front', location: 'global' };

/** The nested template hands the secret on to one of its own. */
function nestedTwice(type: string) {
  const outer = nested('inner');
  const inner = nested('inner');
  const { template } = outer.properties;
  const { $schema, contentVersion } = template;
  const properties = {
    ...inner.properties,
    parameters: { Inner: { value: "[parameters('Key')]" } },
    template: { $schema, contentVersion, parameters: { Inner: { type } }, resources: [] },
  };
  return {
    ...outer,
    properties: { ...outer.properties, template: { ...template, resources: [{ ...inner, properties }] } },
  };
}

function policy(template: Json): Json {
  return {
    type: 'Microsoft.Authorization/policyDefinitions',
    apiVersion: '2021-06-01',
    name: 'policy',
    // biome-ignore lint/suspicious/noThenProperty: so policies are written
    properties: { policyRule: { then: { details: { deployment: { properties: { template } } } } } },
  };
}

export const armCases: readonly Case[] = [
  {
    rule: 'arm.resource-members',
    finds: 'a resource without a name',
    bad: remove(paths.playbook, `${workflow}/name`),
    file: paths.playbook,
    at: workflow,
  },
  {
    rule: 'arm.resource-members',
    finds: 'a template without a version',
    bad: remove(paths.playbook, '/contentVersion'),
    file: paths.playbook,
    at: '',
  },
  {
    rule: 'arm.duplicate-resource',
    finds: 'a resource that is there twice',
    bad: all(set(paths.playbook, '/resources/3', alike), set(paths.playbook, '/resources/4', alike)),
    file: paths.playbook,
    at: '/resources/4',
    passes: all(
      set(paths.playbook, '/resources/3', { ...alike, condition: "[equals('a', 'b')]" }),
      set(paths.playbook, '/resources/4', { ...alike, condition: "[equals('a', 'a')]" }),
    ),
  },
  {
    rule: 'arm.missing-dependency',
    finds: 'a dependency on what the template does not have',
    bad: set(paths.playbook, `${workflow}/dependsOn`, ["[resourceId('Microsoft.Web/connections', 'gone')]"]),
    file: paths.playbook,
    at: `${workflow}/dependsOn/0`,
  },
  {
    rule: 'arm.missing-dependency',
    finds: 'a resource that depends on itself',
    bad: all(
      set(paths.playbook, '/resources/3', { ...alike, dependsOn: ["[resourceId('Contoso.Rooms/doors', 'front')]"] }),
    ),
    file: paths.playbook,
    at: '/resources/3/dependsOn/0',
    passes: all(
      set(paths.playbook, '/resources/3', alike),
      set(paths.playbook, '/resources/4', { ...alike, name: 'back', dependsOn: ['front'] }),
    ),
  },
  ...[
    ['of another type', { type: 'int', defaultValue: 'one' }, { type: 'int', defaultValue: 1 }],
    [
      'that is not allowed',
      { type: 'string', defaultValue: 'c', allowedValues: ['a', 'b'] },
      { type: 'array', defaultValue: ['b', 'a'], allowedValues: ['a', 'b'] },
    ],
    [
      'that is too short',
      { type: 'string', defaultValue: 'ab', minLength: 3 },
      { type: 'string', defaultValue: 'abc', minLength: 3, maxLength: 3 },
    ],
    [
      'that is too large',
      { type: 'int', defaultValue: 4, minValue: 1, maxValue: 3 },
      { type: 'int', defaultValue: 3, minValue: 1, maxValue: 3 },
    ],
    ['of a type that there is not', { type: 'text', defaultValue: 'a' }, { type: 'SecureObject' }],
  ].map(
    ([finds, bad, passes]): Case => ({
      rule: 'arm.default-value',
      finds: `a default ${finds}`,
      bad: set(paths.playbook, '/parameters/Limit', bad as Json),
      file: paths.playbook,
      at: '/parameters/Limit',
      passes: set(paths.playbook, '/parameters/Limit', passes as Json),
    }),
  ),
  {
    rule: 'arm.expression-syntax',
    finds: 'an expression that cannot be read',
    bad: set(paths.playbook, '/variables/ContosoConnectionName', "[concat('Contoso-', parameters('PlaybookName')]"),
    file: paths.playbook,
    at: '/variables/ContosoConnectionName',
    passes: set(paths.playbook, '/metadata/prerequisites/0', '[Contoso](https://www.contoso.com) in brackets []'),
  },
  {
    rule: 'arm.undefined-name',
    finds: 'a parameter that the template does not declare',
    bad: set(paths.playbook, '/variables/ContosoConnectionName', "[parameters('Missing')]"),
    file: paths.playbook,
    at: '/variables/ContosoConnectionName',
  },
  {
    rule: 'arm.undefined-name',
    finds: 'a variable that only the outer template of a package has',
    bad: set(paths.package, `${inner}/resources/0/name`, "[[variables('_email')]"),
    file: paths.package,
    at: `${inner}/resources/0/name`,
  },
  {
    rule: 'arm.evaluation',
    finds: 'a function that does not exist',
    bad: set(paths.playbook, `${workflow}/tags/LogicAppsCategory`, "[concatenate('a', 'b')]"),
    file: paths.playbook,
    at: `${workflow}/tags/LogicAppsCategory`,
  },
  {
    rule: 'arm.schema',
    finds: 'a schema of long ago',
    bad: set(
      paths.playbook,
      '/$schema',
      'https://schema.management.azure.com/schemas/2014-04-01/deploymentTemplate.json#',
    ),
    file: paths.playbook,
    at: '/$schema',
  },
  {
    rule: 'arm.api-version',
    finds: 'a version that reviewers refuse',
    bad: set(paths.playbook, `${workflow}/apiVersion`, '2017-07-01'),
    file: paths.playbook,
    at: `${workflow}/apiVersion`,
  },
  {
    rule: 'arm.api-version',
    finds: 'that there is none',
    bad: remove(paths.rules, `${rule}/apiVersion`),
    file: paths.rules,
    at: `${rule}/apiVersion`,
  },
  {
    rule: 'arm.literal-id',
    finds: 'an id that is a literal',
    bad: set(paths.package, '/resources/0/properties/dashboardId', 'abc'),
    file: paths.package,
    at: '/resources/0/properties/dashboardId',
    passes: set(paths.package, '/resources/0/properties/dashboardId', "[resourceId('a/b', 'c')]"),
  },
  {
    rule: 'arm.cloud-host',
    finds: 'the host of one cloud',
    bad: set(paths.playbook, `${workflow}/properties/state`, 'https://management.azure.com'),
    file: paths.playbook,
    at: `${workflow}/properties/state`,
    passes: set(paths.playbook, '/parameters/Severity/defaultValue', 'https://management.azure.com'),
  },
  {
    rule: 'arm.location',
    finds: 'the location of the resource group in a package',
    bad: set(paths.package, '/resources/0/location', '[resourceGroup().location]'),
    file: paths.package,
    at: '/resources/0/location',
  },
  {
    rule: 'arm.literal-location',
    finds: 'a region',
    bad: set(paths.playbook, `${workflow}/location`, 'westeurope'),
    file: paths.playbook,
    at: `${workflow}/location`,
    passes: set(paths.playbook, `${workflow}/location`, 'global'),
  },
  {
    rule: 'arm.unreferenced',
    finds: 'a parameter that nothing uses',
    bad: set(paths.playbook, '/parameters/Unused', { type: 'string' }),
    file: paths.playbook,
    at: '/parameters/Unused',
  },
  {
    rule: 'arm.unreferenced',
    finds: 'a variable that is only mentioned in a string',
    bad: replace(paths.playbook, '"variables": {', `"variables": { "Unused": "see variables('Unused')",`),
    file: paths.playbook,
    at: '/variables/Unused',
  },
  {
    rule: 'arm.blank',
    finds: 'an empty text in a package',
    bad: set(paths.package, '/metadata/note', ''),
    file: paths.package,
    at: '/metadata/note',
    passes: set(paths.package, '/parameters/workspace/defaultValue', ''),
  },
  {
    rule: 'arm.blank',
    finds: 'a string of blanks only',
    bad: set(paths.package, '/metadata/note', '  '),
    file: paths.package,
    at: '/metadata/note',
    passes: set(paths.package, '/metadata', { note: '', functionParameters: 'beside this, blanks are allowed' }),
  },
  {
    rule: 'arm.nested-id-call',
    finds: 'a resource id that is put together',
    bad: set(paths.playbook, '/variables/ContosoConnectionName', "[resourceId(concat('a/', 'b'), 'c')]"),
    file: paths.playbook,
    at: '/variables/ContosoConnectionName',
    passes: set(paths.playbook, '/variables/ContosoConnectionName', "[resourceId('a/b', concat('c', 'd'))]"),
  },
  {
    rule: 'arm.dynamic-variable',
    finds: 'a variable whose name is put together',
    bad: set(paths.playbook, '/variables/Any', "[variables(concat('x'), parameters('PlaybookName'))]"),
    file: paths.playbook,
    at: '/variables/Any',
  },
  {
    rule: 'arm.number-limits',
    finds: 'a limit on one side only',
    bad: set(paths.playbook, '/parameters/Severity/minValue', 1),
    file: paths.playbook,
    at: '/parameters/Severity',
    passes: all(
      set(paths.playbook, '/parameters/Severity/minValue', 1),
      set(paths.playbook, '/parameters/Severity/maxValue', 5),
    ),
  },
  {
    rule: 'arm.nested-secret',
    finds: 'a secret that a nested deployment shows',
    bad: set(paths.playbook, '/resources/0', nested('outer')),
    file: paths.playbook,
    at: '/resources/0',
    passes: set(paths.playbook, '/resources/0', nested('inner')),
  },
  {
    rule: 'arm.nested-parameter-type',
    finds: 'a secret that becomes a string on the way in',
    bad: set(paths.playbook, '/resources/0', nested('inner', 'string')),
    file: paths.playbook,
    at: '/resources/0/properties/parameters/Key',
    passes: set(paths.playbook, '/resources/0', nested('inner', 'securestring')),
  },
  {
    rule: 'arm.nested-parameter-type',
    finds: 'a secret that becomes a string two templates further in',
    bad: set(paths.playbook, '/resources/0', nestedTwice('string')),
    file: paths.playbook,
    at: '/resources/0/properties/template/resources/0/properties/parameters/Inner',
    passes: set(paths.playbook, '/resources/0', nestedTwice('securestring')),
  },
  {
    rule: 'arm.schema',
    finds: 'a template without schema that a policy deploys',
    bad: set(paths.playbook, '/resources/0', policy({ resources: [] })),
    file: paths.playbook,
    at: '/resources/0/properties/policyRule/then/details/deployment/properties/template/$schema',
    passes: set(paths.playbook, '/resources/0', policy(nested('inner').properties.template)),
  },
  {
    rule: 'arm.secure-parameter',
    finds: 'the default of a secret',
    bad: set(paths.playbook, '/parameters/TeamSecret/defaultValue', 'hunter2'),
    file: paths.playbook,
    at: '/parameters/TeamSecret/defaultValue',
    passes: set(paths.playbook, '/parameters/TeamSecret/defaultValue', '[newGuid()]'),
  },
  {
    rule: 'arm.secure-parameter',
    finds: 'a password that is a string',
    bad: set(paths.playbook, '/parameters/AdminPassword', { type: 'string' }),
    passes: set(paths.playbook, '/parameters/VaultSecretName', { type: 'string' }),
    file: paths.playbook,
    at: '/parameters/AdminPassword/type',
  },
  {
    rule: 'arm.uri',
    finds: 'a URL that is put together with concat()',
    bad: set(paths.package, '/resources/0/properties/imageUrl', "[concat('https://', parameters('workspace'))]"),
    file: paths.package,
    at: '/resources/0/properties/imageUrl',
    passes: set(paths.package, '/resources/0/properties/imageUrl', "[uri('https://contoso.com', concat('a', 'b'))]"),
  },
  {
    rule: 'arm.uri',
    finds: 'an expression of the workflow that joins a part of a URI',
    bad: set(paths.playbook, `${workflow}/properties/definition/actions/Give_up/inputs`, {
      uri: "@{parameters('Base')}/@{if(true, 'a', concat('b', 'c'))}",
    }),
    file: paths.playbook,
    at: `${workflow}/properties/definition/actions/Give_up/inputs/uri`,
    passes: set(paths.playbook, `${workflow}/properties/definition/actions/Give_up/inputs`, {
      uri: "@{concat('a', 'b')}",
    }),
  },
  {
    rule: 'arm.depends-on',
    finds: 'a dependency that is put together',
    bad: set(paths.playbook, `${workflow}/dependsOn/0`, "[concat('Microsoft.Web/connections/', 'x')]"),
    file: paths.playbook,
    at: `${workflow}/dependsOn/0`,
  },
  {
    rule: 'arm.provider-versions',
    finds: 'a version that Azure chooses',
    bad: set(paths.rules, `${rule}/apiVersion`, "[providers('Microsoft.Logic', 'workflows').apiVersions[0]]"),
    file: paths.rules,
    at: `${rule}/apiVersion`,
  },
  {
    rule: 'arm.secret-output',
    finds: 'an output with a callback URL',
    bad: set(paths.playbook, '/outputs', {
      url: { type: 'string', value: "[listCallbackUrl(resourceId('a/b', 'c'), '2019-05-01').value]" },
    }),
    file: paths.playbook,
    at: '/outputs/url/value',
  },
  {
    rule: 'arm.secret-output',
    finds: 'an output with a secret parameter',
    bad: set(paths.playbook, '/outputs', { secret: { type: 'string', value: "[parameters('TeamSecret')]" } }),
    file: paths.playbook,
    at: '/outputs/secret/value',
    passes: set(paths.playbook, '/outputs', { name: { type: 'string', value: "[parameters('PlaybookName')]" } }),
  },
];
