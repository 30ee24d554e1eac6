import { type Definition, type DynamicValues, lookUp, type Schema } from '../../../connector/swagger.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { type At, below, fieldsOf, operationsOf, valuesOf } from './walk.ts';

/** Lists to pick a value from. */
export const pickerRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'picker.target',
    level: 'warning',
    source: sources.connectorExtensions,
    help: 'Name an existing operation, and in value-collection, value-path and value-title members of its answer.',
    check: (definition) =>
      valuesOf(definition)
        .filter(({ pointer }) => pointer.endsWith('/x-ms-dynamic-values'))
        .flatMap(({ pointer, value }) =>
          pickerProblems(definition, value as DynamicValues).map((message) => ({ pointer, message })),
        ),
  },
  {
    id: 'picker.arguments',
    level: 'warning',
    source: sources.connectorExtensions,
    help: 'Let "parameter" name another parameter of the operation, or another member of the same object.',
    check: (definition) => [
      ...operationsOf(definition).flatMap(({ pointer, value }) => {
        const names = (value.parameters ?? []).map((parameter) => parameter.name);
        return (value.parameters ?? []).flatMap((parameter, index) =>
          unknownArguments(parameter['x-ms-dynamic-values'], names).map((name) => ({
            pointer: below(pointer, 'parameters', index),
            message: `there is no parameter "${name}"`,
          })),
        );
      }),
      ...fieldsOf(definition).flatMap(({ pointer, value, parent }) =>
        unknownArguments(value['x-ms-dynamic-values'], Object.keys(parent?.properties ?? {})).map((name) => ({
          pointer,
          message: `there is no member "${name}"`,
        })),
      ),
    ],
  },
];

/** Arguments that a picker passes on although the caller has no such parameter. */
function unknownArguments(picker: DynamicValues | undefined, known: readonly (string | undefined)[]): string[] {
  return Object.values(picker?.parameters ?? {}).flatMap((argument) => {
    const name = (argument as { readonly parameter?: string }).parameter;
    return name === undefined || known.includes(name) ? [] : [name];
  });
}

function pickerProblems(definition: Definition, picker: DynamicValues): string[] {
  const target = operationsOf(definition).find(({ value }) => value.operationId === picker.operationId);
  if (target === undefined) return [`there is no operation "${picker.operationId}"`];
  const given = Object.keys(picker.parameters ?? {});
  const parameters = (target.value.parameters ?? []).map((parameter) => follow(definition, parameter) ?? parameter);
  const missing = parameters.filter((parameter) => parameter.required && !given.includes(parameter.name ?? ''));
  const unknown = given.filter((name) => !parameters.some((parameter) => parameter.name === name));
  return [
    ...missing.map(({ name }) => `${picker.operationId} needs "${name}"`),
    ...unknown.map((name) => `${picker.operationId} has no parameter "${name}"`),
    ...answerProblems(definition, picker, target),
  ];
}

function answerProblems(
  definition: Definition,
  picker: DynamicValues,
  target: At<{ readonly responses?: object }>,
): string[] {
  const success = Object.entries(target.value.responses ?? {}).find(([code]) => code.startsWith('2'));
  const answer = (success?.[1] as { readonly schema?: Schema } | undefined)?.schema;
  const collection = schemaAt(definition, answer, picker['value-collection']);
  const item = follow(definition, collection?.items);
  if (item === undefined) return [`${picker.operationId} answers no list at "${picker['value-collection'] ?? ''}"`];
  return (['value-path', 'value-title'] as const)
    .filter((member) => picker[member] === undefined || schemaAt(definition, item, picker[member]) === undefined)
    .map((member) => `${member} "${picker[member]}" is not in the answer of ${picker.operationId}`);
}

/** The schema of a member, by a path such as `user/name`; the schema itself without a path. */
function schemaAt(definition: Definition, schema: Schema | undefined, path: string | undefined): Schema | undefined {
  const segments = path === undefined ? [] : path.split('/');
  return segments.reduce(
    (at: Schema | undefined, segment) => follow(definition, at?.properties?.[segment]),
    follow(definition, schema),
  );
}

function follow<T extends { readonly $ref?: string }>(definition: Definition, value: T | undefined): T | undefined {
  return value?.$ref === undefined ? value : lookUp<T>(definition, value.$ref);
}
