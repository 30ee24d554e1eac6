import { Ajv, type ErrorObject } from 'ajv';
import { configSchema } from './schema.ts';

/*
 * The only module that needs ajv. The released bundle replaces it by ajv's standalone code for the same schema
 * (`standaloneValidator`), so that a build neither loads ajv nor compiles a schema.
 */

const validate = new Ajv({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  keywords: ['patternErrorMessage'],
}).compile(configSchema);

/** Everything in which the value differs from the schema; an error carries the offending value and its schema. */
export function shapeErrors(value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? []);
}
