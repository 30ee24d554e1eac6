import { parseExternalId } from '../../domain/external-id.ts';
import { parseJson } from '../../domain/json.ts';
import { readNotification } from '../../domain/notification.ts';
import { isCommand, respondJob } from '../respond/job.ts';
import { type ServedWorkspace, workspaceOfExternalId } from '../served-workspace.ts';
import type { Inbox } from '../store/store.ts';

/** Answer to SIGNL4. */
export type IntakeAnswer =
  /** On disk; it will be applied, or is already. */
  | { readonly status: 'accepted' | 'duplicate'; readonly id: string }
  /** Understood, and nothing to do: repeating it would change nothing. */
  | { readonly status: 'ignored'; readonly reason: string }
  | { readonly status: 'rejected'; readonly reason: string };

/** SIGNL4's ids are GUIDs; whatever else comes must still fit a key of a table. */
const MAX_ID = 200;

/** Takes a notification in: resolves with `accepted` only once it is durable. Rejects where the store fails. */
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
  // Both or neither: without a 202 SIGNL4 sends again, and what is there already is a duplicate.
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
