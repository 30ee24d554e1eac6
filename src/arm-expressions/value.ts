import { UserError } from '../domain/errors.ts';
import { isJsonObject, type Json } from '../wdl/types.ts';

/**
 * A value that only a deployment has, such as a key or the state of another resource. Its members are placeholders as well. In
 * the result it appears as its own expression without quotation marks, `reference(…).primaryKey`, because it often ends up inside
 * a quoted string of an expression, JSON or XML and must not end that.
 */
export class Placeholder {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  member(name: string): Placeholder {
    return new Placeholder(`${this.text}.${name}`);
  }

  toString(): string {
    return this.text.replace(/['"<>]/g, '');
  }
}

const MARK = String.raw`(?:(?:parameters|references?|providers|externalInput|parseCidr|cidrSubnet|cidrHost|to(?:Logical|Physical)Zones?|list\w*)\((?!['"])[^'"<>]+\)|deployment\(\)\.|(?:managementGroup|deployer)\(\))`;
const WHOLE_MARK = new RegExp(`^${MARK}[^'"<>]*$`, 'i');
const INNER_MARK = new RegExp(`\\b${MARK}`, 'i');

/** Whether a string is exactly the text of a placeholder. */
export function isPlaceholderText(text: string): boolean {
  return WHOLE_MARK.test(text);
}

/** Whether a string contains a placeholder. Calls in workflow expressions do not count, because the names in them are quoted. */
export function holdsPlaceholder(text: string): boolean {
  return INNER_MARK.test(text);
}

export interface ArmObject {
  readonly [name: string]: ArmValue;
}

export type ArmValue = string | number | boolean | null | Placeholder | readonly ArmValue[] | ArmObject;

export function isArmObject(value: unknown): value is ArmObject {
  return isJsonObject(value) && !(value instanceof Placeholder);
}

/** The value as plain JSON: placeholders become text. */
export function toJson(value: ArmValue): Json {
  if (value instanceof Placeholder) return value.toString();
  if (Array.isArray(value)) return (value as readonly ArmValue[]).map(toJson);
  if (isArmObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]));
  return value as string | number | boolean | null;
}

/** A member by name, whatever its casing: ARM's property names are not case-sensitive. */
export function armMember(value: ArmValue, name: string): ArmValue | undefined {
  if (value instanceof Placeholder) return value.member(name);
  if (!isArmObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}

export function textOfArm(value: ArmValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof Placeholder) return value.toString();
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null ? '' : JSON.stringify(toJson(value));
}

export function typeNameOf(value: ArmValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'Array';
  if (value instanceof Placeholder) return 'Placeholder';
  if (typeof value === 'object') return 'Object';
  return { string: 'String', number: 'Integer', boolean: 'Boolean' }[typeof value as 'string'] ?? typeof value;
}

/** Equal as ARM's `equals` sees it: texts case-sensitive, objects and arrays by content. */
export function sameArmValue(a: ArmValue, b: ArmValue): boolean {
  if (a === b) return true;
  if (a instanceof Placeholder || b instanceof Placeholder) return textOfArm(a) === textOfArm(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameArmValue(item, b[index]));
  }
  if (!isArmObject(a) || !isArmObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameArmValue(a[name] ?? null, b[name] ?? null))
  );
}

export function argumentError(name: string, reason: string): UserError {
  return new UserError('arm.argument', `The template function '${name}' ${reason}.`);
}
