import { UserError } from '../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../wdl/types.ts';
import { type ArmValue, Placeholder } from './value.ts';

/** Values for the parameters of a template, by name. */
export type ParameterValues = Readonly<Record<string, ArmValue>>;

/** Types whose parameters read as their own name where nobody has given a value. */
const STAND_IN_TYPES = new Set(['string', 'securestring']);

/**
 * The value of a parameter that has neither a given one nor a default: a stand-in for a text.
 * @throws UserError `arm.parameter` for every other type, naming all parameters of the template that lack a value
 */
export function valueOfMissing(name: string, declared: JsonObject, given: ParameterValues): ArmValue {
  const declaration = findMember(declared, name) ?? null;
  if (STAND_IN_TYPES.has(typeOf(declaration))) return new Placeholder(`parameters(${name})`);
  if (isJsonObject(declaration) && declaration['nullable'] === true) return null;
  throw missingError(parametersWithoutValue(declared, given).needed);
}

interface NeededParameter {
  readonly name: string;
  readonly type: string;
}

/**
 * Parameters of a template that have neither a value nor a default: `standIns` are texts, which read as their name;
 * `needed` are of types for which nothing can stand in.
 */
export function parametersWithoutValue(
  declared: JsonObject,
  given: ParameterValues,
): { readonly standIns: readonly string[]; readonly needed: readonly NeededParameter[] } {
  const open = Object.entries(declared)
    .filter(([name, declaration]) => findMember(given, name) === undefined && !hasOwnValue(declaration))
    .map(([name, declaration]) => ({ name, type: typeOf(declaration) }));
  return {
    standIns: open.filter(({ type }) => STAND_IN_TYPES.has(type)).map(({ name }) => name),
    needed: open.filter(({ type }) => !STAND_IN_TYPES.has(type)),
  };
}

function hasOwnValue(declaration: Json): boolean {
  return isJsonObject(declaration) && (declaration['defaultValue'] !== undefined || declaration['nullable'] === true);
}

function typeOf(declaration: Json): string {
  return isJsonObject(declaration) ? String(declaration['type']).toLowerCase() : 'string';
}

function missingError(needed: readonly NeededParameter[]): UserError {
  const names = needed.map(({ name, type }) => `'${name}' (${type})`);
  const last = names.at(-1) ?? '';
  const subject =
    names.length > 1
      ? `parameters ${names.slice(0, -1).join(', ')} and ${last} have no value`
      : `parameter ${last} has no value`;
  const example = needed.map(({ name }) => `${JSON.stringify(name)}: …`).join(', ');
  return new UserError('arm.parameter', `The template ${subject} and no default.`, {
    remedy: `Give ${names.length > 1 ? 'them' : 'it'} in a file with --parameters: {${example}}.`,
  });
}

/** A member by its name, whatever its case: deployments compare names that way. */
export function findMember<Value>(members: Readonly<Record<string, Value>>, name: string): Value | undefined {
  if (Object.hasOwn(members, name)) return members[name];
  const key = Object.keys(members).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : members[key];
}
