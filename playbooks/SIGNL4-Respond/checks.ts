import { alertStates } from '../../src/domain/notification.ts';
import { CONFIRM, type Refusal, refusals } from '../../src/rules/respond.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  type Expr,
  empty,
  equals,
  type Input,
  json,
  length,
  list,
  lower,
  not,
  or,
  parameter,
  string,
} from '../../src/wdl/build.ts';
import { workspaceId } from '../../src/workflow/parts/workspace.ts';
import { type Asked, userId } from './asked.ts';
import type { Meant } from './meant.ts';

/** What the steps before have found. */
interface Found extends Asked, Meant {
  readonly words: Expr;
  /** What the list has under the name. */
  readonly response: Expr;
}

/** Rows of "Checks": everything must hold. The first that does not is what people read. The same rules as `respond-check.ts`. */
export function checksOf(found: Found): Input {
  const { words, response, alert, own, recent, users, person, duty, entities, names, meant, protectedOnes } = found;
  const { notedAt, notedBefore, firstAt } = found;
  const wanted = (member: string) => at(response, member);
  const acted = call('first', person.body());
  const holds = [
    equals(alert.body('status', 'statusCode'), alertStates.acknowledged),
    contains(list(alert.body('history', 'acknowledgements')), userId),
  ];
  const isOnDuty = not(empty(duty.body()));
  const anyOrAmong = (member: string, value: Expr) =>
    or(empty(list(wanted(member))), contains(list(wanted(member)), value));
  const isOnIncident = empty(wanted('entity'));
  const isConfirmation = equals(at(words, 0), CONFIRM);
  const asksTwice = equals(wanted('confirm'), true);
  const is = (member: string) => equals(at(acted, member), true);
  const rows: Readonly<Record<Refusal, readonly Expr[]>> = {
    cannotAsk: [
      contains(json('[200,400,404,410]'), coalesce(alert.outputs('statusCode'), 0)),
      call('startsWith', string(users.body()), '['),
    ],
    notConfirmed: [not(empty(own.body()))],
    notOurs: [
      call('startsWith', lower(string(alert.body('externalId'))), call('concat', 'sentinel:', workspaceId, ':')),
      not(equals(alert.body('status', 'statusCode'), alertStates.closed)),
    ],
    unknown: [not(empty(response))],
    furtherWords: [or(not(isOnIncident), call('lessOrEquals', length(words), 2))],
    notActive: [equals(length(list(person.body())), 1), not(or(is('isDeactivated'), is('isInvite')))],
    notThisPerson: [anyOrAmong('people', lower(string(at(acted, 'mail'))))],
    notThisTeam: [anyOrAmong('teams', coalesce(alert.body('teamId'), ''))],
    notHolding: holds.map((half) => or(not(equals(wanted('who'), 'holder')), half)),
    notOnDuty: [or(not(equals(wanted('who'), 'on-duty')), isOnDuty)],
    neither: holds.map((half) => or(not(equals(wanted('who'), 'either')), half, isOnDuty)),
    tooMany: [call('lessOrEquals', length(list(recent.body())), parameter('PerHour'))],
    noSentinel: [or(isOnIncident, and(equals(entities.status, 'Succeeded'), equals(names.status, 'Succeeded')))],
    noEntity: [or(isOnIncident, equals(length(list(meant.body())), 1))],
    protected: [
      or(isOnIncident, equals(string(protectedOnes.body()), '[]')),
      or(isOnIncident, empty(parameter('Protected')), not(empty(at(call('first', meant.body()), 'tells')))),
    ],
    // The #run must be older than its confirmation, and newer than the confirmation before.
    notAskedTwice: [
      or(not(isConfirmation), call('less', coalesce(firstAt, '9'), coalesce(notedAt, ''))),
      or(not(isConfirmation), call('greater', coalesce(firstAt, ''), coalesce(notedBefore, ''))),
      or(isConfirmation, not(asksTwice)),
    ],
    asksOnce: [or(not(isConfirmation), asksTwice)],
  };
  return (Object.keys(refusals) as Refusal[]).flatMap((refusal) =>
    rows[refusal].map((row) => ({ holds: row, says: refusals[refusal] })),
  );
}
