import { type Edit, formatPlace, type Place, secretIn } from '../../config/patches.ts';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';

/** Replaces a secret wherever something is printed or written. */
const HIDDEN = '(hidden)';

/**
 * The definition with clear-text secrets hidden: defaults of secret parameters, and values that replaced a reference to one.
 * `places` says where they were.
 */
export function withoutSecrets(definition: JsonObject): {
  readonly definition: JsonObject;
  readonly places: readonly Place[];
} {
  const parameters = isJsonObject(definition['parameters']) ? definition['parameters'] : {};
  const places: Place[] = [];
  const hidden = Object.entries(parameters).map(([name, declaration]): [string, Json] => {
    if (!isJsonObject(declaration) || !/^secure/i.test(String(declaration['type'] ?? ''))) return [name, declaration];
    if (declaration['defaultValue'] === undefined || declaration['defaultValue'] === '') return [name, declaration];
    places.push(['parameters', name, 'defaultValue']);
    return [name, { ...declaration, defaultValue: HIDDEN }];
  });
  return { definition: { ...definition, parameters: Object.fromEntries(hidden) }, places };
}

/** Why an edit must not be shown or written; undefined if it may be. */
export function secretOf(edit: Edit, secretParameters: readonly string[]): string | undefined {
  const name = edit.at[1] ?? '';
  if (edit.at[0] === 'parameters' && edit.at[2] === 'defaultValue' && secretParameters.includes(name))
    return `${name} has a default in clear text in the definition: remove it`;
  const replaced =
    edit.kind === 'change' && !secretParameters.some((one) => reads(edit.now, one))
      ? secretParameters.find((one) => reads(edit.was, one))
      : undefined;
  if (replaced) return `${formatPlace(edit.at)} holds something in clear text where the parameter ${replaced} was`;
  const found = secretIn(edit);
  return found && `${formatPlace(edit.at)}: ${found}`;
}

function reads(value: Json, parameter: string): boolean {
  return JSON.stringify(value).includes(`parameters('${parameter}')`);
}
