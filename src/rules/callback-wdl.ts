import type { CallbackMapping, CloseChoice } from './choices.ts';
import { annotationMarker, classificationCommentLimit, maxComments } from './comment.ts';
import { commentIdWdl, commentMessageWdl } from './comment-wdl.ts';
import {
  and,
  at,
  bodyOf,
  call,
  contains,
  cutText,
  empty,
  equals,
  firstText,
  type LocalAction,
  literal,
  lookUp,
  not,
  outputsOf,
  parameter,
  replace,
  text,
  trim,
  type Wdl,
  when,
} from './expressions.ts';
import { commentFields } from './fields.ts';
import { filteredFieldsAction } from './filtered-fields-wdl.ts';
import { changesOf, updateBodyWdl } from './incident-change-wdl.ts';
import { noteOf, noteWords, restOfNote, tagOf } from './note-wdl.ts';
import { fillTemplatesWdl, namedTemplate } from './template-wdl.ts';

export interface CallbackSource {
  /** Body of the outbound webhook: `triggerBody()`. */
  readonly body: Wdl;
  /** `event` of `notificationWdl`. */
  readonly event: Wdl;
  /** The incident resource as just read. */
  readonly incident: Wdl;
  /** Comment templates of the config, whose filters are compiled in; see `commentTemplates`. */
  readonly templates: readonly string[];
}

/** Every template of a comment that the config has. */
export function commentTemplates(mapping: CallbackMapping, close: CloseChoice): readonly string[] {
  return [...Object.values(mapping).map(({ comment }) => comment), close.comment];
}

export interface CallbackWdl {
  readonly locals: readonly LocalAction[];
  /** What to write; each is an empty text where it stays. */
  readonly change: {
    readonly status: Wdl;
    /** User principal name or object id. */
    readonly owner: Wdl;
    readonly severity: Wdl;
    readonly tag: Wdl;
    /** "Classification - Reason", only where `status` becomes Closed. */
    readonly classification: Wdl;
    readonly classificationComment: Wdl;
  };
  /** Whether the incident itself changes; the comment stands aside. */
  readonly isChange: Wdl;
  /** Body of the connector operation UpdateIncident without what stays. */
  readonly updateBody: Wdl;
  readonly comment: { readonly isDue: Wdl; readonly id: Wdl; readonly message: Wdl };
}

const actions = {
  action: 'Action for the event',
  hashtags: 'Hashtags in the note',
  words: 'Words without the hashtag',
  fields: 'Comment fields',
  filtered: 'Comment fields with filters',
  templates: 'Comment templates',
  segments: 'Comment pieces',
  texts: 'Comment texts',
  change: 'Changes of the incident',
} as const;

/** What the event does to the incident, as `applyNotification`. Reads the parameters of `callbackParameters`. */
export function callbackWdl({ body, event, incident, templates }: CallbackSource): CallbackWdl {
  const properties = at(incident, 'properties');
  const action = (name: string) => text(at(outputsOf(actions.action), name));
  const userMail = trim(text(at(body, 'user', 'mailaddress')));
  const person = firstText(text(at(body, 'user', 'displayname')), text(at(body, 'user', 'username')), userMail);
  const words = noteWords(body);
  const isOwnAnnotation = and(
    equals(event, "'annotated'"),
    call('startsWith', noteOf(body), literal(annotationMarker.trim())),
  );
  const chosen = call('first', call('union', bodyOf(actions.hashtags), "createArray('', '')"));
  const filtered = filteredFieldsAction(actions.filtered, templates, {
    declared: commentFields,
    plainAction: actions.fields,
    lists: {},
    limitOf: () => undefined,
  });
  const { locals, filled } = fillTemplatesWdl(
    actions,
    call(
      'createArray',
      namedTemplate('comment', action('comment')),
      namedTemplate('classification', parameter('ClassificationComment')),
    ),
    [...filtered.map(({ name }) => name), actions.fields],
  );
  const commentCount = call('int', firstText(text(at(properties, 'additionalData', 'commentsCount')), "'0'"));
  const filledText = (index: number) => trim(text(`${outputsOf(actions.texts)}?[${index}]?['value']`));
  const changes = changesOf({
    properties,
    event,
    action,
    assignOwner: equals(at(outputsOf(actions.action), 'assignOwner'), 'true'),
    userMail,
    chosen,
  });
  const change = (name: string) => text(at(outputsOf(actions.change), name));
  const echo = and(empty(person), contains(statusEvents, event), empty(change('status')));
  return {
    locals: [
      {
        kind: 'compose',
        name: actions.action,
        description:
          'What CallbackActions says about this event; nothing for an annotation that came from Microsoft Sentinel.',
        inputs: when(
          isOwnAnnotation,
          "json('{}')",
          call('coalesce', lookUp(parameter('CallbackActions'), event), "json('{}')"),
        ),
      },
      {
        kind: 'query',
        name: actions.hashtags,
        description: 'Known hashtags of the note; the first one selects the classification.',
        from: words,
        where: and(
          equals(event, "'closed'"),
          call('startsWith', replace('item()', "'('", "''"), "'#'"),
          not(empty(text(lookUp(parameter('Hashtags'), tagOf('item()'))))),
        ),
      },
      {
        kind: 'query',
        name: actions.words,
        description: 'The note without the hashtag.',
        from: words,
        where: not(and(equals('item()', chosen), not(empty(chosen)))),
      },
      {
        kind: 'compose',
        name: actions.fields,
        description: 'What each field of a comment stands for.',
        inputs: {
          'user.name': firstText(person, "'SIGNL4'"),
          'user.mail': userMail,
          team: text(at(body, 'team', 'teamname')),
          note: restOfNote(actions.words),
          'alert.id': text(at(body, 'alert', 'id')),
          'event.time': text(at(body, 'eventRaisedUtc')),
        },
      },
      ...filtered,
      ...locals,
      {
        kind: 'compose',
        name: actions.texts,
        description: 'The comment and the comment of the classification.',
        inputs: filled,
      },
      {
        kind: 'compose',
        name: actions.change,
        description: 'What differs from the incident as it is; empty texts stay as they are.',
        inputs: { ...changes, classificationComment: cutText(filledText(1), classificationCommentLimit) },
      },
    ],
    change: {
      status: change('status'),
      owner: change('owner'),
      severity: change('severity'),
      tag: change('tag'),
      classification: change('classification'),
      classificationComment: change('classificationComment'),
    },
    isChange: not(and(...['status', 'owner', 'severity', 'tag'].map((name) => empty(change(name))))),
    updateBody: updateBodyWdl(text(at(incident, 'id')), change),
    comment: {
      isDue: and(not(empty(filledText(0))), call('less', commentCount, String(maxComments)), not(echo)),
      id: commentIdWdl(body),
      message: commentMessageWdl(filledText(0)),
    },
  };
}

/** Events that stand for a state; from nobody and without a change of the incident they are an echo of what Sentinel told SIGNL4. */
const statusEvents = "createArray('acknowledged', 'closed', 'reopened')";
