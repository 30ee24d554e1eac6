import type {
  Definition,
  Method,
  Operation,
  Parameter,
  PathItem,
  Response,
  Schema,
} from '../../../connector/swagger.ts';
import { methods, resolve } from '../../../connector/swagger.ts';
import type { Json } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { partsOf as valuesIn } from '../../json-walk.ts';
import { oncePer } from '../../once-per.ts';

/** A part of a definition and the JSON pointer to it. */
export interface At<T> {
  readonly pointer: string;
  readonly value: T;
}

export interface OperationAt extends At<Operation> {
  readonly path: string;
  readonly method: Method;
  readonly item: PathItem;
}

/** `/paths` and `/v2/alerts` become `/paths/~1v2~1alerts`. */
export function below(pointer: string, ...segments: readonly (string | number)[]): string {
  return pointer + segments.map(pointerStep).join('');
}

export const operationsOf = oncePer((definition: Definition): OperationAt[] =>
  Object.entries(definition.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const value = item[method];
      return value === undefined ? [] : [{ pointer: below('', 'paths', path, method), value, path, method, item }];
    }),
  ),
);

/** Parameters of operations, of paths, and shared ones, each once, where it is written. */
export const parametersOf = oncePer((definition: Definition): At<Parameter>[] => {
  const own = operationsOf(definition).flatMap(({ pointer, value }) =>
    listed(below(pointer, 'parameters'), value.parameters),
  );
  const ofPaths = Object.entries(definition.paths ?? {}).flatMap(([path, item]) =>
    listed(below('', 'paths', path, 'parameters'), item.parameters),
  );
  const shared = named(below('', 'parameters'), definition.parameters);
  return [...own, ...ofPaths, ...shared].filter(({ value }) => value.$ref === undefined);
});

export interface ResponseAt extends At<Response> {
  readonly code: string;
  readonly operation: OperationAt;
}

/** The responses of operations, with references to shared ones followed. */
export const responsesOf = oncePer((definition: Definition): ResponseAt[] =>
  operationsOf(definition).flatMap((operation) =>
    Object.entries(operation.value.responses ?? {}).map(([code, response]) => ({
      pointer: below(operation.pointer, 'responses', code),
      value: resolve(definition, response) ?? response,
      code,
      operation,
    })),
  ),
);

export interface SchemaAt extends At<Schema> {
  /** Where it is used. `part`: properties, items and additional properties, which designers show as fields. */
  readonly role: 'definition' | 'body' | 'response' | 'notification' | 'part';
  /** The schema whose `properties`, `items` or `additionalProperties` this is. */
  readonly parent: Schema | undefined;
  readonly name: string;
}

/** All schemas written out, nested ones included, without references. */
export const schemasOf = oncePer((definition: Definition): SchemaAt[] => schemaRoots(definition).flatMap(withParts));

/** Members of objects, items of arrays and additional properties, which designers show. Without references. */
export function fieldsOf(definition: Definition): SchemaAt[] {
  return schemasOf(definition).filter(({ role, value }) => role === 'part' && value.$ref === undefined);
}

function schemaRoots(definition: Definition): SchemaAt[] {
  const roots: SchemaAt[] = named(below('', 'definitions'), definition.definitions).map((at) => ({
    ...at,
    role: 'definition',
    parent: undefined,
    name: at.pointer.slice(at.pointer.lastIndexOf('/') + 1),
  }));
  const add = (role: SchemaAt['role'], pointer: string, name: string, value: Schema | undefined) => {
    if (value !== undefined) roots.push({ pointer, value, role, parent: undefined, name });
  };
  for (const { pointer, value } of parametersOf(definition))
    add('body', below(pointer, 'schema'), 'body', value.schema);
  for (const { pointer, value, code } of responsesOf(definition))
    add('response', below(pointer, 'schema'), code, value.schema);
  for (const [path, item] of Object.entries(definition.paths ?? {})) {
    const pointer = below('', 'paths', path, 'x-ms-notification-content', 'schema');
    add('notification', pointer, path, item['x-ms-notification-content']?.schema);
  }
  return roots;
}

function withParts(at: SchemaAt): SchemaAt[] {
  if (at.value.$ref !== undefined) return [];
  return [at, ...partsOf(at).flatMap(withParts)];
}

function partsOf({ pointer, value }: SchemaAt): SchemaAt[] {
  const parts: SchemaAt[] = named(below(pointer, 'properties'), value.properties).map((at) => ({
    ...at,
    role: 'part',
    parent: value,
    name: at.pointer.slice(at.pointer.lastIndexOf('/') + 1),
  }));
  const add = (name: 'items' | 'additionalProperties', part: Schema | boolean | undefined) => {
    if (typeof part === 'object')
      parts.push({ pointer: below(pointer, name), value: part, role: 'part', parent: value, name });
  };
  add('items', value.items);
  add('additionalProperties', value.additionalProperties);
  return parts;
}

/** Every value of a document with its pointer, the document itself first. */
export function valuesOf(document: object): readonly At<unknown>[] {
  return valuesIn(document as Json);
}

function named<T>(pointer: string, map: Readonly<Record<string, T>> | undefined): At<T>[] {
  return Object.entries(map ?? {}).map(([name, value]) => ({ pointer: below(pointer, name), value }));
}

function listed<T>(pointer: string, list: readonly T[] | undefined): At<T>[] {
  return (list ?? []).map((value, index) => ({ pointer: below(pointer, index), value }));
}
