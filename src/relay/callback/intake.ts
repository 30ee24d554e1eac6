import { parseExternalId } from '../../domain/external-id.ts';
import { parseJson } from '../../domain/json.ts';
import { readNotification } from '../../domain/notification.ts';
import { isCommand, respondJob } from '../respond/job.ts';
import { type ServedWorkspace, workspaceOfExternalId } from '../served-workspace.ts';
import type { Inbox } from '../store/store.ts';

/** Answer to SIGNL4. */
export type IntakeAnswer =
  /** Stored durably, and applied or going to be. */
  | { readonly status: 'accepted' | 'duplicate'; readonly id: string }
  /** Valid, but there is nothing to do; sending it again would not help. */
  | { readonly status: 'ignored'; readonly reason: string }
  | { readonly status: 'rejected'; readonly reason: string };

/** Ids from SIGNL4 are GUIDs; any other id must still fit into a table key. */
const MAX_ID = 200;

/** Stores a notification. Resolves with `accepted` only once it is durable; rejects if the store fails. */
export async function intake(
  body: string,
  workspaces: readonly ServedWorkspace[],
  inbox: Inbox,
): Promise<IntakeAnswer> {
  const notification = readNotification(parsed(body));
  if (!notification)
    return { status: 'rejected', reason: 'the body is not a SIGNL4 notification: it has no eventType' };
  const { id, event, eventType, externalId } = notification;
  if (id.length > MAX_ID) return { status: 'rejected', reason: `the id is longer than ${MAX_ID} characters` };
  if (event === undefined || event === 'created') {
    return { status: 'ignored', reason: `events of type ${eventType} change no incident` };
  }
  const incident = parseExternalId(externalId);
  const served = incident && workspaceOfExternalId(workspaces, incident);
  if (!served) return { status: 'ignored', reason: 'the alert belongs to no incident of this relay' };
  const session = externalId.trim().toLowerCase();
  // If one of them fails there is no 202, and SIGNL4 sends again; the one already stored is then a duplicate.
  if (isCommand(notification, served)) await inbox.accept(respondJob({ id, session, body }));
  return { status: await inbox.accept({ id, session, body }), id };
}

function parsed(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}
