import { parseExternalId } from '../../domain/external-id.ts';
import { member, textOf } from '../../domain/json.ts';
import type { Notification } from '../../domain/notification.ts';
import { isGuid } from '../../domain/uuid.ts';
import { annotationMarker, commentMessage } from '../../rules/comment.ts';
import {
  askedCommentId,
  askedText,
  type Command,
  commandOf,
  endText,
  NOTE_MINUTES,
  type Refusal,
  type RelayRefusal,
  type ResponsePlaybook,
  refusalText,
  refusedCommentId,
  wasRefused,
} from '../../rules/respond.ts';
import { entitiesMeant, refusalIn } from '../../rules/respond-check.ts';
import { assertHeld, parseStored } from '../callback/apply.ts';
import { type Apply, LookAgain } from '../callback/worker.ts';
import { startBudget } from '../deadline.ts';
import { noSiteLeft, type Site, siteOfExternalId } from '../site.ts';
import type { Forwards, Inbox, Lease } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import { followJob, type StartedRun } from './job.ts';
import { type Place, placeOf } from './place.ts';
import { type Progress, progressIn } from './progress.ts';
import type { RespondReport } from './report.ts';
import { type Asked, askSignl4, type Judged, judge } from './situation.ts';
import { wasNotWritten } from './tell.ts';

export interface RespondOptions {
  readonly sites: readonly Site[];
  readonly inbox: Inbox;
  readonly forwards: Forwards;
  readonly now: () => number;
  readonly report: (report: RespondReport) => void;
}

/** Longest time for one command; well inside the lease. */
const RESPOND_MS = 20_000;
/** Longest time for the call to Sentinel: whoever takes over meanwhile does not call again. */
const CALL_MS = 10_000;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** One command on its way. */
interface Asking {
  readonly lease: Lease;
  readonly notification: Notification;
  readonly command: Command;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly options: RespondOptions;
}

/** Starts what the note of a notification asks for, by the same rules and words as the playbook SIGNL4-Respond, once. */
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
  const { sites, now } = options;
  const id = parseExternalId(notification.externalId);
  const here = id && siteOfExternalId(sites, id);
  if (!here) throw noSiteLeft();
  const asked = await answerOfSignl4(asking, here);
  const judged = judge(notification, command, asked ?? { alert: undefined, people: [] }, { sites, here, now: now() });
  const { site, externalId, situation } = judged;
  const place = await placeOf(site, externalId, signal);
  const refuse = (refusal: Refusal | RelayRefusal) => sayRefusal(asking, judged, place, refusal);
  if (!asked) return refuse('cannotAsk');
  const choice = site.config.respond;
  const early = refusalIn(situation, choice);
  // What the list has no entity for is told first; of a copy's entities nothing is known where there is none.
  if (early !== undefined && early !== 'notAskedTwice') return refuse(early);
  if (place.incidentId === undefined) return refuse('noCopy');
  const meant = await meantOf(site, place.incidentId, judged, command, signal);
  const refusal = refusalIn({ ...situation, meant }, choice);
  if (refusal !== undefined) return refuse(refusal);
  const { response, notedAt } = judged;
  if (!response || notedAt === undefined) return refuse('unknown');
  const entityId = meant && (textOf(member(meant[0], 'name')) ?? '');
  // Without its id it would start on the whole incident.
  if (entityId !== undefined && !isGuid(entityId)) return refuse('noEntity');
  await start(asking, judged, { response, notedAt, target: { incidentId: place.incidentId, entityId }, refuse });
}

/** Undefined: SIGNL4 could not be asked while the note counted. */
async function answerOfSignl4(
  { lease, notification, signal, options }: Asking,
  here: Site,
): Promise<Asked | undefined> {
  try {
    return await askSignl4(here, notification, signal);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { receivedAt, attempts } = lease.notification;
    const [now, until] = [options.now(), receivedAt + NOTE_MINUTES * 60_000];
    if (now >= until) return undefined;
    const waitMs = Math.max(Math.min(FIRST_RETRY_MS * 2 ** attempts, LONGEST_RETRY_MS), error.retryAfterMs ?? 0);
    throw new LookAgain(Math.min(now + waitMs, until), error);
  }
}

async function meantOf(
  { sentinel }: Site,
  incidentId: string,
  { response }: Judged,
  command: Command,
  signal: AbortSignal,
) {
  if (!response || response.on === 'incident') return undefined;
  return entitiesMeant(await sentinel.entities(incidentId, signal), response, command);
}

