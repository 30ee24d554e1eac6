import { UserError } from '../domain/errors.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { references } from '../wdl/references.ts';
import type { Json, JsonObject, WorkflowDefinition, WorkflowParameter } from '../wdl/types.ts';
import { typeName, type WdlTypeName, type WdlValue } from '../wdl/values.ts';

/** Value types accepted by each declared type. */
const TYPES: Readonly<Record<string, readonly WdlTypeName[]>> = {
  string: ['String'],
  securestring: ['String'],
  int: ['Integer'],
  integer: ['Integer'],
  float: ['Float', 'Integer'],
  bool: ['Boolean'],
  boolean: ['Boolean'],
  array: ['Array'],
  object: ['Object'],
  secureobject: ['Object'],
};

/**
 * Values of the workflow's parameters by name in lower case: the given ones, otherwise the defaults.
 * @throws UserError `workflow.parameter` for a value that is undeclared, missing or of the wrong type
 */
export function resolveParameters(
  definition: WorkflowDefinition,
  given: Readonly<Record<string, Json>>,
): Map<string, WdlValue> {
  const declared = definition.parameters ?? {};
  const known = new Map(Object.keys(declared).map((name) => [name.toLowerCase(), name]));
  const stranger = Object.keys(given).find((name) => !known.has(name.toLowerCase()));
  if (stranger !== undefined) {
    throw new UserError('workflow.parameter', `The workflow declares no parameter '${stranger}'.`, {
      where: { path: '/parameters' },
      remedy: `Declared: ${Object.keys(declared).join(', ') || 'none'}.`,
    });
  }
  const values = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  return new Map(
    Object.entries(declared).map(([name, declaration]) => [
      name.toLowerCase(),
      checked(name, declaration, values.get(name.toLowerCase()) ?? declaration.defaultValue),
    ]),
  );
}

function checked(name: string, { type, allowedValues }: WorkflowParameter, value: Json | undefined): WdlValue {
  const where = { path: `/parameters${pointerStep(name)}` };
  if (value === undefined) {
    throw new UserError('workflow.parameter', `The value for the workflow parameter '${name}' is not provided.`, {
      where,
      remedy: 'Give it a value, or a default in the definition.',
    });
  }
  const key = String(type).toLowerCase();
  const accepted = Object.hasOwn(TYPES, key) ? TYPES[key] : undefined;
  if (!accepted) {
    throw new UserError('workflow.parameter', `The type '${String(type)}' of parameter '${name}' is not known.`, {
      where,
      remedy: 'Types are String, SecureString, Int, Float, Bool, Array, Object and SecureObject.',
    });
  }
  const found = typeName(value);
  if (!accepted.includes(found)) {
    throw new UserError(
      'workflow.parameter',
      `The value of parameter '${name}' is of type '${found}', but the parameter is declared as '${String(type)}'.`,
      { where },
    );
  }
  if (allowedValues && !allowedValues.some((allowed) => JSON.stringify(allowed) === JSON.stringify(value))) {
    throw new UserError(
      'workflow.parameter',
      `The value ${JSON.stringify(value)} of parameter '${name}' is not allowed.`,
      {
        where,
        remedy: `Allowed: ${allowedValues.map((allowed) => JSON.stringify(allowed)).join(', ')}.`,
      },
    );
  }
  return value;
}

const CONNECTION_KEY = /parameters\('\$connections'\)\??(?:\['((?:[^']|'')+)'\]|\.([\w-]+))/gi;

/**
 * Placeholders for the API connections of a definition without a deployment, one for every `parameters('$connections')['key']`.
 * The key is taken as the name of the API.
 */
export function offlineConnections(definition: WorkflowDefinition): JsonObject {
  const text = JSON.stringify({ triggers: definition.triggers, actions: definition.actions });
  const keys = [...text.matchAll(CONNECTION_KEY)].map((match) => match[1]?.replaceAll("''", "'") ?? match[2] ?? '');
  const group = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline';
  return Object.fromEntries(
    [...new Set(keys)].map((key) => [
      key,
      {
        connectionId: `${group}/providers/Microsoft.Web/connections/${key}`,
        connectionName: key,
        id: `/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Web/locations/westeurope/managedApis/${key}`,
      },
    ]),
  );
}

/** Whether a definition uses connections but was given no value for them. */
export function needsConnections(definition: WorkflowDefinition, given: Readonly<Record<string, Json>>): boolean {
  const declared = definition.parameters?.['$connections'];
  const isEmpty = (value: Json | undefined) => value === undefined || JSON.stringify(value) === '{}';
  if (!declared || !isEmpty(given['$connections']) || !isEmpty(declared.defaultValue)) return false;
  return references([definition.triggers, definition.actions]).parameters.some(({ name }) => name === '$connections');
}
