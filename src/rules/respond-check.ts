import { type Json, member, textOf } from '../domain/json.ts';
import {
  type Command,
  entityKinds,
  type Refusal,
  type RespondChoice,
  type ResponsePlaybook,
  refusals,
  saysCommand,
} from './respond.ts';
import { isCalled, isProtected } from './response-entity.ts';

/* Decides whether a response may start, by the same rules as the rows of "Checks" in the playbook SIGNL4-Respond. */

/** A note in the timeline of the alert. */
export interface OwnNote {
  readonly text: string;
  /** When it was written, milliseconds since 1970. */
  readonly at: number;
}

/** Everything that the decision depends on, as SIGNL4 and Sentinel have it. */
export interface Situation {
  readonly command: Command;
  /** Whether SIGNL4 returned the alert and its people. */
  readonly isAnswered: boolean;
  /** The response that the list has for the word. */
  readonly response: ResponsePlaybook | undefined;
  /** The person's notes of the last {@link NOTE_MINUTES}. */
  readonly own: readonly OwnNote[];
  /** Commands of the same kind (`#run …` or `#confirm …`) by anybody on this alert within an hour. */
  readonly alike: number;
  /** Whether the alert belongs to an incident of this workspace and is not closed. */
  readonly isOurs: boolean;
  readonly teamId: string;
  /** Whether the person's acknowledgement of the alert is still in place. */
  readonly holds: boolean;
  /** Undefined: unknown to SIGNL4, only invited, or deleted. `onDutyIn`: ids of teams. */
  readonly person: { readonly mail: string; readonly onDutyIn: readonly string[] } | undefined;
  /** Matching entities; `unread` if Sentinel did not return them, undefined if they were not requested yet. */
  readonly meant: readonly Json[] | 'unread' | undefined;
}

/** Conditions that must all hold; the key is the refusal if one does not. */
const holding: Readonly<Record<Refusal, (situation: Situation, choice: RespondChoice) => boolean>> = {
  cannotAsk: ({ isAnswered }) => isAnswered,
  notConfirmed: ({ own, command }) => own.some(({ text }) => saysCommand(text, command)),
  notOurs: ({ isOurs }) => isOurs,
  unknown: ({ response }) => response !== undefined,
  furtherWords: ({ response, command }) => response?.on !== 'incident' || command.entity === '',
  notActive: ({ person }) => person !== undefined,
  notThisPerson: ({ response, person }) =>
    anyOrAmong(
      response?.people.map((mail) => mail.toLowerCase()),
      person?.mail.toLowerCase() ?? '',
    ),
  notThisTeam: ({ response, teamId }) => anyOrAmong(response?.teams, teamId),
  notHolding: ({ response, holds }) => response?.who !== 'holder' || holds,
  notOnDuty: (situation) => situation.response?.who !== 'on-duty' || isOnDuty(situation),
  neither: (situation) => situation.response?.who !== 'either' || situation.holds || isOnDuty(situation),
  tooMany: ({ alike }, { perHour }) => alike <= perHour,
  noSentinel: ({ meant }) => meant !== 'unread',
  noEntity: ({ response, meant }) => response?.on === 'incident' || meant === undefined || meant.length === 1,
  protected: ({ meant = [] }, { protected: list }) =>
    meant === 'unread' || !meant.some((entity) => isProtected(entity, list)),
  notAskedTwice: ({ command, response, own }) =>
    command.isConfirmation ? isAskedFor(command, own) : response?.confirm !== true,
  asksOnce: ({ command, response }) => !command.isConfirmation || response?.confirm === true,
};

/** Whether the confirmation has a #run note with the same words before it, and after the previous confirmation. */
function isAskedFor(command: Command, own: readonly OwnNote[]): boolean {
  const timesOf = (wanted: Command) =>
    own
      .filter(({ text }) => saysCommand(text, wanted))
      .map(({ at }) => at)
      .toSorted((a, b) => b - a);
  const [asked = Number.NaN, before = 0] = timesOf(command);
  const [run = Number.NaN] = timesOf({ ...command, isConfirmation: false });
  return run < asked && run > before;
}

/** The first reason to refuse; undefined: it may start. */
export function refusalIn(situation: Situation, choice: RespondChoice): Refusal | undefined {
  return (Object.keys(refusals) as Refusal[]).find((refusal) => !holding[refusal](situation, choice));
}

/** Entities of an incident that match a command: of the response's kind, and with the name in the note. */
export function entitiesMeant(entities: readonly Json[], response: ResponsePlaybook, { entity }: Command): Json[] {
  const kind = response.on === 'incident' ? undefined : entityKinds[response.on];
  return entities.filter(
    (each) =>
      textOf(member(each, 'kind'))?.toLowerCase() === kind?.toLowerCase() && (entity === '' || isCalled(each, entity)),
  );
}

function anyOrAmong(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.includes(value);
}

function isOnDuty({ person, teamId }: Situation): boolean {
  return person?.onDutyIn.includes(teamId) === true;
}
