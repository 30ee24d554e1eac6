import type { Json } from '../domain/json.ts';
import { cut } from '../domain/text.ts';

/*
 * What the person on call may start from the phone: which response playbooks, on what, and by whom. A note on the alert names
 * one: `#run isolate`, `#run isolate WS-042`. If confirmation is required, `#confirm isolate` starts it.
 */

/** Kinds of entities on which Sentinel can run playbooks: spelling of its API, and of signl4.yaml. */
export const entityKinds = {
  account: 'Account',
  host: 'Host',
  ip: 'Ip',
  url: 'Url',
  filehash: 'FileHash',
} as const;

export const responseTargets = ['incident', ...(Object.keys(entityKinds) as (keyof typeof entityKinds)[])] as const;
export type ResponseTarget = (typeof responseTargets)[number];

/** `holder`: who acknowledged the alert, if that was not withdrawn. `on-duty`: who is on duty in the team of the alert. */
export const responders = ['holder', 'on-duty', 'either'] as const;
export type Responder = (typeof responders)[number];

export interface ResponsePlaybook {
  /** ARM id of the workflow. */
  readonly playbook: string;
  /** What its trigger runs on. */
  readonly on: ResponseTarget;
  readonly who: Responder;
  /** Ids of the SIGNL4 teams whose alerts may start it. Empty: all. */
  readonly teams: readonly string[];
  /** Mail addresses of people who may start it. Empty: all. */
  readonly people: readonly string[];
  /** Whether a second note must confirm the first. */
  readonly confirm: boolean;
}

export interface RespondChoice {
  /** Word after #run in lower case, and the response it starts. Empty: nothing can be started. */
  readonly playbooks: Readonly<Record<string, ResponsePlaybook>>;
  /** Maximum number of #run notes, and of #confirm notes, per alert and hour, 1 to 100. */
  readonly perHour: number;
  /** Names of entities on which nothing may be started; whole names, ignoring case, in every domain. */
  readonly protected: readonly string[];
}

/** Whether anything can be started. */
export function hasResponses({ playbooks }: Pick<RespondChoice, 'playbooks'>): boolean {
  return Object.keys(playbooks).length > 0;
}

export const RUN = '#run';
export const CONFIRM = '#confirm';
/** How long a note is valid; a notification that arrives later or again starts nothing. Also the time limit for confirming. */
export const NOTE_MINUTES = 10;

/** The request in a note. */
export interface Command {
  readonly isConfirmation: boolean;
  /** The word after #run in lower case; empty if missing. */
  readonly word: string;
  /** The name of the entity as typed, in lower case; empty: the only one. */
  readonly entity: string;
}

/** White space that counts as a blank between words, and repetitions of up to four. Replaced in this order. */
export const blanks = { kinds: ['\r\n', '\n', '\t', '\u00a0'], several: ['  ', '  '] } as const;

/** A note normalised for comparison: lower case, one line, single blanks. */
function inOneLine(note: string): string {
  const all = [...blanks.kinds, ...blanks.several];
  return all.reduce((line, blank) => line.replaceAll(blank, ' '), note.toLowerCase()).trim();
}

/** Only a note that begins with a command counts, so that quoted or forwarded ones do not. */
export function commandOf(note: string): Command | undefined {
  const [mark, word = '', ...rest] = inOneLine(note)
    .split(' ')
    .filter((part) => part !== '');
  if (mark !== RUN && mark !== CONFIRM) return undefined;
  return { isConfirmation: mark === CONFIRM, word, entity: rest.join(' ') };
}

/** The normalised command. */
export function commandText({ isConfirmation, word, entity }: Command): string {
  return [isConfirmation ? CONFIRM : RUN, word, entity].filter((part) => part !== '').join(' ');
}

/** Whether an entry of the alert's timeline is exactly this command. SIGNL4 may add a label in front: `Annotated: …`. */
export function saysCommand(entry: string, command: Command): boolean {
  return `: ${inOneLine(entry)}`.endsWith(`: ${commandText(command)}`);
}

/** Whether an entry is a command of the same kind, for counting. A text that only mentions a command is not. */
export function isLikeCommand(entry: string, { isConfirmation }: Command): boolean {
  return `: ${inOneLine(entry)}`.includes(`: ${isConfirmation ? CONFIRM : RUN} `);
}

/** Date formats that turn the time of a note into a comment id: for the comment on who asked, and for a refusal. */
export const commentIdFormats = {
  asked: 'yyyyMMdd-HHmm-ss02-0000-00000fffffff',
  refused: 'yyyyMMdd-HHmm-ss01-0000-00000fffffff',
} as const;

/**
 * Id of the comment on who asked, derived from the time of the note in SIGNL4 (ISO 8601 in UTC, up to seven fractional digits). A
 * note therefore starts one run, however often and under whatever ids it is reported. The playbook derives the same id.
 */
export function askedCommentId(notedAt: string): string {
  return guidOfTime(notedAt, '02');
}

/**
 * Id of the comment on a refusal. All notes within an hour of `now` (milliseconds since 1970) that SIGNL4 does not confirm
 * (`notedAt` is undefined) share one.
 */