/** On the incident, and once on the phone; that it is on the phone nobody waits for. */
async function sayRefusal(
  { lease, notification, command, signal, progress, options }: Asking,
  { site, externalId, person, notedAt }: Judged,
  place: Place,
  refusal: Refusal | RelayRefusal,
): Promise<void> {
  const { now, report } = options;
  const text = refusalText(person?.name ?? notification.user?.name ?? 'Somebody', command, refusal);
  // One in an hour on what SIGNL4 does not confirm: whoever has the address of the webhook must not fill incident and phone.
  const id = refusedCommentId(notedAt, now());
  assertHeld(lease, now());
  await place.comment(id, text).catch((error: unknown) => {
    // It takes no comment: the phone says it all the same.
    if (!(error instanceof UpstreamError) || error.isPassing) throw error;
  });
  report({ outcome: 'refused', incident: externalId, reason: refusal });
  if (refusal === 'cannotAsk') return;
  const tell = () => site.signl4.annotateAlert(notification.alertId, annotationMarker + text, signal);
  await progress.tellOnce(`${externalId}:${id}`, tell, () => false);
}

/** A response that may start, and on what. */
interface Start {
  readonly response: ResponsePlaybook;
  readonly notedAt: string;
  readonly target: { readonly incidentId: string; readonly entityId: string | undefined };
  refuse(refusal: RelayRefusal): Promise<void>;
}

/** Comment, call, and a job that tells the end. One note starts once, whoever asks for it how often. */
async function start(asking: Asking, judged: Judged, { response, notedAt, target, refuse }: Start): Promise<void> {
  const { lease, notification, command, signal, progress, options } = asking;
  const { site, externalId, person } = judged;
  const { now, report, inbox } = options;
  const job = lease.notification.id;
  const commentId = askedCommentId(notedAt);
  const key = `${externalId}:${commentId}`;
  const told = { incident: externalId, response: command.word };
  const owner = await progress.own(key, job);
  const isElsewhere = owner === 'new' && (await site.responses.hasComment(target.incidentId, commentId, signal));
  if (owner === 'another' || isElsewhere) return report({ outcome: 'repeated', ...told });
  // Another attempt of the same is no other start.
  if (owner === 'new' && !(await progress.takeOne(site.workspace.workspaceId, person?.id ?? '')))
    return refuse('tooManyOfPerson');
  await progress.begin(key, job);
  const who = person?.name || notification.user?.id || 'Somebody';
  const message = commentMessage(askedText(who, command, response, notification.alertId));
  assertHeld(lease, now());
  try {
    const isNew = await site.responses.addComment(target.incidentId, commentId, message, signal);
    // Somebody else wrote it in this moment.
    if (!isNew && owner === 'new') return report({ outcome: 'repeated', ...told });
  } catch (error) {
    if (error instanceof UpstreamError && !error.isPassing) return refuse('noComment');
    throw error;
  }
  const run: StartedRun = {
    ...{ workspaceId: site.workspace.workspaceId, incident: externalId, alertId: notification.alertId },
    ...{ word: command.word, playbook: response.playbook, calledAt: now(), answer: null },
  };
  assertHeld(lease, now());
  const answer = (await progress.mayCall(key, job, run)) ? await call(site, target, response) : undefined;
  const outcome = answer === 204 ? 'started' : wasRefused(answer) ? 'not-started' : 'uncertain';
  report({ outcome, ...told });
  if (outcome !== 'not-started') {
    await inbox.accept(followJob(job, { ...run, answer: answer ?? null }));
    return;
  }
  const text = annotationMarker + endText(command.word, answer, '');
  await progress.tellOnce(
    `follow:${job}`,
    () => site.signl4.annotateAlert(notification.alertId, text, signal),
    wasNotWritten,
  );
}

/** HTTP status of Sentinel's answer; undefined: none, or none that can be read. Never repeated, so that it has time of its own. */
async function call(site: Site, target: Start['target'], response: ResponsePlaybook) {
  const tenantId = site.config.deployment.tenantId || site.workspace.tenantId;
  try {
    return await site.responses.start(target, response.playbook, tenantId, AbortSignal.timeout(CALL_MS));
  } catch (error) {
    return error instanceof UpstreamError ? error.status : undefined;
  }
}
