import type { Definition, Method, Parameter, Response, Schema, Visibility } from './swagger.ts';
import { methods, resolve } from './swagger.ts';

/** One operation of a connector, as the builder of playbooks and the rules see it. */
export interface ConnectorOperation {
  readonly operationId: string;
  readonly method: Method;
  /** Template without the base path, e.g. `/v2/alerts/{alertId}/close`. */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly visibility: Visibility | undefined;
  /** Defined where the operation starts a workflow. */
  readonly trigger: 'single' | 'batch' | undefined;
  readonly deprecated: boolean;
  /** In order of the path and query; the body last where there is one. */
  readonly parameters: readonly OperationParameter[];
  readonly responses: Readonly<Record<string, Response>>;
}

interface OperationParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'body' | 'formData';
  readonly required: boolean;
  /** `string`, `integer`, …; of a body the type of its schema. */
  readonly type: string;
  readonly visibility: Visibility | undefined;
  /** Of a body: its schema, with a reference at its top followed. */
  readonly schema: Schema | undefined;
}

/** Every operation of a definition that has an id, in the order of the file. */
export function operations(definition: Definition): ConnectorOperation[] {
  return Object.entries(definition.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (operation?.operationId === undefined) return [];
      const parameters = [...(operation.parameters ?? []), ...(item.parameters ?? [])];
      return {
        operationId: operation.operationId,
        method,
        path,
        summary: operation.summary ?? '',
        description: operation.description ?? '',
        visibility: operation['x-ms-visibility'],
        trigger: operation['x-ms-trigger'],
        deprecated: operation.deprecated ?? false,
        parameters: parameters.flatMap((parameter) => operationParameter(definition, parameter)),
        responses: operation.responses ?? {},
      };
    }),
  );
}

function operationParameter(definition: Definition, reference: Parameter): OperationParameter[] {
  const parameter = resolve(definition, reference);
  if (parameter?.name === undefined || parameter.in === undefined) return [];
  const schema = parameter.schema === undefined ? undefined : resolve(definition, parameter.schema);
  return [
    {
      name: parameter.name,
      in: parameter.in as OperationParameter['in'],
      required: parameter.required ?? false,
      type: parameter.type ?? schema?.type ?? 'object',
      visibility: parameter['x-ms-visibility'],
      schema,
    },
  ];
}

/**
 * The operation that the Logic Apps designer takes a saved path for, e.g. `post` and
 * `/v2/alerts/@{encodeURIComponent(variables('alert'))}/close`; undefined where it finds none. It leaves internal operations
 * out, lets a parameter match anything, slashes too, and tries longer templates first.
 */
export function findOperation(
  candidates: readonly ConnectorOperation[],
  method: string,
  path: string,
): ConnectorOperation | undefined {
  return candidates
    .filter((operation) => operation.method === method.toLowerCase() && operation.visibility !== 'internal')
    .map((operation) => ({ operation, pattern: operation.path.replace(/\{.*?\}/g, '.*').replaceAll('/', '\\/') }))
    .sort((left, right) => right.pattern.length - left.pattern.length)
    .find(({ pattern }) => new RegExp(`^${pattern}$`).test(path))?.operation;
}
