import { unwrapValues } from '../arm-expressions/parameter.ts';
import { UserError } from '../domain/errors.ts';
import { nearest } from '../domain/text.ts';
import { isJsonObject, type Json } from '../wdl/types.ts';

/** Values from `--parameters`, by name, and the file that they come from. */
export interface GivenParameters {
  readonly file?: string;
  readonly values: Readonly<Record<string, Json>>;
}

/** Reads `{ parameters: { name: { value } } }` (an ARM parameters file) or `{ name: value }`. */
export function readParameters(json: Json, file: string): GivenParameters {
  if (!isJsonObject(json)) {
    throw new UserError('usage.parameters', 'The parameters are not an object.', {
      where: { file },
      remedy: 'Write {"name": value}.',
    });
  }
  const inner = json['parameters'];
  const isFile = inner !== undefined && isJsonObject(inner) && json['$schema'] !== undefined;
  return { file, values: unwrapValues(isFile ? inner : json) };
}

/**
 * Compares names without case, as deployments do.
 * @throws UserError `usage.parameters` for a name that is not declared
 */
export function checkParameterNames({ file, values }: GivenParameters, declared: readonly string[]): void {
  const known = new Set(declared.map((name) => name.toLowerCase()));
  const stranger = Object.keys(values).find((name) => !known.has(name.toLowerCase()));
  if (stranger === undefined) return;
  const guess = nearest(stranger, declared);
  throw new UserError('usage.parameters', `There is no parameter "${stranger}".`, {
    where: { ...(file !== undefined && { file }), path: stranger },
    remedy: guess ? `Did you mean "${guess}"?` : `Declared: ${declared.join(', ') || 'none'}.`,
  });
}
