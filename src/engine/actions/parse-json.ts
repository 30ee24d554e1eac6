import { WdlError } from '../../wdl/errors.ts';
import type { ParseJsonAction } from '../../wdl/types.ts';
import { isBinaryContent, type WdlValue } from '../../wdl/values.ts';
import { evaluate, type Scope } from '../context.ts';
import { schemaViolations, usesPatterns } from '../json-schema.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { actionOf, type Executor } from './executor.ts';

/**
 * Parse JSON: strings are parsed as JSON, other values are used as they are. The result must match the schema, which does not
 * change it.
 */
export const parseJson: Executor = (scope) => {
  const { content: from, schema: written } = actionOf<ParseJsonAction>(scope).inputs;
  const content = evaluate(from ?? null, scope);
  const schema = evaluate(written ?? {}, scope);
  const inputs = { content, schema };
  if (content === null || content === '') {
    throw new WdlError('wdl.argument-value', "Required property 'content' expects a value but got null. Path ''.", {
      remedy: 'Give Parse JSON something to read: coalesce(…) with a default.',
    });
  }
  if (usesPatterns(schema)) {
    const message = `The 'schema' property of action 'ParseJson' inputs contains 'pattern' or 'patternProperties' properties. 'Pattern' or 'patternProperties' properties are not supported in the action json schema.`;
    return failed('ActionSchemaNotSupported', message, inputs);
  }
  if (isBinaryContent(content)) {
    const message = `The property 'content' must be of type JSON in the 'ParseJson' action inputs, but was of type '${content['$content-type']}'.`;
    return failed('BadRequest', message, inputs);
  }
  const read = readContent(scope, content);
  if ('problem' in read) {
    const message = `The 'content' property of actions of type 'ParseJson' must be valid JSON. The provided value cannot be parsed: '${read.problem}'.`;
    return failed('InvalidJSON', message, inputs);
  }
  return checked(schema, read.value, inputs);
};

function readContent(scope: Scope, content: WdlValue): { readonly value: WdlValue } | { readonly problem: string } {
  if (typeof content !== 'string') return { value: content };
  if (content.trim() === '') return { value: null };
  try {
    return { value: evaluate('@json(item())', scope, { value: content }) };
  } catch (error) {
    if (error instanceof WdlError) return { problem: error.message };
    throw error;
  }
}

function checked(schema: WdlValue, body: WdlValue, inputs: WdlValue): Outcome {
  try {
    const errors = schemaViolations(schema, body);
    if (errors.length === 0) return succeeded(inputs, { body });
    const [first] = errors;
    const where = first?.path ? ` at '${first.path}'` : '';
    return {
      ...failed('ValidationFailed', 'The schema validation failed.', inputs, `${first?.message}${where}`),
      outputs: { errors },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed(
      'BadRequest',
      `The 'schema' property of action 'ParseJson' inputs is not valid JSON schema: ${reason}`,
      inputs,
    );
  }
}
