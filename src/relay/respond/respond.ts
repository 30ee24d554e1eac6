import { parseExternalId } from '../../domain/external-id.ts';
import { member, textOf } from '../../domain/json.ts';
import { isGuid } from '../../domain/uuid.ts';
import { annotationMarker } from '../../rules/comment.ts';
import {
  commandOf,
  type LateRefusal,
  NOTE_MINUTES,
  type Refusal,
  refusalText,
  refusedCommentId,
} from '../../rules/respond.ts';
import { entitiesMeant, refusalIn, type Situation } from '../../rules/respond-check.ts';
import { assertHeld, parseStored } from '../callback/apply.ts';
import type { Apply } from '../callback/worker.ts';
import { startBudget } from '../deadline.ts';
import { noWorkspaceLeft, type ServedWorkspace, workspaceOfExternalId } from '../served-workspace.ts';
import { type Asking, type RespondOptions, tryLater } from './asking.ts';
import { followJob } from './job.ts';
import { type Place, placeOf } from './place.ts';
import { progressIn } from './progress.ts';
import { type Asked, askSignl4, type Judged, judge } from './situation.ts';
import { start } from './start.ts';

/** Timeout for one command; well below the lease. */
const RESPOND_MS = 20_000;
const NOTE_MS = NOTE_MINUTES * 60_000;

/**
 * Starts the response that a notification's note asks for, once, by the same rules and with the same texts as the playbook
 * SIGNL4-Respond.
 */
export function respondToNotes(options: RespondOptions): Apply {
  const progress = progressIn(options.forwards);
  return async (lease) => {
    const { id, body } = lease.notification;
    const notification = parseStored(body);
    const command = commandOf(notification.note);
    if (!command) return;
    const asking = { lease, notification, command, progress, options, signal: startBudget(RESPOND_MS).signal };
    const called = await progress.called(id);
    if (called) await options.inbox.accept(followJob(id, called));
    else await respond(asking);
  };
}

async function respond(asking: Asking): Promise<void> {
  const { notification, command, signal, options } = asking;
  const { workspaces, now } = options;
  const id = parseExternalId(notification.externalId);
  const here = id && workspaceOfExternalId(workspaces, id);
  if (!here) throw noWorkspaceLeft();
  const judged = judge(notification, command, await answerOfSignl4(asking, here), { workspaces, here, now: now() });
  const { served, externalId, situation, response, notedAt } = judged;
  const place = await placeOf(served, externalId, signal);
  const refuse = (refusal: Refusal | LateRefusal) => sayRefusal(asking, judged, place, refusal);
  const choice = served.config.respond;
  const early = refusalIn(situation, choice);
  // Refusals that do not depend on entities come first: without a copy in Sentinel those cannot be read.
  if (early !== undefined && early !== 'notAskedTwice' && early !== 'asksOnce') return refuse(early);
  if (place.incidentId === undefined) return refuse('noCopy');
  const meant = await meantOf(asking, judged, place.incidentId);
  const refusal = refusalIn({ ...situation, meant }, choice);
  if (refusal !== undefined) return refuse(refusal);
  if (!response || notedAt === undefined || meant === 'unread') return refuse('unknown');
  const entityId = meant && (textOf(member(meant[0], 'name')) ?? '');
  // Without the entity's id it would start on the whole incident.
  if (entityId !== undefined && !isGuid(entityId)) return refuse('noEntity');
  const target = { incidentId: place.incidentId, entityId };
  await start(asking, judged, { response, notedAt, until: untilOf(asking, judged), target, refuse });
}

/** When the note expires, milliseconds since 1970. */
function untilOf({ lease }: Asking, { notedAt }: Pick<Judged, 'notedAt'>): number {
  return (notedAt === undefined ? lease.notification.receivedAt : Date.parse(notedAt)) + NOTE_MS;
}

/** Undefined: SIGNL4 could not be asked before the note expired. */
async function answerOfSignl4(asking: Asking, here: ServedWorkspace): Promise<Asked | undefined> {
  try {
    return await askSignl4(here, asking.notification, asking.signal);
  } catch (error) {
    tryLater(asking, untilOf(asking, { notedAt: undefined }), error);
    return undefined;
  }
}

async function meantOf(asking: Asking, judged: Judged, incidentId: string): Promise<Situation['meant']> {
  const { served, response } = judged;
  if (!response || response.on === 'incident') return undefined;
  try {
    return entitiesMeant(await served.sentinel.entities(incidentId, asking.signal), response, asking.command);
  } catch (error) {
    tryLater(asking, untilOf(asking, judged), error);
    return 'unread';
  }
}

/**
 * Reports a refusal on the incident, and once on the phone without waiting for that. A notification that SIGNL4 does not confirm
 * may be forged by anyone who has the webhook's address: then only the reason is reported, in at most one note and one comment
 * per hour.
 */
async function sayRefusal(asking: Asking, judged: Judged, place: Place, refusal: Refusal | LateRefusal): Promise<void> {
  const { lease, notification, command, signal, progress, options } = asking;
  const { served, externalId, person, notedAt } = judged;
  const { now, report } = options;
  const isConfirmed = notedAt !== undefined;
  const text = refusalText(isConfirmed ? { person: person?.name ?? '', command } : undefined, refusal);
  const id = refusedCommentId(notedAt, now());
  assertHeld(lease, now());
  let isCommented = true;
  try {
    await place.comment(id, text);
  } catch (error) {
    tryLater(asking, untilOf(asking, judged), error);
    isCommented = false;
  }
  report({ outcome: 'refused', incident: externalId, reason: refusal });
  if (!isConfirmed && !isCommented) return;
  const tell = () => served.signl4.annotateAlert(notification.alertId, annotationMarker + text, signal);
  await progress.tellOnce(`${notification.alertId}:${id}`, tell, () => false);
}
