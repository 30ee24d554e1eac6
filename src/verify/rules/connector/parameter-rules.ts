import type { Definition, Parameter, Schema } from '../../../connector/swagger.ts';
import { type SubjectRule, violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { descriptionProblem, titleProblem } from './strings.ts';
import { below, fieldsOf, parametersOf } from './walk.ts';

const visibilities = ['important', 'advanced', 'internal'];
const types = ['string', 'number', 'integer', 'boolean', 'array', 'file'];

/** What people fill in. */
export const parameterRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'parameter.summary',
    level: 'warning',
    source: sources.connectorTexts,
    help: 'Give the parameter an x-ms-summary in title case, at most 80 characters.',
    check: (definition) =>
      parametersOf(definition).flatMap(({ pointer, value }) =>
        violation(below(pointer, 'x-ms-summary'), titleProblem(value['x-ms-summary'])),
      ),
  },
  {
    id: 'parameter.description',
    level: 'warning',
    source: sources.connectorTexts,
    help: 'Describe the parameter in a sentence that says more than its summary.',
    check: (definition) =>
      parametersOf(definition).flatMap(({ pointer, value }) =>
        violation(below(pointer, 'description'), descriptionProblem(value.description, value['x-ms-summary'])),
      ),
  },
  {
    id: 'parameter.type',
    level: 'error',
    source: sources.openApi,
    help: 'Give the parameter a place and a type; a body has a schema in place of the type.',
    check: (definition) =>
      parametersOf(definition).flatMap(({ pointer, value }) => violation(pointer, parameterTypeProblem(value))),
  },
  {
    id: 'parameter.visibility',
    level: 'note',
    source: sources.connectorExtensions,
    help: 'Mark the parameter important, advanced or internal. What is required and has no default must be visible.',
    check: (definition) => [
      ...parametersOf(definition).flatMap(({ pointer, value }) =>
        violation(below(pointer, 'x-ms-visibility'), visibilityProblem(value, value.required ?? false)),
      ),
      ...fieldsOf(definition).flatMap(({ pointer, value, name, parent }) => {
        const required = parent?.required?.includes(name) ?? false;
        if (value['x-ms-visibility'] === undefined) return [];
        return violation(below(pointer, 'x-ms-visibility'), visibilityProblem(value, required));
      }),
    ],
  },
  {
    id: 'parameter.url-encoding',
    level: 'warning',
    source: sources.connectorExtensions,
    help: 'Add x-ms-url-encoding: single, or double where values contain slashes.',
    check: (definition) =>
      parametersOf(definition)
        .filter(({ value }) => value.in === 'path' && value['x-ms-url-encoding'] === undefined)
        .map(({ pointer }) => ({ pointer, message: 'the path parameter does not say how it is encoded' })),
  },
];

function parameterTypeProblem({ in: place, type, schema, items, name }: Parameter): string | undefined {
  if (!name) return 'the parameter has no name';
  if (place === 'body') return schema === undefined ? 'the body has no schema' : undefined;
  if (!['path', 'query', 'header', 'formData'].includes(place ?? ''))
    return `"${place}" is not a place for a parameter`;
  if (!types.includes(type ?? '')) return `"${type}" is not a type of a parameter`;
  return type === 'array' && items === undefined ? 'the array has no items' : undefined;
}

function visibilityProblem(value: Parameter | Schema, required: boolean): string | undefined {
  const visibility = value['x-ms-visibility'];
  if (visibility === undefined) return 'is missing';
  if (!visibilities.includes(visibility)) return `"${visibility}" is not a visibility`;
  // A workflow fills in its callback URL itself, so the parameter is both required and hidden.
  const filledIn = value.default !== undefined || value['x-ms-notification-url'] === true;
  return visibility === 'internal' && required && !filledIn
    ? 'a required value is hidden and has no default'
    : undefined;
}
