import { describe, expect, it } from 'vitest';
import { verifyFiles } from '../../src/verify/verify-files.ts';
import { add, all, type Change, copy, drop, remove, replace, set } from './cases/case.ts';
import { contoso, paths } from './contoso/files.ts';

/*
 * What Microsoft published is not an error, unless a validation, a deployment or the service refuses it today. Each row is a form
 * that published solutions or certified connectors have, with the level that it deserves: `none` where it is not a finding.
 */
interface Form {
  readonly form: string;
  readonly change: Change;
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'none';
}

const workflow = '/resources/2';
const definition = `${workflow}/properties/definition`;
const elsewhere = 'Solutions/Contoso/Demo/azuredeploy.json';
const variables = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`v${at}`, 'x']));
const blankUi = set(paths.ui, '/parameters/basics/0/toolTip', '');
const inData = 'Playbooks/';
const direct = `Solutions/Contoso/${inData}`;
const otherUi = 'Solutions/Contoso/Data Connectors/createUiDefinition.json';

/** A function that greets whom its parameter names, taken from where it is declared or from elsewhere. */
const greeting = (from: 'parameters' | 'variables') => ({
  namespace: 'contoso',
  members: {
    greeting: {
      parameters: [{ name: 'Whom', type: 'string' }],
      output: { type: 'string', value: `[concat('Hello ', ${from}('Whom'))]` },
    },
  },
});
const packageOfVersion1 = JSON.stringify({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: { workspace: { type: 'string', metadata: { description: 'Where Sentinel is set up' } } },
  resources: [
    {
      type: 'Microsoft.OperationalInsights/workspaces/providers/metadata',
      apiVersion: '2022-01-01-preview',
      name: "[concat(parameters('workspace'), '/Microsoft.SecurityInsights/contoso.old')]",
      properties: { kind: 'Solution', contentId: 'contoso.old' },
    },
  ],
});

