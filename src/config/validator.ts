import { Ajv, type ErrorObject } from 'ajv';
import { configSchema } from './schema.ts';

/*
 * The only module that needs ajv. The released bundle puts ajv's standalone code for the same schema and options in its
 * place (tools/standalone-validator.ts), so that no run loads ajv or compiles a schema.
 */

/** Standalone code must be made with the same ones. `patternErrorMessage` is for editors and for `explain`. */
export const validatorOptions = {
  allErrors: true,
  allowUnionTypes: true,
  messages: false,
  keywords: ['patternErrorMessage'],
};

const validate = new Ajv(validatorOptions).compile(configSchema);

/** Everything in which the value differs from the schema. */
export function shapeErrors(value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? []);
}
