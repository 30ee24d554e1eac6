import { createHash } from 'node:crypto';
import { parseJson } from '../../../src/solution/json-parse.ts';
import { packageFiles } from '../../../src/solution/package-files.ts';
import { packageSolution } from '../../../src/solution/packager.ts';
import { parseYaml } from '../../../src/solution/yaml-parse.ts';
import { apiProperties, connectorDefinition, connectorTemplate } from './connector.ts';
import { analyticsRule, workbook, workbooksMetadata } from './observing.ts';
import { playbookTemplate } from './playbook.ts';
import { automationRules, dataConnector, dataFile, guide, logo, releaseNotes, solutionMetadata } from './solution.ts';

/** Files by path, to be changed. */
export type Files = Map<string, string | Uint8Array>;

const solution = 'Solutions/Contoso/';
export const paths = {
  data: `${solution}Data/Solution_Contoso.json`,
  metadata: `${solution}SolutionMetadata.json`,
  notes: `${solution}ReleaseNotes.md`,
  dataConnector: `${solution}Data Connectors/Contoso.json`,
  workbook: `${solution}Workbooks/Contoso.json`,
  analyticsRule: `${solution}Analytic Rules/ContosoPageFailed.yaml`,
  workbooksMetadata: 'Workbooks/WorkbooksMetadata.json',
  playbook: `${solution}Playbooks/Contoso-Page/azuredeploy.json`,
  guide: `${solution}Playbooks/Contoso-Page/readme.md`,
  connector: `${solution}Playbooks/CustomConnector/ContosoCustomConnector/azuredeploy.json`,
  connectorGuide: `${solution}Playbooks/CustomConnector/ContosoCustomConnector/readme.md`,
  swagger: `${solution}Playbooks/CustomConnector/ContosoCustomConnector/apiDefinition.swagger.json`,
  properties: `${solution}Playbooks/CustomConnector/ContosoCustomConnector/apiProperties.json`,
  package: `${solution}Package/mainTemplate.json`,
  ui: `${solution}Package/createUiDefinition.json`,
  zip: `${solution}Package/3.0.1.zip`,
  logo: 'Logos/contoso.svg',
  rules: 'automation-rules/azuredeploy.json',
  workflow: 'workflow.json',
  manifest: 'manifest.json',
} as const;

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** A whole folder in which nothing breaks a rule: a solution with its package, a logo, an automation rule, a manifest. */
const good: ReadonlyMap<string, string | Uint8Array> = withManifest(
  new Map([
    [paths.data, json(dataFile)],
    [paths.metadata, json(solutionMetadata)],
    [paths.notes, releaseNotes],
    [paths.dataConnector, json(dataConnector)],
    [paths.workbook, json(workbook)],
    [paths.analyticsRule, analyticsRule],
    [paths.workbooksMetadata, json(workbooksMetadata)],
    [paths.playbook, json(playbookTemplate)],
    [
      paths.guide,
      guide('Contoso-Page', [
        ['PlaybookName', '`Contoso-Page`'],
        ['CustomConnectorName', '`ContosoCustomConnector`'],
        ['Severity', '`High`'],
        ['TeamSecret', ''],
      ]),
    ],
    [paths.connector, json(connectorTemplate)],
    [
      paths.connectorGuide,
      guide('CustomConnector/ContosoCustomConnector', [['CustomConnectorName', '`ContosoCustomConnector`']]),
    ],
    [paths.swagger, `${JSON.stringify(connectorDefinition, null, 4)}\n`],
    [paths.properties, json(apiProperties)],
    [paths.logo, logo],
    [paths.rules, json(automationRules)],
    ...packaged(),
  ]),
);

/** A copy to change. */
export function contoso(): Files {
  return new Map(good);
}

function packaged(): [string, string | Uint8Array][] {
  const file = (path: string, value: unknown) => ({ path, tree: parseJson(json(value), path).tree });
  const result = packageSolution({
    dataFile: file('Data/Solution_Contoso.json', dataFile),
    metadata: file('SolutionMetadata.json', solutionMetadata),
    files: [
      file('Data Connectors/Contoso.json', dataConnector),
      file('Workbooks/Contoso.json', workbook),
      { path: 'Analytic Rules/ContosoPageFailed.yaml', tree: parseYaml(analyticsRule, 'ContosoPageFailed.yaml') },
      file('Playbooks/CustomConnector/ContosoCustomConnector/azuredeploy.json', connectorTemplate),
      file('Playbooks/Contoso-Page/azuredeploy.json', playbookTemplate),
    ],
    workbookMetadata: file(paths.workbooksMetadata, workbooksMetadata),
  });
  return [...packageFiles(result)].map(([name, content]) => [`${solution}Package/${name}`, content]);
}

function withManifest(files: Files): Files {
  const hashes = [...files].map(
    ([path, content]) => [path, createHash('sha256').update(content).digest('hex')] as const,
  );
  return files.set(paths.manifest, json({ version: '3.0.1', configHash: 'none', files: Object.fromEntries(hashes) }));
}