const forms: readonly Form[] = [
  {
    form: 'a workbook that was made from no template of Microsoft Sentinel',
    change: set(paths.workbook, '/fromTemplateId', 'WindowsFirewall'),
    rule: 'workbook.template-id',
    level: 'warning',
  },
  {
    form: 'an analytics rule without a status',
    change: replace(paths.analyticsRule, 'status: Available\n', ''),
    rule: 'analytics-rule.version-and-status',
    level: 'warning',
  },
  {
    form: 'an identifier of an entity in another casing',
    change: replace(paths.analyticsRule, 'identifier: Name', 'identifier: name'),
    rule: 'analytics-rule.entity-identifiers',
    level: 'warning',
  },
  {
    form: 'a literal id beside the "id" that the packaging tool writes and the repository forgives',
    change: set(paths.package, '/resources/0/properties/dashboardId', 'abc'),
    rule: 'arm.literal-id',
    level: 'warning',
  },
  {
    form: 'a product id behind a second variable',
    change: all(
      replace(paths.package, '"_playbookcontentProductId2": "', '"playbookcontentProductId2": "'),
      set(paths.package, '/variables/_playbookcontentProductId2', "[variables('playbookcontentProductId2')]"),
    ),
    rule: 'package.product-id',
    level: 'none',
  },
  {
    form: '257 variables',
    change: set(paths.package, '/variables', variables(257)),
    rule: 'arm.limits',
    level: 'warning',
  },
  {
    form: '513 variables',
    change: set(paths.package, '/variables', variables(513)),
    rule: 'arm.limits',
    level: 'error',
  },
  {
    form: '"Sentinel" alone in the data file, which the validation does not read for it',
    change: set(paths.data, '/Description', 'Sends what Sentinel finds.'),
    rule: 'branding.data',
    level: 'warning',
  },
  {
    form: 'parameters of a function of the template itself',
    change: set(paths.playbook, '/functions', [greeting('parameters')]),
    rule: 'arm.undefined-name',
    level: 'none',
  },
  {
    form: 'variables in a function of the template, which sees none',
    change: set(paths.playbook, '/functions', [greeting('variables')]),
    rule: 'arm.undefined-name',
    level: 'error',
  },
  {
    form: 'a tier in another casing, which the validation does not read',
    change: set(paths.package, '/resources/7/properties/support/tier', 'partner'),
    rule: 'solution.support',
    level: 'warning',
  },
  {
    form: 'a package of version 1 that names Sentinel alone',
    change: add('Solutions/Old/Package/mainTemplate.json', packageOfVersion1),
    rule: 'branding.package',
    level: 'error',
  },
  {
    form: 'the only playbook of a solution directly in the folder Playbooks',
    change: all(
      copy(paths.playbook, `${direct}azuredeploy.json`),
      set(paths.data, '/Playbooks/1', `${inData}azuredeploy.json`),
    ),
    rule: 'data.playbook-folder',
    level: 'warning',
  },
  {
    form: 'two playbooks directly in the folder Playbooks: one content id for both',
    change: all(
      copy(paths.playbook, `${direct}azuredeploy.json`),
      copy(paths.playbook, `${direct}other.json`),
      set(paths.data, '/Playbooks/1', `${inData}azuredeploy.json`),
      set(paths.data, '/Playbooks/2', `${inData}other.json`),
    ),
    rule: 'data.playbook-folder',
    level: 'error',
  },
  {
    form: '"Azure Sentinel" in the data file',
    change: set(paths.data, '/Description', 'For Azure Sentinel.'),
    rule: 'branding.data',
    level: 'error',
  },
  {
    form: '"Azure Sentinel" in a step of the data connector page',
    change: set(paths.dataConnector, '/instructionSteps/0/description', 'Open Azure Sentinel.'),
    rule: 'branding.data-connector',
    level: 'warning',
  },
  {
    form: '"Sentinel" alone in a package of SentinelOne',
    change: (files) => {
      set(paths.package, '/resources/4/properties/mainTemplate/metadata/description', 'In Sentinel only.')(files);
      for (const [path, content] of [...files]) {
        files.delete(path);
        files.set(path.replace('Solutions/Contoso', 'Solutions/SentinelOne'), content);
      }
    },
    rule: 'branding.package',
    level: 'none',
  },
  {
    form: 'a package whose zip is another',
    change: set(paths.package, '/variables/note', 'x'),
    rule: 'agreement.package-zip',
    level: 'warning',
  },
  {
    form: 'a location of the resource group in other letters',
    change: set(paths.playbook, `${workflow}/location`, '[resourcegroup().Location]'),
    rule: 'playbook.workflow',
    level: 'none',
  },
  {
    form: 'a workflow that is not named PlaybookName, in a file that the validator does not read',
    change: all(
      set(paths.playbook, `${workflow}/name`, 'Consolidated'),
      copy(paths.playbook, 'Solutions/Contoso/Consolidated.json'),
      drop(paths.playbook),
    ),
    rule: 'playbook.workflow',
    level: 'warning',
  },
  {
    form: 'a variable that is not a string, in a template that nobody packages',
    change: all(
      set(paths.playbook, '/variables/list', [1]),
      set(paths.playbook, `${workflow}/name`, 'Demo'),
      copy(paths.playbook, elsewhere),
      drop(paths.playbook),
    ),
    rule: 'playbook.variables',
    level: 'warning',
  },
  {
    form: 'a string "@"',
    change: set(paths.playbook, `${definition}/actions/At`, { type: 'Compose', inputs: '@', runAfter: {} }),
    rule: 'workflow.expression',
    level: 'none',
  },
  {
    form: 'an expression around a parameter of the deployment',
    change: all(
      set(paths.playbook, '/parameters/Secret Name', { type: 'string', metadata: { description: 'Name' } }),
      set(paths.playbook, `${definition}/actions/Read`, {
        type: 'Compose',
        inputs: "[concat('@{encodeURIComponent(''', parameters('Secret Name'), ''')}')]",
        runAfter: {},
      }),
      set(paths.playbook, `${definition}/actions/Read_on`, {
        type: 'Compose',
        inputs: "[concat('@outputs(', parameters('Secret Name'), ')')]",
        runAfter: {},
      }),
    ),
    rule: 'workflow.expression',
    level: 'none',
  },
  {
    form: 'a connection that the definition writes in other letters',
    change: replace(paths.playbook, "['azuresentinel']", "['AzureSentinel']"),
    rule: 'connection.unknown-key',
    level: 'none',
  },
  {
    form: 'a member of an object that the deployment gives',
    change: all(
      set(paths.playbook, '/parameters/Storage', { type: 'object', metadata: { description: 'Storage' } }),
      set(paths.playbook, `${workflow}/tags/storage`, "[parameters('Storage').name]"),
    ),
    rule: 'arm.evaluation',
    level: 'none',
  },
  {
    form: 'a resource type with a slash at its end',
    change: set(paths.playbook, `${workflow}/tags/vault`, "[resourceId('Microsoft.KeyVault/vaults/', 'kv')]"),
    rule: 'arm.evaluation',
    level: 'none',
  },
  {
    form: 'an operation of the connector that is deprecated',
    change: set(paths.playbook, `${definition}/actions/Change_severity`, {
      type: 'ApiConnection',
      inputs: {
        host: { connection: { name: "@parameters('$connections')['azuresentinel']['connectionId']" } },
        method: 'put',
        path: "/Case/@{encodeURIComponent('s')}/@{encodeURIComponent('g')}/Severity/@{encodeURIComponent('High')}",
      },
      runAfter: {},
    }),
    rule: 'sentinel.unknown-operation',
    level: 'none',
  },
  {
    form: 'an action on an integration account, which the engine cannot run',
    change: set(paths.playbook, `${definition}/actions/Check`, {
      type: 'XmlValidation',
      inputs: { content: '<a/>', integrationAccount: { schema: { name: 'S' } } },
      runAfter: {},
    }),
    rule: 'workflow.shape',
    level: 'none',
  },
  {
    form: 'a transformation of a Standard logic app, whose map is a file beside it',
    change: set(paths.playbook, `${definition}/actions/Transform`, {
      type: 'Liquid',
      kind: 'JsonToJson',
      inputs: { content: {}, map: { source: 'LogicApp', name: 'person.liquid' } },
      runAfter: {},
    }),
    rule: 'workflow.shape',
    level: 'none',
  },
  {
    form: 'a workflow of a Standard logic app, whose parameters lie in another file',
    change: add(
      'Solutions/Contoso/Playbooks/Standard/workflow.json',
      JSON.stringify({
        kind: 'Stateful',
        definition: { triggers: {}, actions: { A: { type: 'Compose', inputs: "@parameters('user')", runAfter: {} } } },
      }),
    ),
    rule: 'workflow.unknown-parameter',
    level: 'none',
  },
  {
    form: 'a page without connectivityCriterias, which the validator does not take for one',
    change: remove(paths.dataConnector, '/connectivityCriterias'),
    rule: 'data-connector.members',
    level: 'warning',
  },
  {
    form: 'a page without permissions',
    change: remove(paths.dataConnector, '/permissions'),
    rule: 'data-connector.members',
    level: 'error',
  },
  {
    form: 'a createUiDefinition that belongs to no package',
    change: all(blankUi, copy(paths.ui, otherUi), drop(paths.ui)),
    rule: 'ui.blank',
    level: 'warning',
  },
  { form: 'a blank in the createUiDefinition of the package', change: blankUi, rule: 'ui.blank', level: 'error' },
  {
    form: 'metadata that a tool of the repository wrote',
    change: all(
      copy(paths.metadata, 'Solutions/Contoso/Data/system_generated_metadata.json'),
      set('Solutions/Contoso/Data/system_generated_metadata.json', '/categories/domains', ['Security – Network']),
    ),
    rule: 'metadata.categories',
    level: 'none',
  },
  {
    form: 'content without "id", as the packaging tool of 2023 wrote it',
    change: remove(paths.package, '/resources/4/properties/id'),
    rule: 'solution.content-template',
    level: 'warning',
  },
  {
    form: 'content without its product id',
    change: remove(paths.package, '/resources/4/properties/contentProductId'),
    rule: 'solution.content-template',
    level: 'error',
  },
  {
    form: 'a member that occurs twice',
    change: replace(paths.swagger, '"swagger": "2.0",', '"swagger": "2.0", "swagger": "2.0",'),
    rule: 'json.duplicate-member',
    level: 'warning',
  },
  {
    form: 'an automation rule that runs a playbook which is not here',
    change: replace(paths.rules, 'Contoso-Page', 'Fabrikam-Page'),
    rule: 'agreement.automation-rule',
    level: 'warning',
  },
  {
    form: 'an address without the slash of the base path "/"',
    change: all(
      set(paths.connector, '/resources/0/properties/swagger/basePath', '/'),
      set(paths.connector, '/resources/0/properties/swagger/host', 'api.contoso.com'),
      set(paths.connector, '/resources/0/properties/backendService/serviceUrl', 'https://API.contoso.com'),
    ),
    rule: 'template.service-url',
    level: 'none',
  },
  {
    form: 'a definition of more than 500,000 characters',
    change: set(paths.swagger, '/info/description', 'x'.repeat(500_000)),
    rule: 'file.size',
    level: 'warning',
  },
  {
    form: 'a definition of more than 1 MB, most of it indentation',
    change: replace(paths.swagger, '\n', `\n${' '.repeat(1_000_000)}`),
    rule: 'file.size',
    level: 'warning',
  },
  {
    form: 'a definition of more than 1 MB',
    change: set(paths.swagger, '/info/description', 'x'.repeat(1_000_000)),
    rule: 'file.size',
    level: 'error',
  },
  {
    form: 'a logo with a picture that the validator does not see',
    change: replace(paths.logo, '</svg>', '<image href="data:image/png;base64,AAAA"/></svg>'),
    rule: 'logo.content',
    level: 'warning',
  },
  {
    form: 'a logo with a picture file',
    change: replace(paths.logo, '</svg>', '<image href="logo.png"/></svg>'),
    rule: 'logo.content',
    level: 'error',
  },
];

