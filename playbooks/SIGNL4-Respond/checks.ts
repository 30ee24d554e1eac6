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
  length,
  list,
  lower,
  not,
  or,
  parameter,
  string,
  when,
} from '../../src/wdl/build.ts';
import { workspaceId } from '../../src/workflow/parts/workspace.ts';
import type { Step } from '../../src/workflow/step.ts';
import { type Asked, userId } from './asked.ts';

/** What the steps before have found. */
interface Found extends Asked {
  readonly words: Expr;
  readonly response: Expr;
  readonly meant: Step;
  readonly protectedOnes: Step;
}

/** Rows of "Checks": everything must hold. The first that does not is what people read. The same rules as `respond-check.ts`. */
export function checksOf(found: Found): Input {
  const { words, response, alert, own, first, recent, person, duty, meant, protectedOnes } = found;
  const wanted = (member: string) => at(response, member);
  const holds = and(
    equals(alert.body('status', 'statusCode'), alertStates.acknowledged),
    contains(list(alert.body('history', 'acknowledgements')), userId),
  );
  const isOnDuty = not(empty(duty.body()));
  const anyOrAmong = (member: string, value: Expr) =>
    or(empty(list(wanted(member))), contains(list(wanted(member)), value));
  const rows: Readonly<Record<Refusal, Expr>> = {
    notConfirmed: not(empty(own.body())),
    notOurs: and(
      call('startsWith', lower(string(alert.body('externalId'))), call('concat', 'sentinel:', workspaceId, ':')),
      not(equals(alert.body('status', 'statusCode'), alertStates.closed)),
    ),
    unknown: not(empty(response)),
    notActive: equals(length(person.body()), 1),
    notThisPerson: anyOrAmong('people', lower(coalesce(at(call('first', person.body()), 'mail'), ''))),
    notThisTeam: anyOrAmong('teams', coalesce(alert.body('teamId'), '')),
    notHolding: or(not(equals(wanted('who'), 'holder')), holds),
    notOnDuty: or(not(equals(wanted('who'), 'on-duty')), isOnDuty),
    neither: or(not(equals(wanted('who'), 'either')), holds, isOnDuty),
    tooMany: call('lessOrEquals', length(recent.body()), parameter('PerHour')),
    noEntity: or(empty(wanted('entity')), equals(length(meant.body()), 1)),
    protected: empty(protectedOnes.body()),
    notAskedTwice: when(equals(at(words, 0), CONFIRM), not(empty(first.body())), not(equals(wanted('confirm'), true))),
  };
  return (Object.keys(refusals) as Refusal[]).map((refusal) => ({ holds: rows[refusal], says: refusals[refusal] }));
}
