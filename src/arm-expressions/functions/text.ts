import { createHash } from 'node:crypto';
import { uuid5 } from '../../domain/uuid.ts';
import type { Json } from '../../wdl/types.ts';
import { type ArmValue, argumentError, textOfArm } from '../value.ts';
import { ANY_NUMBER, type ArmFunctions, fn, numberArg, textArg } from './signature.ts';

/** Namespace of ARM's `guid`, as Bicep and ARM use it. */
const GUID_NAMESPACE = '11fb06fb-712d-4ddd-98c7-e71bbd588830';
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** String functions of ARM templates ("String functions for ARM templates"). */
export const textFunctions: ArmFunctions = {
  base64: fn(1, 1, (args, _, name) => Buffer.from(textArg(args, 0, name), 'utf8').toString('base64')),
  base64tostring: fn(1, 1, (args, _, name) => Buffer.from(textArg(args, 0, name), 'base64').toString('utf8')),
  base64tojson: fn(1, 1, (args, _, name) => parse(Buffer.from(textArg(args, 0, name), 'base64').toString(), name)),
  datauri: fn(
    1,
    1,
    (args) => `data:text/plain;charset=utf8;base64,${Buffer.from(textOfArm(args[0] ?? null)).toString('base64')}`,
  ),
  datauritostring: fn(1, 1, (args, _, name) => {
    const uri = textArg(args, 0, name);
    const content = uri.slice(uri.indexOf(',') + 1);
    return uri.includes(';base64,') ? Buffer.from(content, 'base64').toString('utf8') : decodeURIComponent(content);
  }),
  endswith: fn(2, 2, (args, _, name) => lower(args, 0, name).endsWith(lower(args, 1, name))),
  format: fn(1, ANY_NUMBER, (args, _, name) => format(textArg(args, 0, name), args.slice(1))),
  guid: fn(1, ANY_NUMBER, (args) => uuid5(args.map(textOfArm).join('-'), GUID_NAMESPACE)),
  json: fn(1, 1, (args, _, name) => parse(textArg(args, 0, name), name)),
  newguid: fn(0, 0, (_, scope) => uuid5(`newGuid ${scope.deployment.time}`, GUID_NAMESPACE)),
  padleft: fn(2, 3, (args, _, name) =>
    textOfArm(args[0] ?? null).padStart(numberArg(args, 1, name), args[2] === undefined ? ' ' : textArg(args, 2, name)),
  ),
  replace: fn(3, 3, (args, _, name) =>
    textArg(args, 0, name).replaceAll(textArg(args, 1, name), textArg(args, 2, name)),
  ),
  split: fn(2, 2, (args, _, name) => splitText(textArg(args, 0, name), args[1] ?? '')),
  startswith: fn(2, 2, (args, _, name) => lower(args, 0, name).startsWith(lower(args, 1, name))),
  string: fn(1, 1, (args) => textOfArm(args[0] ?? null)),
  substring: fn(2, 3, (args, _, name) => {
    const text = textArg(args, 0, name);
    const start = numberArg(args, 1, name);
    const length = args[2] === undefined ? text.length - start : numberArg(args, 2, name);
    if (start < 0 || length < 0 || start + length > text.length) {
      throw argumentError(name, `is asked for ${length} characters from ${start} of a string with ${text.length}`);
    }
    return text.slice(start, start + length);
  }),
  tolower: fn(1, 1, (args, _, name) => textArg(args, 0, name).toLowerCase()),
  toupper: fn(1, 1, (args, _, name) => textArg(args, 0, name).toUpperCase()),
  trim: fn(1, 1, (args, _, name) => textArg(args, 0, name).trim()),
  uniquestring: fn(1, ANY_NUMBER, (args) => uniqueString(args.map(textOfArm).join('-'))),
  uri: fn(2, 2, (args, _, name) => joinUri(textArg(args, 0, name), textArg(args, 1, name))),
  uricomponent: fn(1, 1, (args, _, name) => encodeURIComponent(textArg(args, 0, name))),
  uricomponenttostring: fn(1, 1, (args, _, name) => decodeURIComponent(textArg(args, 0, name))),
};

function lower(args: readonly ArmValue[], index: number, name: string): string {
  return textArg(args, index, name).toLowerCase();
}

function parse(text: string, name: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw argumentError(name, `expects JSON text, not ${JSON.stringify(text)}`);
  }
}

/** `{0}` with an optional .NET format after a colon; `{{` and `}}` are literal braces. Formats other than plain pass the value as it is. */
function format(pattern: string, values: readonly ArmValue[]): string {
  return pattern.replace(/\{\{|\}\}|\{(\d+)(?::([^}]*))?\}/g, (match, index: string | undefined, spec?: string) => {
    if (index === undefined) return match.charAt(0);
    const value = values[Number(index)];
    if (value === undefined) throw argumentError('format', `has no argument for ${match} in '${pattern}'`);
    const digits = /^[DdXx](\d*)$/.exec(spec ?? '');
    if (typeof value === 'number' && digits) {
      const radix = spec?.toLowerCase().startsWith('x') ? 16 : 10;
      return value.toString(radix).padStart(Number(digits[1] || 0), '0');
    }
    if (typeof value === 'number' && /^[Nn]0?$/.test(spec ?? '')) return value.toLocaleString('en-US');
    return textOfArm(value);
  });
}

function splitText(text: string, separators: ArmValue): string[] {
  if (typeof separators === 'string') return text.split(separators);
  const all = Array.isArray(separators) ? (separators as readonly ArmValue[]).map(textOfArm) : [];
  return all.reduce<string[]>((parts, separator) => parts.flatMap((part) => part.split(separator)), [text]);
}

/** Replacement for ARM's hash, which is not published: 13 characters of the same alphabet, equal for equal arguments. */
function uniqueString(seed: string): string {
  return [...createHash('sha256').update(seed).digest().subarray(0, 13)].map((byte) => BASE32[byte & 31]).join('');
}

/** The relative part replaces what follows the last slash of the base. */
function joinUri(base: string, relative: string): string {
  if (base.endsWith('/')) return base + relative.replace(/^\//, '');
  const slash = base.lastIndexOf('/');
  const hostOnly = slash < 0 || base.charAt(slash - 1) === '/';
  return `${hostOnly ? base : base.slice(0, slash)}/${relative.replace(/^\//, '')}`;
}
