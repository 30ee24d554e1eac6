import type { PlainContext } from './context.ts';
import { WdlError } from './errors.ts';
import type { WdlObject, WdlValue } from './values.ts';
import { isNumber, isObject, toNumber, typeName } from './values.ts';

const OBJECTS = ['trigger', 'variables', 'parameters', 'items', 'workflow', 'results', 'action'] as const;

/** What is in `outputs`. Beside it nothing reads it: `triggerBody()` and `body()` would be null without a word. */
const IN_OUTPUTS = ['body', 'headers', 'queries', 'statusCode', 'output'];

/**
 * Checks that a JSON value is a context for `eval`: {trigger: {outputs}, actions: {Name: {outputs, status}}, variables,
 * parameters, items: {Loop: item}, workflow}, all optional. Unknown members are ignored, but for those of a trigger or an
 * action that belong into its outputs where it has none.
 * Throws `WdlError` (`wdl.context`) that names the member.
 */
export function readPlainContext(value: WdlValue): PlainContext {
  const context = objectAt(value, 'the context');
  const objects = OBJECTS.filter((name) => given(context[name])).map((name) => [name, objectAt(context[name], name)]);
  const actions = given(context['actions']) ? Object.entries(objectAt(context['actions'], 'actions')) : [];
  if (given(context['trigger'])) recordAt(context['trigger'], 'trigger');
  const indexes = given(context['iterationIndexes']) ? objectAt(context['iterationIndexes'], 'iterationIndexes') : {};
  return {
    ...(Object.fromEntries(objects) as PlainContext),
    actions: Object.fromEntries(actions.map(([name, action]) => [name, recordAt(action, `actions.${name}`)])),
    iterationIndexes: Object.fromEntries(
      Object.entries(indexes).map(([loop, index]) => [loop, numberAt(index, `iterationIndexes.${loop}`)]),
    ),
    ...(context['item'] === undefined ? {} : { item: context['item'] }),
    ...(typeof context['callbackUrl'] === 'string' ? { callbackUrl: context['callbackUrl'] } : {}),
  };
}

/** Null stands for "not there", as people write it. */
function given(value: WdlValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function objectAt(value: WdlValue | undefined, path: string): WdlObject {
  if (value !== undefined && isObject(value)) return value;
  throw contextError(path, 'an object', value ?? null);
}

/** A trigger or an action. */
function recordAt(value: WdlValue | undefined, path: string): WdlObject {
  const record = objectAt(value, path);
  const astray = record['outputs'] === undefined ? IN_OUTPUTS.find((name) => record[name] !== undefined) : undefined;
  if (astray === undefined) return record;
  const message = `In the context, ${path} has a member '${astray}' but no 'outputs', where expressions look for it.`;
  const inner = astray === 'output' ? '…' : `{"${astray}": …}`;
  throw new WdlError('wdl.context', message, { remedy: `Write {"outputs": ${inner}}.` });
}

function numberAt(value: WdlValue, path: string): number {
  if (isNumber(value)) return toNumber(value);
  throw contextError(path, 'a number', value);
}

function contextError(path: string, expected: string, value: WdlValue): WdlError {
  return new WdlError(
    'wdl.context',
    `In the context, ${path} must be ${expected}, but it is of type '${typeName(value)}'.`,
    {
      remedy:
        'A context looks like {"trigger": {"outputs": {"body": …}}, "actions": {"Name": {"outputs": …, "status": "Succeeded"}}, "variables": {}, "parameters": {}, "items": {"Loop": …}, "workflow": {}}.',
    },
  );
}
