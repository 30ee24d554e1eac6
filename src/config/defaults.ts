import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import type { SchemaNode } from './schema/node.ts';
import { configSchema } from './schema.ts';

/** Follows a `$ref`; ours are all `#/properties/<key>`. */
export function resolved(node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const properties: Readonly<Record<string, SchemaNode>> = configSchema.properties;
  return properties[node.$ref.replace('#/properties/', '')] ?? {};
}

/**
 * A value with all defaults filled in, and members in the order of the schema. Sections are filled member by member; lists and
 * maps from the user are kept as they are. Undefined if there is neither a value nor a default.
 */
export function withDefaults(node: SchemaNode, value: Json | undefined): Json | undefined {
  const { properties, additionalProperties: values } = resolved(node);
  if (!properties && typeof values === 'object' && resolved(values).properties && isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withDefaults(values, one) ?? one]));
  if (!properties) return value ?? resolved(node).default;
  const members = Object.entries(properties).flatMap(([key, member]) => {
    const filled = withDefaults(member, isJsonObject(value) ? ownMember(value, key) : undefined);
    return filled === undefined ? [] : [[key, filled] as const];
  });
  return members.length > 0 ? Object.fromEntries(members) : resolved(node).default;
}

/** The common part overridden by a target's values: objects are merged, lists and scalars replaced. */
export function mergeOver(common: Json | undefined, own: Json | undefined): Json | undefined {
  if (own === undefined || own === null) return common;
  if (!isJsonObject(common) || !isJsonObject(own)) return own;
  const keys = [...new Set([...Object.keys(common), ...Object.keys(own)])];
  const members = keys.flatMap((key) => {
    const merged = mergeOver(ownMember(common, key), ownMember(own, key));
    return merged === undefined ? [] : [[key, merged] as const];
  });
  return Object.fromEntries(members);
}

/** Ignores the prototype: `constructor` in a map is a name like any other. */
export function ownMember(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
