import type { JsonObject } from '../domain/json.ts';

/**
 * Everything the connector is generated from, as plain JSON: a released bundle embeds it, the checkout reads it from
 * `connector-spec/` and `templates/connector/` (`loadConnectorSpec`).
 */
export interface ConnectorSpec {
  /** One per resource, in the order in which their paths appear. */
  readonly documents: readonly SpecDocument[];
  readonly connection: Connection;
  readonly gallery: Gallery;
  readonly texts: ConnectorTexts;
  /** PNG, square, 100 to 230 pixels a side. */
  readonly icon: Uint8Array;
}

/** A part of the definition, as authored: OpenAPI 2.0 with `tags` (one, its heading), `x-pickers` and `x-every-operation`. */
export interface SpecDocument {
  /** Named in errors. */
  readonly file: string;
  readonly content: JsonObject;
}

/** How a connection is made and how the connector looks in lists. */
export interface Connection {
  readonly publisher: string;
  readonly stackOwner: string;
  /** `#RRGGBB`; also the background of the icon. */
  readonly iconBrandColor: string;
  readonly capabilities: readonly string[];
  readonly connectionParameters: Readonly<Record<string, JsonObject>>;
}

/** What the gallery of playbooks shows about the ARM template (`metadata`), and what its parameter is for. */
export interface Gallery {
  readonly title: string;
  readonly description: string;
  readonly connectorNameDescription: string;
  readonly prerequisites: readonly string[];
  readonly postDeployment: readonly string[];
  readonly tags: readonly string[];
  readonly supportTier: string;
  readonly supportLink: string;
  readonly author: string;
}

/** Markdown with marks to fill in: `<!-- operations -->`, `<!-- operation-count -->`, `<!-- deploy-buttons -->`. */
interface ConnectorTexts {
  readonly readme: string;
  readonly intro: string;
}
