import { publishedRepository, rawAddress } from '../domain/repository.ts';
import { printJson } from './json-print.ts';
import { type JsonMap, mapOf, treeOf } from './json-tree.ts';
import { packageFiles } from './package-files.ts';
import { packageSolution } from './packager.ts';
import { WORKBOOK_METADATA } from './workbook-metadata.ts';
import { parseYaml } from './yaml-parse.ts';

/** A version of the product, as `build` lists it. */
interface SolutionRelease {
  /** X.Y.Z */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly notes: readonly string[];
}

type Files = ReadonlyMap<string, string | Uint8Array>;

export interface SolutionParts {
  /** Every version from 3.1.0 on, newest first; the first one is packaged. */
  readonly releases: readonly [SolutionRelease, ...SolutionRelease[]];
  /** Files of the connector's folder: `azuredeploy.json`, `readme.md` and pictures. */
  readonly connector: Files;
  /** In the order of the gallery. The folder is the content id of the playbook and never changes. */
  readonly playbooks: readonly { readonly folder: string; readonly files: Files }[];
  /** "SIGNL4 on-call", in the format of the gallery. */
  readonly workbook: object;
  /** YAML of the analytics rules by the name of the file, without its extension. */
  readonly analyticsRules: ReadonlyMap<string, string>;
  /** Pictures of the workbook for the gallery, by file name: PNG, at least one with Black and one with White in its name. */
  readonly previews: ReadonlyMap<string, Uint8Array>;
  /** A string that the product ships, by its path in the repository. */
  readonly text: (path: string) => string;
}

const CONNECTOR = 'Playbooks/CustomConnector/SIGNL4CustomConnector';
const DATA_CONNECTOR = 'Data Connectors/DerdackSIGNL4.json';
const WORKBOOK = 'Workbooks/SIGNL4OnCall.json';
const DATA_FILE = 'Data/Solution_SIGNL4.json';
const METADATA = 'SolutionMetadata.json';

/**
 * The SIGNL4 solution as it goes into the Azure-Sentinel repository. Paths begin with `SIGNL4/`, for `Solutions/SIGNL4`, `Logos/`
 * or `Workbooks/`. The same parts give the same bytes.
 */
export function assembleSolution(parts: SolutionParts): Files {
  const { releases, connector, playbooks, text } = parts;
  const [release] = releases;
  const rules = new Map([...parts.analyticsRules].map(([name, yaml]) => [`Analytic Rules/${name}.yaml`, yaml]));
  const dataFile = dataFileOf(
    release,
    playbooks.map(({ folder }) => folder),
    [...rules.keys()],
    text('templates/contenthub/description.md'),
  );
  const metadata = metadataOf(release);
  const content = new Map<string, string | Uint8Array>([
    ...below(CONNECTOR, connector),
    ...playbooks.flatMap(({ folder, files }) => [...below(`Playbooks/${folder}`, files)]),
    [DATA_CONNECTOR, text('templates/contenthub/DerdackSIGNL4.json')],
    [WORKBOOK, printJson(treeOf(parts.workbook))],
    ...rules,
  ]);
  const entry = workbookEntryOf(release, [...parts.previews.keys()]);
  const listed = [CONNECTOR, ...playbooks.map(({ folder }) => `Playbooks/${folder}`)].map(templateIn);
  const packaged = packageSolution(
    {
      dataFile: { path: DATA_FILE, tree: dataFile },
      metadata: { path: METADATA, tree: metadata },
      files: [
        ...[...listed, DATA_CONNECTOR, WORKBOOK].map((path) => ({ path, tree: parsed(path, content) })),
        ...[...rules].map(([path, yaml]) => ({ path, tree: parseYaml(yaml, path) })),
      ],
      workbookMetadata: { path: WORKBOOK_METADATA, tree: [entry] },
    },
    { version: release.version },
  );
  const folder = new Map<string, string | Uint8Array>([
    [DATA_FILE, printJson(dataFile)],
    [METADATA, printJson(metadata)],
    ['ReleaseNotes.md', releaseNotes(releases)],
    ...content,
    ...below('Package', packageFiles(packaged)),
  ]);
  const logo = text('templates/contenthub/signl4.svg');
  return new Map<string, string | Uint8Array>([
    ...below('SIGNL4', folder),
    ['Logos/signl4.svg', logo],
    [WORKBOOK_METADATA, printJson([entry])],
    ['Workbooks/Images/Logos/signl4.svg', logo],
    ...below('Workbooks/Images/Preview', parts.previews),
  ]);
}

