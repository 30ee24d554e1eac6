import { type Json, member, textOf } from '../domain/json.ts';
import {
  CONFIRM,
  type Command,
  entityKinds,
  type Refusal,
  type RespondChoice,
  type ResponsePlaybook,
  RUN,
  refusals,
  saysCommand,
} from './respond.ts';

/* Whether a response may start: the same rules as the rows of "Checks" in the playbook SIGNL4-Respond. */

/** Everything that decides whether a response may start, as SIGNL4 and Sentinel have it. */
export interface Situation {
  readonly command: Command;
  /** What the list has under the word. */
  readonly response: ResponsePlaybook | undefined;
  /** Notes of the person of the last {@link NOTE_MINUTES}, as the timeline has them. */
  readonly own: readonly string[];
  /** Notes on the alert by anybody within an hour that begin like this one: `#run …` or `#confirm …`. */
  readonly alike: number;
  /** An incident of this workspace, and the alert is not closed. */
  readonly isOurs: boolean;
  readonly teamId: string;
  /** The person has acknowledged the alert, and it still is. */
  readonly holds: boolean;
  /** Undefined: not known to SIGNL4, invited only, or gone. `onDutyIn`: ids of teams. */
  readonly person: { readonly mail: string; readonly onDutyIn: readonly string[] } | undefined;
  /** Entities that are meant; undefined where nobody looked yet. */
  readonly meant: readonly Json[] | undefined;
}

/** Everything must hold. */
const holding: Readonly<Record<Refusal, (situation: Situation, choice: RespondChoice) => boolean>> = {
  notConfirmed: ({ own, command }) => own.some((note) => saysCommand(note, command)),
  notOurs: ({ isOurs }) => isOurs,
  unknown: ({ response }) => response !== undefined,
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
  noEntity: ({ response, meant }) => response?.on === 'incident' || meant === undefined || meant.length === 1,
  protected: ({ meant = [] }, choice) =>
    !choice.protected.some((name) => meant.some((entity) => hasValue(entity, name.toLowerCase()))),
  notAskedTwice: ({ command, response, own }) =>
    command.isConfirmation
      ? own.some((note) => saysCommand(note, { ...command, isConfirmation: false }))
      : response?.confirm !== true,
};

/** The first reason not to start it; undefined: it may start. */
export function refusalIn(situation: Situation, choice: RespondChoice): Refusal | undefined {
  return (Object.keys(refusals) as Refusal[]).find((refusal) => !holding[refusal](situation, choice));
}

/** The entities of an incident that a command is about: of the kind that the response works on, and of the name in the note. */
export function entitiesMeant(entities: readonly Json[], response: ResponsePlaybook, { entity }: Command): Json[] {
  const kind = response.on === 'incident' ? undefined : entityKinds[response.on];
  return entities.filter(
    (each) =>
      textOf(member(each, 'kind'))?.toLowerCase() === kind?.toLowerCase() &&
      (entity === '' || hasValue((member(each, 'properties') ?? null) as Json, entity)),
  );
}

/** Whether an entry of a timeline has a command of the same kind in it, whatever else: these are counted. */
export function likeCommand(entry: string, { isConfirmation }: Command): boolean {
  return entry.toLowerCase().includes(`${isConfirmation ? CONFIRM : RUN} `);
}

function anyOrAmong(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.includes(value);
}

function isOnDuty({ person, teamId }: Situation): boolean {
  return person?.onDutyIn.includes(teamId) === true;
}

/** Whether a text within a value is this one as a whole, without case. */
function hasValue(value: Json, wanted: string): boolean {
  if (typeof value === 'string') return value.toLowerCase() === wanted;
  return typeof value === 'object' && value !== null && Object.values(value).some((part) => hasValue(part, wanted));
}
