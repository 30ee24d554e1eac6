import { parseJson } from '../../domain/json.ts';
import { readNotification } from '../../domain/notification.ts';
import { cut } from '../../domain/text.ts';
import type { DeadLetter, DeadLetterCursor } from '../store/store.ts';

/** A dead letter as people and scripts see it: enough to decide whether to retry. Times in ISO 8601. */
export interface ShownLetter {
  readonly id: string;
  /**
   * External id. Prefixed with `respond:` for a command that was given up; for a run that is no longer followed, `follow:` and
   * the id of the notification.
   */
  readonly incident: string;
  /** What happened in SIGNL4 (`closed`, `acknowledged`, …); omitted if the notification cannot be read. */
  readonly event?: string;
  /** Who did it; omitted if SIGNL4 did it by itself. */
  readonly person?: string;
  /** Start of the person's note. */
  readonly words?: string;
  readonly receivedAt: string;
  readonly deadLetteredAt: string;
  readonly attempts: number;
  /** Why it was given up. */
  readonly error: string;
}

const MOST_WORDS = 80;

export function showLetter({
  id,
  session,
  body,
  receivedAt,
  deadLetteredAt,
  attempts,
  error,
}: DeadLetter): ShownLetter {
  const { event, user, note } = notificationOf(body) ?? {};
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    ...{ id, incident: session },
    ...(event && { event }),
    ...(user && { person: user.name }),
    ...(note && { words: cut(note.replaceAll(/\s+/g, ' '), MOST_WORDS) }),
    ...{ receivedAt: iso(receivedAt), deadLetteredAt: iso(deadLetteredAt), attempts, error },
  };
}

function notificationOf(body: string) {
  try {
    return readNotification(parseJson(body));
  } catch {
    return undefined;
  }
}

/** The place behind a letter in the list, as a text for addresses; and back. Undefined for texts that name no place. */
export function formatCursor({ id, deadLetteredAt }: DeadLetterCursor): string {
  return `${deadLetteredAt}:${id}`;
}

export function parseCursor(text: string): DeadLetterCursor | undefined {
  const [, deadLetteredAt, id] = /^(\d{1,15}):(.+)$/s.exec(text) ?? [];
  return deadLetteredAt === undefined || id === undefined ? undefined : { deadLetteredAt: Number(deadLetteredAt), id };
}
