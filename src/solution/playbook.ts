import { UserError } from '../domain/errors.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../domain/schemas.ts';
import { type ConnectionPlace, connectorDependencies, moveApiId } from './connection.ts';
import {
  authorOf,
  CONTENT_METADATA_VERSION,
  contentTemplateResource,
  METADATA_TYPE,
  productId,
  sourceOf,
  templateName,
} from './content-common.ts';
import type { Criterion, Draft, SolutionFile } from './draft.ts';
import { escapeBracket, escapeTexts } from './escape.ts';
import { refuseForeignSource } from './foreign-source.ts';
import {
  find,
  findAt,
  isMap,
  type JsonMap,
  type JsonTree,
  listAt,
  mapOf,
  sameName,
  textAt,
  withMemberAt,
} from './json-tree.ts';
import { contentIdOf, displayNameOf, type PlaybookItem, playbookKind } from './playbook-item.ts';
import { playbookMetadata } from './playbook-metadata.ts';
import { prune, replaceEmptyTexts } from './prune.ts';
import { registerContent } from './registered-content.ts';
import { referenceTo, Variables, WORKSPACE_ID, WORKSPACE_RESOURCE_ID } from './variables.ts';

/** Adds one entry of `Playbooks` to the package: a playbook, a custom connector or a function app. */
export function addPlaybook(file: SolutionFile, draft: Draft): void {
  const { tree } = file;
  if (!isMap(tree)) throw new UserError('solution.no-template', 'no ARM template', { where: { file: file.path } });
  refuseForeignSource(textAt(tree, 'metadata', 'source', 'kind'), 'metadata.source.kind', {
    where: { file: file.path, path: 'metadata.source.kind' },
    remedy: 'Remove metadata.source.',
  });
  const item: PlaybookItem = {
    file: file.path,
    template: tree,
    contentId: contentIdOf(file.path),
    kind: playbookKind(tree),
    number: ++draft.playbookItems,
  };
  addVariablePair(item, draft);
  draft.criteria.push({
    kind: item.kind.name,
    contentId: referenceTo(`_${item.contentId}`),
    version: referenceTo(`playbookVersion${item.number}`),
  });
  const inner = innerVariables(item);
  const packaged = packageResources(item, inner, draft);
  warnOfLostVariables(item, inner, draft);
  addOuterVariables(item, packaged.version, draft);
  registerContent(item, draft);
  draft.resources.push(
    contentTemplateResource({
      name: referenceTo(`playbookTemplateSpecName${item.number}`),
      description: `${displayNameOf(item)} Playbook with template version ${draft.version}`,
      mainTemplate: mainTemplate(item, inner, packaged, draft),
      contentId: referenceTo(`_playbookContentId${item.number}`),
      kind: item.kind.name,
      displayName: displayNameOf(item),
      productId: referenceTo(`_playbookcontentProductId${item.number}`),
      version: referenceTo(`playbookVersion${item.number}`),
    }),
  );
}

function addVariablePair({ contentId, file }: PlaybookItem, draft: Draft): void {
  const isNew = draft.variables.add(contentId, contentId);
  draft.variables.add(`_${contentId}`, referenceTo(contentId));
  if (isNew) return;
  throw new UserError('solution.same-content-id', `the content id "${contentId}" is taken`, {
    where: { file },
    remedy: 'Give each playbook a folder of its own name; the folder name is the content id.',
  });
}

function innerVariables({ template, file }: PlaybookItem): Variables {
  const variables = find(template, 'variables');
  const inner = new Variables(isMap(variables));
  for (const [name, value] of isMap(variables) ? variables : []) {
    if (typeof value !== 'string') {
      throw new UserError(
        'solution.variable-type',
        `the variable "${name}" is not a string; the packaging tool takes none else`,
        {
          where: { file, path: `variables.${name}` },
          remedy: 'Use a parameter of that type instead.',
        },
      );
    }
    inner.add(name, value);
  }
  return inner;
}

/** The official tool moves api ids and operation ids to the template's `variables`, and loses them where there are none. */
function warnOfLostVariables({ file }: PlaybookItem, { lost }: Variables, draft: Draft): void {
  if (lost.length === 0) return;
  draft.warnings.push({
    file,
    message: `the template has no "variables", so ${lost.length} variables (${lost[0]}, …) are referenced but not declared, as the official tool does it; nobody can deploy it. Add "variables": {}`,
  });
}

interface PackagedResources {
  readonly resources: readonly JsonMap[];
  readonly dependencies: readonly Criterion[];
  /** Of the workflow's tag; `1.0` without one. */
  readonly version: JsonTree;
}

function packageResources(item: PlaybookItem, inner: Variables, draft: Draft): PackagedResources {
  const dependencies: Criterion[] = [];
  let version: JsonTree = '1.0';
  const parameters = find(item.template, 'parameters');
  const resources = listAt(item.template, 'resources')
    .filter(isMap)
    .map((written, index) => {
      const place: ConnectionPlace = { file: item.file, parameters, inner, position: index + 1 };
      const type = textAt(written, 'type') ?? '';
      let resource = written;
      if (sameName(type, 'Microsoft.Web/connections')) {
        dependencies.push(...connectorDependencies(resource, place, draft));
        resource = moveApiId(resource, place, draft);
      } else if (sameName(type, 'Microsoft.Logic/workflows')) {
        resource = withWorkspaceTag(resource);
        version = findAt(resource, 'tags', 'hidden-SentinelTemplateVersion') || version;
      }
      return replaceEmptyTexts(escapeTexts(prune(resource, draft.variables), inner), draft.variables);
    });
  return { resources, dependencies: [...dependencies, ...functionAppDependencies(item, draft)], version };
}

