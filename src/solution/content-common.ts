import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../domain/schemas.ts';
import type { Draft } from './draft.ts';
import { type JsonMap, mapOf } from './json-tree.ts';

/** Parts that every kind of content in a package shares. */

export const CONTENT_API_VERSION = '2023-04-01-preview';
export const WORKSPACE_LOCATION = "[parameters('workspace-location')]";
/** Of the metadata of playbooks, workbooks and rules. */
export const CONTENT_METADATA_VERSION = '2022-01-01-preview';
export const METADATA_TYPE = 'Microsoft.OperationalInsights/workspaces/providers/metadata';

const DEPENDS_ON_PACKAGE =
  "[extensionResourceId(resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspace')), 'Microsoft.SecurityInsights/contentPackages', variables('_solutionId'))]";

export function authorOf({ solution }: Draft): JsonMap {
  return mapOf({ name: solution.author, email: solution.email === undefined ? undefined : "[variables('_email')]" });
}

export function sourceOf({ solution }: Draft): JsonMap {
  return mapOf({ kind: 'Solution', name: solution.name, sourceId: "[variables('_solutionId')]" });
}

/** The name of a content template in the workspace: derived from the content id, so it stays through all versions. */
export function templateName(short: string, contentId: string): string {
  return `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',concat(parameters('workspace'),'-${short}-',uniquestring(variables('${contentId}'))))]`;
}

/** The id of one version of a content item. */
export function productId(short: string, kind: string, contentId: string, version: string): string {
  return `[concat(take(variables('_solutionId'),50),'-','${short}','-', uniqueString(concat(variables('_solutionId'),'-','${kind}','-',variables('${contentId}'),'-', variables('${version}'))))]`;
}

export interface ContentTemplate {
  readonly name: string;
  readonly description: string;
  readonly mainTemplate: JsonMap;
  readonly contentId: string;
  readonly kind: string;
  readonly displayName: string;
  readonly productId: string;
  readonly version: string;
}

/** The template of content that asks for nothing: its resources alone. */
export function innerTemplate(version: string, resources: readonly JsonMap[]): JsonMap {
  return mapOf({
    $schema: DEPLOYMENT_TEMPLATE_SCHEMA,
    contentVersion: version,
    parameters: {},
    variables: {},
    resources,
  });
}

/** A `contentTemplates` resource; name, ids and version are references to outer variables. */
export function contentTemplateResource(content: ContentTemplate): JsonMap {
  return mapOf({
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
    apiVersion: CONTENT_API_VERSION,
    name: content.name,
    location: WORKSPACE_LOCATION,
    dependsOn: [DEPENDS_ON_PACKAGE],
    properties: {
      description: content.description,
      mainTemplate: content.mainTemplate,
      packageKind: 'Solution',
      packageVersion: "[variables('_solutionVersion')]",
      packageName: "[variables('_solutionName')]",
      packageId: "[variables('_solutionId')]",
      contentSchemaVersion: '3.0.0',
      contentId: content.contentId,
      contentKind: content.kind,
      displayName: content.displayName,
      contentProductId: content.productId,
      id: content.productId,
      version: content.version,
    },
  });
}
