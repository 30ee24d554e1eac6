import { member, parseJson, textOf } from '../../domain/json.ts';
import type { Notification } from '../../domain/notification.ts';
import { commandOf, hasResponses } from '../../rules/respond.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { NewNotification } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';

/*
 * Jobs of a command are stored in the inbox with the notification that caused them, in a session of their own: they survive a
 * restart, run in one relay at a time, and do not delay notifications. Sessions of incidents begin with `sentinel:` or `graph:`.
 */

const RESPOND = 'respond:';
const FOLLOW = 'follow:';

/** Whether a notification asks for a response. Without configured responses every note is just a note. */
export function isCommand({ note }: Notification, { config }: ServedWorkspace): boolean {
  return hasResponses(config.respond) && commandOf(note) !== undefined;
}

/** Job that starts what a notification asks for, one at a time per incident. */
export function respondJob({ id, session, body }: NewNotification): NewNotification {
  return { id: `${RESPOND}${id}`, session: `${RESPOND}${session}`, body };
}

/** A started response whose result is to be reported. */
export interface StartedRun {
  /** GUID of the workspace. */
  readonly workspaceId: string;
  /** External id of the incident. */
  readonly incident: string;
  /** Id of the SIGNL4 alert. */
  readonly alertId: string;
  readonly word: string;
  /** ARM id of the workflow. */
  readonly playbook: string;
  /** When Sentinel was called, milliseconds since 1970. */
  readonly calledAt: number;
  /** HTTP status of its answer; null: no answer is known. */
  readonly answer: number | null;
}

/** Job that follows a run until it ends; `job`: id of the job that started it. */
export function followJob(job: string, run: StartedRun): NewNotification {
  const id = `${FOLLOW}${job.slice(RESPOND.length)}`;
  return { id, session: id, body: JSON.stringify(run) };
}

export function readStartedRun(body: string): StartedRun {
  const run = parseJson(body);
  const read = (name: string) => member(run, name);
  const text = (name: string) => textOf(read(name)) ?? '';
  const calledAt = Number(read('calledAt'));
  if (text('playbook') === '' || Number.isNaN(calledAt))
    throw new UpstreamError('The relay', 'refused', { detail: 'holds a run it cannot read' });
  const answer = read('answer');
  return {
    ...{ workspaceId: text('workspaceId'), incident: text('incident'), alertId: text('alertId') },
    ...{ word: text('word'), playbook: text('playbook'), calledAt },
    answer: typeof answer === 'number' ? answer : null,
  };
}

/** What a session contains. */
export function kindOfSession(session: string): 'respond' | 'follow' | 'notification' {
  if (session.startsWith(RESPOND)) return 'respond';
  return session.startsWith(FOLLOW) ? 'follow' : 'notification';
}
