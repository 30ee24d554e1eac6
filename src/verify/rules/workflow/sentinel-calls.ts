import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { connectionKey, HOLE, pathDistance, withHoles } from '../../calls.ts';
import { at, objectAt, partsOf, textAt } from '../../json-walk.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { type BodyShape, type SentinelOperation, sentinelOperations } from '../../sentinel-operations.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

/** Calls of the managed connector of Microsoft Sentinel, triggers included. */
export const sentinelCallRules: readonly SubjectRule<WorkflowSubject>[] = [
  {
    id: 'sentinel.unknown-operation',
    level: 'error',
    source: sources.sentinelConnector,
    help: 'Use an operation of the connector; what it lacks (lists of alerts or comments) is an HTTP call with the managed identity.',
    check: (subject) =>
      sentinelCalls(subject)
        .filter(({ path, operations }) => path !== undefined && operations.length === 0)
        .map(({ pointer, method, path }) => ({
          pointer: `${pointer}/inputs/path`,
          message: `azuresentinel has no ${method.toUpperCase()} ${path?.replaceAll(HOLE, '…')}`,
        })),
  },
  {
    id: 'sentinel.body',
    level: 'warning',
    source: sources.sentinelConnector,
    help: 'Write the body as the operation takes it.',
    check: (subject) =>
      sentinelCalls(subject).flatMap(({ pointer, body, operations }) => {
        const [operation] = operations;
        return operation?.body && body !== undefined && isJsonObject(body)
          ? bodyProblems(body, operation.body, operation.operationId, `${pointer}/inputs/body`)
          : [];
      }),
  },
  {
    id: 'sentinel.deprecated-operation',
    level: 'warning',
    source: sources.sentinelConnector,
    help: 'Use the operation that took its place: POST /Incidents to read, PUT /Incidents to change, POST /Incidents/Comment to comment.',
    check: (subject) =>
      sentinelCalls(subject)
        .filter(({ operations }) => operations[0]?.deprecated)
        .map(({ pointer, operations }) => ({
          pointer: `${pointer}/inputs/path`,
          message: `${operations[0]?.operationId} is deprecated`,
        })),
  },
];

interface SentinelCall {
  readonly pointer: string;
  readonly method: string;
  /** With holes for expressions; undefined where all of it is computed. */
  readonly path: string | undefined;
  readonly body: Json | undefined;
  readonly operations: readonly SentinelOperation[];
}

function sentinelCalls({ definition, model, apiOf, connectionKeys }: WorkflowSubject): SentinelCall[] {
  const isSentinel = (inputs: JsonObject) => {
    const key = connectionKey(inputs);
    if (key === undefined) return false;
    const api = apiOf(key);
    return api?.kind === 'managed'
      ? api.name === 'azuresentinel'
      : connectionKeys === undefined && /^azuresentinel/i.test(key);
  };
  const triggers = Object.entries(objectAt(definition, 'triggers')).map(([name, trigger]) => ({
    pointer: `/triggers${pointerStep(name)}`,
    method: 'trigger',
    inputs: objectAt(trigger, 'inputs'),
  }));
  const actions = model.nodes
    .filter(({ type }) => type === 'ApiConnection')
    .map(({ pointer, action }) => {
      const inputs = objectAt(action as unknown as Json, 'inputs');
      return { pointer, method: (textAt(inputs, 'method') ?? '').toLowerCase(), inputs };
    });
  return [...triggers, ...actions]
    .filter(({ inputs }) => isSentinel(inputs))
    .map(({ pointer, method, inputs }) => {
      const path = withHoles(textAt(inputs, 'path') ?? '');
      const operations = path === undefined ? [] : sentinelOperations.filter((one) => isOperation(one, method, path));
      return { pointer, method, path, body: at(inputs, 'body'), operations };
    });
}

function isOperation(operation: SentinelOperation, method: string, path: string): boolean {
  if (operation.method !== method && (operation.method !== '*' || method === 'trigger')) return false;
  if (!operation.path.endsWith('/*')) return pathDistance(path, operation.path) !== undefined;
  return path.toLowerCase().startsWith(operation.path.slice(0, -1).toLowerCase());
}

function bodyProblems(body: JsonObject, shape: BodyShape, operation: string, pointer: string): Violation[] {
  const known = [...shape.required, ...(shape.optional ?? [])];
  const missing = shape.required.filter((name) => body[name] === undefined);
  const unknown = Object.keys(body).filter((name) => !name.startsWith('@') && !known.includes(name));
  const wrong = partsOf(body, pointer).flatMap(({ pointer: place, name, value }) => {
    const allowed = shape.values?.[name];
    return allowed && typeof value === 'string' && !value.includes('@') && !allowed.includes(value)
      ? [{ pointer: place, message: `"${value}" is no ${name}; possible: ${allowed.join(', ')}` }]
      : [];
  });
  return [
    ...missing.map((name) => ({ pointer, message: `${operation} needs "${name}" in the body` })),
    ...unknown.map((name) => ({ pointer: pointer + pointerStep(name), message: `${operation} knows no "${name}"` })),
    ...wrong,
  ];
}
