import type { Json } from '../domain/json.ts';
import { cut } from '../domain/text.ts';

/*
 * What the person on call may start from the phone: which response playbooks, on what, and who. A note of the alert names one:
 * `#run isolate`, `#run isolate WS-042`; where it asks twice, `#confirm isolate` makes it run.
 */

/** Kinds of entities that Sentinel runs playbooks on, as its API spells them, to how signl4.yaml does. */
export const entityKinds = {
  account: 'Account',
  host: 'Host',
  ip: 'Ip',
  url: 'Url',
  filehash: 'FileHash',
} as const;

export const responseTargets = ['incident', ...(Object.keys(entityKinds) as (keyof typeof entityKinds)[])] as const;
export type ResponseTarget = (typeof responseTargets)[number];

/** `holder`: who has acknowledged the alert and nobody took it back. `on-duty`: who is on duty in the team of the alert. */
export const responders = ['holder', 'on-duty', 'either'] as const;
export type Responder = (typeof responders)[number];

export interface ResponsePlaybook {
  /** ARM id of the workflow. */
  readonly playbook: string;
  /** What its trigger starts on. */
  readonly on: ResponseTarget;
  readonly who: Responder;
  /** Ids of SIGNL4 teams whose alerts it may be started from. Empty: all. */
  readonly teams: readonly string[];
  /** Mail addresses of the people who may. Empty: all. */
  readonly people: readonly string[];
  /** Whether a second note must confirm the first. */
  readonly confirm: boolean;
}

export interface RespondChoice {
  /** Word that people write after #run, in lower case, to what it starts. Empty: nothing can be started. */
  readonly playbooks: Readonly<Record<string, ResponsePlaybook>>;
  /** Most #run notes, and most #confirm notes, on one alert within an hour, 1 to 100. */
  readonly perHour: number;
  /** Names of entities that nothing is ever started on, whole names, without case, in every domain. */
  readonly protected: readonly string[];
}

/** Whether anything can be started. */
export function hasResponses({ playbooks }: Pick<RespondChoice, 'playbooks'>): boolean {
  return Object.keys(playbooks).length > 0;
}

export const RUN = '#run';
export const CONFIRM = '#confirm';
/** A note counts for so long: a notification that comes later, or again, starts nothing. Also the time for confirming. */
export const NOTE_MINUTES = 10;

/** What a note asks for. */
export interface Command {
  readonly isConfirmation: boolean;
  /** The word after #run, in lower case; empty where there is none. */
  readonly word: string;
  /** The entity that is meant, as it was typed, in lower case; empty: the only one. */
  readonly entity: string;
}

/** What counts as a blank between two words, and several that count as one: up to four. Each is replaced in this order. */
export const blanks = { kinds: ['\r\n', '\n', '\t', '\u00a0'], several: ['  ', '  '] } as const;

/** A note as it is compared: in lower case, in one line, with one blank between two words. */
function inOneLine(note: string): string {
  const all = [...blanks.kinds, ...blanks.several];
  return all.reduce((line, blank) => line.replaceAll(blank, ' '), note.toLowerCase()).trim();
}

/** Only the beginning of a note is a command: what is quoted or forwarded is none. */
export function commandOf(note: string): Command | undefined {
  const [mark, word = '', ...rest] = inOneLine(note)
    .split(' ')
    .filter((part) => part !== '');
  if (mark !== RUN && mark !== CONFIRM) return undefined;
  return { isConfirmation: mark === CONFIRM, word, entity: rest.join(' ') };
}

/** The command as it is compared. */
export function commandText({ isConfirmation, word, entity }: Command): string {
  return [isConfirmation ? CONFIRM : RUN, word, entity].filter((part) => part !== '').join(' ');
}

/** Whether an entry of an alert's timeline is this command and nothing else. SIGNL4 may put a label before a note: `Annotated: …`. */
export function saysCommand(entry: string, command: Command): boolean {
  return `: ${inOneLine(entry)}`.endsWith(`: ${commandText(command)}`);
}

/** Whether an entry is a command of the same kind, whatever it names: these are counted. What only mentions one is none. */
export function isLikeCommand(entry: string, { isConfirmation }: Command): boolean {
  return `: ${inOneLine(entry)}`.includes(`: ${isConfirmation ? CONFIRM : RUN} `);
}

