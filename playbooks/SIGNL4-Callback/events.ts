import type { Config } from '../../src/config/config.ts';
import { type Signl4Event, STATUS_CHANGED, statusEvents, typeEvents } from '../../src/domain/notification.ts';
import type { Severity } from '../../src/domain/severity.ts';
import type { IncidentStatus } from '../../src/domain/status.ts';
import { capitalized } from '../../src/domain/text.ts';
import type { CallbackAction, CallbackEvent } from '../../src/rules/choices.ts';
import { compileTemplate, type TokenSource } from '../../src/rules/template-tokens.ts';
import {
  at,
  call,
  coalesce,
  contains,
  type Expr,
  isNot,
  item,
  lower,
  type Members,
  parameter,
  type Row,
  row,
  split,
} from '../../src/wdl/build.ts';
import { userMail } from '../../src/workflow/parts/notification.ts';
import type { Start, Step } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { switchOn } from '../../src/workflow/steps/switch-on.ts';

/*
 * What each event of SIGNL4 does to the incident, as the mapping of the config says: the steps of one case.
 */

/** The incident as it was just read, and what the notification brought. */
interface Situation {
  readonly incident: Subject;
  readonly note: Expr;
  /** Text of the classification of a closing. */
  readonly closeComment: Members[string];
}

/** An incident where it lives: how its state is read, and how it is changed there. */
export interface Subject {
  /** Its product, as people call it. */
  readonly product: string;
  readonly status: Expr;
  /** What the states are called there. */
  readonly statuses: Readonly<Record<IncidentStatus, string>>;
  /** Hold where it has no owner: as they ask for an acknowledgement, and for giving it back. */
  readonly isNobodys: Row;
  readonly isFree: Row;
  /** What names its owner. */
  readonly owner: readonly Expr[];
  /** One update of everything that changes. */
  write(name: string, description: string, change: Change, on?: Start['on']): Step;
}

export interface Change {
  readonly status?: IncidentStatus;
  /** Who becomes the owner; null: nobody. */
  readonly owner?: Expr | null;
  /** The classification: a value of the parameter `Classifications`. */
  readonly closed?: { readonly classification: Expr; readonly comment: Members[string] };
  readonly severity?: Severity;
  readonly tag?: string;
}

/** What a person reads in the designer for each event; also the value of the variable "What happened". */
export const eventNames = {
  acknowledged: 'acknowledged',
  closed: 'closed',
  annotated: 'annotated',
  escalated: 'escalated',
  noResponse: 'no response',
  reopened: 'reopened',
} as const satisfies Record<CallbackEvent, string>;

/** `eventType` of SIGNL4, followed by `alert.statusCode` where that is 201, to what happened. */
export const eventCodes: Readonly<Record<string, Signl4Event>> = {
  ...Object.fromEntries(Object.entries(statusEvents).map(([code, event]) => [`${STATUS_CHANGED}/${code}`, event])),
  ...typeEvents,
};

/** Whether the event changes or says anything. */
export function doesSomething(action: CallbackAction): boolean {
  return changesIncident(action) || action.comment !== '';
}

function changesIncident({ status, assignOwner, tag, severity }: CallbackAction): boolean {
  return status !== 'keep' || assignOwner || tag !== '' || severity !== 'keep';
}

interface Heard {
  readonly events: readonly CallbackEvent[];
  readonly happened: Expr;
  readonly note: Expr;
  readonly tokens: TokenSource;
}

/** One case for each event that changes the incident. */
export function whatItChanges(
  { callback, close }: Pick<Config, 'callback' | 'close'>,
  { events, happened, note, tokens }: Heard,
  incident: Subject,
): Step {
  const situation: Situation = { incident, note, closeComment: compileTemplate(close.comment, tokens) ?? '' };
  const cases = events.filter((event) => changesIncident(callback[event]));
  return switchOn('What does it change', {
    description: 'One case for each event that changes the incident.',
    value: happened,
    cases: Object.fromEntries(
      cases.map((event) => [
        capitalized(eventNames[event]),
        { is: eventNames[event], steps: stepsOf(event, callback[event], situation) },
      ]),
    ),
  });
}