function dataFileOf(
  release: SolutionRelease,
  folders: readonly string[],
  rules: readonly string[],
  description: string,
): JsonMap {
  return mapOf({
    Name: 'SIGNL4',
    Author: 'Derdack - success@signl4.com',
    Logo: `<img src="${rawAddress(publishedRepository)}/Logos/signl4.svg" width="75px" height="75px">`,
    Description: description.trim(),
    'Data Connectors': [DATA_CONNECTOR],
    Workbooks: [WORKBOOK],
    'Analytic Rules': rules,
    Playbooks: [CONNECTOR, ...folders.map((folder) => `Playbooks/${folder}`)].map(templateIn),
    BasePath: 'C:\\GitHub\\Azure-Sentinel\\Solutions\\SIGNL4',
    Version: release.version,
    Metadata: METADATA,
    TemplateSpec: false,
    Is1PConnector: false,
  });
}

/**
 * The entry that goes into the repository's WorkbooksMetadata.json. Its validator wants these members and no others; the key is the content id and
 * never changes.
 */
function workbookEntryOf(release: SolutionRelease, previews: readonly string[]): JsonMap {
  return mapOf({
    workbookKey: 'SIGNL4OnCallWorkbook',
    logoFileName: 'signl4.svg',
    description:
      'How fast incidents reach the person on call through SIGNL4, how fast they are acknowledged and resolved, who carries the load, and where the paging fails.',
    dataTypesDependencies: ['SecurityIncident', 'SentinelHealth', 'AzureDiagnostics'],
    dataConnectorsDependencies: [],
    previewImagesFileNames: previews,
    version: release.version,
    title: 'SIGNL4 on-call',
    templateRelativePath: 'SIGNL4OnCall.json',
    subtitle: '',
    provider: 'Derdack',
  });
}

/** Publisher, offer and first date are those of the vendor's solution, so that this one upgrades it. */
function metadataOf(release: SolutionRelease): JsonMap {
  return mapOf({
    publisherId: 'derdack',
    offerId: 'azure-sentinel-solution-signl4',
    firstPublishDate: '2021-12-10',
    lastPublishDate: release.date.slice(0, 10),
    providers: ['Derdack'],
    categories: { domains: ['DevOps', 'IT Operations', 'Security - Automation (SOAR)'] },
    support: { name: 'Derdack', email: 'success@signl4.com', tier: 'Partner', link: 'https://www.signl4.com' },
  });
}

/** Published before this product: the repository keeps its row as it is. */
const BEFORE: SolutionRelease = {
  version: '3.0.0',
  date: '2025-06-02',
  notes: ['Solution packaged with packaging tool 3.0. Release notes (this file) added.'],
};

function releaseNotes(releases: readonly SolutionRelease[]): string {
  const rows = [...releases, BEFORE].map(({ version, date, notes }) => {
    const [year, month, day] = date.slice(0, 10).split('-');
    return `| ${version} | ${day}-${month}-${year} | ${notes.join(' ').replaceAll('|', '\\|')} |`;
  });
  return [
    '| **Version** | **Date Modified (DD-MM-YYYY)** | **Change History** |',
    '| ----------- | ------------------------------ | ------------------ |',
    ...rows,
    '',
  ].join('\n');
}

function templateIn(folder: string): string {
  return `${folder}/azuredeploy.json`;
}

function parsed(path: string, content: Files) {
  const file = content.get(path);
  if (typeof file !== 'string') throw new Error(`the solution has no text at ${path}`);
  return treeOf(JSON.parse(file));
}

function below(folder: string, files: Files): Files {
  return new Map([...files].map(([path, file]) => [`${folder}/${path}`, file]));
}
