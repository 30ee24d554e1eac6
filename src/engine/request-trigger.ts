import { UserError } from '../domain/errors.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { decodedOrAsWritten } from '../wdl/functions/uri-text.ts';
import { isJsonObject, type Json, type JsonObject } from '../wdl/types.ts';
import type { WdlObject } from '../wdl/values.ts';
import type { ActionError } from './outcome.ts';
import type { ChosenTrigger, TriggerInput } from './trigger-input.ts';

/** Parts of a request besides headers and body that `triggerOutputs()` contains; empty if there was no request. */
interface RequestOutputs {
  readonly queries?: WdlObject;
  readonly relativePathParameters?: WdlObject;
}

/** Triggers that start on a schedule. */
const SCHEDULES: readonly ChosenTrigger['type'][] = ['Recurrence', 'SlidingWindow'];

/**
 * Checks that a trigger can receive the given parts of a request: Request triggers take all of them; other triggers that are
 * called, or that poll, take headers and body ("Schema reference guide for trigger and action types", outputs); schedules take
 * nothing.
 * @throws UserError `workflow.trigger` for a part that would be ignored
 */
export function checkTriggerInput({ name, type }: ChosenTrigger, input: TriggerInput): void {
  const { body, headers, method, path, queries, relativePathParameters } = input;
  const isGiven = (...parts: unknown[]) => parts.some((part) => part !== undefined);
  const subject = `The trigger '${name}' is of type ${type}`;
  const where = { path: `/triggers${pointerStep(name)}` };
  if (SCHEDULES.includes(type)) {
    if (!isGiven(body, headers, method, path, queries, relativePathParameters)) return;
    throw new UserError('workflow.trigger', `${subject}: it starts by itself and takes nothing of a request.`, {
      where,
      remedy: 'Leave --trigger and --request out.',
    });
  }
  if (type === 'Request' || !isGiven(method, path, queries, relativePathParameters)) return;
  const message = `${subject}: it takes headers and a body, but no method, path or queries.`;
  throw new UserError('workflow.trigger', message, {
    where,
    remedy: 'Leave those out, or choose a Request trigger.',
  });
}

/**
 * Queries and path parameters for a Request trigger ("Call, trigger, or nest workflows with HTTPS endpoints in Azure Logic
 * Apps"), or why the service would not start a run. Values are decoded strings; repeated queries are joined with a comma
 * (published runs of ScoreUnder/IllogicApps).
 */
export function requestOutputs(
  chosen: ChosenTrigger,
  input: TriggerInput,
): RequestOutputs | { readonly error: ActionError } {
  if (chosen.type !== 'Request') return {};
  const { method, path, queries, relativePathParameters } = input;
  const { method: expected, relativePath } = inputsOf(chosen);
  if (method !== undefined && typeof expected === 'string' && expected.toUpperCase() !== method.toUpperCase()) {
    const message = `The trigger '${chosen.name}' takes requests with the method ${expected.toUpperCase()}, not ${method.toUpperCase()}.`;
    const pointer = `/triggers${pointerStep(chosen.name)}/inputs/method`;
    return { error: { code: 'MethodNotAllowed', message, pointer } };
  }
  const template = typeof relativePath === 'string' ? relativePath : '';
  const [plainPath, search = ''] = path === undefined ? [undefined] : splitPath(path);
  const found = plainPath === undefined ? undefined : pathParameters(template, plainPath);
  if (plainPath !== undefined && !found) return { error: pathError(chosen, template, plainPath) };
  const parameters = { ...found, ...texts(relativePathParameters ?? {}) };
  const missing = namesIn(template).filter((name) => parameters[name] === undefined);
  const isGiven = plainPath !== undefined || relativePathParameters !== undefined;
  if (isGiven && missing.length > 0) return { error: missingError(chosen, template, missing) };
  const allQueries = { ...queriesOf(search), ...texts(queries ?? {}) };
  return {
    ...(Object.keys(allQueries).length > 0 || queries ? { queries: allQueries } : {}),
    ...(Object.keys(parameters).length > 0 && { relativePathParameters: parameters }),
  };
}

/** Path parameters of a Request trigger for which the input has no value. */
export function openPathParameters(chosen: ChosenTrigger, input: TriggerInput): readonly string[] {
  if (chosen.type !== 'Request' || input.outputs || input.path !== undefined || input.relativePathParameters) return [];
  const { relativePath } = inputsOf(chosen);
  return typeof relativePath === 'string' ? namesIn(relativePath) : [];
}

function inputsOf({ trigger }: ChosenTrigger): JsonObject {
  const inputs: unknown = 'inputs' in trigger ? trigger.inputs : undefined;
  return isJsonObject(inputs) ? inputs : {};
}

function splitPath(path: string): [string, string?] {
  const mark = path.indexOf('?');
  return mark < 0 ? [path] : [path.slice(0, mark), path.slice(mark + 1)];
}

const HOLE = /\{([^{}]+)\}/g;

function namesIn(template: string): string[] {
  return [...template.matchAll(HOLE)].map(([, name = '']) => name);
}

/** Values of the `{names}` in a path template; undefined if the path does not match it. */
function pathParameters(template: string, path: string): Record<string, string> | undefined {
  const names = namesIn(template);
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = trimmed(template)
    .split(HOLE)
    .map((part, index) => (index % 2 === 0 ? literal(part) : '([^/]+)'));
  const match = new RegExp(`^${pattern.join('')}$`, 'i').exec(trimmed(path));
  return match
    ? Object.fromEntries(names.map((name, index) => [name, decodedOrAsWritten(match[index + 1] ?? '')]))
    : undefined;
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

function queriesOf(search: string): Record<string, string> {
  const queries: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = queries[name];
    queries[name] = before === undefined ? value : `${before},${value}`;
  }
  return queries;
}

/** Values from a URL or a header are strings, whatever they look like. */
export function texts(values: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function pathError({ name }: ChosenTrigger, template: string, path: string): ActionError {
  const expected = template === '' ? 'has no relative path' : `takes requests to '${template}'`;
  return { code: 'NotFound', message: `The trigger '${name}' ${expected}; '${path}' is another one.` };
}

function missingError({ name }: ChosenTrigger, template: string, missing: readonly string[]): ActionError {
  const message = `The trigger '${name}' takes requests to '${template}', but there is no value for ${missing.join(', ')}.`;
  return { code: 'NotFound', message };
}

/** `trigger()['inputs']` of a Request trigger, from the definition if it has any (published runs). */
export function triggerInputs(chosen: ChosenTrigger): WdlObject | undefined {
  const inputs = inputsOf(chosen);
  return chosen.type === 'Request' && Object.keys(inputs).length > 0 ? inputs : undefined;
}
