import { type Definition, lookUp, type Schema } from '../../../connector/swagger.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { below, operationsOf, responsesOf } from './walk.ts';

/** What an operation answers. */
export const responseRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'response.success',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Add a 2xx response with a schema, or one whose description says that there is no content.',
    check: (definition) => [
      ...operationsOf(definition)
        .filter(({ value }) => !Object.keys(value.responses ?? {}).some((code) => code.startsWith('2')))
        .map(({ pointer }) => ({ pointer: below(pointer, 'responses'), message: 'there is no answer for success' })),
      ...responsesOf(definition)
        .filter(({ code, value }) => code.startsWith('2') && value.schema === undefined)
        .filter(({ value }) => !/\bno content\b/i.test(value.description ?? ''))
        .map(({ pointer }) => ({ pointer, message: 'there is neither a schema nor the remark "No content"' })),
    ],
  },
  {
    id: 'response.codes',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'List codes of 200 to 299 and 400 to 599. "default" may be beside them, never alone.',
    check: (definition) =>
      responsesOf(definition)
        .filter(({ code, operation }) =>
          code === 'default' ? Object.keys(operation.value.responses ?? {}).length === 1 : !/^[245]\d\d$/.test(code),
        )
        .map(({ pointer, code }) => ({ pointer, message: `${code} is not an answer to list` })),
  },
  {
    id: 'response.errors',
    level: 'note',
    source: sources.connectorStandards,
    help: 'List the answers of a refused key (401), too many calls (429) and a failing service (500).',
    check: (definition) =>
      operationsOf(definition).flatMap(({ pointer, value }) =>
        ['401', '429', '500']
          .filter((code) => value.responses?.[code] === undefined)
          .map((code) => ({ pointer: below(pointer, 'responses'), message: `${code} is not listed` })),
      ),
  },
  {
    id: 'response.error-schema',
    level: 'note',
    source: sources.connectorStandards,
    help: 'Give the answer the schema of an error, so that a workflow can read why it failed.',
    check: (definition) =>
      responsesOf(definition)
        .filter(({ code, value }) => /^[45]/.test(code) && !isErrorSchema(definition, value.schema))
        .map(({ pointer, code }) => ({ pointer, message: `${code} has no schema with a message` })),
  },
  {
    id: 'response.description',
    level: 'warning',
    source: sources.connectorTexts,
    help: 'Say in a sentence when this answer comes or what it contains.',
    check: (definition) =>
      responsesOf(definition)
        .filter(({ value }) => !/^[A-Z].*\.$/s.test(value.description ?? ''))
        .map(({ pointer }) => ({
          pointer: below(pointer, 'description'),
          message: 'is not a sentence with a full stop',
        })),
  },
];

function isErrorSchema(definition: Definition, schema: Schema | undefined): boolean {
  const resolved = schema?.$ref === undefined ? schema : lookUp<Schema>(definition, schema.$ref);
  return resolved?.properties?.['message'] !== undefined;
}