/** The format of dates that makes the id of a comment of the time of a note: of that on who asked, and of that on a refusal. */
export const commentIdFormats = {
  asked: 'yyyyMMdd-HHmm-ss02-0000-00000fffffff',
  refused: 'yyyyMMdd-HHmm-ss01-0000-00000fffffff',
} as const;

/**
 * Id of the comment on who asked: it follows from when SIGNL4 has the note (ISO 8601 in UTC, up to seven digits of a second), so
 * that one note starts one run, however often and under whatever ids it is told. The playbook makes the same.
 */
export function askedCommentId(notedAt: string): string {
  return guidOfTime(notedAt, '02');
}

/**
 * Id of the comment on a refusal. Notes that SIGNL4 does not confirm (`notedAt` is undefined) share one in an hour of `now`
 * (milliseconds since 1970), however many are told.
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

/** Why something is not started: a key of the list that people read, in the order in which they are told. */
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

/** What is found after that; all but the first by the relay alone. */
export const lateRefusals = {
  noComment: 'the comment on who asked could not be saved on the incident',
  noCopy: 'the incident is Defender’s and has no copy in Microsoft Sentinel, which runs the playbooks',
  tooManyOfPerson: 'the person started too many within an hour',
} as const;
export type LateRefusal = keyof typeof lateRefusals;

/** Words of the list have 40 characters at most. */
const LONGEST_WORD = 60;

/** Who is named where SIGNL4 does not say who it was. */
export const SOMEBODY = 'Somebody';

/**
 * Why a response is not started, on the incident and on the phone. `asked`: who, as SIGNL4 calls the person, and what; undefined
 * where SIGNL4 confirms no such note: then nothing of the notification is told, which anybody may have made up.
 */
export function refusalText(
  asked: { readonly person: string; readonly command: Command } | undefined,
  refusal: Refusal | LateRefusal,
): string {
  const what = asked ? `"${cut(asked.command.word, LONGEST_WORD)}"` : 'a response';
  return `${asked?.person || SOMEBODY} did not start ${what}: ${{ ...refusals, ...lateRefusals }[refusal]}.`;
}

/** Who asked, on the incident, before anything runs; whether it then did, is told on the phone. */
export function askedText(person: string, { word }: Command, { playbook }: ResponsePlaybook, alertId: string): string {
  return `${person} asked for "${word}" from the phone: ${playbook}, SIGNL4 alert ${alertId}.`;
}

/** HTTP statuses with which Microsoft Sentinel says that it began nothing: from the first, so many. */
export const REFUSED = { first: 400, count: 8 } as const;

/** Whether Microsoft Sentinel began nothing; `answer` as in {@link endText}. */
export function wasRefused(answer: number | undefined): boolean {
  return answer !== undefined && answer >= REFUSED.first && answer < REFUSED.first + REFUSED.count;
}

/** Runs are looked at this often, for so long. Clocks of Azure and of who calls may differ by the last. */
export const LOOK_SECONDS = 15;
export const FOLLOW_MINUTES = 10;
export const SKEW_SECONDS = 5;

/** States of a run that goes on, or that nothing is known of. */
export const unfinishedStates: readonly string[] = ['', 'Running', 'Waiting'];

/**
 * How it ended, on the phone. `answer`: HTTP status of Microsoft Sentinel; undefined: there was none, and nobody knows whether it began.
 * `state`: of the run as Logic Apps names it; empty: it cannot be seen.
 */
export function endText(word: string, answer: number | undefined, state: string): string {
  const isStarted = answer === 204 || state !== '';
  const verb = isStarted ? 'was started' : wasRefused(answer) ? 'was not started' : 'may have been started';
  const said = answer === undefined ? 'gave no answer' : `answered ${answer}`;
  return `"${word}" ${verb} (Microsoft Sentinel ${said}). Its run: ${state || 'cannot be seen'}.`;
}

/** How it ended where the comment on who asked is there, and nobody here knows who wrote it: another relay may have started it. */
export function unsureText(word: string): string {
  return `"${word}" may have been started: the incident already has the comment on who asked, and it is not known who wrote it. Check its runs before you ask again.`;
}

/** The responses as the parameter of a playbook. `tenantOf`: the tenant of one, where it is not that of the playbook. */
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