export function refusedCommentId(notedAt: string | undefined, now: number): string {
  return guidOfTime(notedAt ?? `${new Date(now).toISOString().slice(0, 13)}:00:00Z`, '01');
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?Z$/i;

function guidOfTime(time: string, kind: '01' | '02'): string {
  const parts = TIME.exec(time.trim()) ?? TIME.exec(new Date(time).toISOString()) ?? [];
  const [, year, month, day, hour, minute, second, fraction = ''] = parts;
  return `${year}${month}${day}-${hour}${minute}-${second}${kind}-0000-00000${fraction.padEnd(7, '0')}`;
}

/** Why something is not started, in the order in which reasons are reported. */
export const refusals = {
  cannotAsk: 'SIGNL4 could not be asked whether it may be started',
  notConfirmed: 'SIGNL4 knows no such note of this person from the last minutes',
  notOurs: 'the alert is closed, or not about an incident of this workspace',
  unknown: 'there is no response of this name',
  furtherWords: 'it works on the whole incident: write nothing after its name',
  notActive: 'the person is not an active user of SIGNL4',
  notThisPerson: 'the person is not among those who may start it',
  notThisTeam: 'the team of the alert is not among those that may start it',
  notHolding: 'the person does not hold the alert: acknowledge it first',
  notOnDuty: 'the person is not on duty in the team of the alert',
  neither: 'the person neither holds the alert nor is on duty in its team',
  tooMany: 'too many such notes on this alert within an hour',
  noSentinel: 'Microsoft Sentinel could not be asked about the incident',
  noEntity: 'the incident has no entity of this kind and name, or several: write the name behind it',
  protected: 'the entity is protected, or has no name that can be compared',
  notAskedTwice: 'it asks twice: write the same again within ten minutes, with confirm in place of run',
  asksOnce: 'it does not ask twice: write run instead of confirm',
} as const;
export type Refusal = keyof typeof refusals;

/** Reasons found later; all but the first only by the relay. */
export const lateRefusals = {
  noComment: 'the comment on who asked could not be saved on the incident',
  noCopy: 'the incident is Defender’s and has no copy in Microsoft Sentinel, which runs the playbooks',
  tooManyOfPerson: 'the person started too many within an hour',
} as const;
export type LateRefusal = keyof typeof lateRefusals;

/** Words in the list have at most 40 characters. */
const LONGEST_WORD = 60;

/** Name used if SIGNL4 does not say who it was. */
export const SOMEBODY = 'Somebody';

/**
 * Refusal text for incident and phone. `asked`: the person as named by SIGNL4, and the command; undefined if SIGNL4 does not
 * confirm the note, in which case nothing from the notification is repeated, because it may be forged.
 */
export function refusalText(
  asked: { readonly person: string; readonly command: Command } | undefined,
  refusal: Refusal | LateRefusal,
): string {
  const what = asked ? `"${cut(asked.command.word, LONGEST_WORD)}"` : 'a response';
  return `${asked?.person || SOMEBODY} did not start ${what}: ${{ ...refusals, ...lateRefusals }[refusal]}.`;
}

/** Comment on who asked, written before anything runs; the result is reported on the phone. */
export function askedText(person: string, { word }: Command, { playbook }: ResponsePlaybook, alertId: string): string {
  return `${person} asked for "${word}" from the phone: ${playbook}, SIGNL4 alert ${alertId}.`;
}

/** HTTP statuses by which Microsoft Sentinel says that it started nothing: first status, and their number. */
export const REFUSED = { first: 400, count: 8 } as const;

/** Whether Microsoft Sentinel started nothing; `answer` as in {@link endText}. */
export function wasRefused(answer: number | undefined): boolean {
  return answer !== undefined && answer >= REFUSED.first && answer < REFUSED.first + REFUSED.count;
}

/** Interval and duration of checks on runs, and the allowed difference between clocks. */
export const LOOK_SECONDS = 15;
export const FOLLOW_MINUTES = 10;
export const SKEW_SECONDS = 5;

/** States of a run that has not ended, or whose state is not known. */
export const unfinishedStates: readonly string[] = ['', 'Running', 'Waiting'];

/**
 * Result of a response for the phone. `answer`: HTTP status of Microsoft Sentinel; undefined: there was none, so it may or may
 * not have started. `state`: of the run as Logic Apps names it; empty: cannot be read.
 */
export function endText(word: string, answer: number | undefined, state: string): string {
  const isStarted = answer === 204 || state !== '';
  const verb = isStarted ? 'was started' : wasRefused(answer) ? 'was not started' : 'may have been started';
  const said = answer === undefined ? 'gave no answer' : `answered ${answer}`;
  return `"${word}" ${verb} (Microsoft Sentinel ${said}). Its run: ${state || 'cannot be seen'}.`;
}

/** Result if the comment on who asked exists but it is not known who wrote it: another relay may have started it. */
export function unsureText(word: string): string {
  return `"${word}" may have been started: the incident already has the comment on who asked, and it is not known who wrote it. Check its runs before you ask again.`;
}

/** The responses as a playbook parameter. `tenantOf`: tenant of a response, if it is not that of the playbook. */
export function responsesParameter(
  { playbooks }: RespondChoice,
  tenantOf: (playbook: string) => string | undefined = () => undefined,
): Json {
  return Object.fromEntries(
    Object.entries(playbooks).map(([word, { playbook, on, who, teams, people, confirm }]) => [
      word,
      {
        playbook,
        ...(on !== 'incident' && { entity: entityKinds[on] }),
        ...{ who, teams: [...teams], people: people.map((mail) => mail.toLowerCase()), confirm },
        ...(tenantOf(playbook) !== undefined && { tenantId: tenantOf(playbook) ?? '' }),
      },
    ]),
  );
}
