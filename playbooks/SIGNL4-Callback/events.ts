import { type Signl4Event, STATUS_CHANGED, statusEvents, typeEvents } from '../../src/domain/notification.ts';
import type { CallbackAction, CallbackEvent } from '../../src/rules/choices.ts';
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
import { tagsToAdd, update } from '../../src/workflow/parts/update-incident.ts';
import type { Step } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';

/*
 * What each event of SIGNL4 does to the incident, as the mapping of the config says: the steps of one case.
 */

/** The incident as it was just read, and what the notification brought. */
export interface Situation {
  readonly incident: Step;
  readonly note: Expr;
  /** Text of the classification of a closing. */
  readonly closeComment: Members[string];
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

export function changesIncident({ status, assignOwner, tag, severity }: CallbackAction): boolean {
  return status !== 'keep' || assignOwner || tag !== '' || severity !== 'keep';
}

/** The steps of one event. */
export function stepsOf(event: CallbackEvent, action: CallbackAction, situation: Situation): readonly Step[] {
  if (!changesIncident(action)) return [];
  const { incident } = situation;
  const incidentArmId = incident.body('id');
  const status = incident.body('properties', 'status');
  const owner = (name: string) => incident.body('properties', 'owner', name);
  const isClosed = row.is(status, 'Closed');
  const isOpen = isNot(status, 'Closed');
  const isNobodys = row.is(owner('userPrincipalName'), null);
  const rest: Members = {
    ...(action.severity !== 'keep' && { severity: action.severity }),
    ...(action.tag !== '' && tagsToAdd(action.tag)),
  };
  const write: Write = (name, description, change, on) =>
    update(name, { description, incidentArmId, change: { ...change, ...rest }, ...(on && { on }) });
  const toStatus: Members = action.status === 'keep' ? {} : { status: action.status };
  const guarded = (question: string, description: string, all: readonly Row[], yes: readonly Step[]) => [
    condition(question, { description, all, yes }),
  ];

  if (action.status === 'Closed') return closing(event, action, situation, isOpen, write);
  if (event === 'reopened' && action.status !== 'keep') {
    const isTheirs = ['email', 'userPrincipalName', 'objectId'].map((name) =>
      row.is(lower(coalesce(owner(name), 'none')), lower(account)),
    );
    const back: Members = action.releaseOwner ? { status: 'New', ownerAction: 'Unassign' } : toStatus;
    return guarded(
      'Is nobody else on it',
      'Somebody else who took it in Microsoft Sentinel keeps it.',
      [
        isNot(status, action.releaseOwner ? 'New' : action.status),
        row.any([isClosed, row.is(owner('objectId'), null), ...isTheirs]),
      ],
      [write('Set it back', 'As if nobody had taken it.', back)],
    );
  }
  if (action.assignOwner) {
    const isNew = row.is(status, 'New');
    const end = suffix(event, 'acknowledged');
    return guarded(
      `Is nobody on it yet${end}`,
      'A repeated notification finds the incident as it should be, and nothing is written.',
      [isOpen, row.any([isNew, isNobodys])],
      assigning(
        write,
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

type Write = (name: string, description: string, change: Members, on?: readonly ['Failed', 'TimedOut']) => Step;

/** A change with who acted as the owner, and the same without, where Microsoft Sentinel does not know the person. */
function assigning(
  write: Write,
  name: string,
  nameWithout: string,
  description: string,
  change: Members,
): readonly Step[] {
  const without = 'Microsoft Sentinel does not know the person as an owner: the rest must not wait for that.';
  return [
    write(name, description, { ...change, ownerAction: 'Assign', owner: account }),
    write(nameWithout, without, change, ['Failed', 'TimedOut']),
  ];
}

function closing(
  event: CallbackEvent,
  { assignOwner }: CallbackAction,
  { note, closeComment }: Situation,
  isOpen: Row,
  write: Write,
): readonly Step[] {
  const name = (words: string) => `${words}${suffix(event, 'closed')}`;
  const hashtag = filterArray(name('Hashtag in the note'), {
    description: 'The words of the note that choose a classification.',
    from: split(wordsOf(note), ' '),
    where: contains(parameter('Classifications'), item),
  });
  const chosen = at(parameter('Classifications'), coalesce(call('first', hashtag.body()), ''));
  const change: Members = {
    status: 'Closed',
    classification: {
      ClassificationAndReason: coalesce(chosen, parameter('Classification')),
      ClassificationReasonText: closeComment,
    },
  };
  const plain = name('Close the incident');
  const description = 'With classification, reason and the comment of the person.';
  const close = assignOwner
    ? assigning(write, name(`Close${ASSIGN}`), plain, description, change)
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
