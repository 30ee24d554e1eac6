import type { Definition, Parameter, Schema } from '../../../connector/swagger.ts';
import { type SubjectRule, violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { descriptionProblem, titleProblem } from './strings.ts';
import { below, fieldsOf, parametersOf, type SchemaAt, schemasOf } from './walk.ts';

/** Members of requests and responses, which people see as fields and values. */
export const propertyRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'property.title',
    level: 'warning',
    source: sources.connectorTexts,
    help: 'Give the member a title in title case, at most 80 characters. Objects need none: the designer would put it in front of every field inside.',
    check: (definition) =>
      titledSchemas(definition)
        .filter(({ value }) => !isGroup(value))
        .flatMap(({ pointer, value }) =>
          violation(below(pointer, 'title'), titleProblem(value.title ?? value['x-ms-summary'])),
        ),
  },
  {
    id: 'property.description',
    level: 'warning',
    source: sources.connectorTexts,
    help: 'Describe the member in a sentence that says more than its title.',
    check: (definition) =>
      titledSchemas(definition).flatMap(({ pointer, value }) =>
        violation(
          below(pointer, 'description'),
          descriptionProblem(value.description, value.title ?? value['x-ms-summary']),
        ),
      ),
  },
  {
    id: 'property.required',
    level: 'warning',
    source: sources.openApi,
    help: 'Name only members that the schema has in "required".',
    check: (definition) =>
      schemasOf(definition).flatMap(({ pointer, value }) =>
        (value.required ?? [])
          .filter((name) => value.properties?.[name] === undefined)
          .map((name) => ({ pointer: below(pointer, 'required'), message: `there is no member "${name}"` })),
      ),
  },
  {
    id: 'property.example',
    level: 'warning',
    source: sources.connectorCertification,
    help: 'Add an example, so that people see what a value looks like.',
    check: (definition) =>
      fieldsOf(definition)
        .filter(
          ({ value, name }) => isPlainValue(value) && name !== 'additionalProperties' && value.example === undefined,
        )
        .map(({ pointer }) => ({ pointer, message: 'there is no example' })),
  },
  {
    id: 'property.date-format',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Add format: date-time, or date for a day without time.',
    check: (definition) =>
      schemasOf(definition)
        .filter(({ value }) => looksLikeDate(value.example) && value.format !== 'date-time' && value.format !== 'date')
        .map(({ pointer, value }) => ({ pointer, message: `"${value.example}" is a date without a format` })),
  },
  {
    id: 'property.binary-format',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Write the content of a file as a string with format: binary, or byte where it is Base64.',
    check: (definition) =>
      schemasOf(definition)
        .filter(
          ({ value }) => value.type === 'file' || (isFileContent(value) && !/^(binary|byte)$/.test(value.format ?? '')),
        )
        .map(({ pointer }) => ({ pointer, message: 'the content of a file has no binary format' })),
  },
  {
    id: 'property.enum-names',
    level: 'note',
    source: sources.connectorExtensions,
    help: 'Add x-ms-enum-values with a name for each value: people cannot read numbers and codes.',
    check: (definition) =>
      [...parametersOf(definition), ...schemasOf(definition)].flatMap(({ pointer, value }) =>
        violation(below(pointer, 'x-ms-enum-values'), enumProblem(value)),
      ),
  },
];

/** Fields, the schemas they refer to, and responses. The title of a body is that of its parameter. */
function titledSchemas(definition: Definition): SchemaAt[] {
  return schemasOf(definition).filter(({ role, value }) => role !== 'body' && value.$ref === undefined);
}

/** An object with members: the designer shows the members and would put its title before each. */
function isGroup({ type, properties }: Schema): boolean {
  return type === 'object' && properties !== undefined;
}

function isPlainValue({ type, enum: values }: Schema): boolean {
  return ['string', 'number', 'integer'].includes(type ?? '') && values === undefined;
}

function looksLikeDate(example: unknown): boolean {
  return typeof example === 'string' && /^\d{4}-\d{2}-\d{2}(T|$)/.test(example);
}

function isFileContent({ title, type }: Schema): boolean {
  return type === 'string' && /\bfile content\b/i.test(title ?? '');
}

function enumProblem(value: Parameter | Schema): string | undefined {
  if (value.enum === undefined) return undefined;
  const names = value['x-ms-enum-values'];
  if (names === undefined) return value.enum.every(isReadable) ? undefined : 'is missing';
  const unnamed = value.enum.filter((entry) => !names.some((name) => name.value === entry && name.displayName !== ''));
  const unknown = names.filter((name) => !value.enum?.includes(name.value)).map((name) => name.value);
  if (unnamed.length > 0) return `${unnamed.join(', ')} has no name`;
  return unknown.length > 0 ? `${unknown.join(', ')} is not among the values` : undefined;
}

/** Values that are words need no display name. */
function isReadable(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Z][a-z]+( [a-z]+)*$/.test(value);
}
