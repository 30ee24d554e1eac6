import { tenantOfResponse } from '../../config/config.ts';
import { annotationMarker, commentMessage } from '../../rules/comment.ts';
import {
  askedCommentId,
  askedText,
  type LateRefusal,
  type ResponsePlaybook,
  SOMEBODY,
  unsureText,
  wasRefused,
} from '../../rules/respond.ts';
import { assertHeld } from '../callback/apply.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { UpstreamError } from '../upstream.ts';
import { type Asking, tryLater } from './asking.ts';
import { followJob, type StartedRun } from './job.ts';
import type { Judged } from './situation.ts';
import { wasNotWritten } from './tell.ts';

/*
 * Comment, call Sentinel, and queue a job that reports the end. A note starts its response once, however often and by whichever
 * relay or playbook it is processed: all of them write the same comment, Microsoft Sentinel tells only one that it was new, and
 * only that one calls.
 */

/** Timeout of the call to Sentinel; a relay that takes over later does not call again. */
const CALL_MS = 10_000;

/** A response that may start, and its target. */
interface Start {
  readonly response: ResponsePlaybook;
  readonly notedAt: string;
  /** When the note expires, milliseconds since 1970. */
  readonly until: number;
  readonly target: { readonly incidentId: string; readonly entityId: string | undefined };
  refuse(refusal: LateRefusal): Promise<void>;
}

export async function start(asking: Asking, judged: Judged, starting: Start): Promise<void> {
  const { lease, notification, command, progress, options } = asking;
  const { served, externalId } = judged;
  const { response, notedAt, target, refuse } = starting;
  const { now, report, inbox } = options;
  const job = lease.notification.id;
  const key = `${externalId}:${askedCommentId(notedAt)}`;
  const told = { incident: externalId, response: command.word };
  const owner = await progress.own(key, job);
  if (owner === 'another') return report({ outcome: 'repeated', ...told });
  if (owner !== 'written') {
    const comment = await writeComment(asking, judged, starting, { key, isFirst: owner === 'new' });
    if (comment === 'too many') return refuse('tooManyOfPerson');
    if (comment === 'not taken') return refuse('noComment');
    if (comment === 'there' && owner === 'new') return report({ outcome: 'repeated', ...told });
    if (comment === 'there') {
      // This relay may have written it and lost the answer, or another one did and started the response.
      report({ outcome: 'uncertain', ...told });
      return tellUnsure(asking, served);
    }
    await progress.wrote(key, job);
  }
  const run: StartedRun = {
    ...{ workspaceId: served.workspace.workspaceId, incident: externalId, alertId: notification.alertId },
    ...{ word: command.word, playbook: response.playbook, calledAt: now(), answer: null },
  };
  assertHeld(lease, now());
  const answer = (await progress.mayCall(key, job, run)) ? await call(served, target, response) : undefined;
  report({ outcome: answer === 204 ? 'started' : wasRefused(answer) ? 'not-started' : 'uncertain', ...told });
  await inbox.accept(followJob(job, { ...run, answer: answer ?? null }));
}

/** Writes the comment on who asked. `there`: it exists already. `not taken`: it cannot be written. */
async function writeComment(
  asking: Asking,
  { served, person }: Judged,
  { response, notedAt, until, target }: Start,
  { key, isFirst }: { readonly key: string; readonly isFirst: boolean },
): Promise<'new' | 'there' | 'not taken' | 'too many'> {
  const { lease, notification, command, signal, progress, options } = asking;
  const id = askedCommentId(notedAt);
  const who = person?.name || notification.user?.id || SOMEBODY;
  const message = commentMessage(askedText(who, command, response, notification.alertId));
  try {
    if (await served.responses.hasComment(target.incidentId, id, signal)) return 'there';
    // Another attempt of the same job is not another start.
    if (isFirst && !(await progress.takeOne(served.workspace.workspaceId, person?.id ?? ''))) return 'too many';
    await progress.begin(key, lease.notification.id);
    assertHeld(lease, options.now());
    return (await served.responses.addComment(target.incidentId, id, message, signal)) ? 'new' : 'there';
  } catch (error) {
    tryLater(asking, until, error);
    return 'not taken';
  }
}

function tellUnsure(
  { lease, notification, command, signal, progress }: Asking,
  { signl4 }: ServedWorkspace,
): Promise<void> {
  const text = annotationMarker + unsureText(command.word);
  const tell = () => signl4.annotateAlert(notification.alertId, text, signal);
  return progress.tellOnce(`unsure:${lease.notification.id}`, tell, wasNotWritten);
}

/** HTTP status of Sentinel's answer; undefined: none, or unreadable. Never retried, so it has its own timeout. */
async function call(served: ServedWorkspace, target: Start['target'], response: ResponsePlaybook) {
  const { deployment } = served.config;
  const tenantId = tenantOfResponse(served, response.playbook) ?? (deployment.tenantId || served.workspace.tenantId);
  try {
    return await served.responses.start(target, response.playbook, tenantId, AbortSignal.timeout(CALL_MS));
  } catch (error) {
    return error instanceof UpstreamError ? error.status : undefined;
  }
}
