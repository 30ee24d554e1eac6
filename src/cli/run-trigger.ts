import type { TemplateText } from '../arm-expressions/template-text.ts';
import { UserError } from '../domain/errors.ts';
import { unknownNameRemedy } from '../domain/text.ts';
import type { TriggerInput } from '../engine/trigger-input.ts';
import { isJsonObject, type JsonObject } from '../wdl/types.ts';
import { isObject } from '../wdl/values.ts';

const MEMBERS = ['method', 'path', 'headers', 'queries', 'pathParameters', 'body'] as const;

/** Example of a request file, as a remedy. */
export const requestRemedy = `Write {"method": "GET", "path": "/a/7", "headers": {…}, "queries": {…}, "body": …}; all of it may be left out.`;

/**
 * Reads the request that starts a run from JSON.
 * @throws UserError `usage.request` naming the member that is wrong or unknown
 */
export function readRequest({ json, exact }: TemplateText, file: string): TriggerInput {
  if (!isJsonObject(json)) throw requestError(file, '', 'The request is not an object.');
  const stranger = Object.keys(json).find((name) => !(MEMBERS as readonly string[]).includes(name));
  if (stranger !== undefined) {
    throw requestError(file, stranger, `A request has no "${stranger}".`, unknownNameRemedy(stranger, MEMBERS));
  }
  const [method, path] = (['method', 'path'] as const).map((name) => textMember(json, name, file));
  const headers = objectMember(json, 'headers', file);
  const queries = objectMember(json, 'queries', file);
  const relativePathParameters = objectMember(json, 'pathParameters', file);
  if (path !== undefined && relativePathParameters) {
    throw requestError(
      file,
      'pathParameters',
      'The request has both "path" and "pathParameters".',
      'Leave one of them out.',
    );
  }
  const value = exact();
  const body = isObject(value) ? value['body'] : undefined;
  return {
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
    ...(headers && { headers }),
    ...(queries && { queries }),
    ...(relativePathParameters && { relativePathParameters }),
    ...(body !== undefined && { body }),
  };
}

function textMember(request: JsonObject, name: string, file: string): string | undefined {
  const value = request[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw requestError(file, name, `"${name}" is a string, not empty.`);
}

function objectMember(request: JsonObject, name: string, file: string): JsonObject | undefined {
  const value = request[name];
  if (value === undefined || isJsonObject(value)) return value;
  throw requestError(file, name, `"${name}" is an object of names and values.`);
}

function requestError(file: string, path: string, message: string, remedy = requestRemedy): UserError {
  return new UserError('usage.request', message, { where: { file, ...(path && { path }) }, remedy });
}
