import type { Problem } from '../domain/problem.ts';
import type { JsonMap, JsonTree } from './json-tree.ts';
import type { SolutionData } from './solution-data.ts';
import type { SolutionMetadata } from './solution-metadata.ts';
import { Variables } from './variables.ts';

/** A JSON file of the solution, at the path under which the data file lists it. */
export interface SolutionFile {
  readonly path: string;
  readonly tree: JsonTree;
}

type ContentKind =
  | 'Playbook'
  | 'LogicAppsCustomConnector'
  | 'AzureFunction'
  | 'DataConnector'
  | 'Workbook'
  | 'AnalyticsRule'
  | 'Solution';

/** An entry of a `dependencies` block. Null where the official tool writes null: a connector that is not listed before. */
export interface Criterion {
  readonly kind: ContentKind;
  readonly contentId: string | null;
  readonly version?: string | null;
}

/** Content that later playbooks may depend on. */
interface Registered {
  readonly contentId: string;
  readonly version: string;
}

/** What the official tool ignores without a message and a maintainer should know. */
export interface PackageWarning extends Problem {
  readonly file: string;
  /** From 1, where one line has it. */
  readonly line?: number;
}

/** A package while it is being written, item by item. */
export interface Draft {
  readonly solution: SolutionData;
  readonly metadata: SolutionMetadata;
  readonly version: string;
  /** The time of packaging, for playbooks that do not say when they were last updated. */
  readonly now: Date | undefined;
  /** WorkbooksMetadata.json of the repository; undefined where the solution comes without. */
  readonly workbookMetadata: SolutionFile | undefined;
  /** Outer parameters beside those that every package has. */
  readonly parameters: Map<string, JsonMap>;
  readonly variables: Variables;
  readonly resources: JsonMap[];
  readonly criteria: Criterion[];
  /** Custom connectors by the lower-case default of the parameter that names them, function apps likewise. */
  readonly connectors: Map<string, Registered>;
  readonly functionApps: Map<string, Registered>;
  /** Steps of createUiDefinition by name; the elements of data connectors, workbooks and rules grow. */
  readonly uiSteps: Map<string, JsonMap>;
  readonly warnings: PackageWarning[];
  playbookItems: number;
  dataConnectors: number;
  workbooks: number;
  analyticsRules: number;
}

export function newDraft(
  solution: SolutionData,
  metadata: SolutionMetadata,
  version: string,
  now: Date | undefined,
  workbookMetadata: SolutionFile | undefined,
): Draft {
  const variables = new Variables();
  if (solution.email !== undefined) variables.addPair('email', solution.email);
  variables.add('_solutionName', solution.name);
  variables.add('_solutionVersion', version);
  variables.addPair('solutionId', metadata.solutionId);
  return {
    solution,
    metadata,
    version,
    now,
    workbookMetadata,
    parameters: new Map(),
    variables,
    resources: [],
    criteria: [],
    connectors: new Map(),
    functionApps: new Map(),
    uiSteps: new Map(),
    warnings: [],
    playbookItems: 0,
    dataConnectors: 0,
    workbooks: 0,
    analyticsRules: 0,
  };
}
