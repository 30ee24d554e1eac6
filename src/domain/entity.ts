import { isJsonObject, memberAt, textOf } from './json.ts';

/** An entity of an incident: the Sentinel kind (`Account`, `Host`, `Ip`, `Url`, `FileHash`, …) and the name a person reads. */
export interface Entity {
  readonly kind: string;
  readonly name: string;
}

/** Where the best name of each kind lies, best first; lower-case kinds as keys. Others use `friendlyName`. */
export const nameProperties: Readonly<Record<string, readonly string[]>> = {
  account: ['userPrincipalName', 'friendlyName', 'accountName', 'displayName'],
  host: ['friendlyName', 'hostName', 'netBiosName'],
  ip: ['address', 'friendlyName'],
  url: ['url', 'friendlyName'],
  filehash: ['hashValue', 'friendlyName'],
  file: ['friendlyName', 'fileName'],
};

/** Reads one element of `relatedEntities` (trigger) or `entities` (REST), in any casing; undefined where nothing names it. */
export function readEntity(value: unknown): Entity | undefined {
  if (!isJsonObject(value)) return undefined;
  const kind = textOf(memberAt(value, 'kind')) ?? 'Entity';
  const candidates = nameProperties[kind.toLowerCase()] ?? ['friendlyName'];
  for (const property of candidates) {
    const name = textOf(memberAt(value, 'properties', property))?.trim();
    if (name) return { kind, name };
  }
  return undefined;
}
