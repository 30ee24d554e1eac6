import { blanks, CONFIRM, NOTE_MINUTES, RUN } from '../../src/rules/respond.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  type Expr,
  emptyList,
  equals,
  item,
  join,
  json,
  last,
  list,
  lower,
  type Operand,
  string,
  triggerBody,
  when,
} from '../../src/wdl/build.ts';
import { getAlertDetails, listUsers } from '../../src/workflow/signl4.ts';
import { patientRetry, type Step, type StepOptions } from '../../src/workflow/step.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { select } from '../../src/workflow/steps/select.ts';

/** Which alert, and who acted, as the notification says; whether that is true, SIGNL4 is asked. */
export const alertId = string(at(triggerBody, 'alert', 'id'));
export const userId = coalesce(at(triggerBody, 'user', 'id'), 'nobody');

/** What SIGNL4 itself says of a notification. */
export interface Asked {
  /** The alert with its timeline. */
  readonly alert: Step;
  /** Notes like this one by who acted, and when the last of them and the one before it were written. */
  readonly own: Step;
  readonly notedAt: Expr;
  readonly notedBefore: Expr;
  /** Notes that a confirmation confirms, and when the last of them was written. */
  readonly first: Step;
  readonly firstAt: Expr;
  /** Commands of the kind by anybody. */
  readonly recent: Step;
  /** Who acted, and the duty of that person in the team of the alert. */
  readonly users: Step;
  readonly person: Step;
  readonly duty: Step;
  /** In their order. */
  readonly steps: readonly Step[];
}

/** The list, or an empty one where a service gives something else. */
export const listOrNone = (value: Expr): Expr => when(call('startsWith', string(value), '['), value, emptyList);

/** A string with a blank in place of each of these. */
export const withBlanksFor = (text: Expr, replaced: readonly string[]): Expr =>
  replaced.reduce((line, part) => call('replace', line, part, ' '), text);

/** Asks SIGNL4 what is true of a note; `words`: the command, word by word. */
export function askSignl4(words: Expr): Asked {
  const alert = connector('Get alert', getAlertDetails, {
    description: 'As SIGNL4 has it: the notification alone proves nothing.',
    path: { alertId },
    retry: patientRetry,
  });
  const minutes = (count: number) => call('addMinutes', call('utcNow'), count);
  const writtenAt = string(at(item, 'timestamp'));
  const notes = select('Notes', {
    description: 'Each in one line. A time that is still to come is none.',
    on: 'finished',
    from: listOrNone(alert.body('timelineEntries')),
    to: {
      text: withBlanksFor(lower(string(at(item, 'text'))), blanks.kinds),
      at: when(call('less', writtenAt, minutes(NOTE_MINUTES)), writtenAt, ''),
      isOwn: and(equals(at(item, 'userId'), userId), call('greater', writtenAt, minutes(-NOTE_MINUTES))),
    },
  });
  // SIGNL4 may put a label before the note: "Annotated: #run isolate".
  const line = call('concat', ': ', call('trim', withBlanksFor(at(item, 'text'), blanks.several)));
  const ownNotes = (label: string, start: StepOptions, command: readonly Operand[]) =>
    filterArray(label, {
      ...start,
      on: 'finished',
      from: list(notes.body()),
      where: and(
        equals(at(item, 'isOwn'), true),
        call('greater', at(item, 'at'), ''),
        call('endsWith', line, call('concat', ': ', ...command)),
      ),
    });
  const own = ownNotes(
    'This note',
    { description: `As SIGNL4 has it: of the last ${NOTE_MINUTES} minutes, by who acted.` },
    [join(words, ' ')],
  );
  const first = ownNotes('The note before it', { description: `The same with ${RUN}, which ${CONFIRM} confirms.` }, [
    `${RUN} `,
    join(call('skip', words, 1), ' '),
  ]);
  const recent = filterArray('Commands within an hour', {
    description: 'Of this kind on the alert, by anybody, refused or not.',
    on: 'finished',
    from: list(notes.body()),
    where: and(
      contains(line, call('concat', ': ', at(words, 0), ' ')),
      call('greater', at(item, 'at'), call('addHours', call('utcNow'), -1)),
    ),
  });
  const users = connector('List users', listUsers, {
    description: 'The people of the SIGNL4 account, with their duty in every team.',
    on: 'finished',
    retry: patientRetry,
  });
  const person = filterArray('The person', {
    description: 'Who acted, as SIGNL4 has it.',
    on: 'finished',
    from: listOrNone(users.body()),
    where: equals(at(item, 'id'), userId),
  });
  const duty = filterArray('Duty in the team', {
    description: 'On duty (1), or on duty as manager (100), in the team of the alert.',
    on: 'finished',
    from: list(at(call('first', list(person.body())), 'dutyInfos')),
    where: and(
      equals(at(item, 'teamId'), alert.body('teamId')),
      contains(json('[1,100]'), coalesce(at(item, 'dutyMode'), 0)),
    ),
  });
  const inOrder = (step: Step) => call('sort', step.body(), 'at');
  return {
    ...{ alert, own, first, recent, users, person, duty },
    notedAt: at(last(inOrder(own)), 'at'),
    notedBefore: at(call('reverse', inOrder(own)), 1, 'at'),
    firstAt: at(last(inOrder(first)), 'at'),
    steps: [alert, notes, own, first, recent, users, person, duty],
  };
}
