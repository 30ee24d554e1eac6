import { alertLimits } from './alert-limits.ts';
import type { SyncChoice } from './choices.ts';
import { annotationMarker, emptyMarkup, soughtMarker } from './comment.ts';
import {
  and,
  at,
  bodyOf,
  call,
  concat,
  contains,
  cutText,
  empty,
  equals,
  type LocalAction,
  list,
  literal,
  lower,
  lowerList,
  not,
  or,
  parameter,
  replace,
  text,
  trim,
  type Wdl,
  type WorkflowChoices,
  when,
} from './expressions.ts';
import { characterReferences, lineBreakTags, tagStarts } from './html-text.ts';

/** Which changes in Sentinel reach SIGNL4, as workflow parameters. `ownNames`: the playbooks and applications that are ours. */
export function syncParameters(sync: SyncChoice, ownNames: readonly string[]): WorkflowChoices {
  const flag = (defaultValue: boolean, description: string) => ({ type: 'Bool' as const, defaultValue, description });
  return {
    SyncClosed: flag(sync.closed, 'An incident that is closed in Microsoft Sentinel resolves its SIGNL4 alert.'),
    SyncAcknowledged: flag(
      sync.acknowledged,
      'An incident that becomes Active or gets an owner in Microsoft Sentinel acknowledges its SIGNL4 alert.',
    ),
    SyncSeverityRaised: flag(sync.severityRaised, 'A severity that is raised in Microsoft Sentinel alerts again.'),
    SyncComments: flag(
      sync.comments,
      'A comment that somebody writes in Microsoft Sentinel annotates the SIGNL4 alert.',
    ),
    OwnNames: {
      type: 'Array',
      defaultValue: [...ownNames],
      description:
        'Names under which this solution itself changes incidents (its playbooks, the application of the relay). What they change is not sent back to SIGNL4.',
    },
  };
}

export interface SyncWdl {
  readonly locals: readonly LocalAction[];
  /** Whether we made this update ourselves. The four below hold only where we did not (a comment: by its own marker). */
  readonly isOwn: Wdl;
  readonly resolve: Wdl;
  readonly acknowledge: Wdl;
  readonly alertAgain: Wdl;
  readonly annotate: Wdl;
  /** Text of the new comments without mark-up, marked as coming from Sentinel. */
  readonly annotation: Wdl;
}

const actions = {
  own: 'Own names in the update',
  comments: 'Comments by people',
  messages: 'Messages of the comments',
  pieces: 'Pieces of the messages',
} as const;

/** What an update of an incident means for SIGNL4, as `readUpdate`. `body` is the trigger's body. */
export function syncWdl(body: Wdl): SyncWdl {
  const updates = at(body, 'incidentUpdates');
  const properties = at(body, 'object', 'properties');
  const fields = lowerList(list(at(updates, 'updatedFields')));
  const changed = (field: string) => contains(fields, `'${field}'`);
  const value = (...path: readonly string[]) => lower(text(at(properties, ...path)));
  const message = text(at('item()', 'properties', 'message'));
  const author = lower(text(at('item()', 'properties', 'author', 'name')));
  const open = not(equals(value('status'), "'closed'"));
  const isOwn = not(empty(bodyOf(actions.own)));
  const owner = concat(...['objectId', 'email', 'userPrincipalName', 'assignedTo'].map((name) => value('owner', name)));
  const byOthers = (choice: string, ...conditions: readonly Wdl[]) => and(parameter(choice), not(isOwn), ...conditions);
  const joined = call('join', bodyOf(actions.messages), literal('\n'));
  const annotation = plainTextWdl(joined);
  return {
    locals: [
      {
        kind: 'query',
        name: actions.own,
        description: 'Our own names within the name of whoever changed the incident.',
        from: parameter('OwnNames'),
        where: and(
          not(empty('item()')),
          contains(lower(text(at(updates, 'updatedBy', 'name'))), lower(text('item()'))),
        ),
      },
      {
        kind: 'query',
        name: actions.comments,
        description: 'New comments that SIGNL4 did not write.',
        from: list(at(updates, 'comments')),
        where: not(
          or(isOwnCommentWdl(message), and(not(empty(author)), contains(lowerList(parameter('OwnNames')), author))),
        ),
      },
      {
        kind: 'select',
        name: actions.messages,
        description: 'What they say.',
        from: bodyOf(actions.comments),
        select: message,
      },
      {
        kind: 'select',
        name: actions.pieces,
        description: 'Every piece after a < without its tag.',
        from: call('skip', call('split', joined, "'<'"), '1'),
        select: withoutTag(),
      },
    ],
    isOwn,
    resolve: byOthers('SyncClosed', changed('status'), not(open)),
    acknowledge: byOthers(
      'SyncAcknowledged',
      open,
      or(and(changed('status'), equals(value('status'), "'active'")), and(changed('owner'), not(empty(owner)))),
    ),
    alertAgain: byOthers(
      'SyncSeverityRaised',
      open,
      changed('severity'),
      not(equals(value('severity'), "'informational'")),
    ),
    annotate: and(parameter('SyncComments'), not(empty(annotation))),
    annotation: cutText(concat(literal(annotationMarker), annotation), alertLimits.parameter),
  };
}

/** As `isOwnComment`. */
function isOwnCommentWdl(message: Wdl): Wdl {
  const marker = literal(soughtMarker);
  const head = call('first', call('split', lower(message), marker));
  const before = emptyMarkup.reduce((rest, nothing) => replace(rest, literal(nothing), "''"), head);
  const isOneTag = and(
    call('startsWith', before, "'<'"),
    call('endsWith', before, "'>'"),
    equals(call('length', call('split', before, "'<'")), '2'),
  );
  return and(contains(lower(message), marker), or(empty(before), isOneTag));
}

function withoutTag(): Wdl {
  const start = lower(call('take', 'item()', '1'));
  const isTag = and(contains('item()', "'>'"), contains(literal(tagStarts), start));
  const breaks = or(...lineBreakTags.map((tag) => call('startsWith', 'item()', `'${tag}'`)));
  const rest = call('join', call('skip', call('split', 'item()', "'>'"), '1'), "'>'");
  return when(isTag, concat(when(breaks, literal('\n'), "''"), rest), concat("'<'", 'item()'));
}

function plainTextWdl(joined: Wdl): Wdl {
  const stripped = concat(call('first', call('split', joined, "'<'")), call('join', bodyOf(actions.pieces), "''"));
  return trim(characterReferences.reduce((rest, [from, to]) => replace(rest, literal(from), literal(to)), stripped));
}
