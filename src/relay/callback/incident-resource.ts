import { splitClassification } from '../../domain/classification.ts';
import { isJsonObject, type Json, type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import type { IncidentChange } from '../../rules/callback.ts';

/** Members that PUT accepts. It replaces the incident, so omitted members would be lost (REST reference, 2025-09-01). */
const writable = [
  'title',
  'description',
  'severity',
  'status',
  'owner',
  'labels',
  'firstActivityTimeUtc',
  'lastActivityTimeUtc',
  'classification',
  'classificationReason',
  'classificationComment',
] as const;

const closingMembers: ReadonlySet<string> = new Set([
  'classification',
  'classificationReason',
  'classificationComment',
]);

/** The new owner, in members of the REST API. */
export type Owner = { readonly objectId: string } | { readonly userPrincipalName: string };

const nobody = { objectId: null, email: null, userPrincipalName: null, assignedTo: null };

/**
 * The body of a single PUT: the incident as read with the change applied. It keeps the etag, so that a concurrent change makes it
 * fail.
 */
export function changedIncident(resource: JsonObject, change: IncidentChange, owner: Owner | undefined): JsonObject {
  const read = member(resource, 'properties');
  const status = change.status ?? textOf(member(read, 'status'));
  const kept = writable.flatMap((name): [string, Json][] => {
    const value = member(read, name);
    // Only closed incidents have a classification, so reopening removes it.
    const isDue = status === 'Closed' || !closingMembers.has(name);
    return value === undefined || value === null || !isDue ? [] : [[name, value as Json]];
  });
  const properties: JsonObject = {
    ...Object.fromEntries(kept),
    ...(change.status && { status: change.status }),
    ...(change.severity && { severity: change.severity }),
    ...(change.releaseOwner && { owner: nobody }),
    ...(owner && { owner }),
    ...(change.tag && { labels: withLabel(member(read, 'labels'), change.tag) }),
    ...(change.close && { ...splitClassification(change.close.classification), ...commentOf(change.close) }),
  };
  const etag = textOf(member(resource, 'etag'));
  return { ...(etag !== undefined && { etag }), properties };
}

function commentOf({ comment }: { readonly comment: string }): JsonObject {
  return comment === '' ? {} : { classificationComment: comment };
}

/** The labels with one added. Existing labels keep their type. */
export function withLabel(labels: unknown, name: string): readonly Json[] {
  const known = listOf(labels).filter((label) => isJsonObject(label));
  const has = known.some((label) => textOf(member(label, 'labelName'))?.toLowerCase() === name.toLowerCase());
  return has ? known : [...known, { labelName: name, labelType: 'User' }];
}
