import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import type { SchemaNode } from './schema/node.ts';
import { configSchema } from './schema.ts';

/** The schema behind a `$ref` of ours, all of which are `#/properties/<key>`. */
export function resolved(node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const properties: Readonly<Record<string, SchemaNode>> = configSchema.properties;
  return properties[node.$ref.replace('#/properties/', '')] ?? {};
}

/**
 * A value with every default filled in and its members in the order of the schema. Sections fill up member by member;
 * lists and maps that the user wrote stay as they are. Undefined where the user wrote nothing and no default exists.
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

/** The common part with a target's own values over it: objects merge, lists and scalars replace. */
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

/** Never the prototype's: `constructor` in a map is a name like any other. */
export function ownMember(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