/** Sentinel finds the workspace of a playbook by this tag. */
function withWorkspaceTag(workflow: JsonMap): JsonMap {
  if (findAt(workflow, 'tags', 'hidden-SentinelWorkspaceId') !== undefined) return workflow;
  return withMemberAt(workflow, ['tags', 'hidden-SentinelWorkspaceId'], referenceTo('workspaceResourceId'));
}

/** A playbook that mentions a function app depends on those whose name is the default of one of its parameters. */
function functionAppDependencies({ template, kind }: PlaybookItem, draft: Draft): readonly Criterion[] {
  const parameters = find(template, 'parameters');
  if (kind.name === 'AzureFunction' || !isMap(parameters) || !mentions(template, 'microsoft.web/sites')) return [];
  return [...parameters.values()].flatMap((parameter) => {
    const app = draft.functionApps.get((textAt(parameter, 'defaultValue') ?? '').toLowerCase());
    return app ? [{ kind: 'AzureFunction' as const, contentId: app.contentId, version: app.version }] : [];
  });
}

function mentions(tree: JsonTree, text: string): boolean {
  if (typeof tree === 'string') return tree.toLowerCase().includes(text);
  if (isMap(tree)) return [...tree].some(([name, value]) => mentions(name, text) || mentions(value, text));
  return Array.isArray(tree) && tree.some((item) => mentions(item, text));
}

function addOuterVariables({ contentId, kind, number }: PlaybookItem, version: JsonTree, { variables }: Draft): void {
  variables.add(`playbookVersion${number}`, version);
  variables.addPair(`playbookContentId${number}`, contentId);
  if (kind.name === 'Playbook') {
    variables.add(
      `playbookId${number}`,
      `[resourceId('Microsoft.Logic/workflows', variables('playbookContentId${number}'))]`,
    );
  }
  variables.add(`playbookTemplateSpecName${number}`, templateName(kind.short, `_playbookContentId${number}`));
  variables.add(WORKSPACE_RESOURCE_ID, WORKSPACE_ID);
  variables.add(
    `_playbookcontentProductId${number}`,
    productId(kind.short, kind.name, `_playbookContentId${number}`, `playbookVersion${number}`),
  );
}

function mainTemplate(item: PlaybookItem, inner: Variables, packaged: PackagedResources, draft: Draft): JsonMap {
  return mapOf({
    $schema: DEPLOYMENT_TEMPLATE_SCHEMA,
    contentVersion: referenceTo(`playbookVersion${item.number}`),
    parameters: find(item.template, 'parameters') ?? null,
    variables: packagedVariables(item, inner),
    resources: [...packaged.resources, metadataResource(item, packaged.dependencies, draft)],
    metadata: playbookMetadata(item, packaged.version, draft),
  });
}

function packagedVariables({ kind, number, contentId }: PlaybookItem, inner: Variables): JsonMap {
  const packaged = new Variables();
  for (const [name, value] of inner.toMap())
    packaged.add(name, typeof value === 'string' ? escapeBracket(value) : value);
  packaged.add('workspace-location-inline', "[concat('[resourceGroup().locatio', 'n]')]");
  if (kind.innerId !== undefined) {
    packaged.add(`playbookContentId${number}`, contentId);
    packaged.add(`playbookId${number}`, kind.innerId(number));
  }
  packaged.add('workspace-name', "[parameters('workspace')]");
  packaged.add(
    'workspaceResourceId',
    "[[resourceId('microsoft.OperationalInsights/Workspaces', variables('workspace-name'))]",
  );
  return packaged.toMap();
}

/** The resource that ties what a customer deploys from the template to the solution. */
function metadataResource({ kind, number }: PlaybookItem, dependencies: readonly Criterion[], draft: Draft): JsonMap {
  const isPlaybook = kind.name === 'Playbook';
  const workspace = isPlaybook ? "[concat(parameters('workspace')" : "[[concat(variables('workspace-name')";
  return mapOf({
    type: METADATA_TYPE,
    apiVersion: CONTENT_METADATA_VERSION,
    name: `${workspace},'/Microsoft.SecurityInsights/',concat('${kind.name}-', last(split(variables('playbookId${number}'),'/'))))]`,
    properties: {
      parentId: `${isPlaybook ? '[' : '[['}variables('playbookId${number}')]`,
      contentId: referenceTo(`_playbookContentId${number}`),
      kind: kind.name,
      version: referenceTo(`playbookVersion${number}`),
      source: sourceOf(draft),
      author: authorOf(draft),
      support: draft.metadata.support,
      dependencies: dependencies.length > 0 ? { criteria: dependencies } : undefined,
    },
  });
}
