import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { at, listAt, objectAt, textAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { isPackage, type Resource, type TemplateLevel } from '../../template-level.ts';
import { rule } from '../rule-of.ts';

const CONTENT_API_VERSION = '2023-04-01-preview';

const rules: readonly SubjectRule<TemplateLevel>[] = [
  rule(
    'package.api-version',
    'error',
    sources.packagingTool,
    `Package the solution again: its content has the version ${CONTENT_API_VERSION}, older ones know no packages.`,
    (level) =>
      contentOf(level)
        .filter(({ raw }) => textAt(raw, 'apiVersion') !== CONTENT_API_VERSION)
        .map(({ at: pointer, raw }) => ({
          pointer: `${pointer}/apiVersion`,
          message: `the version is ${textAt(raw, 'apiVersion')}, expected ${CONTENT_API_VERSION}`,
        })),
  ),
  rule(
    'package.product-id',
    'error',
    sources.packagingTool,
    'Package the solution again: a product id is made of the content id and the version of the same item.',
    (level) => templatesOf(level).flatMap((one) => productIdProblems(one, level)),
  ),
  rule(
    'package.workspace-tag',
    'error',
    sources.packagingTool,
    'Package the solution again: Microsoft Sentinel finds the workspace of a playbook by this tag.',
    (level) =>
      innerResources(level, 'microsoft.logic/workflows')
        .filter(({ raw }) => at(raw, 'tags', 'hidden-SentinelWorkspaceId') === undefined)
        .map(({ pointer }) => ({
          pointer,
          message: 'the workflow has no tag hidden-SentinelWorkspaceId',
        })),
  ),
  rule(
    'package.dependency',
    'warning',
    sources.packagingTool,
    'Package the solution again, with the connector listed before the playbook: else nobody is told to deploy it first.',
    (level) => templatesOf(level).flatMap((one) => dependencyProblems(one, level)),
  ),
  rule(
    'package.parent-id',
    'error',
    sources.packagingTool,
    'Package the solution again: parentId is the id of the resource that the content becomes.',
    ({ template }) =>
      textsOf(template)
        .filter(({ pointer }) => pointer.startsWith('/resources/'))
        .filter(
          ({ pointer, name, text }) => name === 'parentId' && isOfMetadata(pointer, template) && !text.startsWith('['),
        )
        .map(({ pointer, text }) => ({
          pointer,
          message: `the parentId is the text "${text}", expected an expression`,
        })),
  ),
  rule(
    'package.icon',
    'error',
    sources.packagingTool,
    'Package the solution again, with "Logo" in the data file: Content Hub shows it.',
    ({ resources }) =>
      resources
        .filter(({ type, raw }) => type.endsWith('/contentpackages') && !textAt(raw, 'properties', 'icon'))
        .map(({ at: pointer }) => ({ pointer: `${pointer}/properties`, message: 'the solution has no icon' })),
  ),
  rule(
    'package.counts',
    'warning',
    sources.packagingTool,
    'Package the solution again: the description says how much of each kind is inside.',
    (level) =>
      level.resources
        .filter(({ type }) => type.endsWith('/contentpackages'))
        .flatMap(({ at: pointer, raw }) => {
          const wrong = countProblem(textAt(raw, 'properties', 'descriptionHtml') ?? '', level);
          return wrong === undefined ? [] : [{ pointer: `${pointer}/properties/descriptionHtml`, message: wrong }];
        }),
  ),
];

/** Checks that the parts of a package fit together, which manual edits to the tool's output break. */
export const packageStructureRules: readonly SubjectRule<TemplateLevel>[] = rules.map((one) => ({
  ...one,
  check: (level) => (isPackage(level) ? one.check(level) : []),
}));

/** Kinds of content that a description counts, by their label. */
const COUNTED: readonly (readonly [label: string, kind: string])[] = [
  ['Data Connectors', 'DataConnector'],
  ['Workbooks', 'Workbook'],
  ['Analytic Rules', 'AnalyticsRule'],
  ['Custom Azure Logic Apps Connectors', 'LogicAppsCustomConnector'],
  ['Function Apps', 'AzureFunction'],
  ['Playbooks', 'Playbook'],
];

/** Differences between the counts in a description (Markdown or HTML) and the package. */
export function countProblem(description: string, level: TemplateLevel): string | undefined {
  const kinds = templatesOf(level).map(({ raw }) => textAt(raw, 'properties', 'contentKind'));
  // Template specs, the format of version 2, do not contain the kind of their content.
  if (kinds.length === 0) return undefined;
  const wrong = COUNTED.flatMap(([label, kind]) => {
    const said = new RegExp(`(?:\\*\\*|<strong>)${label}:(?:\\*\\*|</strong>)\\s*(\\d+)`).exec(description)?.[1];
    const held = kinds.filter((one) => one === kind).length;
    return said === undefined || Number(said) === held
      ? []
      : [`the description counts ${said} ${label}, the package has ${held}`];
  });
  return wrong[0];
}

function templatesOf({ resources }: TemplateLevel): readonly Resource[] {
  return resources.filter(({ type }) => type.endsWith('/contenttemplates'));
}

function contentOf({ resources }: TemplateLevel): readonly Resource[] {
  return resources.filter(({ type }) => /\/content(?:templates|packages)$/.test(type));
}

interface Inner {
  readonly pointer: string;
  readonly raw: JsonObject;
}

function innerResources(level: TemplateLevel, type: string): Inner[] {
  return templatesOf(level).flatMap((one) => innerOf(one, type));
}

function innerOf({ at: pointer, raw }: Resource, type: string): Inner[] {
  return listAt(raw, 'properties', 'mainTemplate', 'resources').flatMap((inner, index) =>
    isJsonObject(inner) && textAt(inner, 'type')?.toLowerCase() === type
      ? [{ pointer: `${pointer}/properties/mainTemplate/resources/${index}`, raw: inner }]
      : [],
  );
}

/** The variable in a string that is exactly `[variables('x')]`. */
function variableOf(text: string | undefined): string | undefined {
  return /^\[variables\('([^']+)'\)\]$/.exec(text ?? '')?.[1];
}

/** The string value of a variable, following references to other variables. */
function valueOfVariable(template: JsonObject, name: string, seen: readonly string[] = []): string | undefined {
  const text = textAt(template, 'variables', name);
  const next = variableOf(text);
  return next === undefined || seen.includes(next) ? text : valueOfVariable(template, next, [...seen, name]);
}

function productIdProblems({ at: pointer, raw }: Resource, { template }: TemplateLevel): Violation[] {
  const properties = objectAt(raw, 'properties');
  const contentId = variableOf(textAt(properties, 'contentId'));
  if (contentId === undefined) return [];
  return ['contentProductId', 'id'].flatMap((member) => {
    const name = variableOf(textAt(properties, member));
    const value = name === undefined ? undefined : valueOfVariable(template, name);
    return value === undefined || value.includes(`variables('${contentId}')`)
      ? []
      : [
          {
            pointer: `${pointer}/properties/${member}`,
            message: `the ${member} ("${name}") is made for another item than "${contentId}"`,
          },
        ];
  });
}

/** Connections to a custom connector of the package must be dependencies of their playbook. */
function dependencyProblems(one: Resource, level: TemplateLevel): Violation[] {
  const connectors = templatesOf(level).filter(
    ({ raw }) => textAt(raw, 'properties', 'contentKind') === 'LogicAppsCustomConnector',
  );
  const uses = textsOf(at(one.raw, 'properties', 'mainTemplate') ?? null).some(({ text }) =>
    /\/providers\/Microsoft\.Web\/customApis\//i.test(text),
  );
  const isPlaybook = textAt(one.raw, 'properties', 'contentKind') === 'Playbook';
  if (connectors.length === 0 || !uses || !isPlaybook) return [];
  return innerOf(one, METADATA)
    .filter(
      ({ raw }) =>
        !listAt(raw, 'properties', 'dependencies', 'criteria').some(
          (criterion) => textAt(criterion, 'kind') === 'LogicAppsCustomConnector' && textAt(criterion, 'contentId'),
        ),
    )
    .map(({ pointer }) => ({
      pointer: `${pointer}/properties`,
      message: 'the playbook uses a custom connector of the package, but does not depend on it',
    }));
}

const METADATA = 'microsoft.operationalinsights/workspaces/providers/metadata';

function isOfMetadata(pointer: string, template: JsonObject): boolean {
  const steps = pointer.split('/').slice(1, -2);
  const resource = steps.reduce<Json | undefined>(
    (value, name) => (value as Record<string, Json> | undefined)?.[name],
    template,
  );
  return (
    textAt(resource, 'type')?.toLowerCase() === METADATA || /\/contentpackages$/i.test(textAt(resource, 'type') ?? '')
  );
}
