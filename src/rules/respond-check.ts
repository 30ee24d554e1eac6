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

/* Whether a response may start: the same rules as the rows of "Checks" in the playbook SIGNL4-Respond. */

/** A note as the timeline of the alert has it. */
export interface OwnNote {
  readonly text: string;
  /** When it was written, milliseconds since 1970. */
  readonly at: number;
}

/** Everything that decides whether a response may start, as SIGNL4 and Sentinel have it. */
export interface Situation {
  readonly command: Command;
  /** SIGNL4 said what it has of the alert, and who its people are. */
  readonly isAnswered: boolean;
  /** What the list has under the word. */
  readonly response: ResponsePlaybook | undefined;
  /** Notes of the person of the last {@link NOTE_MINUTES}. */
  readonly own: readonly OwnNote[];
  /** Commands of this kind on the alert by anybody within an hour: `#run …` or `#confirm …`. */
  readonly alike: number;
  /** An incident of this workspace, and the alert is not closed. */
  readonly isOurs: boolean;
  readonly teamId: string;
  /** The person has acknowledged the alert, and it still is. */
  readonly holds: boolean;
  /** Undefined: not known to SIGNL4, invited only, or gone. `onDutyIn`: ids of teams. */
  readonly person: { readonly mail: string; readonly onDutyIn: readonly string[] } | undefined;
  /** Entities that are meant; `unread` where Sentinel does not tell, undefined where nobody looked yet. */
  readonly meant: readonly Json[] | 'unread' | undefined;
}

/** Everything must hold. */
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

/** Whether a confirmation confirms a #run of the same words: one that was written before it, and after the confirmation before. */
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

/** The first reason not to start it; undefined: it may start. */
export function refusalIn(situation: Situation, choice: RespondChoice): Refusal | undefined {
  return (Object.keys(refusals) as Refusal[]).find((refusal) => !holding[refusal](situation, choice));
}

/** The entities of an incident that a command is about: of the kind that the response works on, and of the name in the note. */
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
