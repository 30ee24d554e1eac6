import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';

/** An ARM template as a file. Members come in the order a reader expects them. */
export interface ArmTemplate {
  readonly $schema: string;
  readonly contentVersion: string;
  readonly metadata?: JsonObject;
  readonly parameters: Readonly<Record<string, ArmParameter>>;
  readonly variables: Readonly<Record<string, Json>>;
  readonly resources: readonly JsonObject[];
  readonly outputs?: JsonObject;
}

export interface ArmParameter {
  /** Content Hub's validator takes `securestring` in lower case only. */
  readonly type: 'string' | 'securestring' | 'int' | 'bool' | 'array' | 'object';
  readonly defaultValue?: Json;
  readonly allowedValues?: readonly Json[];
  readonly minLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly metadata: { readonly description: string };
}

const DEPLOYMENT_SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

export function armTemplate(parts: Omit<ArmTemplate, '$schema' | 'contentVersion'>): ArmTemplate {
  const { metadata, ...rest } = parts;
  return { $schema: DEPLOYMENT_SCHEMA, contentVersion: '1.0.0.0', ...(metadata && { metadata }), ...rest };
}

/** A text that ARM must not take for an expression: in brackets, so the first one is doubled. */
export function armLiteral(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? `[${text}` : text;
}

/** The same for every text inside a value. ARM evaluates texts in lists and objects too, and the names of members. */
export function armLiteralValue(value: Json): Json {
  if (typeof value === 'string') return armLiteral(value);
  if (Array.isArray(value)) return value.map(armLiteralValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [armLiteral(key), armLiteralValue(member)]));
}
