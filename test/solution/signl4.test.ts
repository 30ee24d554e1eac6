import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/solution/json-parse.ts';
import { findAt, listAt, textAt, toPlain } from '../../src/solution/json-tree.ts';
import { assembleSolution, type SolutionParts } from '../../src/solution/signl4.ts';
import { dataConnectorRules } from '../../src/verify/rules/solution/data-connector.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string) => readFileSync(root + path, 'utf8');

const template = (resource: unknown, parameters: unknown) =>
  JSON.stringify({
    metadata: {
      title: 'A',
      description: 'B',
      lastUpdateTime: '2026-11-24T00:00:00Z',
      releaseNotes: [{ version: '3.1.0' }],
    },
    parameters,
    variables: {},
    resources: [resource],
  });
const name = { CustomConnectorName: { type: 'string', defaultValue: 'SIGNL4CustomConnector' } };

const parts: SolutionParts = {
  releases: [
    { version: '3.1.0', date: '2026-11-24T00:00:00Z', notes: ['Custom connector.', 'Playbooks | both ways.'] },
  ],
  connector: new Map([
    [
      'azuredeploy.json',
      template({ type: 'Microsoft.Web/customApis', name: "[parameters('CustomConnectorName')]" }, name),
    ],
    ['readme.md', '# Connector\n'],
  ]),
  playbooks: [
    {
      folder: 'SIGNL4-Send-Incident',
      files: new Map<string, string | Uint8Array>([
        [
          'azuredeploy.json',
          template(
            {
              type: 'Microsoft.Web/connections',
              properties: {
                api: { id: "[concat('/x/providers/Microsoft.Web/customApis/', parameters('CustomConnectorName'))]" },
              },
            },
            { PlaybookName: { type: 'string', defaultValue: 'SIGNL4-Send-Incident' }, ...name },
          ),
        ],
        ['readme.md', '# Send\n'],
        ['images/flow.png', new Uint8Array([1, 2])],
      ]),
    },
  ],
  workbook: { version: 'Notebook/1.0', items: [], fromTemplateId: 'sentinel-SIGNL4OnCall' },
  analyticsRules: new Map([
    [
      'Failed',
      'id: 3f0c8f0a-6f1c-4d1e-9a53-2f1d7b1f0c11\nname: Failed\ndescription: Identifies.\nkind: NRT\nquery: T\nversion: 3.1.0\n',
    ],
  ]),
  previews: new Map([
    ['SmallBlack.png', new Uint8Array([1])],
    ['SmallWhite.png', new Uint8Array([2])],
  ]),
  text,
};

const files = assembleSolution(parts);

function json(path: string) {
  const file = files.get(path);
  if (typeof file !== 'string') throw new Error(`no ${path}`);
  return parseJson(file, path).tree;
}

