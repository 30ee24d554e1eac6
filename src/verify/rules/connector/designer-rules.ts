import { findOperation, operations } from '../../../connector/operations.ts';
import type { Definition } from '../../../connector/swagger.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { below, operationsOf } from './walk.ts';

/** What the Logic Apps designer needs to open a saved workflow again. */
export const designerRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'designer.path',
    level: 'warning',
    source: sources.openApi,
    help: 'Start the path with a slash, end it without one, and declare each parameter in braces as a required path parameter.',
    check: (definition) =>
      operationsOf(definition).flatMap(({ pointer, path, value }) => {
        const placeholders = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
        const declared = (value.parameters ?? []).filter((parameter) => parameter.in === 'path');
        const names = declared.map(({ name }) => name);
        return [
          ...(/^\/.*[^/]$/.test(path) ? [] : [{ pointer, message: `"${path}" is not a path` }]),
          ...placeholders
            .filter((name) => !names.includes(name))
            .map((name) => ({ pointer, message: `{${name}} is not declared` })),
          ...declared
            .filter(({ name, required }) => !placeholders.includes(name) || required !== true)
            .map(({ name }) => ({ pointer, message: `"${name}" is not a required part of the path` })),
        ];
      }),
  },
  {
    id: 'designer.finds-operation',
    level: 'warning',
    source: sources.designer,
    help: 'Change one of the two paths: the designer knows a saved action by method and path alone.',
    check: (definition) => {
      const all = operations(definition);
      return all
        .filter(({ visibility }) => visibility !== 'internal')
        .flatMap((operation) => {
          const saved = operation.path.replaceAll(/\{(\w+)\}/g, "@{encodeURIComponent('$1')}");
          const found = findOperation(all, operation.method, saved);
          if (found?.operationId === operation.operationId) return [];
          const pointer = below('', 'paths', operation.path, operation.method);
          return [{ pointer, message: `the designer takes ${operation.operationId} for ${found?.operationId}` }];
        });
    },
  },
  {
    id: 'designer.unambiguous-paths',
    level: 'warning',
    source: sources.openApi,
    help: 'Let paths that differ in the names of their parameters only be one path.',
    check: (definition) => {
      const paths = Object.keys(definition.paths ?? {});
      const shape = (path: string) => path.replaceAll(/\{[^}]+\}/g, '{}');
      return paths
        .filter((path, index) => paths.findIndex((other) => shape(other) === shape(path)) < index)
        .map((path) => ({ pointer: below('', 'paths', path), message: 'another path has the same shape' }));
    },
  },
  {
    id: 'designer.written-out',
    level: 'warning',
    source: sources.designer,
    help: 'Write parameters and answers of success out in each operation; not every designer follows references to them or reads those of the path.',
    check: (definition) => [
      ...Object.entries(definition.paths ?? {})
        .filter(([, item]) => item.parameters !== undefined)
        .map(([path]) => ({ pointer: below('', 'paths', path, 'parameters'), message: 'the path has parameters' })),
      ...operationsOf(definition).flatMap(({ pointer, value }) => [
        ...(value.parameters ?? []).flatMap(({ $ref }, index) => reference(below(pointer, 'parameters', index), $ref)),
        ...Object.entries(value.responses ?? {})
          .filter(([code]) => !/^[45]\d\d$/.test(code))
          .flatMap(([code, { $ref }]) => reference(below(pointer, 'responses', code), $ref)),
      ]),
    ],
  },
  {
    id: 'designer.one-body',
    level: 'warning',
    source: sources.openApi,
    help: 'Keep one body parameter; GET and DELETE have none.',
    check: (definition) =>
      operationsOf(definition).flatMap(({ pointer, value, method }) => {
        const bodies = (value.parameters ?? []).filter((parameter) => parameter.in === 'body').length;
        const allowed = method === 'get' || method === 'delete' ? 0 : 1;
        return bodies <= allowed ? [] : [{ pointer, message: `${method} has ${bodies} bodies` }];
      }),
  },
];

function reference(pointer: string, $ref: string | undefined) {
  return $ref === undefined ? [] : [{ pointer, message: `${$ref} is a reference` }];
}
