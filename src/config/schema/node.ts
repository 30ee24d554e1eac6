import type { Json } from '../../domain/json.ts';

/** The part of JSON Schema draft-07 that our YAML files use, which both yaml-language-server and ajv support. */
export interface SchemaNode {
  readonly type?: SchemaType | readonly SchemaType[];
  /** The first sentence alone must explain the member: `init` prints it as the member's one-line comment. */
  readonly description?: string;
  readonly default?: Json;
  readonly examples?: readonly Json[];
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  /** Error message for a value that does not match `pattern`, used by editors and by us. */
  readonly patternErrorMessage?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly $ref?: string;
}

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'null';

type TextLimits = Pick<SchemaNode, 'minLength' | 'maxLength' | 'pattern' | 'patternErrorMessage'>;

/** A string. Needs an example if the default is empty. */
export function text(description: string, standard: string, example?: string, limits: TextLimits = {}): SchemaNode {
  return {
    type: 'string',
    description,
    default: standard,
    ...(example === undefined ? {} : { examples: [example] }),
    ...limits,
  };
}

/** A string that only the user knows; there is no default. */
export function ownText(description: string, example: string, limits: TextLimits = {}): SchemaNode {
  return { type: 'string', description, examples: [example], ...limits };
}

export function choice(description: string, values: readonly string[], standard: string): SchemaNode {
  return { type: 'string', description, enum: values, default: standard };
}

export function flag(description: string, standard: boolean): SchemaNode {
  return { type: 'boolean', description, default: standard };
}

export function whole(description: string, standard: number, minimum: number, maximum: number): SchemaNode {
  return { type: 'integer', description, default: standard, minimum, maximum };
}

/** A list without duplicates; a list from the user replaces the default entirely. */
export function list(
  description: string,
  standard: readonly string[],
  items: SchemaNode,
  example?: readonly string[],
): SchemaNode {
  return {
    type: 'array',
    description,
    default: standard,
    ...(example === undefined ? {} : { examples: [example] }),
    items,
    uniqueItems: true,
  };
}

/**
 * A section with fixed members. `filter:` without a value means the defaults, hence null. `standard` is the default of a section
 * whose members have none.
 */
export function section<Shape>(
  description: string,
  properties: Readonly<Record<keyof Shape, SchemaNode>>,
  standard?: Json,
): SchemaNode {
  return {
    type: ['object', 'null'],
    description,
    ...(standard === undefined ? {} : { default: standard }),
    properties,
    additionalProperties: false,
  };
}

/** A map with names chosen by the user; one from the user replaces the default entirely. */
export function map(
  description: string,
  standard: Readonly<Record<string, Json>>,
  values: SchemaNode,
  options: { example?: Readonly<Record<string, Json>>; names?: SchemaNode } = {},
): SchemaNode {
  return {
    type: ['object', 'null'],
    description,
    default: standard,
    ...(options.example === undefined ? {} : { examples: [options.example] }),
    additionalProperties: values,
    ...(options.names === undefined ? {} : { propertyNames: options.names }),
  };
}