describe('the SIGNL4 solution', () => {
  it('has the layout of the Azure-Sentinel repository', () => {
    expect([...files.keys()]).toEqual([
      'SIGNL4/Data/Solution_SIGNL4.json',
      'SIGNL4/SolutionMetadata.json',
      'SIGNL4/ReleaseNotes.md',
      'SIGNL4/Playbooks/CustomConnector/SIGNL4CustomConnector/azuredeploy.json',
      'SIGNL4/Playbooks/CustomConnector/SIGNL4CustomConnector/readme.md',
      'SIGNL4/Playbooks/SIGNL4-Send-Incident/azuredeploy.json',
      'SIGNL4/Playbooks/SIGNL4-Send-Incident/readme.md',
      'SIGNL4/Playbooks/SIGNL4-Send-Incident/images/flow.png',
      'SIGNL4/Data Connectors/DerdackSIGNL4.json',
      'SIGNL4/Workbooks/SIGNL4OnCall.json',
      'SIGNL4/Analytic Rules/Failed.yaml',
      'SIGNL4/Package/mainTemplate.json',
      'SIGNL4/Package/createUiDefinition.json',
      'SIGNL4/Package/testParameters.json',
      'SIGNL4/Package/3.1.0.zip',
      'Logos/signl4.svg',
      'Workbooks/WorkbooksMetadata.json',
      'Workbooks/Images/Logos/signl4.svg',
      'Workbooks/Images/Preview/SmallBlack.png',
      'Workbooks/Images/Preview/SmallWhite.png',
    ]);
  });

  it('upgrades the solution that customers have: same solution id, same data connector id', () => {
    const variables = findAt(json('SIGNL4/Package/mainTemplate.json'), 'variables');
    expect(textAt(variables, 'solutionId')).toBe('derdack.azure-sentinel-solution-signl4');
    expect(textAt(variables, 'dataConnectorContentId1')).toBe('DerdackSIGNL4');
    expect(textAt(variables, '_solutionVersion')).toBe('3.1.0');
  });

  it('has playbooks that are found by their folder and depend on the connector', () => {
    const main = json('SIGNL4/Package/mainTemplate.json');
    expect(findAt(main, 'variables', 'playbookContentId2')).toBe('SIGNL4-Send-Incident');
    const playbook = listAt(main, 'resources').find(
      (resource) => textAt(resource, 'properties', 'displayName') === 'SIGNL4-Send-Incident',
    );
    const metadata = listAt(playbook, 'properties', 'mainTemplate', 'resources').at(-1);
    expect(textAt(listAt(metadata, 'properties', 'dependencies', 'criteria')[0], 'contentId')).toBe(
      "[variables('_SIGNL4CustomConnector')]",
    );
  });

  it('lists the connector before the playbooks, and Metadata behind all content', () => {
    const dataFile = toPlain(json('SIGNL4/Data/Solution_SIGNL4.json')) as Record<string, unknown>;
    expect(dataFile['Playbooks']).toEqual([
      'Playbooks/CustomConnector/SIGNL4CustomConnector/azuredeploy.json',
      'Playbooks/SIGNL4-Send-Incident/azuredeploy.json',
    ]);
    const members = Object.keys(dataFile);
    expect(members.indexOf('Metadata')).toBeGreaterThan(members.indexOf('Playbooks'));
    expect(members.indexOf('Metadata')).toBeGreaterThan(members.indexOf('Data Connectors'));
  });

  it('has release notes, newest first, one row each', () => {
    expect(files.get('SIGNL4/ReleaseNotes.md')).toBe(
      [
        '| **Version** | **Date Modified (DD-MM-YYYY)** | **Change History** |',
        '| ----------- | ------------------------------ | ------------------ |',
        '| 3.1.0 | 24-11-2026 | Custom connector. Playbooks \\| both ways. |',
        '| 3.0.0 | 02-06-2025 | Solution packaged with packaging tool 3.0. Release notes (this file) added. |',
        '',
      ].join('\n'),
    );
  });

  it('is the same whenever it is assembled', () => {
    expect(assembleSolution(parts)).toEqual(files);
  });
});

describe('the texts of the solution', () => {
  const description = text('templates/contenthub/description.md').trim();

  it('describe it from the vendor on, within what reviewers read', () => {
    expect(description).toMatch(/^\[SIGNL4\]\(https:\/\/www\.signl4\.com\)/);
    expect(description.length).toBeLessThan(1200);
    expect(description).not.toContain('$');
  });

  it('call the product by its full name', () => {
    const texts = [description, text('templates/contenthub/DerdackSIGNL4.json')].join('\n');
    expect(texts).not.toMatch(/Azure Sentinel/i);
    expect(texts.replaceAll('Microsoft Sentinel', '')).not.toMatch(/\bSentinel\b/);
  });

  it('say on the page of the data connector all that the schemas of the repository ask for, under any kind of data', () => {
    const page = JSON.parse(text('templates/contenthub/DerdackSIGNL4.json'));
    const [first] = page.dataTypes;
    const known = { ...page, dataTypes: [{ ...first, name: 'AzureDiagnostics' }] };
    expect(dataConnectorRules.flatMap((rule) => rule.check(known))).toEqual([]);
    expect(Object.keys(page.permissions.resourceProvider[0].requiredPermissions).sort()).toEqual([
      'delete',
      'read',
      'write',
    ]);
    for (const step of page.instructionSteps)
      expect(Object.keys(step)).toEqual(['title', 'description', 'instructions']);
  });

  it('name the connector app of the vendor first, as the recommended way', () => {
    const [first] = JSON.parse(text('templates/contenthub/DerdackSIGNL4.json')).instructionSteps;
    expect(first.description).toMatch(/^\*\*SIGNL4 Connector:\*\* The recommended way .* connector app in SIGNL4\./);
    expect(first.description).toContain(
      '(https://docs.signl4.com/integrations/microsoft-sentinel/microsoft-sentinel.html)',
    );
  });

  it('have a logo that the repository takes', () => {
    const logo = text('templates/contenthub/signl4.svg');
    expect(Buffer.byteLength(logo)).toBeLessThan(5 * 1024);
    expect(logo).not.toMatch(/style=|cls=|xmlns:xlink|data-name|xlink:href|<title>|image\/png|\sid=/);
    expect(new DOMParser().parseFromString(logo, 'image/svg+xml').documentElement?.tagName).toBe('svg');
  });
});
