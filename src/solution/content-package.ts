import { authorOf, CONTENT_API_VERSION, productId, sourceOf, WORKSPACE_LOCATION } from './content-common.ts';
import { type ContentCounts, descriptionHtml } from './description.ts';
import type { Draft } from './draft.ts';
import { type JsonMap, mapOf } from './json-tree.ts';
import { orderedSupport } from './solution-metadata.ts';

/** Adds the `contentPackages` resource: the solution itself, with everything gathered so far as its dependencies. */
export function addContentPackage(draft: Draft, counts: ContentCounts): void {
  draft.variables.add('_solutioncontentProductId', productId('sl', 'Solution', '_solutionId', '_solutionVersion'));
  draft.resources.push(
    mapOf({
      type: 'Microsoft.OperationalInsights/workspaces/providers/contentPackages',
      apiVersion: CONTENT_API_VERSION,
      location: WORKSPACE_LOCATION,
      properties: properties(draft, counts),
      name: "[concat(parameters('workspace'),'/Microsoft.SecurityInsights/', variables('_solutionId'))]",
    }),
  );
}

function properties(draft: Draft, counts: ContentCounts): JsonMap {
  const { solution, metadata } = draft;
  return mapOf({
    version: draft.version,
    kind: 'Solution',
    contentSchemaVersion: '3.0.0',
    displayName: solution.name,
    publisherDisplayName: metadata.publisherDisplayName,
    descriptionHtml: descriptionHtml(solution, counts),
    contentKind: 'Solution',
    contentProductId: "[variables('_solutioncontentProductId')]",
    id: "[variables('_solutioncontentProductId')]",
    icon: solution.logo ?? null,
    contentId: "[variables('_solutionId')]",
    parentId: "[variables('_solutionId')]",
    source: sourceOf(draft),
    author: authorOf(draft),
    support: orderedSupport(metadata.support),
    dependencies: dependencies(draft),
    firstPublishDate: metadata.firstPublishDate,
    lastPublishDate: metadata.lastPublishDate,
    providers: metadata.providers,
    categories: metadata.categories,
  });
}

/** A solution that depends on other solutions names them behind its own content, and then no operator. */
function dependencies({ criteria, solution }: Draft): unknown {
  if (criteria.length === 0) return undefined;
  if (solution.dependentSolutions.length === 0) return { operator: 'AND', criteria };
  const solutions = solution.dependentSolutions.map((contentId) => ({ kind: 'Solution', contentId }));
  return { criteria: [...criteria, ...solutions] };
}
