import { CONFIRM, NOTE_MINUTES, RUN } from '../../src/rules/respond.ts';
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
  not,
  type Operand,
  or,
  string,
  triggerBody,
  when,
} from '../../src/wdl/build.ts';
import { getAlertDetails, listUsers } from '../../src/workflow/signl4.ts';
import { patientRetry, type Step, type StepOptions } from '../../src/workflow/step.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';

/** Which alert, and who acted, as the notification says; whether that is true, SIGNL4 is asked. */
export const alertId = string(at(triggerBody, 'alert', 'id'));
export const userId = coalesce(at(triggerBody, 'user', 'id'), 'nobody');

/** What SIGNL4 itself says of a notification. */
export interface Asked {
  /** The alert with its timeline. */
  readonly alert: Step;
  /** Notes like this one by who acted, and when the last of them was written; notes that a confirmation confirms. */
  readonly own: Step;
  readonly notedAt: Expr;
  readonly first: Step;
  /** Notes of the kind by anybody. */
  readonly recent: Step;
  /** Who acted, and the duty of that person in the team of the alert. */
  readonly person: Step;
  readonly duty: Step;
  /** In their order. */
  readonly steps: readonly Step[];
}

/** Asks SIGNL4 what is true of a note; `words`: the command, word by word. */
export function askSignl4(words: Expr): Asked {
  const alert = connector('Get alert', getAlertDetails, {
    description: 'As SIGNL4 has it: the notification alone proves nothing.',
    path: { alertId },
    retry: patientRetry,
  });
  const notes = (label: string, start: StepOptions, where: Expr) =>
    filterArray(label, { ...start, from: list(alert.body('timelineEntries')), where });
  const age = (unit: 'addMinutes' | 'addHours', count: number) =>
    call('greater', coalesce(at(item, 'timestamp'), ''), call(unit, call('utcNow'), -count));
  // SIGNL4 may put a label before the note: "Annotated: #run isolate".
  const says = (command: readonly Operand[]) =>
    call('endsWith', call('concat', ': ', lower(string(at(item, 'text')))), call('concat', ': ', ...command));
  const notesOf = (label: string, start: StepOptions, command: readonly Operand[]) =>
    notes(label, start, and(equals(at(item, 'userId'), userId), age('addMinutes', NOTE_MINUTES), says(command)));
  const own = notesOf(
    'This note',
    { description: `As SIGNL4 has it: of the last ${NOTE_MINUTES} minutes, by who acted.`, on: 'finished' },
    [join(words, ' ')],
  );
  const notedAt = at(last(call('sort', own.body(), 'timestamp')), 'timestamp');
  const first = notesOf('The note before it', { description: `The same with ${RUN}, which ${CONFIRM} confirms.` }, [
    `${RUN} `,
    join(call('skip', words, 1), ' '),
  ]);
  const recent = notes(
    'Starts within an hour',
    { description: 'Notes like this one on the alert, by anybody.' },
    and(contains(lower(string(at(item, 'text'))), call('concat', at(words, 0), ' ')), age('addHours', 1)),
  );
  const users = connector('List users', listUsers, {
    description: 'The people of the SIGNL4 account, with their duty in every team.',
    retry: patientRetry,
  });
  const person = filterArray('The person', {
    description: 'Active ones alone: who was invited, or has left, may nothing.',
    on: 'finished',
    from: when(equals(users.status, 'Succeeded'), users.body(), emptyList),
    where: and(equals(at(item, 'id'), userId), not(or(isTrue('isDeactivated'), isTrue('isInvite')))),
  });
  const duty = filterArray('Duty in the team', {
    description: 'On duty (1), or on duty as manager (100), in the team of the alert.',
    from: list(at(call('first', person.body()), 'dutyInfos')),
    where: and(
      equals(at(item, 'teamId'), alert.body('teamId')),
      contains(json('[1,100]'), coalesce(at(item, 'dutyMode'), 0)),
    ),
  });
  return { alert, own, notedAt, first, recent, person, duty, steps: [alert, own, first, recent, users, person, duty] };
}

const isTrue = (member: string) => equals(at(item, member), true);
