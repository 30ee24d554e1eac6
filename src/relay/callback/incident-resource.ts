import { splitClassification } from '../../domain/classification.ts';
import { isJsonObject, type Json, type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import type { IncidentChange } from '../../rules/callback.ts';

/** Members that PUT takes; it replaces the incident, so what is left out is lost (REST reference, 2025-09-01). */
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

/** Who becomes the owner, in the members of the REST API. */
export type Owner = { readonly objectId: string } | { readonly userPrincipalName: string };

const nobody = { objectId: null, email: null, userPrincipalName: null, assignedTo: null };

/** The incident as read, with the change in it: the body of one PUT for everything. The etag stays: a newer version wins. */
export function changedIncident(resource: JsonObject, change: IncidentChange, owner: Owner | undefined): JsonObject {
  const read = member(resource, 'properties');
  const status = change.status ?? textOf(member(read, 'status'));
  const kept = writable.flatMap((name): [string, Json][] => {
    const value = member(read, name);
    // A classification belongs to a closed incident only; one that is reopened loses it.
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

/** The labels with one more; the service's own keep their type. */
export function withLabel(labels: unknown, name: string): readonly Json[] {
  const known = listOf(labels).filter((label) => isJsonObject(label));
  const has = known.some((label) => textOf(member(label, 'labelName'))?.toLowerCase() === name.toLowerCase());
  return has ? known : [...known, { labelName: name, labelType: 'User' }];
}
