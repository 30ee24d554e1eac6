import { UserError } from '../domain/errors.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../domain/schemas.ts';
import { addAnalyticsRule } from './analytics-rule.ts';
import { addContentPackage } from './content-package.ts';
import { createUiDefinition, playbooksStep } from './create-ui-definition.ts';
import { addDataConnector } from './data-connector.ts';
import { type ContentCounts, descriptionMarkdown } from './description.ts';
import { type Draft, newDraft, type PackageWarning, type SolutionFile } from './draft.ts';
import { isMap, type JsonMap, mapOf } from './json-tree.ts';
import { packageVersion } from './package-version.ts';
import { addPlaybook } from './playbook.ts';
import { playbookKind } from './playbook-item.ts';
import { throughPowerShell } from './powershell.ts';
import { type PackagingStep, readSolutionData, type SolutionData } from './solution-data.ts';
import { readSolutionMetadata } from './solution-metadata.ts';
import { addWorkbook } from './workbook.ts';

/** Everything a package is made of, read. */
export interface SolutionSource {
  /** Data/Solution_<X>.json. */
  readonly dataFile: SolutionFile;
  /** SolutionMetadata.json. */
  readonly metadata: SolutionFile;
  /** The files that the data file lists, each under the path of its entry (see `PackagingStep`). */
  readonly files: readonly SolutionFile[];
  /** Workbooks/WorkbooksMetadata.json of the repository, for solutions with workbooks. */
  readonly workbookMetadata?: SolutionFile | undefined;
}

export interface PackageOptions {
  /** Three numbers, the first at least 3; without it the data file's version counts. */
  readonly version?: string | undefined;
  /** The time of packaging, used for a missing `lastUpdateTime`; without it that stays missing. */
  readonly now?: Date | undefined;
}

export interface SolutionPackage {
  readonly version: string;
  readonly counts: ContentCounts;
  readonly mainTemplate: JsonMap;
  readonly createUiDefinition: JsonMap;
  readonly testParameters: JsonMap;
  readonly warnings: readonly PackageWarning[];
}

/**
 * The Content Hub package of a solution, as Microsoft's V3 packaging tool writes it. The same source, version and time give
 * the same package.
 * @throws UserError where the source lacks something, or holds what cannot be packaged
 */
export function packageSolution(source: SolutionSource, options: PackageOptions = {}): SolutionPackage {
  const solution = readSolutionData(throughPowerShell(source.dataFile.tree), source.dataFile.path);
  const metadata = readSolutionMetadata(throughPowerShell(source.metadata.tree), source.metadata.path);
  const version = packageVersion(options.version, solution.version, source.dataFile.path);
  const draft = newDraft(solution, metadata, version, options.now, source.workbookMetadata);
  const files = new Map(source.files.map((file) => [file.path, isYaml(file.path) ? file : asRead(file)]));
  const counts = countContent(solution, files);
  if (Object.values(counts).every((count) => count === 0)) {
    throw new UserError('solution.empty', 'the data file lists nothing to package', {
      where: { file: source.dataFile.path },
      remedy: 'List the templates under "Playbooks", function apps and custom connectors first.',
    });
  }
  warnOfLateContent(solution, source.dataFile.path, draft);
  warnOfUnknownLists(solution, source.dataFile.path, draft);
  for (const step of solution.steps) addStep(step, files, counts, draft);
  const parameters = new Map([...outerParameters(), ...draft.parameters]);
  return {
    version,
    counts,
    mainTemplate: mainTemplate(parameters, draft),
    createUiDefinition: createUiDefinition(descriptionMarkdown(solution, counts), draft),
    testParameters: parameters,
    warnings: draft.warnings,
  };
}

type Files = ReadonlyMap<string, SolutionFile>;

/** JSON files pass PowerShell's reader and writer; YAML files have a reader of their own. */
function asRead({ path, tree }: SolutionFile): SolutionFile {
  return { path, tree: throughPowerShell(tree) };
}

export function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

function addStep(step: PackagingStep, files: Files, counts: ContentCounts, draft: Draft): void {
  switch (step.does) {
    case 'solution':
      addContentPackage(draft, counts);
      break;
    case 'data-connector':
      addDataConnector(fileOf(step, files), draft.dataConnectors + 1 === counts.dataConnectors, draft);
      break;
    case 'workbook':
      addWorkbook(fileOf(step, files), draft);
      break;
    case 'analytics-rule':
      addAnalyticsRule(fileOf(step, files), draft);
      break;
    case 'playbook':
      if (!draft.uiSteps.has('playbooks')) draft.uiSteps.set('playbooks', playbooksStep(draft.solution.playbooksText));
      addPlaybook(fileOf(step, files), draft);
  }
}

function fileOf(step: Exclude<PackagingStep, { does: 'solution' }>, files: Files): SolutionFile {
  const file = files.get(step.path);
  if (file) return file;
  throw new UserError('solution.missing-file', 'the data file lists a file that is not there', {
    where: { file: step.path },
    remedy: 'Correct the path in the data file (relative to the solution folder) or add the file.',
  });
}

function countContent({ steps }: SolutionData, files: Files): ContentCounts {
  const kinds = steps
    .filter((step) => step.does === 'playbook')
    .map((step) => fileOf(step, files).tree)
    .map((tree) => (isMap(tree) ? playbookKind(tree).name : 'Playbook'));
  const count = (kind: string) => kinds.filter((found) => found === kind).length;
  const listed = (does: PackagingStep['does']) => steps.filter((step) => step.does === does).length;
  return {
    dataConnectors: listed('data-connector'),
    workbooks: listed('workbook'),
    analyticsRules: listed('analytics-rule'),
    customConnectors: count('LogicAppsCustomConnector'),
    functionApps: count('AzureFunction'),
    playbooks: count('Playbook'),
  };
}

function warnOfLateContent({ steps }: SolutionData, file: string, draft: Draft): void {
  const solutionAt = steps.findIndex((step) => step.does === 'solution');
  if (solutionAt === steps.length - 1) return;
  draft.warnings.push({
    file,
    message: '"Metadata" comes before content; what follows it is missing from the dependencies of the solution',
  });
}

function warnOfUnknownLists({ unknownLists }: SolutionData, file: string, draft: Draft): void {
  for (const list of unknownLists) {
    draft.warnings.push({
      file,
      message: `"${list}" is not a list of content; the official tool passes over it, and so does this`,
    });
  }
}

function mainTemplate(parameters: JsonMap, { solution, variables, resources }: Draft): JsonMap {
  return mapOf({
    $schema: DEPLOYMENT_TEMPLATE_SCHEMA,
    contentVersion: '1.0.0.0',
    metadata: { author: solution.authorLine, comments: `Solution template for ${solution.name}` },
    parameters,
    variables: variables.toMap(),
    resources,
    outputs: {},
  });
}

/** Those of every solution; the wizard's outputs fill them. */
function outerParameters(): JsonMap {
  return mapOf({
    location: {
      type: 'string',
      minLength: 1,
      defaultValue: '[resourceGroup().location]',
      metadata: {
        description:
          'Not used, but needed to pass arm-ttk test `Location-Should-Not-Be-Hardcoded`.  We instead use the `workspace-location` which is derived from the LA workspace',
      },
    },
    'workspace-location': {
      type: 'string',
      defaultValue: '',
      metadata: {
        description:
          "[concat('Region to deploy solution resources -- separate from location selection',parameters('location'))]",
      },
    },
    workspace: {
      defaultValue: '',
      type: 'string',
      metadata: { description: 'Workspace name for Log Analytics where Microsoft Sentinel is setup' },
    },
  });
}
