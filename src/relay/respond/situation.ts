import { parseExternalId } from '../../domain/external-id.ts';
import { alertStates, type Notification } from '../../domain/notification.ts';
import { type Command, isLikeCommand, NOTE_MINUTES, type ResponsePlaybook, saysCommand } from '../../rules/respond.ts';
import type { Situation } from '../../rules/respond-check.ts';
import type { Signl4AlertDetails, Signl4Person } from '../../signl4/client.ts';
import { type ServedWorkspace, workspaceOfExternalId } from '../served-workspace.ts';
import { UpstreamError } from '../upstream.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** SIGNL4's clock may be ahead by so much; a note of later says nothing. */
const AHEAD_MS = NOTE_MINUTES * MINUTE_MS;
/** Within the lease there must be time for Sentinel. */
const ASK_MS = 8_000;

/** What SIGNL4 says of a notification. */
export interface Asked {
  /** Undefined: SIGNL4 has no such alert. */
  readonly alert: Signl4AlertDetails | undefined;
  readonly people: readonly Signl4Person[];
}

/** Asks SIGNL4 for the alert and for everybody. Rejects where it does not say. */
export async function askSignl4(
  { signl4 }: ServedWorkspace,
  { alertId }: Notification,
  outer: AbortSignal,
): Promise<Asked> {
  const signal = AbortSignal.any([outer, AbortSignal.timeout(ASK_MS)]);
  const alert = signl4.alert(alertId, signal).catch((error: unknown) => {
    if (error instanceof UpstreamError && !error.isPassing) return undefined;
    throw error;
  });
  const [found, people] = await Promise.all([alert, signl4.peopleNow(signal)]);
  return { alert: found, people };
}

/** The note behind a notification, as SIGNL4 has it. */
export interface Judged {
  /** The served whose incident the alert is about; the incident's external id. */
  readonly served: ServedWorkspace;
  readonly externalId: string;
  readonly person: Signl4Person | undefined;
  /** When the person wrote it, ISO 8601; undefined: SIGNL4 does not confirm it. */
  readonly notedAt: string | undefined;
  readonly response: ResponsePlaybook | undefined;
  /** Without the entities, which nobody has looked for yet. */
  readonly situation: Situation;
}

/**
 * Puts together what decides. Of the notification only which alert, which person and which command are taken, and each must be
 * as SIGNL4 has it: the incident is the one of the alert. `asked`: undefined where SIGNL4 does not answer.
 */
export function judge(
  { user, externalId }: Notification,
  command: Command,
  asked: Asked | undefined,
  {
    workspaces,
    here,
    now,
  }: { readonly workspaces: readonly ServedWorkspace[]; readonly here: ServedWorkspace; readonly now: number },
): Judged {
  const { alert, people = [] } = asked ?? {};
  const userId = user?.id ?? '';
  const id = parseExternalId(alert?.externalId);
  const served = id && workspaceOfExternalId(workspaces, id);
  const entries = alert?.entries ?? [];
  const isYoung = (at: string, ms: number) => Date.parse(at) > now - ms && Date.parse(at) < now + AHEAD_MS;
  const own = entries.filter(
    (entry) => userId !== '' && entry.userId === userId && isYoung(entry.at, NOTE_MINUTES * MINUTE_MS),
  );
  const times = own.filter(({ text }) => saysCommand(text, command)).map(({ at }) => at);
  const person = people.find((one) => one.id === userId);
  const { playbooks } = (served ?? here).config.respond;
  const response = Object.hasOwn(playbooks, command.word) ? playbooks[command.word] : undefined;
  return {
    served: served ?? here,
    externalId: (served ? (alert?.externalId ?? externalId) : externalId).trim().toLowerCase(),
    ...{ person, response },
    notedAt: times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1),
    situation: {
      ...{ command, response, meant: undefined },
      isAnswered: asked !== undefined,
      own: own.map(({ text, at }) => ({ text, at: Date.parse(at) })),
      alike: entries.filter(({ text, at }) => isLikeCommand(text, command) && isYoung(at, HOUR_MS)).length,
      isOurs: served !== undefined && alert?.statusCode !== alertStates.closed,
      teamId: alert?.teamId ?? '',
      holds: alert?.statusCode === alertStates.acknowledged && alert.acknowledgedBy.includes(userId),
      person:
        person?.isActive === true
          ? { mail: person.mail, onDutyIn: [...person.onDuty, ...person.onManagerDuty] }
          : undefined,
    },
  };
}
