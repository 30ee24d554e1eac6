import { Ajv, type ErrorObject } from 'ajv';
import { configSchema } from './schema.ts';

/*
 * The only module that uses ajv for configurations. The released bundle replaces it with ajv's standalone code for the same
 * schema and options (tools/standalone-validator.ts), so that no run loads ajv or compiles a schema.
 */

/** Also used to generate the standalone code. `patternErrorMessage` is for editors and for `explain`. */
export const validatorOptions = {
  allErrors: true,
  allowUnionTypes: true,
  messages: false,
  keywords: ['patternErrorMessage'],
};

const validate = new Ajv(validatorOptions).compile(configSchema);

/** All violations of the schema. */
export function shapeErrors(value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? []);
}
