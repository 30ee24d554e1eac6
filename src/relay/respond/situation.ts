import { parseExternalId } from '../../domain/external-id.ts';
import { alertStates, type Notification } from '../../domain/notification.ts';
import { type Command, isLikeCommand, NOTE_MINUTES, type ResponsePlaybook, saysCommand } from '../../rules/respond.ts';
import type { Situation } from '../../rules/respond-check.ts';
import type { Signl4AlertDetails, Signl4Person } from '../../signl4/client.ts';
import { type ServedWorkspace, workspaceOfExternalId } from '../served-workspace.ts';
import { UpstreamError } from '../upstream.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Allowed lead of SIGNL4's clock; a note later than that is ignored. */
const AHEAD_MS = NOTE_MINUTES * MINUTE_MS;
/** Leaves time within the lease for the calls to Sentinel. */
const ASK_MS = 8_000;

/** What SIGNL4 knows about a notification. */
export interface Asked {
  /** Undefined: SIGNL4 does not have this alert. */
  readonly alert: Signl4AlertDetails | undefined;
  readonly people: readonly Signl4Person[];
}

/** Reads the alert and all people from SIGNL4. Rejects if they cannot be read. */
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

/** A note and its circumstances, as SIGNL4 has them. */
export interface Judged {
  /** The workspace of the alert's incident, and its external id. */
  readonly served: ServedWorkspace;
  readonly externalId: string;
  readonly person: Signl4Person | undefined;
  /** When the person wrote it, ISO 8601; undefined: SIGNL4 does not confirm it. */
  readonly notedAt: string | undefined;
  readonly response: ResponsePlaybook | undefined;
  /** Without the entities, which have not been read yet. */
  readonly situation: Situation;
}

/**
 * Collects what the decision depends on. Only alert, person and command are taken from the notification, and each must match
 * SIGNL4's data; the incident is that of the alert. `asked`: undefined if SIGNL4 does not answer.
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
