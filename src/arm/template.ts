import type { Json, JsonObject } from '../domain/json.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../domain/schemas.ts';

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
  readonly type: 'string' | 'securestring' | 'secureObject' | 'int' | 'bool' | 'array' | 'object';
  readonly defaultValue?: Json;
  readonly allowedValues?: readonly Json[];
  readonly minLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly metadata: { readonly description: string };
}

export function armTemplate(parts: Omit<ArmTemplate, '$schema' | 'contentVersion'>): ArmTemplate {
  const { metadata, ...rest } = parts;
  return { $schema: DEPLOYMENT_TEMPLATE_SCHEMA, contentVersion: '1.0.0.0', ...(metadata && { metadata }), ...rest };
}

/** A parameter without a default has to be given. */
export function textParameter(description: string, defaultValue?: string): ArmParameter {
  return { type: 'string', ...(defaultValue !== undefined && { defaultValue }), metadata: { description } };
}

export function flagParameter(description: string, defaultValue = false): ArmParameter {
  return { type: 'bool', defaultValue, metadata: { description } };
}