/** The steps of one event. */
function stepsOf(event: CallbackEvent, action: CallbackAction, situation: Situation): readonly Step[] {
  if (!changesIncident(action)) return [];
  const { status, statuses, owner, isNobodys, isFree, ...incident } = situation.incident;
  const isClosed = row.is(status, statuses.Closed);
  const isOpen = isNot(status, statuses.Closed);
  const rest: Change = {
    ...(action.severity !== 'keep' && { severity: action.severity }),
    ...(action.tag !== '' && { tag: action.tag }),
  };
  const write: Subject['write'] = (name, description, change, on) =>
    incident.write(name, description, { ...change, ...rest }, on);
  const toStatus: Change = action.status === 'keep' ? {} : { status: action.status };
  const guarded = (question: string, description: string, all: readonly Row[], yes: readonly Step[]) => [
    condition(question, { description, all, yes }),
  ];

  if (action.status === 'Closed') return closing(event, action, situation, isOpen, write);
  if (event === 'reopened' && action.status !== 'keep') {
    const isTheirs = owner.map((name) => row.is(lower(coalesce(name, 'none')), lower(account)));
    const back: Change = action.releaseOwner ? { status: 'New', owner: null } : toStatus;
    return guarded(
      'Is nobody else on it',
      `Somebody else who took it in ${incident.product} keeps it.`,
      [isNot(status, statuses[action.releaseOwner ? 'New' : action.status]), row.any([isClosed, isFree, ...isTheirs])],
      [write('Set it back', 'As if nobody had taken it.', back)],
    );
  }
  if (action.assignOwner) {
    const isNew = row.is(status, statuses.New);
    const end = suffix(event, 'acknowledged');
    return guarded(
      `Is nobody on it yet${end}`,
      'A repeated notification finds the incident as it should be, and nothing is written.',
      [isOpen, row.any([isNew, isNobodys])],
      assigning(
        { product: incident.product, write },
        `Set ${word(action.status)}${ASSIGN}${end}`,
        `Set ${word(action.status)}${end}`,
        'The person who acted becomes the owner.',
        toStatus,
      ),
    );
  }
  if (action.status !== 'keep' || action.severity !== 'keep') {
    return guarded(
      `Is it still open when ${eventNames[event]}`,
      'A closed incident keeps its state.',
      [isOpen],
      [write(`Update it as ${eventNames[event]}`, `What ${eventNames[event]} means for the incident.`, toStatus)],
    );
  }
  return [write(`Tag as ${eventNames[event]}`, 'Shows in the list of incidents.', {})];
}

/** A note in lower case, with blanks where a word may end. */
const wordsOf = (note: Expr) => [',', '.', '\n'].reduce((text, end) => call('replace', text, end, ' '), lower(note));

/** The account of who acted; the mail address where the table has no other. */
const account = coalesce(at(parameter('Owners'), lower(coalesce(userMail, ''))), userMail, 'nobody');

/** A change with who acted as the owner, and the same without, where the product does not know the person. */
function assigning(
  { product, write }: Pick<Subject, 'product' | 'write'>,
  name: string,
  nameWithout: string,
  description: string,
  change: Change,
): readonly Step[] {
  const without = `${product} does not know the person as an owner: the rest must not wait for that.`;
  return [
    write(name, description, { ...change, owner: account }),
    write(nameWithout, without, change, ['Failed', 'TimedOut']),
  ];
}

function closing(
  event: CallbackEvent,
  { assignOwner }: CallbackAction,
  { note, closeComment, incident }: Situation,
  isOpen: Row,
  write: Subject['write'],
): readonly Step[] {
  const name = (words: string) => `${words}${suffix(event, 'closed')}`;
  const hashtag = filterArray(name('Hashtag in the note'), {
    description: 'The words of the note that choose a classification.',
    from: split(wordsOf(note), ' '),
    where: contains(parameter('Classifications'), item),
  });
  const chosen = at(parameter('Classifications'), coalesce(call('first', hashtag.body()), ''));
  const change: Change = {
    status: 'Closed',
    closed: { classification: coalesce(chosen, parameter('Classification')), comment: closeComment },
  };
  const plain = name('Close the incident');
  const description = 'With classification, reason and the comment of the person.';
  const close = assignOwner
    ? assigning({ product: incident.product, write }, name(`Close${ASSIGN}`), plain, description, change)
    : [write(plain, description, change)];
  return [
    condition(name('Is it still open'), {
      description: 'Who closed it first chose the classification.',
      all: [isOpen],
      yes: [hashtag, ...close],
    }),
  ];
}

const ASSIGN = ' and assign';

/** Whether a step makes who acted the owner. */
export const isAssigning = ({ name }: Step): boolean => name.includes(ASSIGN);

/** Steps of two events that both assign an owner, or both close, need names of their own; those of the usual event are plain. */
const suffix = (event: CallbackEvent, usual: CallbackEvent) => (event === usual ? '' : ` when ${eventNames[event]}`);

const word = (status: string) => (status === 'keep' ? 'it' : status.toLowerCase());
