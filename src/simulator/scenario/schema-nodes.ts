import { DURATION_PATTERN } from './duration.ts';

/** As much of JSON Schema (draft 07) as a scenario needs. */
export interface Node {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
}

export const text = (description: string): Node => ({ type: 'string', description });
export const flag = (description: string): Node => ({ type: 'boolean', description });
export const whole = (description: string, minimum = 0, maximum = 100_000): Node => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
export const oneOf = (values: readonly (string | number)[], description: string): Node => ({
  enum: values,
  description,
});
export const list = (items: Node, description: string): Node => ({ type: 'array', items, description });
export const mapOf = (values: Node | true, description: string): Node => ({
  type: 'object',
  additionalProperties: values,
  description,
});
export const section = (
  description: string,
  properties: Readonly<Record<string, Node>>,
  required: readonly string[] = [],
): Node => ({
  type: 'object',
  description,
  properties,
  required,
  additionalProperties: false,
});
export const duration = (description: string): Node => ({
  type: ['string', 'integer'],
  pattern: DURATION_PATTERN,
  // Only 0 does without a unit.
  maximum: 0,
  minimum: 0,
  description,
});
export const texts = (description: string): Node => ({
  type: ['string', 'array'],
  items: { type: 'string' },
  description,
});
export const count = (description: string): Node => ({
  type: ['integer', 'object'],
  minimum: 0,
  properties: { atLeast: whole('At least so many.'), atMost: whole('At most so many.') },
  additionalProperties: false,
  description,
});
