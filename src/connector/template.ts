import { apiVersions } from '../domain/api-versions.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../domain/schemas.ts';
import type { Connection, Gallery } from './spec.ts';
import type { Definition } from './swagger.ts';

/** What changes from release to release; everything else of the template comes from the spec. */
export interface TemplateOptions {
  /** Default of the parameter `CustomConnectorName`. The playbooks' templates must have the same. */
  readonly connectorName: string;
  /** Shown by the gallery: ISO 8601 in UTC without fractions of a second. */
  readonly lastUpdateTime: string;
  readonly releaseNotes: readonly ReleaseNote[];
}

interface ReleaseNote {
  readonly version: string;
  readonly title: string;
  readonly notes: readonly string[];
}

/**
 * `azuredeploy.json`: the connector as a `Microsoft.Web/customApis` resource that carries the definition itself.
 * Azure refuses a `serviceUrl` that does not end with the base path (error 14024).
 */
export function customApiTemplate(
  definition: Definition,
  connection: Connection,
  gallery: Gallery,
  icon: Uint8Array,
  options: TemplateOptions,
): object {
  return {
    $schema: DEPLOYMENT_TEMPLATE_SCHEMA,
    contentVersion: '1.0.0.0',
    metadata: literal({
      title: gallery.title,
      description: gallery.description,
      prerequisites: gallery.prerequisites,
      postDeployment: gallery.postDeployment,
      lastUpdateTime: options.lastUpdateTime,
      tags: gallery.tags,
      support: { tier: gallery.supportTier, link: gallery.supportLink },
      author: { name: gallery.author },
      releaseNotes: options.releaseNotes,
    }),
    parameters: {
      CustomConnectorName: {
        type: 'string',
        defaultValue: options.connectorName,
        metadata: { description: literal(gallery.connectorNameDescription) },
      },
    },
    // Microsoft's packaging tool moves operation ids here; without the member it loses them.
    variables: {},
    resources: [
      {
        type: 'Microsoft.Web/customApis',
        apiVersion: apiVersions.connections,
        name: "[parameters('CustomConnectorName')]",
        location: '[resourceGroup().location]',
        properties: {
          displayName: "[parameters('CustomConnectorName')]",
          description: literal(definition.info?.description),
          brandColor: connection.iconBrandColor,
          iconUri: `data:image/png;base64,${Buffer.from(icon).toString('base64')}`,
          apiType: 'Rest',
          connectionParameters: literal(connection.connectionParameters),
          backendService: { serviceUrl: `${definition.schemes?.[0]}://${definition.host}${definition.basePath}` },
          swagger: literal(definition),
        },
      },
    ],
  };
}

/** The same value with the first bracket of any `[text]` doubled: ARM would take it for an expression. */
function literal<T>(value: T): T {
  const convert = (part: unknown): unknown => {
    if (typeof part === 'string') return part.startsWith('[') && part.endsWith(']') ? `[${part}` : part;
    if (Array.isArray(part)) return part.map(convert);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, convert(member)]));
  };
  return convert(value) as T;
}
