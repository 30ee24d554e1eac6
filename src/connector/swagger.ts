import { pointerNames } from '../domain/json-pointer.ts';
/**
 * OpenAPI 2.0 as far as custom connectors use it, with Microsoft's extensions. Members are optional: a definition may come
 * from a file that somebody edited, and it is the business of the rules to say what is missing.
 * Sources: OpenAPI Specification 2.0; Microsoft Learn, "OpenAPI extensions for custom connectors".
 */
export interface Definition {
  readonly swagger?: string;
  readonly info?: Info;
  readonly host?: string;
  readonly basePath?: string;
  readonly schemes?: readonly string[];
  readonly consumes?: readonly string[];
  readonly produces?: readonly string[];
  readonly securityDefinitions?: Readonly<Record<string, SecurityScheme>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths?: Readonly<Record<string, PathItem>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly responses?: Readonly<Record<string, Response>>;
  readonly 'x-ms-connector-metadata'?: readonly { readonly propertyName: string; readonly propertyValue: string }[];
}

interface Info {
  readonly title?: string;
  readonly description?: string;
  readonly version?: string;
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
}

interface SecurityScheme {
  readonly type?: string;
  readonly in?: string;
  readonly name?: string;
}

export const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
export type Method = (typeof methods)[number];

export type PathItem = { readonly [method in Method]?: Operation } & {
  readonly parameters?: readonly Parameter[];
  /** Body of the calls to a trigger's callback URL. The designers apply it to every operation on the path. */
  readonly 'x-ms-notification-content'?: { readonly description?: string; readonly schema?: Schema };
};

export type Visibility = 'important' | 'advanced' | 'internal';

export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly produces?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly responses?: Readonly<Record<string, Response>>;
  readonly 'x-ms-visibility'?: Visibility;
  readonly 'x-ms-trigger'?: 'single' | 'batch';
  readonly 'x-ms-trigger-hint'?: string;
  readonly 'x-ms-api-annotation'?: { readonly family?: string; readonly revision?: number };
}

/** What schemas and parameters that are no body have in common. */
interface Typed {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly 'x-ms-summary'?: string;
  readonly 'x-ms-visibility'?: Visibility;
  readonly 'x-ms-enum-values'?: readonly { readonly value: unknown; readonly displayName: string }[];
  readonly 'x-ms-dynamic-values'?: DynamicValues;
  readonly 'x-ms-notification-url'?: boolean;
}

export interface Parameter extends Typed {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  /** Of a body only. */
  readonly schema?: Schema;
  readonly 'x-ms-url-encoding'?: 'single' | 'double';
}

export interface Schema extends Typed {
  readonly $ref?: string;
  readonly title?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly example?: unknown;
}

/** A list to pick a value from: which operation reads it, and where value and title lie in its answer. */
export interface DynamicValues {
  readonly operationId?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly 'value-collection'?: string;
  readonly 'value-path'?: string;
  readonly 'value-title'?: string;
}

export interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly schema?: Schema;
}

/** The object that a local reference such as `#/definitions/Alert` names; undefined where there is none. */
export function lookUp<T>(definition: Definition, reference: string): T | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let value: unknown = definition;
  for (const key of pointerNames(reference.slice(1))) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value as T;
}

/** The object itself, or what it refers to; undefined for a reference that leads nowhere. */
export function resolve<T extends { readonly $ref?: string }>(definition: Definition, value: T): T | undefined {
  return value.$ref === undefined ? value : lookUp<T>(definition, value.$ref);
}
