import type { SchemaNode } from '../../config/schema/node.ts';
import { DURATION_PATTERN } from './duration.ts';

export const text = (description: string): SchemaNode => ({ type: 'string', description });
export const flag = (description: string): SchemaNode => ({ type: 'boolean', description });
export const whole = (description: string, minimum = 0, maximum = 100_000): SchemaNode => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
export const oneOf = (values: readonly (string | number)[], description: string): SchemaNode => ({
  enum: values,
  description,
});
export const list = (items: SchemaNode, description: string): SchemaNode => ({ type: 'array', items, description });
export const mapOf = (values: SchemaNode | true, description: string): SchemaNode => ({
  type: 'object',
  additionalProperties: values,
  description,
});
export const section = (
  description: string,
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[] = [],
): SchemaNode => ({
  type: 'object',
  description,
  properties,
  required,
  additionalProperties: false,
});
export const duration = (description: string): SchemaNode => ({
  type: ['string', 'integer'],
  pattern: DURATION_PATTERN,
  patternErrorMessage: 'is not a duration, a number with its unit',
  examples: ['90s', '4m', '1h30m'],
  // The only number without a unit is 0.
  maximum: 0,
  minimum: 0,
  description,
});
export const texts = (description: string): SchemaNode => ({
  type: ['string', 'array'],
  items: { type: 'string' },
  description,
});
export const count = (description: string): SchemaNode => ({
  type: ['integer', 'object'],
  minimum: 0,
  properties: { atLeast: whole('At least so many.'), atMost: whole('At most so many.') },
  additionalProperties: false,
  description,
});
