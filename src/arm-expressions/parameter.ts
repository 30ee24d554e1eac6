import { UserError } from '../domain/errors.ts';
import { unescapeStep } from '../domain/json-pointer.ts';
import { findKey } from '../wdl/context.ts';
import { isJsonObject, type Json, type JsonObject } from '../wdl/types.ts';
import { type ArmValue, Placeholder, sameArmValue } from './value.ts';

/** Values for the parameters of a template, by name. */
export type ParameterValues = Readonly<Record<string, ArmValue>>;

/**
 * The declared parameters of a template, each with what the user-defined type says that it refers to: `{ "$ref":
 * "#/definitions/lock" }` ("Type definitions in ARM templates", languageVersion 2.0). Members of its own win.
 * @throws UserError `arm.type` for a reference to a definition that the template does not have, or to itself
 */
export function declaredParameters(template: JsonObject): JsonObject {
  const declared = template['parameters'];
  if (declared === undefined || !isJsonObject(declared)) return {};
  return Object.fromEntries(
    Object.entries(declared).map(([name, declaration]) => [name, resolved(declaration, template, [])]),
  );
}

function resolved(declaration: Json, template: JsonObject, seen: readonly string[]): Json {
  if (!isJsonObject(declaration)) return declaration;
  const { $ref, ...own } = declaration;
  if (typeof $ref !== 'string') return declaration;
  const definitions = template['definitions'];
  const step = /^#\/definitions\/(.+)$/.exec($ref)?.[1];
  const known = definitions !== undefined && isJsonObject(definitions) ? definitions : {};
  const definition = step === undefined ? undefined : findMember(known, unescapeStep(step));
  if (definition === undefined || seen.includes($ref)) {
    const why = definition === undefined ? 'which the template does not have' : 'which refers to itself';
    throw new UserError('arm.type', `A parameter is of the type ${$ref}, ${why}.`, {
      where: { path: '/definitions' },
      remedy: `It defines: ${Object.keys(known).join(', ') || 'none'}.`,
    });
  }
  const inner = resolved(definition, template, [...seen, $ref]);
  return isJsonObject(inner) ? { ...inner, ...own } : own;
}

/**
 * Whether a given value is among the allowed ones. The value of an array may be any subset of them ("Parameters in Bicep",
 * allowed values).
 */
export function isAllowed(declaration: Json, value: ArmValue): boolean {
  const allowed = isJsonObject(declaration) ? declaration['allowedValues'] : undefined;
  if (!Array.isArray(allowed)) return true;
  const isListed = (one: ArmValue) => (allowed as readonly Json[]).some((each) => sameArmValue(each, one));
  if (isListed(value)) return true;
  return typeOf(declaration) === 'array' && Array.isArray(value) && (value as readonly ArmValue[]).every(isListed);
}

/** Types of parameters for which a placeholder is used if there is no value. */
const STAND_IN_TYPES = new Set(['string', 'securestring']);

/**
 * Value of a parameter with neither a given value nor a default: a placeholder if it is a string.
 * @throws UserError `arm.parameter` for other types, naming all parameters of the template without a value
 */
export function valueOfMissing(name: string, declared: JsonObject, given: ParameterValues): ArmValue {
  const declaration = findMember(declared, name) ?? null;
  if (isJsonObject(declaration) && declaration['nullable'] === true) return null;
  if (STAND_IN_TYPES.has(typeOf(declaration))) return new Placeholder(`parameters(${name})`);
  throw missingError(neededParameters(declared, given));
}

interface NeededParameter {
  readonly name: string;
  readonly type: string;
}

/** Parameters of a template that have neither a value nor a default, and are of types that have no placeholder. */
function neededParameters(declared: JsonObject, given: ParameterValues): readonly NeededParameter[] {
  return Object.entries(declared)
    .filter(([name, declaration]) => findMember(given, name) === undefined && !hasOwnValue(declaration))
    .map(([name, declaration]) => ({ name, type: typeOf(declaration) }))
    .filter(({ type }) => !STAND_IN_TYPES.has(type));
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

/** A member by name, ignoring case as deployments do. */
export function findMember<Value>(members: Readonly<Record<string, Value>>, name: string): Value | undefined {
  const key = findKey(members, name);
  return key === undefined ? undefined : members[key];
}

/** `{ name: { value } }` as parameter files and workflow resources write it, or `{ name: value }` -> name -> value. */
export function unwrapValues(parameters: Json): Readonly<Record<string, Json>> {
  if (!isJsonObject(parameters)) return {};
  return Object.fromEntries(
    Object.entries(parameters).map(([name, entry]) => {
      const isWrapped =
        isJsonObject(entry) &&
        entry['value'] !== undefined &&
        Object.keys(entry).every((key) => ['value', 'type', 'metadata'].includes(key));
      return [name, isWrapped ? (entry['value'] ?? null) : entry];
    }),
  );
}
