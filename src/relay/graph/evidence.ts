import { type Entity, LONGEST_NAME, labelOf, readEntity } from '../../domain/entity.ts';
import { membersOf } from '../../domain/entity-members.ts';
import { isJsonObject, member, textOf } from '../../domain/json.ts';
import { inWords } from '../../domain/name-parts.ts';
import { cut } from '../../domain/text.ts';
import { importance } from './evidence-order.ts';
import { type EvidenceText, evidenceText, withoutSignatures } from './evidence-text.ts';
import { type EvidenceType, evidenceTypes, type IdPart, type MemberSource, type TextSource } from './evidence-types.ts';

/** An evidence of an alert as an entity, with what is needed to sort and compare it. */
export interface Evidence {
  readonly entity: Entity;
  /** Identifiers, the strongest first; empty if there are none. Case does not matter. */
  readonly ids: readonly Identifier[];
  /** 0 is the most important. */
  readonly importance: number;
}

/** Names are unique across kinds; every cloud resource uses `resource`. */
export interface Identifier {
  readonly name: string;
  readonly value: string;
}

/** How deep nested evidence is read: container, pod, namespace, cluster, resource. */
const MAX_DEPTH = 5;

/**
 * Reads an element of an alert's `evidence` (`{ '@odata.type': '#microsoft.graph.security.userEvidence', … }`). Types newer than
 * this code are kept, named by their type and the most telling member. Undefined only if the value is not an object.
 */
export function readEvidence(value: unknown): Evidence | undefined {
  if (!isJsonObject(value)) return undefined;
  const name = typeName(value);
  const type = typeCalled(name);
  if (!type) return { entity: unknownEntity(name, value), ids: [], importance: importance(value) };
  const entity = readEntity({ kind: type.kind, properties: propertiesOf(value, type, 1) });
  return entity && { entity, ids: idsOf(value, type, 1), importance: importance(value) };
}

const byLowerCase = new Map(Object.entries(evidenceTypes).map(([name, type]) => [name.toLowerCase(), type]));

const typeCalled = (name: string): EvidenceType | undefined => byLowerCase.get(name.toLowerCase());

/** `userEvidence`; empty without a type. */
function typeName(value: unknown): string {
  return (textOf(member(value, '@odata.type')) ?? '').replace(/^#?microsoft\.graph\.security\./i, '');
}

function propertiesOf(evidence: unknown, { members, inside = {} }: EvidenceType, depth: number): object {
  const text = evidenceText(evidence);
  const own = Object.entries(members).map(([name, source]) => [name, memberFrom(source, text)]);
  const nested = Object.keys(inside).map((name) => {
    const part = insideAt(evidence, name, inside, depth);
    return [name, part && { properties: propertiesOf(part.evidence, part.type, depth + 1) }];
  });
  return Object.fromEntries([...own, ...nested]);
}

function memberFrom(source: MemberSource, text: EvidenceText): unknown {
  if (typeof source === 'string' || typeof source === 'function' || isPaths(source)) return textFrom(source, text);
  return Object.fromEntries(Object.entries(source).map(([name, part]) => [name, textFrom(part, text)]));
}

const isPaths = (source: MemberSource | IdPart): source is readonly string[] => Array.isArray(source);

function textFrom(source: TextSource, text: EvidenceText): string {
  if (typeof source === 'function') return source(text);
  return typeof source === 'string' ? text(source) : text(...source);
}

/** Nested evidence and its type: its own, or else the declared one. */
function insideAt(
  evidence: unknown,
  name: string,
  declared: Readonly<Record<string, string>>,
  depth: number,
): { readonly evidence: unknown; readonly type: EvidenceType } | undefined {
  const part = member(evidence, name);
  if (depth >= MAX_DEPTH || !isJsonObject(part)) return undefined;
  const type = typeCalled(typeName(part) || (declared[name] ?? ''));
  return type && { evidence: part, type };
}

function idsOf(evidence: unknown, type: EvidenceType, depth: number): readonly Identifier[] {
  const text = evidenceText(evidence);
  const partOf = (part: IdPart): string => {
    if (typeof part === 'string' || typeof part === 'function' || isPaths(part)) return textFrom(part, text);
    const found = insideAt(evidence, part.inside, type.inside ?? {}, depth);
    return (found && idsOf(found.evidence, found.type, depth + 1)[0]?.value) ?? '';
  };
  return type.ids.flatMap(([name, ...parts]) => {
    const values = parts.map(partOf);
    if (values.includes('')) return [];
    return [{ name: name === 'resource' ? name : `${type.kind} ${name}`, value: values.join(' ') }];
  });
}

/** Members that describe an evidence or are of no use on a phone: they do not name it. */
const nameless =
  /^(@odata|createdDateTime$|verdict$|remediation|detectionStatus$)|instruction|prompt|secret|password|token/i;

/** `Something New evidence: db-7` */
function unknownEntity(typeName: string, value: object): Entity {
  const words = inWords(typeName.replace(/evidence$/i, ''));
  const kind = words === '' ? 'Evidence' : `${words} evidence`;
  const members = Object.entries(value).filter(([name]) => !nameless.test(name));
  const label = withoutSignatures(labelOf(membersOf(Object.fromEntries(members), new Map())));
  const name = label === '' ? `${kind} without a name` : `${kind}: ${label}`;
  return { kind: typeName.replace(/evidence$/i, '') || 'Evidence', name: cut(name, LONGEST_NAME), aliases: [] };
}