describe('what Microsoft published', () => {
  it.each(forms)('$form: $rule $level', ({ change, rule, level }) => {
    const files = contoso();
    change(files);
    const levels = verifyFiles(files)
      .findings.filter((one) => one.rule === rule)
      .map((one) => one.level);
    expect([...new Set(levels)]).toEqual(level === 'none' ? [] : [level]);
  });

  it('has one finding for the ids of a logo, however many are wrong', () => {
    const files = contoso();
    replace(paths.logo, '</svg>', '<g id="a"/><g id="b"/></svg>')(files);
    const found = verifyFiles(files).findings.filter(({ rule }) => rule === 'logo.ids');
    expect(found.map(({ message }) => message)).toEqual(['the id "a" is not a GUID, and 1 more are wrong']);
  });

  it('is an error in the package, though a copy that comes before it weighs less', () => {
    const files = contoso();
    all(blankUi, copy(paths.ui, otherUi))(files);
    const found = verifyFiles(files).findings.filter(({ rule }) => rule === 'ui.blank');
    expect(found.map(({ file, level }) => [file, level])).toEqual([
      [otherUi, 'warning'],
      [paths.ui, 'error'],
    ]);
  });

  it('is read in time: a string with many quotation marks is walked once', () => {
    const files = new Map([['notes.json', JSON.stringify({ text: '"'.repeat(200_000) })]]);
    expect(verifyFiles(files).findings).toEqual([]);
  });
});
