import { member, parseJson, textOf } from '../../domain/json.ts';
import type { Notification } from '../../domain/notification.ts';
import { commandOf, hasResponses } from '../../rules/respond.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { NewNotification } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';

/*
 * What there is to do about a command is in the inbox beside the notification that brought it, in a session of its own: one relay at a
 * time does it, it survives a restart, and neither waits for the other. Sessions of incidents begin with `sentinel:` or `graph:`.
 */

const RESPOND = 'respond:';
const FOLLOW = 'follow:';

/** Whether a notification asks for a response: where the served has none, a note is a note. */
export function isCommand({ note }: Notification, { config }: ServedWorkspace): boolean {
  return hasResponses(config.respond) && commandOf(note) !== undefined;
}

/** To start what a notification asks for, one of an incident at a time. */
export function respondJob({ id, session, body }: NewNotification): NewNotification {
  return { id: `${RESPOND}${id}`, session: `${RESPOND}${session}`, body };
}

/** A start whose end is to be told. */
export interface StartedRun {
  /** GUID of the workspace. */
  readonly workspaceId: string;
  /** External id of the incident. */
  readonly incident: string;
  /** Of SIGNL4. */
  readonly alertId: string;
  readonly word: string;
  /** ARM id. */
  readonly playbook: string;
  /** When Sentinel was called, milliseconds since 1970. */
  readonly calledAt: number;
  /** HTTP status of its answer; null: none that anybody knows of. */
  readonly answer: number | null;
}

/** To follow a run until its end; `job`: id of the job that started it. */
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

/** What a session holds. */
export function kindOfSession(session: string): 'respond' | 'follow' | 'notification' {
  if (session.startsWith(RESPOND)) return 'respond';
  return session.startsWith(FOLLOW) ? 'follow' : 'notification';
}
