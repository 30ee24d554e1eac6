import type { Json } from '../domain/json.ts';

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
  /** Most starts from one alert within an hour, 1 to 100. */
  readonly perHour: number;
  /** Names of entities that nothing is ever started on, whole names, without case. */
  readonly protected: readonly string[];
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

/** Only the beginning of a note is a command: what is quoted or forwarded is none. */
export function commandOf(note: string): Command | undefined {
  const [mark, word = '', ...rest] = note.trim().toLowerCase().split(/\s+/);
  if (mark !== RUN && mark !== CONFIRM) return undefined;
  return { isConfirmation: mark === CONFIRM, word, entity: rest.join(' ') };
}

/** Why something is not started: a key of the list that people read, in the order in which they are told. */
export const refusals = {
  notConfirmed: 'SIGNL4 knows no such note of this person from the last minutes',
  notOurs: 'the alert is closed, or not about an incident of this workspace',
  unknown: 'there is no response of this name',
  notActive: 'the person is not an active user of SIGNL4',
  notThisPerson: 'the person is not among those who may start it',
  notThisTeam: 'the team of the alert is not among those that may start it',
  notHolding: 'the person does not hold the alert: acknowledge it first',
  notOnDuty: 'the person is not on duty in the team of the alert',
  neither: 'the person neither holds the alert nor is on duty in its team',
  tooMany: 'too many starts from this alert within an hour',
  noEntity: 'the incident has no entity of this kind and name, or several: write the name behind it',
  protected: 'the entity is protected',
  notAskedTwice: 'it asks twice: write the same again within ten minutes, with confirm in place of run',
} as const;
export type Refusal = keyof typeof refusals;

/** The responses as the parameter of a playbook. */
export function responsesParameter({ playbooks }: RespondChoice): Json {
  return Object.fromEntries(
    Object.entries(playbooks).map(([word, { playbook, on, who, teams, people, confirm }]) => [
      word,
      {
        playbook,
        ...(on !== 'incident' && { entity: entityKinds[on] }),
        ...{ who, teams: [...teams], people: people.map((mail) => mail.toLowerCase()), confirm },
      },
    ]),
  );
}
