import type { Incident } from '../../domain/incident.ts';
import type { Notification } from '../../domain/notification.ts';
import { isGuid, uuid5 } from '../../domain/uuid.ts';
import type { IncidentChange } from '../../rules/callback.ts';
import { commentMessage, maxComments } from '../../rules/comment.ts';
import type { Applying } from './applying.ts';
import type { Owner } from './incident-resource.ts';

export interface FoundOwner {
  readonly owner: Owner | undefined;
  /** Name of a person who cannot be set as the owner in Sentinel; the comment mentions it instead. */
  readonly name: string | undefined;
}

/**
 * The Entra user for an account as `applyNotification` returns it (object id, user principal name or mail address): an object id
 * is used as it is, others are looked up in Graph if the relay may read users, or else in the config's `owners`.
 */
export async function ownerFor(account: string | undefined, applying: Applying): Promise<FoundOwner> {
  if (account === undefined || applying.isLate) return { owner: undefined, name: undefined };
  if (isGuid(account)) return { owner: { objectId: account }, name: undefined };
  const { directory, config } = applying.served;
  const objectId = await directory?.userId(account, applying.signal);
  if (objectId !== undefined) return { owner: { objectId }, name: undefined };
  if (Object.values(config.owners).includes(account)) return { owner: { userPrincipalName: account }, name: undefined };
  return { owner: undefined, name: applying.notification.user?.name ?? account };
}

const OWNER_NAMESPACE = '0f6bb0f4-52a7-4f0c-9a4e-3c2f1d1c7a10';

/** The change with the owner named in its comment, if nothing else says who it is. */
export function withOwnerNamed(
  change: IncidentChange,
  name: string | undefined,
  { id }: Notification,
  { commentCount }: Incident,
): IncidentChange {
  const { owner: _, ...rest } = change;
  if (name === undefined || change.comment !== undefined || commentCount >= maxComments) return rest;
  return { ...rest, comment: { id: uuid5(id, OWNER_NAMESPACE), message: commentMessage(`Owner: ${name}`) } };
}
